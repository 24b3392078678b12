import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatedClock, systemClock } from '../../../src/base/index.js';
import { startAgent, type Agent } from '../../../src/index.js';
import { importState, StateStore } from '../../../src/store/index.js';
import { SnmpClient, status, statusPdu } from '../../support/snmp-client.js';

const ENGINE = '80007ed904616161';
const OTHER_ENGINE = '80007ed904626262';
const SYS_DESCR = '1.3.6.1.2.1.1.1.0';

const COMMUNITIES = '1.3.6.1.6.3.18.1.1';
const GROUPS = '1.3.6.1.6.3.16.1.2';
const ACCESS = '1.3.6.1.6.3.16.1.4';
const FAMILIES = '1.3.6.1.6.3.16.1.5.2';
const ADDRESSES = '1.3.6.1.6.3.12.1.2';
const USERS = '1.3.6.1.6.3.15.1.2.2';

type Value = Readonly<Record<string, number | string>>;
type Row = Readonly<Record<number, Value>>;
type Faults = Readonly<Record<string, Row>>;

const text = (value: string): Value => ({ OctetString: Buffer.from(value).toString('hex') });
const hex = (value: string): Value => ({ OctetString: value });
const int = (value: number): Value => ({ Integer32: value });
const oid = (value: string): Value => ({ ObjectIdentifier: value });
const [ACTIVE, NON_VOLATILE] = [int(1), int(3)];
const named = (name: string): string => [...Buffer.from(name)].join('.');
const counted = (name: string): string => `${Buffer.from(name).length}.${named(name)}`;

/** `eve`: a community, her group `eves`, its rights and its view; a place to come from, and a user. */
const COMMUNITY: Row = {
  2: text('eve'),
  3: text('eve'),
  4: hex(ENGINE),
  5: text(''),
  6: text(''),
  7: NON_VOLATILE,
  8: ACTIVE,
};
const GROUP: Row = { 3: text('eves'), 4: NON_VOLATILE, 5: ACTIVE };
const RIGHTS: Row = {
  4: int(1),
  5: text('seen'),
  6: text(''),
  7: text(''),
  8: NON_VOLATILE,
  9: ACTIVE,
};
const FAMILY: Row = { 3: text(''), 4: int(1), 5: NON_VOLATILE, 6: ACTIVE };
const ADDRESS: Row = {
  2: oid('1.3.6.1.6.1.1'),
  3: hex('0a0000010000'),
  4: int(1500),
  5: int(3),
  6: text('near'),
  7: text('none'),
  8: NON_VOLATILE,
  9: ACTIVE,
};
const NO_AUTH = oid('1.3.6.1.6.3.10.1.1.1');
const SHA256 = oid('1.3.6.1.6.3.10.1.1.5');
const NO_PRIV = oid('1.3.6.1.6.3.10.1.2.1');
const AES = oid('1.3.6.1.6.3.10.1.2.4');
const USER: Row = {
  3: text('eve'),
  4: oid('0.0'),
  5: NO_AUTH,
  6: text(''),
  7: text(''),
  8: NO_PRIV,
  9: text(''),
  10: text(''),
  11: text(''),
  12: NON_VOLATILE,
  13: ACTIVE,
};
const EVE = named('eve');
const MEMBER = `2.${counted('eve')}`;
const ENTRY = `${counted('eves')}.0.0.1`;
const SEEN = `${counted('seen')}.4.1.3.6.1`;
const engineIndex = [...Buffer.from(ENGINE, 'hex')].join('.');
const EVE_USER = `8.${engineIndex}.${counted('eve')}`;
const WHOLE: Readonly<Record<string, Faults>> = {
  [COMMUNITIES]: { [EVE]: COMMUNITY },
  [GROUPS]: { [MEMBER]: GROUP },
  [ACCESS]: { [ENTRY]: RIGHTS },
  [FAMILIES]: { [SEEN]: FAMILY },
  [ADDRESSES]: { [named('a')]: ADDRESS },
  [USERS]: { [EVE_USER]: USER },
};

