import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Agent } from '../../../src/agent.js';
import { SimulatedClock } from '../../../src/base/index.js';
import type { Oid, SnmpValue } from '../../../src/smi/index.js';
import { startAgent } from '../../../src/start-agent.js';
import {
  integer,
  octets,
  oidValue,
  SnmpClient,
  status,
  values,
} from '../../support/snmp-client.js';

const ENGINE_ID = '80007ed90474657374';
const CREATE_AND_GO = integer(4);
const CREATE_AND_WAIT = integer(5);
const NOT_IN_SERVICE = integer(2);
const ACTIVE = integer(1);
const UDP = oidValue('1.3.6.1.6.1.1');
/** 10.1.2.0, port 0. */
const ADDRESS = octets(Uint8Array.of(10, 1, 2, 0, 0, 0));
const MASK = octets(Uint8Array.of(255, 255, 255, 0, 0, 0));

let agent: Agent;
let root: SnmpClient;

type Changes = Readonly<Record<string, SnmpValue>>;

/** Columns of one row by descriptor. RFC 3413's names are IMPLIED: no length before them [TGT-016]. */
async function set(row: string, changes: Changes): Promise<string> {
  return status(
    await root.set(
      ...Object.entries(changes).map(([name, value]) => [at(name, row), value] as const),
    ),
  );
}

async function get(row: string, ...columns: readonly string[]): Promise<string[]> {
  return values(await root.get(...columns.map((name) => at(name, row))));
}

const at = (column: string, row: string): Oid => [
  ...(agent.oidOf(column) ?? []),
  ...Buffer.from(row),
];

const READY: Changes = {
  snmpTargetAddrTDomain: UDP,
  snmpTargetAddrTAddress: ADDRESS,
  snmpTargetAddrParams: octets('nowhere'),
};

beforeAll(async () => {
  agent = await startAgent({
    access: { communities: { root: { write: 'all', administer: true } } },
    engine: { id: ENGINE_ID },
    clock: new SimulatedClock(),
  });
  root = new SnmpClient((message) => agent.inject(message), { community: 'root' });
});
afterAll(() => agent.stop());

describe('snmpTargetAddrTable', () => {
  it('is active with domain, address and parameters, which may be missing [TGT-001, TGT-002, TGT-008, TGT-016]', async () => {
    expect(await set('a', { ...READY, snmpTargetAddrRowStatus: CREATE_AND_GO })).toBe('noError/0');
    expect(
      await get(
        'a',
        'snmpTargetAddrTimeout',
        'snmpTargetAddrRetryCount',
        'snmpTargetAddrTagList',
        'snmpTargetAddrStorageType',
        'snmpTargetAddrTMask',
        'snmpTargetAddrMMS',
      ),
    ).toEqual([
      'Integer32:1500',
      'Integer32:3',
      'OctetString:',
      'Integer32:3',
      'OctetString:',
      'Integer32:484',
    ]);
    const { snmpTargetAddrParams: _none, ...lacking } = READY;
    expect(await set('b', { ...lacking, snmpTargetAddrRowStatus: CREATE_AND_GO })).toBe(
      'inconsistentValue/3',
    );
    expect(await set('b', { ...lacking, snmpTargetAddrRowStatus: CREATE_AND_WAIT })).toBe(
      'noError/0',
    );
    expect(await get('b', 'snmpTargetAddrRowStatus')).toEqual(['Integer32:3']);
  });

  it('keeps domain, address and mask while it is active [TGT-003, TGT-024]', async () => {
    await set('frozen', { ...READY, snmpTargetAddrRowStatus: CREATE_AND_GO });
    for (const [name, value] of Object.entries({
      snmpTargetAddrTDomain: oidValue('1.3.6.1.6.1.2'),
      snmpTargetAddrTAddress: octets(Uint8Array.of(10, 9, 9, 9, 0, 0)),
      snmpTargetAddrTMask: MASK,
    })) {
      expect(await set('frozen', { [name]: value })).toBe('inconsistentValue/1');
    }
    expect(
      await set('frozen', { snmpTargetAddrTMask: MASK, snmpTargetAddrRowStatus: NOT_IN_SERVICE }),
    ).toBe('noError/0');
    expect(await set('frozen', { snmpTargetAddrRowStatus: ACTIVE })).toBe('noError/0');
    expect(await get('frozen', 'snmpTargetAddrTMask')).toEqual(['OctetString:ffffff000000']);
  });

  it('refuses counts, tags and addresses that are none [TGT-004, TGT-005, TGT-006]', async () => {
    await set('tags', { ...READY, snmpTargetAddrRowStatus: CREATE_AND_GO });
    for (const count of [256, -1]) {
      expect(await set('tags', { snmpTargetAddrRetryCount: integer(count) })).toBe('wrongValue/1');
    }
    for (const list of [' a', 'a ', 'a  b', '\ta', 'a\n\rb']) {
      expect(await set('tags', { snmpTargetAddrTagList: octets(list) })).toBe('wrongValue/1');
    }
    for (const list of ['', 'a', 'a b\tc\rd\ne', 'a\u000bb']) {
      expect(await set('tags', { snmpTargetAddrTagList: octets(list) })).toBe('noError/0');
    }
    const odd = { ...READY, snmpTargetAddrTAddress: octets(Uint8Array.of(10, 1, 2, 3)) };
    expect(await set('odd', { ...odd, snmpTargetAddrRowStatus: CREATE_AND_GO })).toBe(
      'inconsistentValue/2',
    );
  });
});

