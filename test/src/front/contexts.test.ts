import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Agent } from '../../../src/agent.js';
import { Contexts } from '../../../src/agent/index.js';
import type { AgentOptions, SubtreeDefinition } from '../../../src/agent-options.js';
import { SimulatedClock } from '../../../src/base/index.js';
import { scalar, table, type CallContext } from '../../../src/instrumentation/index.js';
import { startAgent } from '../../../src/start-agent.js';
import { functions } from '../../support/conf-agent.js';
import { conf as oid, mibText } from '../../support/mib-fixtures.js';
import {
  asked,
  integer,
  SnmpClient,
  status,
  statusPdu,
  values,
} from '../../support/snmp-client.js';
import { decodeV3, encodeV3, type V3Reply } from '../../support/v3-client.js';
import { ENGINE_ID, keysOf, USERS } from '../../support/v3-manager.js';

const OPTIONS: AgentOptions = {
  contexts: ['left', 'left-over', 'right'],
  engine: { id: ENGINE_ID, boots: 1 },
  access: {
    communities: {
      here: 'write',
      left: { write: 'all', context: 'left' },
      right: { write: 'all', context: 'right' },
      root: { read: 'all', write: 'all', administer: true },
    },
    users: [
      { ...USERS.open, read: 'all' },
      { ...USERS.signed, group: 'lefts' },
    ],
    groups: {
      lefts: [{ level: 'authNoPriv', context: 'left', contextMatch: 'prefix', read: 'all' }],
    },
  },
};

const told: Pick<CallContext, 'contextName'>[] = [];
let agent: Agent;
let clock: SimulatedClock;

/** What is different in each context. */
const sided = (name: string, value: number, contexts: readonly string[]): SubtreeDefinition => ({
  name,
  contexts,
  rwInt: scalar.stored({ value }),
  anyInt: functions.scalar({
    get: ({ contextName }) => {
      told.push({ contextName });
      return value;
    },
    set: (_value, { contextName }) => {
      told.push({ contextName });
      return 'noError';
    },
  }),
});

const as = (community: string): SnmpClient =>
  new SnmpClient((message) => agent.inject(message), { community });

async function start(options: AgentOptions = {}): Promise<void> {
  clock = new SimulatedClock();
  agent = await startAgent({ ...OPTIONS, clock, ...options });
  await agent.loadText(mibText('CONF-MIB'), [
    sided('middle', 50, ['']),
    sided('left', 51, ['left', 'left-over']),
    sided('right', 52, ['right']),
  ]);
}

/** @returns what came back, and its varbinds as text. */
async function askAs(user: 'open' | 'signed', contextName: string): Promise<V3Reply> {
  const { octets } = encodeV3({
    user: keysOf(user),
    level: user === 'open' ? 'noAuthNoPriv' : 'authNoPriv',
    engineId: Buffer.from(ENGINE_ID, 'hex'),
    engineBoots: 1,
    engineTimeSeconds: Math.floor(clock.nowMs() / 1000),
    contextName,
    pdu: statusPdu('get', asked(['rwInt.0'])),
  });
  return decodeV3(await agent.inject(octets), keysOf(user));
}

const shown = ({ pdu }: V3Reply): string =>
  pdu.type === 'response' ? `${pdu.errorStatus} ${values(pdu as never).join()}` : pdu.type;

