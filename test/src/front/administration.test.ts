import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Agent } from '../../../src/agent.js';
import type { AccessOptions, AgentOptions } from '../../../src/agent-options.js';
import { noError } from '../../../src/instrumentation/index.js';
import { SimulatedClock } from '../../../src/base/index.js';
import type { Oid } from '../../../src/smi/index.js';
import { startAgent } from '../../../src/start-agent.js';
import { mibText } from '../../support/mib-fixtures.js';
import { storedScalars } from '../../support/conf-agent.js';
import {
  integer,
  names,
  octets,
  SnmpClient,
  status,
  values,
  type Answer,
} from '../../support/snmp-client.js';

const CREATE_AND_GO = integer(4);
const DESTROY = integer(6);
const V2C = 2;
const SYSTEM: Oid = [1, 3, 6, 1, 2, 1, 1];
const SYS_DESCR = '1.3.6.1.2.1.1.1.0';

const ACCESS: AccessOptions = {
  communities: {
    root: { read: 'all', write: 'all', administer: true, securityName: 'root' },
    writer: 'write',
    guest: { group: 'guests', securityName: 'guest' },
    near: { read: 'all', from: ['10.1.0.0/16', '2001:db8::/32'] },
  },
  groups: { guests: [{ read: 'system-only' }] },
  views: { 'system-only': { include: ['system'], exclude: ['sysDescr'] } },
};

const moduleText = (name: string, arc: number): ReturnType<typeof mibText> => ({
  path: name,
  text: `${name.toUpperCase()}-MIB DEFINITIONS ::= BEGIN
  IMPORTS OBJECT-TYPE, enterprises, Integer32 FROM SNMPv2-SMI;
  ${name}One OBJECT-TYPE SYNTAX Integer32 MAX-ACCESS read-write STATUS current
    DESCRIPTION "One." ::= { enterprises 32473 ${arc} 1 }
END`,
});
const [SLOW_TEXT, OTHER_TEXT] = [moduleText('slow', 78), moduleText('other', 79)];

let agent: Agent;
let directory: string;

async function start(options: AgentOptions = {}): Promise<void> {
  agent = await startAgent({ access: ACCESS, clock: new SimulatedClock(), ...options });
  await agent.loadText(mibText('CONF-MIB'), { name: 'conf', ...storedScalars() });
}

const as = (community: string, address = '192.0.2.9'): SnmpClient =>
  new SnmpClient((message) => agent.inject(message, { address, port: 4711 }), { community });

const text = (name: string): Oid => [name.length, ...Buffer.from(name)];
const at = (column: string, ...index: readonly Oid[]): Oid => [
  ...(agent.oidOf(column) ?? []),
  ...index.flat(),
];
const member = (column: string, name: string, model = V2C): Oid => at(column, [model], text(name));
const entry = (column: string, group: string): Oid => at(column, text(group), text(''), [0], [1]);
const family = (column: string, view: string, subtree: Oid): Oid =>
  at(column, text(view), [subtree.length], subtree);

/** A community, a group, its rights and a view, as one SET each. */
async function letIn(name: string, subtree: Oid, mask = ''): Promise<void> {
  const root = as('root');
  const community = Buffer.from(name);
  for (const changes of [
    [
      [at('snmpCommunityName', [...community]), octets(name)],
      [at('snmpCommunitySecurityName', [...community]), octets(name)],
      [at('snmpCommunityStatus', [...community]), CREATE_AND_GO],
    ],
    [
      [member('vacmGroupName', name), octets(name)],
      [member('vacmSecurityToGroupStatus', name), CREATE_AND_GO],
    ],
    [
      [entry('vacmAccessReadViewName', name), octets(name)],
      [entry('vacmAccessStatus', name), CREATE_AND_GO],
    ],
    [
      [family('vacmViewTreeFamilyMask', name, subtree), octets(Buffer.from(mask, 'hex'))],
      [family('vacmViewTreeFamilyStatus', name, subtree), CREATE_AND_GO],
    ],
  ] as const) {
    expect(status(await root.set(...changes))).toBe('noError/0');
  }
}

const answered = async (answer: Promise<Answer | undefined>): Promise<string> => {
  const got = await answer;
  return got === undefined ? 'silence' : `${status(got)} ${values(got).join(' ')}`;
};

