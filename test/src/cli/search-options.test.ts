import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filesOf, loadModules } from '../../../src/cli/mib/search-options.js';
import { ModuleFinder } from '../../../src/mib/index.js';
import { codeOf } from '../mib-naming/naming-mib.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'trellis-search-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const moduleText = (name: string, body: string): string =>
  `${name} DEFINITIONS ::= BEGIN\n${body}\nEND\n`;
const load = (targets: readonly string[]): readonly string[] =>
  loadModules(targets, new ModuleFinder({ directories: [root], cache: false })).modules.map(
    ({ name }) => name,
  );

describe('modules that a command is given', () => {
  it('are named, or files, or directories; what they import is not among them', () => {
    mkdirSync(join(root, 'below'));
    writeFileSync(join(root, 'a'), moduleText('A-MIB', 'IMPORTS b FROM B-MIB;'));
    writeFileSync(
      join(root, 'below', 'b.txt'),
      moduleText('B-MIB', 'b OBJECT IDENTIFIER ::= { iso 9 }'),
    );
    expect(load(['A-MIB'])).toEqual(['A-MIB']);
    expect(load([join(root, 'a'), 'IF-MIB'])).toEqual(['A-MIB', 'IF-MIB']);
    expect(load([root])).toEqual(['A-MIB', 'B-MIB']);
    expect(filesOf([root, join(root, 'a')])).toEqual([
      join(root, 'a'),
      join(root, 'below', 'b.txt'),
    ]);
  });

  it('that are not there are errors: paths and names each their own', () => {
    expect(codeOf(() => load(['IFMIB']))).toMatch(/^SNMP_MIB_UNKNOWN.*did you mean IF-MIB/);
    expect(codeOf(() => load([join(root, 'none')]))).toMatch(/^SNMP_MIB_UNREADABLE/);
    expect(codeOf(() => load(['none.mib']))).toMatch(/^SNMP_MIB_UNREADABLE/);
  });

  it('a head that is only quoted is found out', () => {
    const quoted =
      'x OBJECT-IDENTITY STATUS current DESCRIPTION "A-MIB DEFINITIONS ::= BEGIN" ::= { iso 9 }';
    writeFileSync(join(root, 'b'), moduleText('B-MIB', quoted));
    expect(codeOf(() => load(['A-MIB']))).toMatch(/^SNMP_MIB_UNKNOWN: .*b does not define A-MIB/);
    expect(load(['B-MIB'])).toEqual(['B-MIB']);
  });
});
