import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Agent } from '../../../src/agent.js';
import type { UserAccess } from '../../../src/agent-options.js';
import { SimulatedClock, systemClock } from '../../../src/base/index.js';
import type { UsmUser } from '../../../src/security/index.js';
import { exportState, importState, StateStore } from '../../../src/store/index.js';
import { startAgent } from '../../../src/start-agent.js';
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
  SPIN_LOCK,
  told,
  usm,
  UsmAsker,
  USM_BOOTS,
  USM_ENGINE_ID,
} from '../../support/usm-table.js';
import { hasPrefix, type Oid, type SnmpValue } from '../../../src/smi/index.js';

/** Everything, by name: whoever keeps users must have been let in to that on purpose. */
const ALL = { include: ['1.3'] };
const ADMIN = {
  name: 'admin',
  auth: 'sha256',
  authPassword: 'admin password',
  priv: 'aes256',
  privPassword: 'admin secret',
  read: ALL,
  write: ALL,
} as const satisfies UserAccess;
const TEMPLATE = {
  ...ADMIN,
  name: 'template',
  authPassword: 'template password',
  privPassword: 'template secret',
} as const satisfies UserAccess;
const OPEN = { name: 'open', read: ALL, write: ALL } as const satisfies UserAccess;
const USERS: readonly UserAccess[] = [ADMIN, TEMPLATE, OPEN];
const NEW_AUTH = Buffer.alloc(32, 0xa1);
const NEW_PRIV = Buffer.alloc(32, 0xb2);
const GO = integer(4);
const WAIT = integer(5);
const ACTIVE = integer(1);
const DESTROY = integer(6);
const UPTIME: Oid = [1, 3, 6, 1, 2, 1, 1, 3, 0];

const TEMPLATE_KEYS = configuredKeys(TEMPLATE);
const oidValue = (value: Oid): SnmpValue => ({ type: 'ObjectIdentifier', value });
const protocol = (kind: 1 | 2, number: number): SnmpValue =>
  oidValue([1, 3, 6, 1, 6, 3, 10, 1, kind, number]);
const NO_AUTH = protocol(1, 1);
const NO_PRIV = protocol(2, 1);
const from = (name: string): SnmpValue => oidValue(usm('SecurityName', name));

/** What changes template's keys, or those that were cloned from it, to new ones. */
function changeOf(kind: 'auth' | 'priv', old: UsmUser = TEMPLATE_KEYS): SnmpValue {
  const key = kind === 'auth' ? old.auth : old.priv;
  const value = keyChange(
    'sha256',
    key?.material() ?? Buffer.alloc(0),
    kind === 'auth' ? NEW_AUTH : NEW_PRIV,
  );
  return { type: 'OctetString', value };
}
const newKeys = (name: string): UsmUser => keysOf(name, 'sha256', NEW_AUTH, 'aes256', NEW_PRIV);

interface Scene {
  readonly agent: Agent;
  readonly clock: SimulatedClock;
  readonly admin: UsmAsker;
  readonly as: (user: UsmUser) => UsmAsker;
}

async function scene(users = USERS, more: { state?: string; boots?: number } = {}): Promise<Scene> {
  const clock = new SimulatedClock();
  const { state, boots = USM_BOOTS } = more;
  const agent = await startAgent({
    clock,
    access: { users, communities: { all: { read: ALL, write: ALL, securityName: 'template' } } },
    engine: { id: USM_ENGINE_ID, boots },
    ...(state === undefined ? {} : { state }),
  });
  const as = (user: UsmUser): UsmAsker => new UsmAsker(agent, clock, user, boots);
  return { agent, clock, as, admin: as(configuredKeys(ADMIN)) };
}

/** Whether an asker is who it says; what it may see is another table's to say. */
const KNOWN = 'authorizationError/0';
async function asksAs(asker: UsmAsker): Promise<string> {
  return told(await asker.send(statusPdu('get', asked([UPTIME]))));
}

