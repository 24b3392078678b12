import { mkdtempSync, rmSync, statSync, writeFileSync, chmodSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SimulatedClock } from '../../../src/base/index.js';
import { stateCommand } from '../../../src/cli/commands/state.js';
import { startAgent, type Agent, type UserAccess } from '../../../src/index.js';
import type { UsmUser } from '../../../src/security/index.js';
import type { Oid } from '../../../src/smi/index.js';
import {
  asked,
  integer,
  octets,
  SnmpClient,
  status,
  statusPdu,
} from '../../support/snmp-client.js';
import {
  configuredKeys,
  keyChange,
  keysOf,
  told,
  usm,
  UsmAsker,
  USM_BOOTS,
  USM_ENGINE_ID,
} from '../../support/usm-table.js';

const ALL = { include: ['1.3'] };
const ANN = {
  name: 'ann',
  auth: 'sha256',
  authPassword: 'password of ann',
  read: ALL,
} as const satisfies UserAccess;
const NEW_KEY = Buffer.alloc(32, 0xa1);
const UPTIME: Oid = [1, 3, 6, 1, 2, 1, 1, 3, 0];
const GO = integer(4);

let folder: string;
let agent: Agent;
let clock: SimulatedClock;
let client: SnmpClient;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-usm-'));
  clock = new SimulatedClock();
  agent = await startAgent({
    clock,
    state: join(folder, 'state'),
    access: { users: [ANN], communities: { admin: { read: ALL, write: ALL } } },
    engine: { id: USM_ENGINE_ID, boots: USM_BOOTS },
  });
  client = new SnmpClient((message) => agent.inject(message), { community: 'admin' });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await agent.stop();
  rmSync(folder, { recursive: true });
});

const as = async (user: UsmUser): Promise<string> =>
  told(await new UsmAsker(agent, clock, user).send(statusPdu('get', asked([UPTIME]))));
const changed = keysOf('ann', 'sha256', NEW_KEY);
const configured = configuredKeys(ANN);

async function changeKey(): Promise<void> {
  const value = keyChange('sha256', configured.auth?.material() ?? NEW_KEY, NEW_KEY);
  const answer = await client.set(
    [usm('AuthKeyChange', 'ann'), { type: 'OctetString', value }],
    [usm('Status', 'guest'), GO],
  );
  expect(status(answer)).toBe('noError/0');
}

describe('a state that is put back while requests are answered', () => {
  it('has its users from the next message on: none of those who came later', async () => {
    const before: unknown = JSON.parse(JSON.stringify(await agent.exportState()));
    await changeKey();
    expect(await as({ name: 'guest' })).toBe('authorizationError/0');
    await agent.importState(before);
    expect(await as({ name: 'guest' })).toBe('unknownUserName');
    // Keys are in no export that was not asked for them: those of now stay.
    expect(await as(changed)).toBe('noError/0');
    expect(await as(configured)).toBe('wrongDigest');
    await agent.restart('usm');
    expect(await as({ name: 'guest' })).toBe('unknownUserName');
  });

  it('brings back a user without keys as one that is not ready', async () => {
    await client.set([usm('Status', 'guest'), GO], [usm('Public', 'guest'), octets('g')]);
    await client.set(
      [usm('Status', 'bob'), GO],
      [usm('CloneFrom', 'bob'), { type: 'ObjectIdentifier', value: usm('SecurityName', 'ann') }],
      [
        usm('AuthKeyChange', 'bob'),
        {
          type: 'OctetString',
          value: keyChange('sha256', configured.auth?.material() ?? NEW_KEY, NEW_KEY),
        },
      ],
    );
    const bob = keysOf('bob', 'sha256', NEW_KEY);
    expect(await as(bob)).toBe('authorizationError/0');
    const backup: unknown = JSON.parse(JSON.stringify(await agent.exportState()));
    await client.set([usm('Status', 'bob'), integer(6)], [usm('Status', 'guest'), integer(6)]);
    await agent.importState(backup);
    expect(await as({ name: 'guest' })).toBe('authorizationError/0');
    expect(await as(bob)).toBe('unknownUserName');
    expect((await client.get(usm('Status', 'bob')))?.varBinds).toMatchObject([
      { value: { value: 3 } },
    ]);
  });
});

describe('trellis state', () => {
  /** Runs it in this process; what it says. */
  async function state(...words: readonly string[]): Promise<string> {
    let said = '';
    const write = (text: unknown): boolean => {
      said += String(text);
      return true;
    };
    vi.spyOn(process.stderr, 'write').mockImplementation(write);
    vi.spyOn(process.stdout, 'write').mockImplementation(write);
    await stateCommand().parseAsync(words, { from: 'user' });
    vi.restoreAllMocks();
    return said;
  }

  it('says nothing of what stands in a file that is no export [USM-055]', async () => {
    const file = join(folder, 'broken.json');
    writeFileSync(file, '{"k":s3cret}');
    const refused: unknown = await state('import', join(folder, 'new'), file).catch(
      (error: unknown) => error,
    );
    expect(refused).toMatchObject({ code: 'SNMP_STATE_IMPORT' });
    expect(inspect(refused)).not.toContain('s3cret');
  });

  it('exports keys on demand alone, for its owner alone, and misses no column of theirs [USM-055]', async () => {
    await changeKey();
    const out = join(folder, 'export.json');
    const exported = async (...more: readonly string[]): Promise<readonly [string, string]> => {
      writeFileSync(out, 'everybody reads this');
      chmodSync(out, 0o644);
      const said = await state('export', join(folder, 'state'), '--out', out, ...more);
      expect(statSync(out).mode & 0o777).toBe(0o600);
      return [said, readFileSync(out, 'utf8')];
    };
    const key = NEW_KEY.toString('hex');
    const [said, bare] = await exported();
    expect(said).toMatch(/^\d+ secrets left out; --secrets for all\n$/);
    expect(bare).not.toContain(key);
    const [nothing, whole] = await exported('--secrets');
    expect(nothing).toBe('');
    expect(whole).toContain(key);
    const checked = await state('check', join(folder, 'state'), 'SNMP-USER-BASED-SM-MIB');
    process.exitCode = undefined;
    // Every agent serves objects of the package's modules: they need not be given.
    expect(checked).not.toContain('no module given has it');
    expect(checked).not.toContain('usmUserTable');
  });
});