const exported = (objects: Readonly<Record<string, Faults>>): unknown => ({
  format: 'trellis-state',
  version: 1,
  engineBoots: 1,
  objects: Object.entries(objects).map(([oid, rows]) => ({ oid, rows })),
});

let folder: string;
let agent: Agent;

async function start(state: string): Promise<void> {
  agent = await startAgent({
    state: join(folder, state),
    clock: new SimulatedClock(),
    engine: { id: ENGINE, boots: 1 },
    access: { communities: { root: { read: 'all', administer: true } } },
  });
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-import-'));
  await start('state');
});
afterEach(async () => {
  await agent.stop();
  rmSync(folder, { recursive: true });
});

async function asks(community: string): Promise<string> {
  const client = new SnmpClient((message) => agent.inject(message), { community });
  const answer = await agent.inject(client.encode(statusPdu('get', [])));
  return answer === undefined ? 'silence' : status(await client.get(SYS_DESCR));
}

describe('an import of the tables of access', () => {
  it('is what managers could have made', async () => {
    expect(await asks('eve')).toBe('silence');
    await agent.importState(exported(WHOLE));
    expect(await asks('eve')).toBe('noError/0');
  });

  it.each<[string, Readonly<Record<string, Faults>>, RegExp]>([
    [
      'a community of another engine',
      { [COMMUNITIES]: { [EVE]: { ...COMMUNITY, 4: hex(OTHER_ENGINE) } } },
      /snmpCommunityTable row 101\.118\.101: snmpCommunityContextEngineID: inconsistentValue/,
    ],
    [
      'a tag that is a list',
      { [COMMUNITIES]: { [EVE]: { ...COMMUNITY, 6: text('a b') } } },
      /snmpCommunityTransportTag: wrongValue/,
    ],
    [
      'an active row that lacks a column',
      { [COMMUNITIES]: { [EVE]: { 2: text('eve'), 8: ACTIVE } } },
      /snmpCommunityTable row 101\.118\.101: .*needs/,
    ],
    [
      'a name that is no text',
      { [GROUPS]: { [MEMBER]: { ...GROUP, 3: hex('ff') } } },
      /vacmSecurityToGroupTable row 2\.3\.101\.118\.101: vacmGroupName/,
    ],
    [
      'an index that is no text',
      { [GROUPS]: { '2.1.255': GROUP } },
      /vacmSecurityToGroupTable row 2\.1\.255: no row can have this index/,
    ],
    [
      'an index that no row can have',
      { [GROUPS]: { '2.3.101.118': GROUP } },
      /row 2\.3\.101\.118: no row can have this index/,
    ],
    [
      'a row that nobody could remove',
      { [ACCESS]: { [ENTRY]: { ...RIGHTS, 8: int(5) } } },
      /vacmAccessStorageType: no manager can make it readOnly/,
    ],
    [
      'a value outside of the SYNTAX',
      { [ACCESS]: { [ENTRY]: { ...RIGHTS, 4: int(7) } } },
      /vacmAccessContextMatch expects one of exact, prefix/,
    ],
    [
      'a mask that is too long',
      { [FAMILIES]: { [SEEN]: { ...FAMILY, 3: hex('ff'.repeat(17)) } } },
      /vacmViewTreeFamilyMask expects/,
    ],
    [
      'an address of another length than its domain has',
      { [ADDRESSES]: { [named('a')]: { ...ADDRESS, 3: hex('0a00') } } },
      /snmpTargetAddrTable row 97: snmpTargetAddrTAddress: inconsistentValue/,
    ],
    [
      'a user that is called otherwise',
      { [USERS]: { [EVE_USER]: { ...USER, 3: text('root') } } },
      /usmUserTable row 8\..*: usmUserSecurityName/,
    ],
    [
      'a protocol that is not known',
      { [USERS]: { [EVE_USER]: { ...USER, 5: oid('1.3.6.1.4.1.99') } } },
      /usmUserAuthProtocol/,
    ],
    [
      'encryption without a digest',
      { [USERS]: { [EVE_USER]: { ...USER, 8: AES } } },
      /usmUserPrivProtocol/,
    ],
    ['too many rows', { [GROUPS]: crowd() }, /10001 rows; 10000 at most/],
  ])('is refused as a whole for %s', async (_, faults, reason) => {
    const before = await agent.exportState();
    const importing = agent.importState(exported({ ...WHOLE, ...faults }));
    await expect(importing).rejects.toMatchObject({
      code: 'SNMP_STATE_IMPORT',
      message: expect.stringMatching(reason) as string,
    });
    expect(await agent.exportState()).toEqual(before);
    expect([await asks('eve'), await asks('root')]).toEqual(['silence', 'noError/0']);
  });

  it.each<[string, Readonly<Record<string, Faults>>, string]>([
    ['a group without rights', { [ACCESS]: {} }, 'authorizationError/0'],
    ['a view that is not there', { [FAMILIES]: {} }, 'authorizationError/0'],
    ['a community without a group', { [GROUPS]: {} }, 'authorizationError/0'],
    [
      'a place that nobody comes from',
      { [COMMUNITIES]: { [EVE]: { ...COMMUNITY, 6: text('gone') } } },
      'silence',
    ],
    [
      'a user without keys',
      { [USERS]: { [EVE_USER]: { ...USER, 5: SHA256, 13: int(3) } } },
      'noError/0',
    ],
  ])('gives no rights by what leads nowhere: %s', async (_, gaps, told) => {
    await agent.importState(exported({ ...WHOLE, ...gaps }));
    expect(await asks('eve')).toBe(told);
    expect(await asks('root')).toBe('noError/0');
  });

  it('says where what is no value stands, and not what', async () => {
    const secret = { [EVE]: { ...COMMUNITY, 2: hex('73336372657x') } };
    const importing = agent.importState(exported({ [COMMUNITIES]: secret }));
    await expect(importing).rejects.toMatchObject({
      code: 'SNMP_STATE_IMPORT',
      message: expect.stringMatching(
        /1\.3\.6\.1\.6\.3\.18\.1\.1 row 101\.118\.101: .*column 2.*OctetString/,
      ) as string,
    });
    await expect(importing).rejects.not.toMatchObject({
      message: expect.stringContaining('7333') as string,
    });
  });
});

