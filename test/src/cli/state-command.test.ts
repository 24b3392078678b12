import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SnmpError } from '../../../src/base/index.js';
import { stateCommand } from '../../../src/cli/commands/state.js';
import { scalar, startAgent, table, type StateExport } from '../../../src/index.js';
import { conf, mibText } from '../../support/mib-fixtures.js';

const MODULE = fileURLToPath(new URL('../../fixtures/mib-text/CONF-MIB.mib', import.meta.url));
const TABLE = conf('confTable').join('.');
const LEVEL = conf('rwInt').join('.');
const UNKNOWN = '1.3.6.1.9.1';

let folder: string;
let directory: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-state-command-'));
  directory = join(folder, 'state');
});
afterEach(() => {
  process.exitCode = undefined;
  rmSync(folder, { recursive: true });
});

/** Runs `trellis state ...` in this process. @returns exit status and output, or the error's code. */
async function state(...words: readonly string[]): Promise<readonly [unknown, string]> {
  let said = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
  try {
    process.exitCode = undefined;
    await stateCommand().parseAsync(words, { from: 'user' });
    return [process.exitCode ?? 0, said];
  } catch (error) {
    return error instanceof SnmpError ? [error.code, error.message] : [error, said];
  } finally {
    write.mockRestore();
    process.exitCode = undefined;
  }
}

async function agentWithRows() {
  const agent = await startAgent({ state: directory });
  const rows = table.stored();
  const rwInt = scalar.stored<number>({ value: 1 });
  await agent.loadText(mibText('CONF-MIB'), { name: 'one', rwInt, confTable: rows });
  rows.insert({ confIndex: 1, confReq: 10 });
  rwInt.set(5);
  await agent.exportState();
  return agent;
}

/** A state of which a later text of the module has changed the INDEX, and which has more besides. */
async function misfits(): Promise<void> {
  const agent = await agentWithRows();
  const backup = JSON.parse(JSON.stringify(await agent.exportState())) as StateExport;
  await agent.stop();
  const objects = backup.objects.map((object) => {
    if (object.oid === TABLE) {
      const row = object.rows['1'] ?? {};
      return { ...object, rows: { ...object.rows, '1.2': row, '2': { 99: { Integer32: 1 } } } };
    }
    return object.oid === LEVEL ? { ...object, rows: { '': { 0: { Integer32: 101 } } } } : object;
  });
  objects.push({ oid: UNKNOWN, rows: { '': { 0: { Integer32: 1 } } } });
  const file = join(folder, 'edited.json');
  writeFileSync(file, JSON.stringify({ ...backup, objects }));
  directory = join(folder, 'edited');
  expect((await state('import', directory, file))[0]).toBe(0);
}

describe('trellis state beside an agent', () => {
  it('exports what it has, restores nothing into it, and says who has the directory [docs/set.md 5]', async () => {
    await using agent = await agentWithRows();
    const file = join(folder, 'backup.json');
    expect(await state('export', directory, '--out', file)).toEqual([0, '']);
    const backup = JSON.parse(readFileSync(file, 'utf8')) as StateExport;
    expect((await state('show', directory))[1]).toMatch(/^begun 1 time; 0 SETs to be rolled back/);
    expect(backup).toEqual(await agent.exportState());
    expect(await state('import', directory, file)).toEqual([
      'SNMP_STATE_IN_USE',
      expect.stringContaining(`process ${process.pid}`),
    ]);
    expect(await state('prune', directory, '--object', LEVEL)).toEqual([
      'SNMP_STATE_IN_USE',
      expect.stringContaining('Stop it first'),
    ]);
    const restored = join(folder, 'restored');
    expect((await state('import', restored, file))[0]).toBe(0);
    const [, said] = await state('export', restored);
    expect((JSON.parse(said) as StateExport).objects).toEqual(backup.objects);
    expect((await agent.exportState()).objects).toEqual(backup.objects);
  });
});

describe('what of a state does not fit the modules', () => {
  it('is told by check, and drops nothing [docs/set.md 5]', async () => {
    await misfits();
    for (let time = 0; time < 2; time++) {
      const [status, said] = await state('check', directory, MODULE);
      expect(status).toBe(1);
      for (const line of [
        'confTable row 1.2: the INDEX has no place for it',
        'confTable row 2: there is no column 99',
        'rwInt: the SYNTAX of rwInt does not allow its value',
        `${UNKNOWN}: no module given has it`,
      ]) {
        expect(said).toContain(`${line}\n`);
      }
      expect(said).not.toContain('row 1:');
    }
    expect(await state('check', directory)).toEqual([
      0,
      expect.stringContaining('nothing is damaged'),
    ]);
  });

  it('is dropped by prune alone, the rows that are left out and what is named', async () => {
    await misfits();
    const gone = 'confTable row 1.2: the INDEX has no place for it\n';
    expect(await state('prune', directory, MODULE, '--dry-run')).toEqual([
      0,
      `${gone}1 row or scalar to be dropped\n`,
    ]);
    expect(await state('prune', directory, MODULE)).toEqual([
      0,
      `${gone}1 row or scalar dropped\n`,
    ]);
    expect(await state('prune', directory, MODULE)).toEqual([0, '0 rows and scalars dropped\n']);
    expect(await state('prune', directory, '--object', UNKNOWN)).toEqual([
      0,
      `${UNKNOWN}\n1 row or scalar dropped\n`,
    ]);
    const [, said] = await state('export', directory);
    const { objects } = JSON.parse(said) as StateExport;
    const kept = objects.find(({ oid }) => oid === TABLE);
    expect(Object.keys(kept?.rows ?? {})).toEqual(['1', '2']);
    expect(objects.map(({ oid }) => oid)).not.toContain(UNKNOWN);
  });

  it('is looked for in no directory that is none', async () => {
    const nowhere = join(folder, 'nowhere');
    expect((await state('prune', nowhere, MODULE))[0]).toBe('SNMP_STATE_FOREIGN');
    expect((await state('check', nowhere))[0]).toBe('SNMP_STATE_FOREIGN');
  });
});