describe('contexts', () => {
  beforeAll(() => start());
  afterAll(() => agent.stop());

  it('each have what is loaded for them, and functions are told which one is meant', async () => {
    told.length = 0;
    for (const [community, value] of [
      ['here', 50],
      ['left', 51],
      ['right', 52],
    ] as const) {
      const answer = await as(community).get('rwInt.0', 'anyInt.0');
      expect(values(answer)).toEqual([`Integer32:${value}`, `Integer32:${value}`]);
    }
    expect(status(await as('left').set(['rwInt.0', integer(7)], ['anyInt.0', integer(7)]))).toBe(
      'noError/0',
    );
    expect(values(await as('left').getNext('rwInt'))).toEqual(['Integer32:7']);
    expect(values(await as('here').getNext('rwInt'))).toEqual(['Integer32:50']);
    expect(told).toEqual(['', 'left', 'right', 'left'].map((contextName) => ({ contextName })));
    const { length } = await as('right').walk('1.3.6.1.2.1.1');
    expect(length, 'the system group is in the default context').toBeLessThan(5);
  });

  it('are named by requests of SNMPv3, and tables show them [ACM-018, ACM-019]', async () => {
    expect(shown(await askAs('open', ''))).toBe('0 Integer32:50');
    expect(shown(await askAs('open', 'right'))).toBe('0 Integer32:52');
    const reply = await askAs('signed', 'left-over');
    expect(shown(reply)).toMatch(/^0 Integer32:/);
    expect(Buffer.from(reply.contextName).toString()).toBe('left-over');
    // authorizationError: the group has the contexts that begin with left.
    expect(shown(await askAs('signed', 'right'))).toMatch(/^16 /);
    expect(shown(await askAs('signed', ''))).toMatch(/^16 /);
    const names = await as('root').walk(agent.oidOf('vacmContextTable'));
    expect(names.slice(0, 4).map(({ name }) => name.slice(11))).toEqual([
      [0],
      [4, ...Buffer.from('left')],
      [5, ...Buffer.from('right')],
      [9, ...Buffer.from('left-over')],
    ]);
  });

  it('that are not there are reported and counted, before anything else [ACM-001, ACM-010, MIB-027]', async () => {
    const counted = (): number => agent.metrics().snmp['snmpUnknownContexts'] ?? 0;
    const before = counted();
    for (const context of ['nowhere', 'lef', 'left\0', 'x'.repeat(33)]) {
      expect(shown(await askAs('signed', context))).toBe('report');
    }
    expect(counted()).toBe(before + 4);
    // A community for such a context: there are no Reports before SNMPv3.
    const index = [...Buffer.from('lost')];
    const at = (column: string): number[] => [...(agent.oidOf(column) ?? []), ...index];
    const made = await as('root').set(
      [at('snmpCommunityName'), { type: 'OctetString', value: Buffer.from('lost') }],
      [at('snmpCommunitySecurityName'), { type: 'OctetString', value: Buffer.from('community1') }],
      [at('snmpCommunityContextName'), { type: 'OctetString', value: Buffer.from('nowhere') }],
      [at('snmpCommunityStatus'), integer(4)],
    );
    expect(status(made)).toBe('noError/0');
    expect(await as('lost').get('rwInt.0')).toBeUndefined();
    expect(counted()).toBe(before + 5);
    const shownAt = values(await as('root').get('1.3.6.1.6.3.12.1.4.0', '1.3.6.1.6.3.12.1.5.0'));
    expect(shownAt).toEqual(['Counter32:0', `Counter32:${before + 5}`]);
  });

  it('keep apart what a computed table has read for each', async () => {
    const rows = table.computed({
      rows: ({ contextName }) => [{ sparseIndex: 1, sparseA: contextName.length, sparseB: 0 }],
      maxAgeMs: 1_000_000,
    });
    await agent.load('CONF-MIB', {
      name: 'sparse',
      contexts: ['', 'left', 'right'],
      sparseTable: rows,
    });
    for (const [community, length] of [
      ['here', 0],
      ['left', 4],
      ['right', 5],
      ['here', 0],
    ] as const) {
      expect(values(await as(community).get('sparseA.1'))).toEqual([`Integer32:${length}`]);
    }
    await agent.unload('sparse');
    expect(values(await as('right').get('sparseA.1'))).toEqual(['noSuchObject']);
  });

  it('refuse subtrees of the same objects, and ones for no context', async () => {
    await expect(agent.load('CONF-MIB', sided('again', 1, ['left-over']))).rejects.toMatchObject({
      code: 'SNMP_OID_CONFLICT',
    });
    for (const contexts of [['lefty'], []]) {
      await expect(agent.load('CONF-MIB', sided('again', 1, contexts))).rejects.toMatchObject({
        code: 'SNMP_LOAD_UNKNOWN_CONTEXT',
      });
    }
    expect(values(await as('left').get('rwInt.0'))).toEqual(['Integer32:7']);
    // A reload may move it, where there is place.
    await agent.reload('left', sided('left', 51, ['left']));
    await agent.load('CONF-MIB', sided('again', 1, ['left-over']));
    await expect(
      agent.reload('left', sided('left', 51, ['left', 'left-over'])),
    ).rejects.toMatchObject({ code: 'SNMP_OID_CONFLICT' });
    expect(values(await as('left').get('rwInt.0'))).toEqual(['Integer32:7']);
  });

  it('have names of 1 to 32 octets, each its own', () => {
    for (const names of [[''], ['x'.repeat(33)], ['é'.repeat(17)], ['a', 'a']]) {
      expect(() => new Contexts(names)).toThrow(
        expect.objectContaining({ code: 'SNMP_OPTION_INVALID' }),
      );
    }
    expect(new Contexts(['é']).find(Buffer.from('é'))).toBe('é');
    expect(new Contexts(['é']).find(Buffer.from('é', 'latin1'))).toBeUndefined();
  });
});

it('what is stored is kept for each context of its own', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'contexts-'));
  try {
    const oids = [oid('rwInt.0')];
    for (const [before, after] of [
      [[50, 51, 52], 0],
      [[60, 61, 62], 10],
    ] as const) {
      await start({ state: directory });
      for (const [i, community] of ['here', 'left', 'right'].entries()) {
        expect(values(await as(community).get(...oids))).toEqual([`Integer32:${before[i]}`]);
        await as(community).set(['rwInt.0', integer(60 + i + after)]);
      }
      await agent.stop();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