describe('a state that nobody has written so', () => {
  it('stops nobody from being answered, and lets nobody in by half a row', async () => {
    const faults: readonly Readonly<Record<string, Faults>>[] = [
      { [COMMUNITIES]: { [EVE]: { 2: text('eve'), 8: ACTIVE } } },
      { [COMMUNITIES]: { [EVE]: { ...COMMUNITY, 4: hex(OTHER_ENGINE) } } },
      { [GROUPS]: { [MEMBER]: { 5: ACTIVE } } },
      { [ACCESS]: { [ENTRY]: { 9: ACTIVE } } },
      { [FAMILIES]: { [SEEN]: { 6: ACTIVE } } },
      { [ADDRESSES]: { [named('a')]: { 6: text('near'), 9: ACTIVE } } },
      { [USERS]: { [EVE_USER]: { 13: ACTIVE } } },
    ];
    for (const [i, fault] of faults.entries()) {
      await agent.stop();
      const store = await StateStore.open(join(folder, `state${i}`), systemClock, 'agent');
      await importState(store, exported({ ...WHOLE, ...fault }));
      await store.close();
      await start(`state${i}`);
      expect(await asks('root'), JSON.stringify(fault)).toBe('noError/0');
      const isOfAccess = i < 4;
      if (isOfAccess) expect(await asks('eve')).not.toBe('noError/0');
    }
  });
});

/** More members of groups than a table may have. */
function crowd(): Faults {
  return Object.fromEntries(
    Array.from({ length: 10_001 }, (_, i) => [`2.${counted(`eve${i}`)}`, GROUP]),
  );
}
