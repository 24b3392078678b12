import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkFiles, type CheckedModule } from '../../../src/cli/mib/check-files.js';
import { checkReport, type CheckFormat } from '../../../src/cli/mib/check-report.js';
import { ModuleFinder, type Severities } from '../../../src/mib/index.js';
import { codeOf } from '../mib-naming/naming-mib.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'trellis-check-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function file(name: string, text: string): string {
  const path = join(root, name);
  writeFileSync(path, text);
  return path;
}
const module_ = (name: string, body: string): string =>
  `${name} DEFINITIONS ::= BEGIN\n${body}\nEND\n`;
const check = (paths: readonly string[], severities?: Severities): readonly CheckedModule[] =>
  checkFiles(
    paths,
    new ModuleFinder({ cache: false }),
    severities === undefined ? {} : { severities },
  );
const codes = (checked: readonly CheckedModule[]): unknown =>
  checked.map(({ name, diagnostics }) => [name, diagnostics.map(({ code }) => code)]);
const printed = (checked: readonly CheckedModule[], format: CheckFormat): string =>
  [...checkReport(checked, format)].join('');

const SOUND = 'top OBJECT IDENTIFIER ::= { iso 99 }';
const LOST = 'lost OBJECT IDENTIFIER ::= { nowhere 1 }';

describe('checking files', () => {
  it('gives each module of a file its own findings, those before the first to the first', () => {
    const both = file('both', `,\n${module_('A-MIB', SOUND)}\n${module_('B-MIB', LOST)}`);
    const [first, second] = check([both]);
    expect(first).toMatchObject({ name: 'A-MIB', file: both });
    expect(first?.diagnostics.every(({ line }) => line < 6)).toBe(true);
    expect(second?.name).toBe('B-MIB');
    expect(
      second?.diagnostics.map(({ line, message }) => [line, message.includes('nowhere')]),
    ).toEqual([[7, true]]);
  });

  it('a file that holds no module is there too, without a name', () => {
    const [only, ...others] = check([file('text', 'Dear reader')]);
    expect(others).toEqual([]);
    expect(only?.name).toBeNull();
    expect(only?.diagnostics.map(({ code }) => code)).toContain('module-missing');
    const empty = check([file('empty', '')]);
    expect(empty[0]?.name).toBeNull();
  });

  it('finds imports among the files, and beside them', () => {
    const importing = `IMPORTS top FROM A-MIB;\nbelow OBJECT IDENTIFIER ::= { top 1 }`;
    const b = file('b', module_('B-MIB', importing));
    expect(codes(check([b]))).toEqual([['B-MIB', expect.arrayContaining(['module-not-found'])]]);
    const a = file('first', module_('A-MIB', SOUND));
    expect(codes(check([b, a]))).toEqual([
      ['B-MIB', []],
      ['A-MIB', []],
    ]);
    file('A-MIB.my', module_('A-MIB', SOUND));
    expect(codes(check([b]))).toEqual([['B-MIB', []]]);
  });

  it('two modules of one name are both checked, and the second is reported', () => {
    const a = file('a', module_('A-MIB', SOUND));
    const b = file('b', module_('A-MIB', LOST));
    const [first, second] = check([a, b]);
    expect(first?.diagnostics).toEqual([]);
    const found = second?.diagnostics ?? [];
    expect(found.map(({ code }) => code)).toContain('module-repeated');
    expect(found.some(({ message }) => message.includes('nowhere'))).toBe(true);
    expect(found.find(({ code }) => code === 'module-repeated')).toMatchObject({
      line: 1,
      column: 1,
    });
    const off = check([a, b], { 'module-repeated': 'off' });
    expect(off[1]?.diagnostics.map(({ code }) => code)).not.toContain('module-repeated');
  });

  it('a file that cannot be read is an error', () => {
    mkdirSync(join(root, 'directory'));
    expect(codeOf(() => check([join(root, 'none')]))).toMatch(/^SNMP_MIB_UNREADABLE/);
    expect(codeOf(() => check([join(root, 'directory')]))).toMatch(/^SNMP_MIB_UNREADABLE/);
  });
});

describe('the report of a check', () => {
  const finding = {
    code: 'token-unexpected',
    severity: 'error',
    file: 'a,b:c%.mib',
    line: 3,
    column: 7,
    message: "50% of\r\nit: 'x'",
  } as const;
  const checked: readonly CheckedModule[] = [
    { name: 'A-MIB', file: 'a,b:c%.mib', diagnostics: [finding] },
    {
      name: null,
      file: 'n',
      diagnostics: [
        { ...finding, file: 'n', severity: 'info', message: 'm', excerpt: 'not shown' },
      ],
    },
  ];

  it('json has these fields and no others', () => {
    expect(JSON.parse(printed(checked, 'json'))).toEqual({
      modules: [
        {
          name: 'A-MIB',
          file: 'a,b:c%.mib',
          diagnostics: [
            {
              code: 'token-unexpected',
              severity: 'error',
              line: 3,
              column: 7,
              message: "50% of\r\nit: 'x'",
            },
          ],
        },
        {
          name: null,
          file: 'n',
          diagnostics: [
            { code: 'token-unexpected', severity: 'info', line: 3, column: 7, message: 'm' },
          ],
        },
      ],
    });
    expect(JSON.parse(printed([], 'json'))).toEqual({ modules: [] });
  });

  it('github is workflow commands, with what would end them escaped', () => {
    expect(printed(checked, 'github').split('\n')).toEqual([
      "::error file=a%2Cb%3Ac%25.mib,line=3,col=7,title=token-unexpected::50%25 of%0D%0Ait: 'x'",
      '::notice file=n,line=3,col=7,title=token-unexpected::m',
      '',
    ]);
  });

  it('text ends in a count', () => {
    expect(printed(checked, 'text')).toMatch(/1 module, 1 error, 0 warnings\n$/);
  });
});
