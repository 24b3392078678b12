import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatedClock, type Logger } from '../../../src/base/index.js';
import { startAgent, type Agent, type AgentOptions } from '../../../src/index.js';
import type { Oid, SnmpValue } from '../../../src/smi/index.js';
import { Listener } from '../../support/notify-listener.js';
import {
  integer,
  octets,
  oidValue,
  SnmpClient,
  status,
  values,
} from '../../support/snmp-client.js';

const COLD_START = '1.3.6.1.6.3.1.1.5.1';
const WARM_START = '1.3.6.1.6.3.1.1.5.2';
const CREATE_AND_GO = integer(4);
const CREATE_AND_WAIT = integer(5);
const DESTROY = integer(6);
const NOT_IN_SERVICE = integer(2);
const ACTIVE = integer(1);
const UDP = oidValue('1.3.6.1.6.1.1');
const [TRAP, INFORM] = [integer(1), integer(2)];
const [V1, V2C, V3] = [
  { mp: 0, security: 1 },
  { mp: 1, security: 2 },
  { mp: 3, security: 3 },
];

type Changes = Readonly<Record<string, SnmpValue>>;

let listener: Listener;
let agent: Agent;
let root: SnmpClient;
const logged: object[] = [];
const logger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (fields) => void logged.push(fields),
  error: (fields) => void logged.push(fields),
};

async function start(options: AgentOptions = {}): Promise<void> {
  agent = await startAgent({
    clock: new SimulatedClock(),
    logger,
    ...options,
    access: {
      communities: {
        root: { write: 'all', administer: true, securityName: 'root' },
        writer: { write: 'all', securityName: 'writer' },
        noc: { read: 'all', securityName: 'noc' },
      },
      ...options.access,
    },
  });
  root = new SnmpClient((message) => agent.inject(message), { community: 'root' });
}

beforeEach(async () => {
  logged.length = 0;
  listener = await Listener.open();
});
afterEach(async () => {
  await agent.stop();
  listener.close();
});

const at = (column: string, row: readonly number[] | string): Oid => [
  ...(agent.oidOf(column) ?? []),
  ...(typeof row === 'string' ? Buffer.from(row) : row),
];

async function set(row: readonly number[] | string, changes: Changes): Promise<string> {
  return status(
    await root.set(
      ...Object.entries(changes).map(([name, value]) => [at(name, row), value] as const),
    ),
  );
}

async function get(row: readonly number[] | string, ...columns: string[]): Promise<string[]> {
  return values(await root.get(...columns.map((name) => at(name, row))));
}

const notify = (name: string, tag: string, type = TRAP): Promise<string> =>
  set(name, {
    snmpNotifyTag: octets(tag),
    snmpNotifyType: type,
    snmpNotifyRowStatus: CREATE_AND_GO,
  });

function params(
  name: string,
  { mp, security } = V2C,
  securityName = 'noc',
  level = 1,
): Promise<string> {
  return set(name, {
    snmpTargetParamsMPModel: integer(mp),
    snmpTargetParamsSecurityModel: integer(security),
    snmpTargetParamsSecurityName: octets(securityName),
    snmpTargetParamsSecurityLevel: integer(level),
    snmpTargetParamsRowStatus: CREATE_AND_GO,
  });
}

/** At the listener, if not said otherwise. */
function address(name: string, tags: string, row = name, more: Changes = {}): Promise<string> {
  const { port } = listener;
  return set(name, {
    snmpTargetAddrTDomain: UDP,
    snmpTargetAddrTAddress: octets(Uint8Array.of(127, 0, 0, 1, port >> 8, port & 0xff)),
    snmpTargetAddrTagList: octets(tags),
    snmpTargetAddrParams: octets(row),
    snmpTargetAddrRowStatus: CREATE_AND_GO,
    ...more,
  });
}

/** What became of a notification at each receiver. */
async function outcomes(name = 'warmStart', told: Record<string, string> = {}): Promise<string[]> {
  return (await agent.notify(name, told)).map(({ target, outcome, code }) =>
    [target, outcome, ...(code === undefined ? [] : [code])].join(' '),
  );
}