describe('snmpTargetAddrExtTable', () => {
  it('has the rows of the table that it augments, made in the same SET, in any order [RFC 2578 7.8]', async () => {
    expect(
      await set('ext', {
        snmpTargetAddrTMask: MASK,
        snmpTargetAddrMMS: integer(0),
        ...READY,
        snmpTargetAddrRowStatus: CREATE_AND_GO,
      }),
    ).toBe('noError/0');
    expect(await get('ext', 'snmpTargetAddrTMask', 'snmpTargetAddrMMS')).toEqual([
      'OctetString:ffffff000000',
      'Integer32:0',
    ]);
    expect(await set('none', { snmpTargetAddrMMS: integer(0) })).toBe('inconsistentName/1');
    await set('ext', { snmpTargetAddrRowStatus: integer(6) });
    expect(await get('ext', 'snmpTargetAddrMMS')).toEqual(['noSuchInstance']);
  });

  it('has masks as long as the address, and sizes that an engine can take [TGT-023, TGT-026]', async () => {
    const short = { snmpTargetAddrTMask: octets(Uint8Array.of(255)) };
    expect(await set('size', { ...READY, ...short, snmpTargetAddrRowStatus: CREATE_AND_GO })).toBe(
      'inconsistentValue/4',
    );
    await set('size', { ...READY, snmpTargetAddrRowStatus: CREATE_AND_GO });
    expect(await set('size', { snmpTargetAddrMMS: integer(483) })).toBe('wrongValue/1');
    expect(await set('size', { snmpTargetAddrMMS: integer(484) })).toBe('noError/0');
  });
});

it('snmpTargetSpinLock takes the value that it has, and no other [TGT-013]', async () => {
  const name = [...(agent.oidOf('snmpTargetSpinLock') ?? []), 0];
  const [shown] = values(await root.get(name));
  const now = Number(shown?.split(':')[1]);
  expect(status(await root.set([name, integer(now + 1)]))).toBe('inconsistentValue/1');
  expect(status(await root.set([name, integer(now)]))).toBe('noError/0');
  expect(values(await root.get(name))).toEqual([`Integer32:${now + 1}`]);
});

describe('snmpTargetParamsTable', () => {
  const params: Changes = {
    snmpTargetParamsMPModel: integer(3),
    snmpTargetParamsSecurityModel: integer(3),
    snmpTargetParamsSecurityName: octets('ops'),
    snmpTargetParamsSecurityLevel: integer(3),
  };

  it('is active with all of it, which then stays [TGT-009, TGT-010]', async () => {
    for (const name of Object.keys(params)) {
      const { [name]: _none, ...lacking } = params;
      expect(await set(name, { ...lacking, snmpTargetParamsRowStatus: CREATE_AND_GO })).toBe(
        'inconsistentValue/4',
      );
    }
    expect(await set('p', { ...params, snmpTargetParamsRowStatus: CREATE_AND_GO })).toBe(
      'noError/0',
    );
    for (const [name, value] of Object.entries({
      ...params,
      snmpTargetParamsMPModel: integer(1),
    })) {
      const before = await get('p', name);
      const changed = name.endsWith('Name') ? octets('other') : value;
      expect(await set('p', { [name]: changed })).toBe('inconsistentValue/1');
      expect(await get('p', name)).toEqual(before);
    }
  });

  it('knows models and levels [TGT-011, TGT-012]', async () => {
    const made = { ...params, snmpTargetParamsRowStatus: CREATE_AND_GO };
    expect(await set('m', { ...made, snmpTargetParamsSecurityModel: integer(4) })).toBe(
      'inconsistentValue/2',
    );
    for (const level of [0, 4]) {
      expect(await set('m', { ...made, snmpTargetParamsSecurityLevel: integer(level) })).toBe(
        'wrongValue/4',
      );
    }
  });
});