let one: Scene;
beforeAll(async () => {
  one = await scene();
});
afterAll(() => one.agent.stop());
/** Rows that a test makes have names of their own: the agent is for all of them. */
let last = 0;
let name: string;
beforeEach(() => {
  last += 1;
  name = `user${last}`;
});
afterEach(async () => {
  await one.admin.set([usm('Status', name), DESTROY]);
});

describe('usmUserTable', () => {
  it('may be written by those alone whom it was named to, but for their own keys', async () => {
    const writer = { ...TEMPLATE, write: 'all' } as const;
    await using agent = await startAgent({
      clock: one.clock,
      access: { users: [writer, OPEN], communities: { w: 'write' } },
      engine: { id: USM_ENGINE_ID, boots: USM_BOOTS },
    });
    // Its time began later than the others'.
    const started = one.clock.nowMs();
    const clock = { nowMs: () => one.clock.nowMs() - started };
    const asker = new UsmAsker(agent, clock, TEMPLATE_KEYS);
    const client = new SnmpClient((message) => agent.inject(message), { community: 'w' });
    expect(await asker.set([usm('Status', 'new'), GO])).toBe('noAccess/1');
    expect(status(await client.set([usm('Status', 'new'), GO]))).toBe('noAccess/1');
    expect(await asker.set([usm('AuthKeyChange', 'template'), changeOf('auth')])).toBe(
      'noAccess/1',
    );
    expect(await asker.set([usm('OwnAuthKeyChange', 'template'), changeOf('auth')])).toBe(
      'noError/0',
    );
  });

  it('has a permanent row for each configured user, and shows no key [USM-038, USM-055]', async () => {
    const { admin } = one;
    const columns = [
      'SecurityName',
      'CloneFrom',
      'AuthProtocol',
      'PrivProtocol',
      'Public',
    ] as const;
    expect(await admin.get(...columns.map((column) => usm(column, 'template')))).toEqual([
      `OctetString:${Buffer.from('template').toString('hex')}`,
      'ObjectIdentifier:0.0',
      'ObjectIdentifier:1.3.6.1.6.3.10.1.1.5',
      'ObjectIdentifier:1.3.6.1.4.1.14832.1.4',
      'OctetString:',
    ]);
    const keys = [
      'AuthKeyChange',
      'OwnAuthKeyChange',
      'PrivKeyChange',
      'OwnPrivKeyChange',
    ] as const;
    expect(new Set(await admin.get(...keys.map((column) => usm(column, 'template'))))).toEqual(
      new Set(['OctetString:']),
    );
    expect(await admin.get(usm('StorageType', 'open'), usm('Status', 'open'))).toEqual([
      'Integer32:4',
      'Integer32:1',
    ]);
    const client = new SnmpClient((message) => one.agent.inject(message), { community: 'all' });
    const usmUser: Oid = [1, 3, 6, 1, 6, 3, 15, 1, 2];
    const walked = (await client.walk(usmUser)).filter(({ name: at }) => hasPrefix(at, usmUser));
    expect(walked).toHaveLength(1 + 11 * USERS.length);
    const shown = Buffer.concat(
      walked.map(({ value }) =>
        'value' in value && value.value instanceof Uint8Array ? value.value : Buffer.alloc(0),
      ),
    ).toString('hex');
    for (const user of [TEMPLATE_KEYS, configuredKeys(ADMIN)]) {
      expect(shown).not.toContain(Buffer.from(user.auth?.material() ?? '?').toString('hex'));
    }
    expect(await admin.set([usm('Status', 'template'), DESTROY])).toBe('wrongValue/1');
  });

  it('makes a user in the steps of its DESCRIPTION, who can ask when it is active [USM-042, USM-047]', async () => {
    const { admin } = one;
    const user = one.as(newKeys(name));
    const lock = async (): Promise<SnmpValue> =>
      integer(Number((await admin.get(SPIN_LOCK))[0]?.split(':')[1]));
    expect(await user.get(UPTIME)).toEqual(['unknownUserName']);
    expect(
      await admin.set(
        [SPIN_LOCK, await lock()],
        [usm('CloneFrom', name), from('template')],
        [usm('Status', name), WAIT],
      ),
    ).toBe('noError/0');
    const state = (): Promise<string[]> => admin.get(usm('Status', name), usm('CloneFrom', name));
    expect(await state()).toEqual(['Integer32:3', 'ObjectIdentifier:0.0']);
    expect(await admin.get(usm('PrivProtocol', name))).toEqual([
      'ObjectIdentifier:1.3.6.1.4.1.14832.1.4',
    ]);
    expect(await admin.set([usm('Status', name), ACTIVE])).toBe('inconsistentValue/1');
    expect(
      await admin.set(
        [SPIN_LOCK, await lock()],
        [usm('PrivKeyChange', name), changeOf('priv')],
        [usm('Public', name), octets('first')],
      ),
    ).toBe('noError/0');
    expect(await admin.get(usm('Public', name))).toEqual(['OctetString:6669727374']);
    expect(await admin.set([usm('Status', name), ACTIVE])).toBe('inconsistentValue/1');
    expect(await admin.set([usm('AuthKeyChange', name), changeOf('auth')])).toBe('noError/0');
    expect(await state()).toEqual(['Integer32:2', 'ObjectIdentifier:0.0']);
    expect(await user.get(UPTIME)).toEqual(['unknownUserName']);
    expect(await admin.set([usm('Status', name), ACTIVE])).toBe('noError/0');
    expect(await asksAs(user)).toBe(KNOWN);
    // A second cloning is a success that does nothing.
    expect(await admin.set([usm('CloneFrom', name), from('open')])).toBe('noError/0');
    expect(await asksAs(user)).toBe(KNOWN);
  });

  it('makes one in a single SET, or says what is missing [USM-041, USM-047]', async () => {
    const { admin } = one;
    const status = [usm('Status', name), GO] as const;
    const clone = [usm('CloneFrom', name), from('template')] as const;
    const auth = [usm('AuthKeyChange', name), changeOf('auth')] as const;
    const priv = [usm('PrivKeyChange', name), changeOf('priv')] as const;
    expect(await admin.set(status, clone)).toBe('inconsistentValue/1');
    expect(await admin.set(status, clone, auth)).toBe('inconsistentValue/1');
    expect(await admin.set(status, auth, priv)).toBe('inconsistentName/2');
    expect(await admin.set(status, [usm('CloneFrom', name), from('nobody')])).toBe(
      'inconsistentName/2',
    );
    expect(await admin.set(status, [usm('CloneFrom', name), oidValue([0, 0])])).toBe(
      'inconsistentName/2',
    );
    expect(await admin.get(usm('Status', name))).toEqual(['noSuchInstance']);
    expect(await admin.set(status, clone, auth, priv)).toBe('noError/0');
    expect(await asksAs(one.as(newKeys(name)))).toBe(KNOWN);
    // From a user that is not active nobody is cloned.
    await admin.set([usm('Status', name), integer(2)]);
    const other = [usm('Status', `${name}x`), WAIT] as const;
    expect(await admin.set(other, [usm('CloneFrom', `${name}x`), from(name)])).toBe(
      'inconsistentName/2',
    );
  });

  it('gives protocols when a row is made, and then takes them away only [USM-040, USM-043..USM-046]', async () => {
    const { admin } = one;
    const create = (...more: readonly (readonly [Oid, SnmpValue])[]): Promise<string> =>
      admin.set([usm('Status', name), WAIT], ...more);
    const auth = usm('AuthProtocol', name);
    const priv = usm('PrivProtocol', name);
    expect(await create([auth, protocol(1, 99)])).toBe('wrongValue/2');
    expect(await create([priv, protocol(2, 3)])).toBe('wrongValue/2');
    expect(await create([priv, protocol(2, 2)])).toBe('inconsistentValue/2');
    expect(await create()).toBe('noError/0');
    expect(await admin.set([auth, protocol(1, 2)])).toBe('inconsistentValue/1');
    expect(await admin.set([priv, protocol(2, 2)])).toBe('inconsistentValue/1');
    expect(await admin.set([usm('CloneFrom', name), from('template')])).toBe('noError/0');
    expect(await admin.set([auth, NO_AUTH])).toBe('inconsistentValue/1');
    expect(await admin.set([priv, NO_PRIV])).toBe('noError/0');
    // Without privacy the one key is enough.
    expect(await admin.set([usm('AuthKeyChange', name), changeOf('auth')])).toBe('noError/0');
    expect(await admin.set([usm('Status', name), ACTIVE])).toBe('noError/0');
    const signer = keysOf(name, 'sha256', NEW_AUTH);
    expect(await asksAs(one.as(signer))).toBe(KNOWN);
    expect(await admin.set([auth, NO_AUTH])).toBe('noError/0');
    expect(await asksAs(one.as(signer))).toBe('unsupportedSecLevel');
    // What has no protocol has no key to change.
    expect(await admin.set([usm('AuthKeyChange', name), octets('any')])).toBe('noError/0');
  });

  it('makes nobody active with the keys of somebody else', async () => {
    const { admin } = one;
    expect(await admin.set([usm('Status', name), GO])).toBe('noError/0');
    expect(await asksAs(one.as({ name }))).toBe(KNOWN);
    expect(await admin.set([usm('CloneFrom', name), from('template')])).toBe('inconsistentValue/1');
  });

  it('changes keys for the next message; the answer still has the old ones [USM-032, USM-036, USM-037]', async () => {
    const { admin } = one;
    await admin.set(
      [usm('Status', name), GO],
      [usm('CloneFrom', name), from('admin')],
      [usm('AuthKeyChange', name), changeOf('auth', configuredKeys(ADMIN))],
      [usm('PrivKeyChange', name), changeOf('priv', configuredKeys(ADMIN))],
    );
    const before = newKeys(name);
    const after = keysOf(name, 'sha256', Buffer.alloc(32, 1), 'aes256', Buffer.alloc(32, 2));
    const change = (key: Uint8Array, value: number): SnmpValue => ({
      type: 'OctetString',
      value: keyChange('sha256', key, Buffer.alloc(32, value)),
    });
    const both = [
      [usm('AuthKeyChange', name), change(NEW_AUTH, 1)],
      [usm('PrivKeyChange', name), change(NEW_PRIV, 2)],
    ] as const;
    for (const length of [0, 31, 33, 63, 65]) {
      const value: SnmpValue = { type: 'OctetString', value: Buffer.alloc(length) };
      expect(await admin.set([usm('AuthKeyChange', name), value])).toBe('wrongValue/1');
    }
    expect(await admin.set(both[0], [usm('OwnAuthKeyChange', name), both[0][1]])).toBe(
      'noAccess/2',
    );
    expect(await asksAs(one.as(before))).toBe(KNOWN);
    expect(await admin.set(...both)).toBe('noError/0');
    expect(await asksAs(one.as(before))).toBe('wrongDigest');
    expect(await asksAs(one.as(after))).toBe(KNOWN);
  });

  it('rolls back keys with the rest of the SET that they are part of', async () => {
    const { admin } = one;
    const template = one.as(TEMPLATE_KEYS);
    const refused = await admin.set(
      [usm('AuthKeyChange', 'template'), changeOf('auth')],
      [SPIN_LOCK, integer(-1)],
    );
    expect(refused).toBe('wrongValue/2');
    expect((await template.get(UPTIME))[0]).toContain('TimeTicks');
  });

  it('lets a user change its own keys, and nobody else them [USM-039]', async () => {
    const template = one.as(TEMPLATE_KEYS);
    const own = [usm('OwnAuthKeyChange', 'template'), changeOf('auth')] as const;
    expect(await one.admin.set(own)).toBe('noAccess/1');
    expect(await one.as(configuredKeys(OPEN)).set(own)).toBe('noAccess/1');
    const client = new SnmpClient((message) => one.agent.inject(message), { community: 'all' });
    expect(status(await client.set(own))).toBe('noAccess/1');
    // At no level at all that anybody could have said.
    const unsigned = await template.send(
      statusPdu('set', [{ name: own[0], value: own[1] }]),
      'noAuthNoPriv',
    );
    expect(told(unsigned)).toMatch(/noAccess|authorizationError/);
    const both = [own, [usm('OwnPrivKeyChange', 'template'), changeOf('priv')]] as const;
    // The answer is sealed with the keys that the request came with.
    expect(await template.set(...both)).toBe('noError/0');
    expect(await template.get(UPTIME)).toEqual(['wrongDigest']);
    expect((await one.as(newKeys('template')).get(UPTIME))[0]).toContain('TimeTicks');
    const back = TEMPLATE_KEYS;
    const value = (old: Uint8Array, key: Uint8Array | undefined): SnmpValue => ({
      type: 'OctetString',
      value: keyChange('sha256', old, key ?? old),
    });
    expect(
      await one.admin.set(
        [usm('AuthKeyChange', 'template'), value(NEW_AUTH, back.auth?.material())],
        [usm('PrivKeyChange', 'template'), value(NEW_PRIV, back.priv?.material())],
      ),
    ).toBe('noError/0');
    expect((await template.get(UPTIME))[0]).toContain('TimeTicks');
  });

  it('takes a user away between its request and the next one [USM-005, USM-049]', async () => {
    const { admin } = one;
    await admin.set([usm('Status', name), GO]);
    const open = one.as({ name });
    expect(await asksAs(open)).toBe(KNOWN);
    expect(await admin.set([usm('Status', name), integer(2)])).toBe('noError/0');
    expect(await asksAs(open)).toBe('unknownUserName');
    expect(await admin.set([usm('Status', name), ACTIVE])).toBe('noError/0');
    expect(await asksAs(open)).toBe(KNOWN);
    expect(await admin.set([usm('Status', name), DESTROY])).toBe('noError/0');
    expect(await asksAs(open)).toBe('unknownUserName');
  });

  it('has rows for other engines, whose users are nobody here [ENG-010]', async () => {
    const { admin } = one;
    const elsewhere = Buffer.from('80007ed904656c7365', 'hex');
    const row = usm('Status', name, elsewhere);
    expect(await admin.set([row, GO])).toBe('noError/0');
    expect(await asksAs(one.as({ name }))).toBe('unknownUserName');
    expect(await admin.set([row, DESTROY])).toBe('noError/0');
  });

  it('has no readOnly user who has keys, and no lock that fits twice [USM-048, USM-050]', async () => {
    const { admin } = one;
    expect(
      await admin.set([usm('Status', name), WAIT], [usm('StorageType', name), integer(5)]),
    ).toBe('inconsistentValue/2');
    const lock = integer(Number((await admin.get(SPIN_LOCK))[0]?.split(':')[1]));
    const change = [usm('Public', 'open'), octets('x')] as const;
    const both = await Promise.all([
      admin.set([SPIN_LOCK, lock], change),
      admin.set([SPIN_LOCK, lock], change),
    ]);
    expect(both.sort()).toEqual(['inconsistentValue/1', 'noError/0']);
  });

  it('keeps out who was removed, also where the subtree is restarted or gone', async () => {
    const { agent, admin, as } = await scene();
    await admin.set([usm('Status', 'passer'), GO], [usm('Public', 'passer'), octets('p')]);
    await admin.set([usm('AuthKeyChange', 'template'), changeOf('auth')]);
    const old = as(TEMPLATE_KEYS);
    const now = as(
      keysOf('template', 'sha256', NEW_AUTH, 'aes256', TEMPLATE_KEYS.priv?.material()),
    );
    for (const step of ['restart', 'reload', 'unload'] as const) {
      await admin.set([usm('Status', 'passer'), DESTROY]);
      await agent[step]('usm');
      expect(await old.get(UPTIME), step).toEqual(['wrongDigest']);
      expect((await now.get(UPTIME))[0], step).toContain('TimeTicks');
      expect(await asksAs(as({ name: 'passer' }))).toBe('unknownUserName');
    }
    await agent.stop();
  });
});