describe('the administrative tables', () => {
  beforeAll(() => {
    const paused = { address: 'udp://127.0.0.1:9', community: 'paused' };
    return start({ notify: { targets: [paused] } });
  });
  afterAll(() => agent.stop());

  it('show the configuration as readOnly rows, which nobody changes [ACM-043]', async () => {
    const root = as('root');
    const shown = await root.get(
      member('vacmGroupName', 'guest'),
      member('vacmSecurityToGroupStorageType', 'guest'),
      entry('vacmAccessReadViewName', 'guests'),
      family('vacmViewTreeFamilyType', 'system-only', [...SYSTEM, 1]),
    );
    expect(values(shown)).toEqual([
      `OctetString:${Buffer.from('guests').toString('hex')}`,
      'Integer32:5',
      `OctetString:${Buffer.from('system-only').toString('hex')}`,
      'Integer32:2',
    ]);
    const destroy = await root.set([member('vacmSecurityToGroupStatus', 'guest'), DESTROY]);
    expect(status(destroy)).toBe('notWritable/1');
    const change = await root.set([member('vacmGroupName', 'guest'), octets('x')]);
    expect(status(change)).toBe('notWritable/1');
  });

  it('give a new principal its rights with the next request, and take them [ACM-006, ACM-040, ACM-041, OTP-069]', async () => {
    expect(await answered(as('fresh').get(SYS_DESCR))).toBe('silence');
    await letIn('fresh', SYSTEM);
    expect(await answered(as('fresh').get(SYS_DESCR))).toMatch(/^noError\/0 OctetString/);
    expect(await answered(as('fresh').get('rwInt.0'))).toBe('noError/0 noSuchObject');
    expect(status(await as('fresh').set([SYS_DESCR, octets('x')]))).toBe('authorizationError/0');
    // The rights at reception answer the SET that takes them away.
    const root = as('root');
    await root.set([family('vacmViewTreeFamilyStatus', 'fresh', SYSTEM), DESTROY]);
    expect(await answered(as('fresh').get(SYS_DESCR))).toMatch(/^authorizationError\/0/);
    await root.set([at('snmpCommunityStatus', [...Buffer.from('fresh')]), integer(2)]);
    expect(await answered(as('fresh').get(SYS_DESCR))).toBe('silence');
  });

  it('count only while they are active, and hide as noSuchName in SNMPv1 [ACM-009, ACM-022, ACM-034]', async () => {
    const told = async (): Promise<string | undefined> => {
      const [delivery] = await agent.notify('SNMPv2-MIB::authenticationFailure', {});
      return delivery?.outcome;
    };
    expect(await told()).toBe('sent');
    await letIn('paused', SYSTEM);
    const fits = new RegExp('^noError/0 OctetString');
    for (const name of [
      member('vacmSecurityToGroupStatus', 'paused'),
      entry('vacmAccessStatus', 'paused'),
      family('vacmViewTreeFamilyStatus', 'paused', SYSTEM),
    ]) {
      expect(await answered(as('paused').get(SYS_DESCR))).toMatch(fits);
      expect(status(await as('root').set([name, integer(2)]))).toBe('noError/0');
      expect(await answered(as('paused').get(SYS_DESCR))).toMatch(/^authorizationError\/0/);
      // Whom the tables know, but give no rights, is not the program's to tell everything.
      expect(await told()).toBe('notSent');
      expect(status(await as('root').set([name, integer(1)]))).toBe('noError/0');
    }
    const v1 = as('paused').as({ version: 'v1' });
    const uses = (): number => agent.metrics().snmp['snmpInBadCommunityUses'] ?? 0;
    const before = uses();
    // The group is that of SNMPv2c alone.
    expect(status(await v1.get(SYS_DESCR))).toBe('noSuchName/0');
    expect(uses()).toBe(before + 1);
  });

  it('go by wild cards in the middle of a name [ACM-028]', async () => {
    // 1.3.6.1.2.1.1.9.1.*.4 : row 4 of sysORTable, in all columns.
    await letIn('row4', [...SYSTEM, 9, 1, 0, 4], 'ffa0');
    const walked = await as('row4').walk('1.3');
    expect(walked.map(({ name }) => name.slice(SYSTEM.length))).toEqual([
      [9, 1, 2, 4],
      [9, 1, 3, 4],
      [9, 1, 4, 4],
    ]);
    const bulk = await as('row4').getBulk(0, 10, '1.3');
    expect(names(bulk).slice(0, 3)).toEqual(walked.map(({ name }) => name.join('.')));
    expect(values(await as('row4').get('1.3.6.1.2.1.1.9.1.2.3', '1.3.6.1.2.1.1.9.1.2.4'))).toEqual([
      'noSuchInstance',
      'ObjectIdentifier:1.3.6.1.6.3.15',
    ]);
  });

  it('refuse a group without a name, and the model that stands for all [ACM-038, ACM-039]', async () => {
    const root = as('root');
    const nameless = await root.set([member('vacmSecurityToGroupStatus', 'no'), CREATE_AND_GO]);
    expect(status(nameless)).toBe('inconsistentValue/1');
    const any = await root.set(
      [member('vacmSecurityToGroupStatus', 'no', 0), CREATE_AND_GO],
      [member('vacmGroupName', 'no', 0), octets('g')],
    );
    expect(status(any)).toBe('noCreation/1');
  });

  it('have a lock for views, and a table of contexts that is not theirs to write [ACM-037, ACM-042]', async () => {
    const root = as('root');
    const name = at('vacmViewSpinLock', [0]);
    const [lock] = values(await root.get(name));
    const now = Number(lock?.split(':')[1]);
    expect(status(await root.set([name, integer(now + 1)]))).toBe('inconsistentValue/1');
    expect(status(await root.set([name, integer(now)]))).toBe('noError/0');
    expect(values(await root.get(at('vacmContextName', text(''))))).toEqual(['OctetString:']);
    expect(status(await root.set([at('vacmContextName', text('')), octets('')]))).toBe(
      'notWritable/1',
    );
  });

  it('are not for those who write all else, nor the communities for those who read', async () => {
    const writer = as('writer');
    expect(status(await writer.set(['rwInt.0', integer(3)]))).toBe('noError/0');
    for (const name of [
      member('vacmGroupName', 'community2'),
      at('snmpCommunityName', [...Buffer.from('x')]),
      at('snmpTargetAddrTagList', [...Buffer.from('x')]),
      at('usmUserPublic', text('x'), text('x')),
    ]) {
      expect(status(await writer.set([name, octets('x')]))).toBe('noAccess/1');
    }
    const communities = at('snmpCommunityTable');
    const next = await writer.getNext(communities);
    expect(names(next)[0]?.startsWith(`${communities.join('.')}.`)).toBe(false);
    expect(values(await as('root').getNext(communities))).toEqual([
      `OctetString:${Buffer.from('root').toString('hex')}`,
    ]);
  });

  it('let a community in from where it is for, and from there alone [TGT-019, TGT-021]', async () => {
    const failures: unknown[] = [];
    const off = agent.on('authentication:failed', (event) => void failures.push(event.address));
    for (const address of ['10.1.2.3', '::ffff:10.1.255.255', '2001:db8:1::9']) {
      expect(await answered(as('near', address).get(SYS_DESCR))).toMatch(/^noError/);
    }
    const elsewhere = ['10.2.0.1', '192.0.2.9', '2001:db9::1'];
    for (const address of elsewhere) {
      expect(await answered(as('near', address).get(SYS_DESCR))).toBe('silence');
    }
    expect(failures).toEqual(elsewhere);
    off();
  });
});