describe('snmpNotifyTable', () => {
  it('is active with nothing said, and then selects nobody [TGT-014, NOT-022]', async () => {
    await start();
    expect(await set('bare', { snmpNotifyRowStatus: CREATE_AND_GO })).toBe('noError/0');
    expect(
      await get(
        'bare',
        'snmpNotifyTag',
        'snmpNotifyType',
        'snmpNotifyStorageType',
        'snmpNotifyRowStatus',
      ),
    ).toEqual(['OctetString:', 'Integer32:1', 'Integer32:3', 'Integer32:1']);
    await params('p');
    await address('untagged', '', 'p');
    expect(await outcomes()).toEqual([]);
  });

  it('takes one tag, and the two types that there are; the rest is refused [RFC 3413 snmpNotifyTable]', async () => {
    await start();
    expect(await notify('n', 'a b')).toBe('wrongValue/1');
    expect(await notify('n', 'a', integer(3))).toBe('wrongValue/2');
    expect(await notify('n'.repeat(33), 'a')).toBe('noCreation/1');
    expect(await set('n', { snmpNotifyTag: octets('a') })).toBe('inconsistentName/1');
    expect(
      await set('n', {
        snmpNotifyStorageType: integer(4),
        snmpNotifyRowStatus: CREATE_AND_GO,
      }),
    ).toBe('wrongValue/1');
    expect(await notify('n', 'a')).toBe('noError/0');
    expect(await notify('n', 'a')).toBe('inconsistentValue/3');
    expect(await set('n', { snmpNotifyType: INFORM })).toBe('noError/0');
    expect(await set('n', { snmpNotifyRowStatus: DESTROY })).toBe('noError/0');
    expect(await get('n', 'snmpNotifyRowStatus')).toEqual(['noSuchInstance']);
  });

  it('is written by those alone who administer [TGT-014]', async () => {
    await start();
    const writer = root.as({ community: 'writer' });
    const row = at('snmpNotifyRowStatus', 'w');
    expect(status(await writer.set([row, CREATE_AND_GO]))).toBe('noAccess/1');
    expect(await set('w', { snmpNotifyRowStatus: CREATE_AND_GO })).toBe('noError/0');
    expect(values(await writer.get(row))).toEqual(['Integer32:1']);
  });
});