describe('with a state', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'trellis-usm-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('users and changed keys survive, until what is configured becomes another [USM-055]', async () => {
    const state = join(folder, 'state');
    const first = await scene(USERS, { state });
    await first.admin.set([usm('Status', 'kept'), GO]);
    await first.admin.set([usm('Status', 'gone'), GO]);
    await first.admin.set([usm('AuthKeyChange', 'template'), changeOf('auth')]);
    const begun = Number((await first.admin.get(SPIN_LOCK))[0]?.split(':')[1]);
    await first.admin.set([SPIN_LOCK, integer(begun)], [usm('Status', 'gone'), DESTROY]);
    const lock = Number((await first.admin.get(SPIN_LOCK))[0]?.split(':')[1]);
    await first.agent.stop();

    const changed = keysOf(
      'template',
      'sha256',
      NEW_AUTH,
      'aes256',
      TEMPLATE_KEYS.priv?.material(),
    );
    const second = await scene(USERS, { state, boots: 5 });
    expect((await second.as(changed).get(UPTIME))[0]).toContain('TimeTicks');
    expect(await second.as(TEMPLATE_KEYS).get(UPTIME)).toEqual(['wrongDigest']);
    expect(await second.admin.get(usm('Status', 'kept'), SPIN_LOCK)).toEqual([
      'Integer32:1',
      // RFC 2579 TestAndIncr: it moves on with each start.
      `Integer32:${lock + 1}`,
    ]);
    expect(await asksAs(second.as({ name: 'gone' }))).toBe('unknownUserName');
    await second.agent.stop();

    const other = { ...TEMPLATE, authPassword: 'another password' };
    const third = await scene([ADMIN, other, { ...OPEN, name: 'kept' }], { state, boots: 6 });
    expect(await third.as(changed).get(UPTIME)).toEqual(['wrongDigest']);
    expect((await third.as(configuredKeys(other)).get(UPTIME))[0]).toContain('TimeTicks');
    // Configured no more: gone. Configured where there was a row: that row is another one now.
    expect(await third.as({ name: 'open' }).get(UPTIME)).toEqual(['unknownUserName']);
    expect(await third.admin.get(usm('StorageType', 'kept'))).toEqual(['Integer32:4']);
    await third.agent.stop();
  });

  it('keys are exported on demand alone; who has lost them is nobody [USM-055]', async () => {
    const state = join(folder, 'state');
    const first = await scene(USERS, { state });
    await first.admin.set([usm('AuthKeyChange', 'template'), changeOf('auth')]);
    await first.admin.set(
      [usm('Status', 'made'), GO],
      [usm('CloneFrom', 'made'), from('admin')],
      [usm('AuthKeyChange', 'made'), changeOf('auth', configuredKeys(ADMIN))],
      [usm('PrivKeyChange', 'made'), changeOf('priv', configuredKeys(ADMIN))],
    );
    await first.agent.stop();
    const store = await StateStore.open(state, systemClock, 'look');
    const [bare, whole] = [exportState(store), exportState(store, { secrets: true })];
    await store.close();
    const key = NEW_AUTH.toString('hex');
    expect(JSON.stringify(bare)).not.toContain(key);
    expect(bare.secretsLeftOut).toBeGreaterThan(5);
    expect(JSON.stringify(whole)).toContain(key);
    expect(whole.secretsLeftOut).toBeUndefined();
    for (const [exported, answer] of [
      [bare, 'unknownUserName'],
      [whole, KNOWN],
    ] as const) {
      const copy = join(folder, answer.replace('/', ''));
      const into = await StateStore.open(copy, systemClock, 'agent');
      await importState(into, JSON.parse(JSON.stringify(exported)));
      await into.close();
      const { agent, as, admin } = await scene(USERS, { state: copy, boots: 9 });
      expect(await asksAs(as(newKeys('made')))).toBe(answer);
      const known = exported === whole ? keysOf('template', 'sha256', NEW_AUTH) : TEMPLATE_KEYS;
      expect(await as(known).get(UPTIME)).not.toContain('wrongDigest');
      expect(await admin.get(usm('Status', 'template'))).toEqual(['Integer32:1']);
      await agent.stop();
    }
  });
});