describe('snmpCommunityTable', () => {
  const community: Changes = {
    snmpCommunityName: octets('made'),
    snmpCommunitySecurityName: octets('community1'),
  };
  const made: Changes = { ...community, snmpCommunityStatus: CREATE_AND_GO };
  const ask = (name: string, address: string, port = 1): Promise<unknown> =>
    new SnmpClient((message) => agent.inject(message, { address, port }), { community: name }).get(
      '1.3.6.1.2.1.1.3.0',
    );

  it('needs the community and whom it stands for [TGT-007, TGT-028, TGT-029]', async () => {
    for (const name of Object.keys(community)) {
      const { [name]: _none, ...lacking } = made;
      expect(await set('c', lacking)).toBe('inconsistentValue/2');
    }
    const engine = octets(Buffer.from('80007ed90401', 'hex'));
    expect(await set('c', { ...made, snmpCommunityContextEngineID: engine })).toBe(
      'inconsistentValue/4',
    );
    expect(await set('c', { ...made, snmpCommunityTransportTag: octets('a b') })).toBe(
      'wrongValue/4',
    );
    expect(await set('c', made)).toBe('noError/0');
    expect(await get('c', 'snmpCommunityContextEngineID')).toEqual([`OctetString:${ENGINE_ID}`]);
    expect(await ask('made', '192.0.2.1')).toBeDefined();
  });

  it('is changed while it is active, and looked at by the next request [TGT-030, TGT-031]', async () => {
    expect(await set('c', { snmpCommunityName: octets('renamed') })).toBe('noError/0');
    expect(await ask('made', '192.0.2.1')).toBeUndefined();
    expect(await ask('renamed', '192.0.2.1')).toBeDefined();
    await set('c', { snmpCommunityStatus: NOT_IN_SERVICE });
    expect(await ask('renamed', '192.0.2.1')).toBeUndefined();
    await set('c', { snmpCommunityStatus: integer(6) });
  });

  it('takes the first row whose tag fits where it comes from [TGT-018, TGT-019, TGT-020, TGT-021, TGT-022, TGT-033]', async () => {
    const exact = octets(Uint8Array.of(192, 0, 2, 7, 0x04, 0xd2));
    const tagged = { ...READY, snmpTargetAddrTagList: octets('x net y') };
    const row = { ...tagged, snmpTargetAddrTMask: MASK, snmpTargetAddrMMS: integer(0) };
    await set('net', { ...row, snmpTargetAddrRowStatus: CREATE_AND_GO });
    await set('host', {
      ...READY,
      snmpTargetAddrTAddress: exact,
      snmpTargetAddrTagList: octets('host'),
      snmpTargetAddrMMS: integer(484),
      snmpTargetAddrRowStatus: CREATE_AND_GO,
    });
    for (const tag of ['host', 'net']) {
      const index = `t-${tag}`;
      expect(await set(index, { ...made, snmpCommunityTransportTag: octets(tag) })).toBe(
        'noError/0',
      );
    }
    expect(await ask('made', '10.1.2.77', 9)).toBeDefined();
    expect(await ask('made', '192.0.2.7', 1234)).toBeDefined();
    expect(await ask('made', '192.0.2.7', 1235)).toBeUndefined();
    expect(await ask('made', '10.1.3.77', 9)).toBeUndefined();
    await set('net', { snmpTargetAddrRowStatus: NOT_IN_SERVICE });
    expect(await ask('made', '10.1.2.77', 9)).toBeUndefined();
  });

  it('answers no more than the row of the address says its sender takes [TGT-027]', async () => {
    const bulk = async (address: string, port: number): Promise<number> => {
      const client = new SnmpClient((message) => agent.inject(message, { address, port }), {
        community: 'made',
      });
      const pdu = client.encode({
        type: 'getBulk',
        requestId: 1,
        nonRepeaters: 0,
        maxRepetitions: 100,
        varBinds: [{ name: [1, 3], value: { type: 'Null' } }],
      });
      return (await agent.inject(pdu, { address, port }))?.length ?? 0;
    };
    await set('net', { snmpTargetAddrRowStatus: ACTIVE });
    expect(await bulk('10.1.2.77', 9)).toBeGreaterThan(484);
    const small = await bulk('192.0.2.7', 1234);
    expect(small).toBeGreaterThan(400);
    expect(small).toBeLessThanOrEqual(484);
  });
});
