import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasControls } from '../../../src/base/index.js';
import { trellisIn, type Ran } from '../../support/trellis.js';

const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url));

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'trellis-mib-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

/** With a cache of its own. */
const trellis = (...words: readonly string[]): Promise<Ran> =>
  trellisIn({ TRELLIS_CACHE_DIR: join(root, '.cache') }, 'mib', ...words);
/** What lies in the test's directory, from the working directory. */
const inside = (name: string): string => relative('.', join(root, name));
const copy = (fixture: string, to: string): void =>
  copyFileSync(join(FIXTURES, fixture), join(root, to));

describe('trellis mib', () => {
  it('find: a name, an instance, an OID, a pattern', async () => {
    const name = await trellis('find', 'ifDescr');
    expect(name).toMatchObject({ status: 0, err: '' });
    expect(name.out).toMatch(/^IF-MIB::ifDescr\n {2}oid +\.1\.3\.6\.1\.2\.1\.2\.2\.1\.2\n/);
    const oid = await trellis('find', '.1.3.6.1.2.1.2.2.1.2.7');
    expect(oid.out).toMatch(/^IF-MIB::ifDescr\.7\n/);
    expect(oid.out).toContain('ifIndex = 7');
    const pattern = await trellis('find', 'if?dmin*', '--json');
    const found = JSON.parse(pattern.out) as { name: string; description: string }[];
    expect(found.map((one) => one.name)).toEqual(['ifAdminStatus']);
    expect(found[0]?.description).toMatch(/\w/);
  });

  it('find: says what is like a name that is none, and exits with 1', async () => {
    const { status, err } = await trellis('find', 'ifDesc');
    expect(status).toBe(1);
    expect(err).toMatch(/did you mean ifDescr\? \[SNMP_NAME_UNKNOWN\]/);
  });

  it('prints no control characters that a file has or an argument', async () => {
    writeFileSync(join(root, 'odd.mib'), '\u001b]0;title\u0007 no module');
    writeFileSync(join(root, '\u009b2Jname.txt'), 'no module either');
    const checked = await trellis('check', inside(''));
    expect(checked.out).toContain('module-missing');
    expect(checked.out).toContain('\\u009b2Jname.txt');
    const lost = await trellis('tree', 'IF-MIB\u001b[2J');
    const wrong = await trellis('tree', '--no\u001b[2J');
    expect(lost.err).toContain('\\u001b[2J');
    expect(wrong.err).toContain('\\u001b[2J');
    for (const { out, err } of [checked, lost, wrong]) {
      expect(hasControls(out + err)).toBe(false);
    }
  });

  it('tree: of a module, from a name on', async () => {
    const { status, out } = await trellis('tree', 'IF-MIB', 'ifXTable');
    expect(status).toBe(0);
    expect(out.split('\n').slice(0, 3)).toEqual([
      'IF-MIB',
      '  1.3.6.1.2.1.31.1.1  ifXTable  table, index ifIndex',
      '    1.3.6.1.2.1.31.1.1.1  ifXEntry  row',
    ]);
    expect(out).not.toContain('ifTable');
    expect((await trellis('tree', 'IF-MIB', '1.3.6.1.2.1.31.1.1')).out).toBe(out);
    expect((await trellis('tree', 'IFMIB')).err).toContain('did you mean IF-MIB?');
    expect((await trellis('tree', 'IF-MIB', 'sysDescr')).err).toContain('SNMP_NAME_UNKNOWN');
  });

  it('tree: of a file, with what its objects are', async () => {
    const { status, out } = await trellis('tree', join(FIXTURES, 'mib-text/CONF-MIB.mib'));
    expect(status).toBe(0);
    expect(out).toContain('1.3.6.1.4.1.32473.20.1.2  rwInt  scalar Integer32 read-write');
  });

  it('dump: a name that a module defines twice, twice', async () => {
    const text =
      'TWICE-MIB DEFINITIONS ::= BEGIN a OBJECT IDENTIFIER ::= { 1 3 6 1 4 1 32473 1 }\n' +
      'a OBJECT IDENTIFIER ::= { 1 3 6 1 4 1 32473 2 } END';
    writeFileSync(join(root, 'twice.mib'), text);
    const { out } = await trellis('dump', inside('twice.mib'));
    const nodes = JSON.parse(out) as { oid: string }[];
    expect(nodes.map(({ oid }) => oid)).toEqual(['1.3.6.1.4.1.32473.1', '1.3.6.1.4.1.32473.2']);
  });

  it('dump: sorted, and the same at each call', async () => {
    const { status, out } = await trellis('dump', '--all', '--json');
    expect(status).toBe(0);
    const nodes = JSON.parse(out) as { oid: string; module: string }[];
    expect(nodes.length).toBeGreaterThan(300);
    const keys = nodes.map(({ oid, module }) => [...oid.split('.').map(Number), module]);
    const inOrder = (a: readonly (number | string)[], b: readonly (number | string)[]): boolean => {
      for (let i = 0; ; i++) {
        const [x, y] = [a[i], b[i]];
        if (x === y && x !== undefined) continue;
        if (typeof x === 'number' && typeof y === 'number') return x < y;
        return typeof x !== 'number' && (typeof y === 'number' || String(x) <= String(y));
      }
    };
    for (let i = 1; i < keys.length; i++) {
      expect(inOrder(keys[i - 1] ?? [], keys[i] ?? []), nodes[i]?.oid).toBe(true);
    }
    expect((await trellis('dump', '--all')).out).toBe(out);
    const listed = (await trellis('dump', '--all', '--format', 'oids')).out;
    const pairs = (JSON.parse(out) as { name: string; oid: string }[]).map(
      ({ name, oid }) => `${name}\t${oid}\n`,
    );
    expect(listed).toBe(pairs.join(''));
    expect((await trellis('dump')).status).toBe(2);
    expect((await trellis('dump', 'IF-MIB', '--all')).status).toBe(2);
  });

  it('check: a directory in each format, and the exit statuses', async () => {
    mkdirSync(join(root, 'mibs/below'), { recursive: true });
    copy('mib-text/NAMING-MIB.mib', 'mibs/below/naming.txt');
    const sound = await trellis('check', inside('mibs'));
    expect(sound).toMatchObject({ status: 0, out: '1 module, 0 errors, 0 warnings\n', err: '' });
    copy('mib/BROKEN-MIB.mib', 'mibs/broken.mib');
    writeFileSync(join(root, 'mibs/letter.txt'), 'Dear reader\n');
    const json = await trellis('check', inside('mibs'), '--format', 'json');
    expect(json.status).toBe(1);
    const { modules } = JSON.parse(json.out) as {
      modules: { name: string | null; file: string; diagnostics: { code: string }[] }[];
    };
    expect(modules.map(({ name, file }) => [name, file])).toEqual([
      ['BROKEN-MIB', inside('mibs/broken.mib')],
      [null, inside('mibs/letter.txt')],
      ['NAMING-MIB', inside('mibs/below/naming.txt')],
    ]);
    expect(modules[1]?.diagnostics.map(({ code }) => code)).toContain('module-missing');
    const github = await trellis('check', inside('mibs'), '--format', 'github');
    expect(github.out.replaceAll(inside('mibs'), 'mibs')).toMatch(
      /^::error file=mibs\/broken\.mib,line=\d+,col=\d+,title=[a-z-]+::/m,
    );
  });

  it('check: severities decide the exit status', async () => {
    copy('mib/ATTIC-MIB.mib', 'attic.mib');
    const usual = await trellis('check', inside('attic.mib'), '--format', 'json');
    expect(usual.status).toBe(0);
    writeFileSync(
      join(root, 'unused'),
      'A-MIB DEFINITIONS ::= BEGIN\nwith_underscore OBJECT IDENTIFIER ::= { iso 99 }\nEND\n',
    );
    expect((await trellis('check', inside('unused'))).status).toBe(0);
    expect((await trellis('check', inside('unused'), '--strictness', 'strict')).status).toBe(1);
    const raised = await trellis(
      'check',
      inside('unused'),
      '--severity',
      'identifier-malformed=error',
    );
    expect(raised.status).toBe(1);
    const off = await trellis('check', inside('unused'), '--severity=identifier-malformed=off');
    expect(off.out).toContain('0 errors, 0 warnings');
    const wrong = await trellis(
      'check',
      inside('unused'),
      '--severity',
      'identifier-malforned=off',
    );
    expect(wrong.status).toBe(2);
    expect(wrong.err).toContain('did you mean identifier-malformed?');
    expect((await trellis('check', inside('unused'), '--strictness', 'lax')).status).toBe(2);
    expect((await trellis('check')).status).toBe(2);
    expect((await trellis('check', inside('none'))).err).toContain('SNMP_MIB_UNREADABLE');
  });

  it('--path: what is found is remembered, and a change is seen', async () => {
    mkdirSync(join(root, 'mibs'));
    copy('mib-text/NAMING-MIB.mib', 'mibs/some.file');
    for (let i = 0; i < 2; i++) {
      const { status, out } = await trellis('find', 'nmVolts', '--path', inside('mibs'));
      expect(status).toBe(0);
      expect(out).toContain('NAMING-MIB::nmVolts');
    }
    expect(readdirSync(join(root, '.cache'))).toHaveLength(1);
    writeFileSync(
      join(root, 'mibs/some.file'),
      'OTHER-MIB DEFINITIONS ::= BEGIN\nother OBJECT IDENTIFIER ::= { iso 99 }\nEND\n',
    );
    expect((await trellis('find', 'nmVolts', '--path', inside('mibs'))).status).toBe(1);
    expect((await trellis('find', '1.99.5', '--path', inside('mibs'))).out).toContain(
      'OTHER-MIB::other.5',
    );
    rmSync(join(root, '.cache'), { recursive: true });
    expect(
      (await trellis('tree', 'OTHER-MIB', '--path', inside('mibs'), '--no-cache')).status,
    ).toBe(0);
    expect(readdirSync(root)).toEqual(['mibs']);
    expect((await trellis('tree', 'X', '--path', inside('none'))).err).toContain(
      'SNMP_MIB_DIRECTORY',
    );
  });

  it('a name of two modules is shown for both', async () => {
    mkdirSync(join(root, 'mibs'));
    for (const [name, arc] of [
      ['A-MIB', 1],
      ['B-MIB', 2],
    ] as const) {
      writeFileSync(
        join(root, 'mibs', name),
        `${name} DEFINITIONS ::= BEGIN\ntwice OBJECT IDENTIFIER ::= { iso 99 ${arc} }\nEND\n`,
      );
    }
    const { out } = await trellis('find', 'twice', '--path', inside('mibs'));
    expect(out).toContain('A-MIB::twice\n  oid       .1.99.1\n');
    expect(out).toContain('B-MIB::twice\n  oid       .1.99.2\n');
    expect(
      (await trellis('find', 'twice', '--path', inside('mibs'), '--module', 'B-MIB')).out,
    ).not.toContain('A-MIB');
  });

  it('every command has help that tells the order of search', async () => {
    for (const command of ['check', 'tree', 'dump', 'find']) {
      const { status, out } = await trellis(command, '--help');
      expect(status).toBe(0);
      expect(out).toContain('$MIBDIRS');
      expect(out).toContain('--no-cache');
    }
  });
});