describe('the tables of filters', () => {
  it('need the name of a profile, and nothing else [TGT-015]', async () => {
    await start();
    const made = { snmpNotifyFilterProfileRowStatus: CREATE_AND_GO };
    expect(await set('p', made)).toBe('inconsistentValue/1');
    expect(await set('p', { snmpNotifyFilterProfileRowStatus: CREATE_AND_WAIT })).toBe('noError/0');
    expect(await get('p', 'snmpNotifyFilterProfileRowStatus')).toEqual(['Integer32:3']);
    expect(await set('p', { snmpNotifyFilterProfileRowStatus: ACTIVE })).toBe(
      'inconsistentValue/1',
    );
    expect(
      await set('p', {
        snmpNotifyFilterProfileName: octets('f'),
        snmpNotifyFilterProfileRowStatus: ACTIVE,
      }),
    ).toBe('noError/0');
    expect(await set(filterRow('f', [1, 3, 6]), filter('excluded', [0xe0]))).toBe('noError/0');
    expect(
      await get(
        filterRow('f', [1, 3, 6]),
        'snmpNotifyFilterMask',
        'snmpNotifyFilterType',
        'snmpNotifyFilterStorageType',
      ),
    ).toEqual(['OctetString:e0', 'Integer32:2', 'Integer32:3']);
    expect(
      await set(
        filterRow('f', [1, 3, 7]),
        filter(
          'excluded',
          Array.from({ length: 17 }, () => 0),
        ),
      ),
    ).toBe('wrongLength/2');
  });

  it('decide by the longest that matches, for the notification and each object [NOT-014, NOT-015, NOT-016, NOT-017, NOT-019]', async () => {
    await start();
    await notify('n', 'a');
    await params('p');
    await address('p', 'a');
    const sent = ['p sent'];
    const profile = {
      snmpNotifyFilterProfileName: octets('f'),
      snmpNotifyFilterProfileRowStatus: CREATE_AND_GO,
    };
    expect(await set('p', profile)).toBe('noError/0');
    expect(await outcomes()).toEqual(sent);
    await set(filterRow('f', [1, 3, 6, 1, 4, 1]), filter('included'));
    expect(await outcomes()).toEqual([]);
    await set(filterRow('f', [1, 3, 6, 1, 6, 3, 1, 1, 5, 2]), filter('included'));
    expect(await outcomes()).toEqual(sent);
    expect(await outcomes('coldStart')).toEqual([]);
    const system: Oid = [1, 3, 6, 1, 2, 1, 1];
    await set(filterRow('f', [...system, 5]), filter('excluded'));
    expect(await outcomes('warmStart', { sysContact: 'x' })).toEqual(sent);
    expect(await outcomes('warmStart', { sysContact: 'x', sysName: 'x' })).toEqual([]);
    await set(filterRow('f', [...system, 5]), { snmpNotifyFilterRowStatus: NOT_IN_SERVICE });
    expect(await outcomes('warmStart', { sysName: 'x' })).toEqual(sent);
    await set(filterRow('f', [...system, 5]), { snmpNotifyFilterRowStatus: ACTIVE });
    await set('p', { snmpNotifyFilterProfileRowStatus: NOT_IN_SERVICE });
    expect(await outcomes('coldStart', { sysName: 'x' })).toEqual(sent);
    // Whom a filter keeps something from has not failed to be told.
    expect(logged).toEqual([]);
  });
});

const filterRow = (profile: string, subtree: Oid): readonly number[] => [
  profile.length,
  ...Buffer.from(profile),
  ...subtree,
];
const filter = (type: 'included' | 'excluded', mask: readonly number[] = []): Changes => ({
  snmpNotifyFilterType: integer(type === 'included' ? 1 : 2),
  snmpNotifyFilterMask: octets(Uint8Array.from(mask)),
  snmpNotifyFilterRowStatus: CREATE_AND_GO,
});