describe('a SET of these tables that is rolled back', () => {
  beforeAll(() => start());
  afterAll(() => agent.stop());

  it('gives nobody rights, though somebody asked while it was under way', async () => {
    await letIn('greedy', SYSTEM);
    let fail: (answer: 'commitFailed') => void = () => undefined;
    const slow = new Promise<'commitFailed'>((resolve) => {
      fail = resolve;
    });
    await agent.loadText(SLOW_TEXT, {
      slowOne: { get: () => 1, set: () => slow, isSetOk: () => noError },
    });
    const everything = family('vacmViewTreeFamilyStatus', 'greedy', [1, 3]);
    const setting = as('root').set([everything, CREATE_AND_GO], [at('slowOne', [0]), integer(2)]);
    // It resolves views anew, and what was decided is forgotten.
    await agent.loadText(OTHER_TEXT, { otherOne: { get: () => 1 } });
    expect(await answered(as('greedy').get('rwInt.0'))).toBe('noError/0 noSuchObject');
    fail('commitFailed');
    expect(status(await setting)).toBe('commitFailed/2');
    expect(await answered(as('greedy').get('rwInt.0'))).toBe('noError/0 noSuchObject');
  });
});

describe('rows that managers have made', () => {
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'administration-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('outlive the process; those of the configuration are made anew', async () => {
    await start({ state: directory });
    await letIn('kept', SYSTEM);
    expect(await answered(as('guest').get('1.3.6.1.2.1.1.4.0'))).toMatch(/^noError/);
    await agent.stop();
    const { guest: _gone, ...communities } = ACCESS.communities ?? {};
    await start({ state: directory, access: { ...ACCESS, communities } });
    expect(await answered(as('kept').get(SYS_DESCR))).toMatch(/^noError\/0 OctetString/);
    expect(await answered(as('guest').get('1.3.6.1.2.1.1.4.0'))).toBe('silence');
    expect(values(await as('root').get(member('vacmGroupName', 'guest')))).toEqual([
      'noSuchInstance',
    ]);
    await agent.stop();
  });
});
