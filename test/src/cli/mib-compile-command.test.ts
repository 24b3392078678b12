import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { trellis } from '../../support/trellis.js';

const TYPED = 'test/fixtures/mib-text/TYPED-MIB.mib';
const WORKSHOP = 'test/fixtures/mib/WORKSHOP-MIB.mib';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'trellis-compile-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const inside = (name: string): string => join(directory, name);

async function compile(
  ...args: readonly string[]
): Promise<{ readonly status: number; readonly output: string }> {
  const { status, out, err } = await trellis('mib', 'compile', '--no-cache', ...args);
  return { status, output: out + err };
}

describe('trellis mib compile', () => {
  it('writes what is there already, and says so', async () => {
    const path = inside('typed-mib.ts');
    expect((await compile(TYPED, '--out', path)).output).toContain(`${path}: written`);
    expect(readFileSync(path, 'utf8')).toBe(
      readFileSync('test/fixtures/typed/typed-mib.ts', 'utf8'),
    );
    expect((await compile(TYPED, '--out', path)).output).toContain(`${path}: unchanged`);
    expect(readdirSync(directory)).toEqual(['typed-mib.ts']);
  });

  it('--check says by its exit status whether it is up to date, and writes nothing', async () => {
    const path = inside('typed-mib.ts');
    expect(await compile(TYPED, '--out', path, '--check')).toEqual({
      status: 1,
      output: `${path}: is missing\n`,
    });
    await compile(TYPED, '--out', path);
    expect(await compile(TYPED, '--out', path, '--check')).toEqual({ status: 0, output: '' });
    const changed = readFileSync(path, 'utf8').replace('merry', 'weary');
    writeFileSync(path, changed);
    expect((await compile(TYPED, '--out', path, '--check')).status).toBe(1);
    expect(readFileSync(path, 'utf8')).toBe(changed);
    // The same with the other line ends is the same.
    await compile(TYPED, '--out', path);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll('\n', '\r\n'));
    expect((await compile(TYPED, '--out', path, '--check')).status).toBe(0);
  });

  it('overwrites nothing that was not generated, unless forced to', async () => {
    const path = inside('typed-mib.ts');
    writeFileSync(path, 'export const mine = 1;\n');
    const { status, output } = await compile(TYPED, '--out', path);
    expect(status).toBe(1);
    expect(output).toContain('SNMP_MIB_NOT_GENERATED');
    expect(readFileSync(path, 'utf8')).toBe('export const mine = 1;\n');
    expect((await compile(TYPED, '--out', path, '--force')).status).toBe(0);
    expect(readFileSync(path, 'utf8')).toContain('export const TYPED_MIB');
  });

  it('writes each module of several to a file of its own, or none of them', async () => {
    const out = inside('gen');
    expect((await compile(WORKSHOP, TYPED, '--out-dir', out)).status).toBe(0);
    expect(readdirSync(out).toSorted()).toEqual([
      'typed-mib.ts',
      'workshop-mib.ts',
      'workshop-tc-mib.ts',
    ]);
    writeFileSync(join(out, 'workshop-mib.ts'), 'mine');
    rmSync(join(out, 'typed-mib.ts'));
    expect((await compile(WORKSHOP, TYPED, '--out-dir', out)).status).toBe(1);
    expect(readdirSync(out)).not.toContain('typed-mib.ts');
    expect((await compile(WORKSHOP, TYPED, '--out', inside('both.ts'))).output).toContain(
      '--out-dir',
    );
  });

  it('writes all modules of a file into one, in JavaScript where the name says so', async () => {
    const path = inside('workshop.mjs');
    expect((await compile(WORKSHOP, '--out', path)).status).toBe(0);
    const module = (await import(path)) as Record<string, { readonly module: string }>;
    expect(Object.values(module).map((definition) => definition.module)).toEqual([
      'WORKSHOP-MIB',
      'WORKSHOP-TC-MIB',
    ]);
  });

  it('finds what is imported by --path', async () => {
    const user = inside('USER-MIB.mib');
    writeFileSync(
      user,
      `USER-MIB DEFINITIONS ::= BEGIN
       IMPORTS OBJECT-TYPE, enterprises FROM SNMPv2-SMI ToolName FROM WORKSHOP-TC-MIB;
       userTool OBJECT-TYPE SYNTAX ToolName MAX-ACCESS read-only STATUS current
         DESCRIPTION "A tool." ::= { enterprises 32473 90 } END`,
    );
    const path = inside('user-mib.ts');
    const without = await compile(user, '--out', path);
    expect([without.status, without.output]).toEqual([
      1,
      expect.stringContaining('WORKSHOP-TC-MIB'),
    ]);
    expect(await compile(user, '--out', path, '--path', 'test/fixtures/mib')).toMatchObject({
      status: 0,
    });
    expect(readFileSync(path, 'utf8')).toContain("size: '1..60'");
  });

  it('writes nothing of a module with errors, and names them', async () => {
    const { status, output } = await compile(
      'test/fixtures/mib/BROKEN-MIB.mib',
      '--out',
      inside('broken.ts'),
    );
    expect(status).toBe(1);
    expect(output).toMatch(/BROKEN-MIB\.mib:\d+:\d+: error/);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('leaves a link a link', async () => {
    writeFileSync(inside('real.ts'), '');
    symlinkSync('real.ts', inside('link.ts'));
    expect((await compile(TYPED, '--out', inside('link.ts'), '--force')).status).toBe(0);
    expect(readFileSync(inside('real.ts'), 'utf8')).toContain('TYPED_MIB');
    expect(readdirSync(directory).toSorted()).toEqual(['link.ts', 'real.ts']);
  });

  it('exits with 2 where the words are off, with 1 where a file cannot be read or written', async () => {
    expect((await compile(TYPED)).status).toBe(2);
    expect((await compile(TYPED, '--out', 'a.ts', '--out-dir', 'b')).status).toBe(2);
    expect((await compile(TYPED, '--out', 'a.txt')).status).toBe(2);
    expect((await compile(inside('no.mib'), '--out', inside('a.ts'))).status).toBe(1);
    const unwritable = await compile(TYPED, '--out', inside('no/such/a.ts'));
    expect([unwritable.status, unwritable.output]).toEqual([
      1,
      expect.stringContaining('SNMP_MIB_UNWRITABLE'),
    ]);
  });
});