describe('rows that a manager makes', () => {
  it('have the agent send from the next notification on [NOT-021, NOT-023, NOT-043, TGT-025, TGT-032]', async () => {
    await start();
    expect(await outcomes()).toEqual([]);
    await params('new');
    await params('old', V1);
    await address('one', 'traps', 'new', {
      snmpTargetAddrTMask: octets(Uint8Array.of(255, 0, 0, 0, 0, 0)),
    });
    await address('two', 'x traps informs', 'new');
    await address('three', 'traps', 'old');
    expect(await outcomes()).toEqual([]);
    await notify('t', 'traps');
    expect(await outcomes()).toEqual(['one sent', 'three sent', 'two sent']);
    expect((await listener.told(3)).toSorted()).toEqual([
      `trap ${WARM_START}`,
      `trap ${WARM_START}`,
      'trapV1 1.3.6.1.6.3.1.1.5 1',
    ]);
    expect(listener.community).toBe('noc');
    expect(listener.agentAddress).toBe('127.0.0.1');
    await notify('i', 'informs', INFORM);
    await notify('once', 'traps');
    expect(await outcomes()).toEqual(['two acknowledged', 'one sent', 'three sent', 'two sent']);
    await set('i', { snmpNotifyRowStatus: NOT_IN_SERVICE });
    await set('one', { snmpTargetAddrRowStatus: NOT_IN_SERVICE });
    await set('three', { snmpTargetAddrRowStatus: DESTROY });
    expect(await outcomes()).toEqual(['two sent']);
    const notified = agent.tree().children?.find(({ id }) => id === 'notify');
    expect(notified?.children?.map(({ id }) => id)).toEqual(['udp4-loopback']);
  });

  it('that cannot be told are passed over and logged, each with its code; others are told [NOT-036, NOT-037, NOT-038, NOT-039]', async () => {
    await start({
      access: {
        communities: {
          root: { write: 'all', administer: true, securityName: 'root' },
          noc: { read: 'all', securityName: 'noc' },
          mute: { securityName: 'mute', group: 'untold' },
          left: { read: 'all', securityName: 'left', context: 'left' },
        },
        groups: { untold: [{ read: 'all' }] },
        users: [{ name: 'plain', read: 'all' }],
      },
      contexts: ['left'],
    });
    await notify('n', 'a');
    await params('good');
    await address('good', 'a');
    await address('no-params', 'a');
    await params('inactive');
    await set('inactive', { snmpTargetParamsRowStatus: NOT_IN_SERVICE });
    await address('inactive', 'a');
    await params('models', { mp: 1, security: 3 });
    await address('models', 'a');
    await params('level', V2C, 'noc', 3);
    await address('level', 'a');
    await params('nobody', V2C, 'nobody');
    await address('nobody', 'a');
    await params('context', V2C, 'left');
    await address('context', 'a');
    await params('mute', V2C, 'mute');
    await address('mute', 'a');
    await params('unknown-user', V3, 'eve');
    await address('unknown-user', 'a');
    await params('keyless', V3, 'plain', 3);
    await address('keyless', 'a');
    await params('user', V3, 'plain');
    await address('user', 'a');
    await address('tcp', 'a', 'good', {
      snmpTargetAddrTDomain: oidValue('1.3.6.1.2.1.100.1.5'),
    });
    await address('broadcast', 'a', 'good', {
      snmpTargetAddrTAddress: octets(Uint8Array.of(255, 255, 255, 255, 0, 9)),
    });
    await address('small', 'a', 'good', { snmpTargetAddrMMS: integer(484) });
    expect((await outcomes('warmStart', { sysContact: 'x'.repeat(255) })).toSorted()).toEqual([
      'broadcast sent',
      'context notSent SNMP_NOTIFY_NO_COMMUNITY',
      'good sent',
      'inactive notSent SNMP_NOTIFY_NOT_ACTIVE',
      'keyless notSent SNMP_NOTIFY_LEVEL',
      'level notSent SNMP_NOTIFY_LEVEL',
      'models notSent SNMP_NOTIFY_MODEL',
      'mute notSent SNMP_NOTIFY_VIEW',
      'no-params notSent SNMP_NOTIFY_NO_PARAMS',
      'nobody notSent SNMP_NOTIFY_NO_COMMUNITY',
      'small sent',
      'tcp notSent SNMP_NOTIFY_ADDRESS',
      'unknown-user notSent SNMP_NOTIFY_NO_USER',
      'user sent',
    ]);
    expect(logged).toContainEqual(
      expect.objectContaining({ target: 'models', code: 'SNMP_NOTIFY_MODEL' }),
    );
    expect(
      (await outcomes('warmStart', { sysContact: 'x'.repeat(255), sysName: 'x'.repeat(255) })).find(
        (line) => line.startsWith('small'),
      ),
    ).toBe('small notSent SNMP_NOTIFY_SIZE');
  });

  it('are kept, and told again when the agent has begun anew', async () => {
    const state = mkdtempSync(join(tmpdir(), 'trellis-notify-rows-'));
    await start({ state });
    await notify('n', 'a');
    await params('p');
    await address('p', 'a');
    await agent.stop();
    await start({ state });
    expect(await listener.told(1)).toEqual([`trap ${COLD_START}`]);
    expect(await outcomes()).toEqual(['p sent']);
    await agent.stop();
    rmSync(state, { recursive: true });
  });
});

