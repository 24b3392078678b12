import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { ModuleFinder } from '../../../src/mib/index.js';

const root = mkdtempSync(join(tmpdir(), 'trellis-vanishing-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Somebody else removes the directory between two looks at it. */
vi.mock(import('node:fs'), async (original) => {
  const fs = await original();
  const lstatSync = (path: string, options?: object): unknown => {
    if (path.endsWith('going')) fs.rmSync(path, { recursive: true, force: true });
    return fs.lstatSync(path, options);
  };
  return { ...fs, lstatSync: lstatSync as typeof fs.lstatSync };
});

it('passes over a subdirectory that goes away while its directory is read', () => {
  mkdirSync(join(root, 'going'));
  mkdirSync(join(root, 'staying'));
  writeFileSync(join(root, 'staying', 'a.mib'), 'STAYING-MIB DEFINITIONS ::= BEGIN END');
  const finder = new ModuleFinder({ directories: [root], cache: false });
  expect(finder.find('STAYING-MIB')).toMatchObject({ path: join(root, 'staying', 'a.mib') });
});