it('an import of the state brings back whom rows select', async () => {
  const state = mkdtempSync(join(tmpdir(), 'trellis-notify-import-'));
  await start({ state });
  await notify('n', 'a');
  await params('p');
  await address('p', 'a');
  const before = JSON.parse(JSON.stringify(await agent.exportState())) as unknown;
  await set('n', { snmpNotifyRowStatus: DESTROY });
  expect(await outcomes()).toEqual([]);
  await agent.importState(before);
  expect(await outcomes()).toEqual(['p sent']);
  await agent.stop();
  rmSync(state, { recursive: true });
});

describe('targets of the configuration', () => {
  const targets = (): NonNullable<AgentOptions['notify']> => ({
    targets: [
      { name: 'noc', address: listener.address, community: 'noc' },
      { name: 'a b', address: listener.address, community: 'secret', inform: true, timeoutMs: 500 },
      { name: 'ann', address: listener.address, user: 'ann' },
    ],
  });
  const users = [
    { name: 'ann', auth: 'sha256', authPassword: 'ann auth password', read: 'all' },
  ] as const;

  it('show as rows that no manager writes, without their communities', async () => {
    await start({ notify: targets(), access: { users } });
    const shown = async (row: string): Promise<string[]> =>
      get(
        row,
        'snmpNotifyTag',
        'snmpNotifyType',
        'snmpNotifyStorageType',
        'snmpTargetAddrTagList',
        'snmpTargetAddrTimeout',
        'snmpTargetAddrParams',
        'snmpTargetParamsMPModel',
        'snmpTargetParamsSecurityName',
        'snmpTargetParamsSecurityLevel',
      );
    const text = (one: string): string => `OctetString:${Buffer.from(one).toString('hex')}`;
    const row = (name: string, type: number, timeout: number, ...last: string[]): string[] => [
      text(name),
      `Integer32:${type}`,
      'Integer32:5',
      text(name),
      `Integer32:${timeout}`,
      text(name),
      ...last,
    ];
    expect(await shown('noc')).toEqual(
      row('noc', 1, 150, 'Integer32:1', text('noc'), 'Integer32:1'),
    );
    expect(await shown('target2')).toEqual(
      row('target2', 2, 50, 'Integer32:1', 'OctetString:', 'Integer32:1'),
    );
    expect(await shown('ann')).toEqual(
      row('ann', 1, 150, 'Integer32:3', text('ann'), 'Integer32:2'),
    );
    expect(await set('noc', { snmpNotifyRowStatus: DESTROY })).toBe('notWritable/1');
    expect(await set('noc', { snmpTargetAddrRetryCount: integer(0) })).toBe('notWritable/1');
  });

  it('let no community in from where they are, whatever they are called', async () => {
    const targets = [{ name: 'community1', address: 'udp://192.0.2.7:162', community: 'noc' }];
    await start({
      notify: { targets },
      access: { communities: { near: { read: 'all', from: ['10.0.0.0/8'] } } },
    });
    const ask = (from: string, port: number): Promise<unknown> =>
      new SnmpClient((message) => agent.inject(message, { address: from, port }), {
        community: 'near',
      }).get('1.3.6.1.2.1.1.3.0');
    expect(await ask('10.1.2.3', 1)).toBeDefined();
    expect(await ask('192.0.2.7', 162)).toBe(undefined);
  });

  it('are told once, with what they are configured to be told, and filtered by their parameters', async () => {
    await start({ notify: targets(), access: { users } });
    expect(await outcomes()).toEqual(['noc sent', 'a b acknowledged', 'ann sent']);
    await notify('again', 'noc');
    await notify('surely', 'noc', INFORM);
    expect(await outcomes()).toEqual([
      'noc sent',
      'a b acknowledged',
      'ann sent',
      'noc acknowledged',
    ]);
    await set('target2', {
      snmpNotifyFilterProfileName: octets('f'),
      snmpNotifyFilterProfileRowStatus: CREATE_AND_GO,
    });
    await set(filterRow('f', [1, 3, 6, 1, 4]), filter('included'));
    expect(await outcomes()).toEqual(['noc sent', 'ann sent', 'noc acknowledged']);
  });
});
