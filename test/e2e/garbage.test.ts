import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agent.js';
import { decodeMessage } from '../../src/message/index.js';
import { mutate, mutation, runs } from '../support/arbitraries.js';
import { mibText } from '../support/mib-fixtures.js';
import {
  asked,
  decodeAnswer,
  integer,
  octets,
  SnmpClient,
  statusPdu,
  values,
} from '../support/snmp-client.js';
import {
  int,
  joined,
  NULL,
  RO_INT_NAME,
  rawMessage,
  rawVarBind,
  tlv,
  tlvWithLength,
  type Octets,
} from '../support/tlv.js';
import { targetOf, UdpClient, type UdpTarget } from '../support/udp-client.js';
import { agentPackage } from './built-package.js';

const { scalar, startAgent, table } = agentPackage;
const manager = new SnmpClient(() => undefined, { community: 'private' });

let agent: Agent;
let target: UdpTarget;
const defects: unknown[] = [];
const rejections: unknown[] = [];
const onRejection = (reason: unknown): void => void rejections.push(reason);

beforeAll(async () => {
  process.on('unhandledRejection', onRejection);
  agent = await startAgent({
    listen: 'udp://127.0.0.1:0',
    access: { communities: { private: 'write' } },
  });
  agent.on('agent:defect', ({ error }) => void defects.push(error));
  await agent.loadText(mibText('CONF-MIB'), {
    name: 'conf',
    roInt: { get: () => 17 },
    anyInt: { get: () => Promise.resolve(18) },
    rwInt: scalar.stored({ value: 50 }),
    rwStr: scalar.stored({ value: 'abc' }),
    rwBits: scalar.stored(),
    rwOid: scalar.stored(),
    rwIp: scalar.stored(),
    lock: scalar.stored(),
    confTable: table.stored({ rows: [{ confIndex: 1, confReq: 1, confStatus: 'active' }] }),
    strTable: table.computed({ rows: () => [{ strIndex: 'abc', strValue: 1 }] }),
  });
  target = targetOf(agent.addresses[0] as string);
});
afterAll(async () => {
  await agent.stop();
  process.off('unhandledRejection', onRejection);
});

const snmp = (name: string): number => agent.metrics().snmp[name] as number;

/** Far from the ids of other requests: a mutation of one of those is not taken for a sentinel. */
let lastSentinelId = 0x2a3b_4c00;

/**
 * Sends all of it, and then GETs that must be answered, until nothing is under way any more.
 *
 * @returns how many answers came, and how many of these GETs were sent beside.
 */
async function storm(
  client: UdpClient,
  datagrams: readonly Uint8Array[],
): Promise<{ answers: number; sentinels: number }> {
  for (const datagram of datagrams) await client.send(datagram, target);
  let answers = 0;
  let sentinels = 0;
  for (let isQuiet = false; !isQuiet; sentinels += 1) {
    // Before the sentinel: an answer that was under way is then on its way before the sentinel's.
    isQuiet = sentinels > 0 && agent.metrics().requestsInFlight === 0;
    lastSentinelId += 1;
    const requestId = lastSentinelId;
    await client.send(manager.encode(statusPdu('get', asked(['roInt.0']), requestId)), target);
    const last = await client.receive(
      ({ octets: reply }) => decodeAnswer(reply).requestId === requestId,
      () => {
        answers += 1;
      },
      20_000,
    );
    expect(values(decodeAnswer(last.octets))).toEqual(['Integer32:17']);
  }
  return { answers, sentinels };
}

/** snmpInPkts = answered + what one counter each explains + what no counter is about. */
function expectBalance(
  before: Readonly<Record<string, number>>,
  sent: number,
  unexplained: number,
): void {
  const after = agent.metrics().snmp;
  const grown = (name: string): number => (after[name] ?? 0) - (before[name] ?? 0);
  expect(grown('snmpInPkts')).toBe(sent);
  const explained = [
    'snmpOutPkts',
    'snmpInASNParseErrs',
    'snmpInBadVersions',
    'snmpInBadCommunityNames',
    'snmpUnknownPDUHandlers',
  ].reduce((sum, name) => sum + grown(name), 0);
  expect(explained + unexplained).toBe(sent);
}

const isTrapV1 = (datagram: Uint8Array): boolean => {
  const decoded = decodeMessage(datagram);
  if (!decoded.ok || decoded.message.pdu.type !== 'trapV1') return false;
  return Buffer.from(decoded.message.community).toString() === 'private';
};

describe('mutated messages', () => {
  it('leave the agent answering, and its counters adding up [ENC-056, ENC-057, MIB-026]', async () => {
    const total = runs(10_000).numRuns;
    const seeds = ['v1', 'v2c'].flatMap((version) => {
      const sender = manager.as({ version: version as 'v1' | 'v2c' });
      const name = (text: string): number[] => [...(asked([text])[0]?.name ?? [])];
      return [
        sender.encode(statusPdu('get', asked(['roInt.0', 'anyInt.0', 'rwStr.0']))),
        sender.encode(statusPdu('getNext', asked(['roInt', 'confReq', 'strValue.3.97']))),
        sender.encode(
          statusPdu('set', [
            { name: name('rwInt.0'), value: integer(7) },
            { name: name('rwStr.0'), value: octets('abcd') },
          ]),
        ),
        sender.encode(statusPdu('set', [{ name: name('confStatus.5'), value: integer(5) }])),
        sender.encode({
          type: 'getBulk',
          requestId: 5,
          nonRepeaters: 1,
          maxRepetitions: 5,
          varBinds: asked(['roInt', 'confTable']),
        }),
      ];
    });
    const seed = Number(
      process.env['TRELLIS_SEED'] ?? Math.floor(performance.now() * 1000) % 2 ** 31,
    );
    const mutations = fc.sample(fc.array(mutation, { minLength: 1, maxLength: 4 }), {
      numRuns: total,
      seed,
    });
    const datagrams = mutations.map((some, i) =>
      Buffer.from(mutate(seeds[i % seeds.length] as Buffer, some)),
    );
    const before = agent.metrics().snmp;
    const answeredBefore = snmp('snmpOutPkts');
    await using client = await UdpClient.open();
    let answers = 0;
    let sentinels = 0;
    for (let at = 0; at < total; at += 250) {
      const batch = await storm(client, datagrams.slice(at, at + 250));
      answers += batch.answers;
      sentinels += batch.sentinels;
    }
    const message = `TRELLIS_SEED=${seed}`;
    expect(defects, message).toEqual([]);
    expect(rejections, message).toEqual([]);
    expect(snmp('snmpOutPkts') - answeredBefore, message).toBe(answers + sentinels);
    expectBalance(before, total + sentinels, datagrams.filter(isTrapV1).length);
    // The storm was neither all rubbish nor all harmless.
    expect(answers).toBeGreaterThan(total / 50);
    expect(answers).toBeLessThan(total / 2);
  });
});

/** Bad input by its class in the reference: reference/snmpd-snmp4j-agentx.md 3.4. */
const name = (...arcs: readonly number[]): Buffer => tlv(0x06, arcs);
const at = (value: Octets, oid: Octets = RO_INT_NAME): Buffer =>
  rawMessage({ varBinds: [rawVarBind(value, oid)] });
const setOf = (text: string, value: Octets): Buffer => {
  const sound = manager.encode(statusPdu('set', asked([text])));
  const plain = Buffer.from(sound).toString('hex');
  const encodedName = plain.slice(plain.indexOf('060', 50), plain.length - 4);
  return rawMessage({
    pduTag: 0xa3,
    varBinds: [rawVarBind(value, Buffer.from(encodedName, 'hex'))],
  });
};
const nested = (depth: number): Buffer => {
  let inside: Buffer = Buffer.alloc(0);
  for (let i = 0; i < depth; i++) inside = tlv(0x30, inside);
  return inside;
};
const bulk = (nonRepeaters: number, maxRepetitions: number, names: readonly string[]): Buffer =>
  manager.encode({
    type: 'getBulk',
    requestId: 6,
    nonRepeaters,
    maxRepetitions,
    varBinds: asked(names),
  });
const MAX = 2_147_483_647;
const WRITABLE = [
  'rwInt.0',
  'rwStr.0',
  'rwBits.0',
  'rwOid.0',
  'rwIp.0',
  'lock.0',
  'confReq.1',
  'confStatus.1',
];

const CLASSES: Readonly<Record<string, readonly Uint8Array[]>> = {
  '1 lengths': [
    [0x80],
    [0x84, 0xff, 0xff, 0xff, 0xff],
    [0x85, 1, 0, 0, 0, 0],
    [0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    [0x82, 0, 0x0d],
    [0x7f],
    [0x00],
  ].flatMap((length) => [
    at(tlvWithLength(0x04, length, Buffer.from('x'))),
    rawMessage({ community: tlvWithLength(0x04, length, Buffer.from('private')) }),
    tlvWithLength(0x30, length, rawMessage().subarray(2)),
  ]),
  '2 integers': [
    [],
    [0, 0, 0, 0, 1],
    Array.from({ length: 9 }, () => 1),
    [0xff],
    [0, 0x80, 0, 0, 0],
  ].flatMap((content) => [
    at(int(...content)),
    rawMessage({ requestId: int(...content) }),
    rawMessage({ version: int(...content) }),
  ]),
  '3 OIDs': [
    name(),
    name(43),
    name(0x80, 1),
    name(43, 0x81),
    name(43, 0x90, 0x80, 0x80, 0x80, 0),
    name(43, ...Array.from({ length: 10 }, () => 0xff), 0),
    name(0x88, 0x37),
    name(...Array.from({ length: 127 }, () => 1)),
    name(...Array.from({ length: 128 }, () => 1)),
    name(...Array.from({ length: 30_000 }, () => 1)),
  ].flatMap((oid) => [at(NULL, oid), at(oid)]),
  '4 index octets': [
    'strValue.99.1',
    'strValue.4294967295.1',
    'strValue.3.97.98',
    'strValue.3.97.98.300',
    'strValue.1.4294967295',
    'confReq.4294967295',
    'confReq.1.1.1',
  ].flatMap((text) => [
    manager.encode(statusPdu('get', asked([text]))),
    manager.encode(statusPdu('getNext', asked([text]))),
    manager.encode(statusPdu('set', [{ name: asked([text])[0]?.name ?? [], value: integer(1) }])),
  ]),
  '5 SETs of the wrong type': WRITABLE.flatMap((text) =>
    [
      NULL,
      [0x80, 0],
      [0x81, 0],
      [0x82, 0],
      tlv(0x46, [1]),
      tlv(0x44, [1]),
      tlv(0x40, [1, 2, 3, 4]),
      tlv(0x04, [0xff]),
      name(43),
    ].map((value) => setOf(text, value)),
  ),
  '6 varbind lists': [
    rawMessage({ varBinds: [] }),
    manager.encode(statusPdu('get', asked(Array.from({ length: 2000 }, () => 'roInt.0')))),
    manager.encode(statusPdu('getNext', asked(Array.from({ length: 2500 }, () => 'roInt.0')))),
    rawMessage({ varBinds: Array.from({ length: 4000 }, () => rawVarBind(NULL, name(43))) }),
    rawMessage({ varBinds: [tlv(0x30, RO_INT_NAME)] }),
    rawMessage({ varBinds: [tlv(0x30, RO_INT_NAME, NULL, NULL)] }),
    rawMessage({ varBinds: [tlv(0x31, RO_INT_NAME, NULL)] }),
    rawMessage({ varBinds: [rawVarBind(), [0x30, 0x05, 0x06]] }),
  ],
  '7 GETBULK': [
    bulk(0, MAX, ['1.3']),
    bulk(0, -1, ['1.3']),
    bulk(-1, -1, ['1.3']),
    bulk(5, 5, ['1.3']),
    bulk(MAX, MAX, ['1.3']),
    bulk(0, MAX, []),
    bulk(
      0,
      MAX,
      Array.from({ length: 400 }, (_, i) => `1.3.6.1.4.1.32473.${i}`),
    ),
    bulk(
      0,
      MAX,
      Array.from({ length: 2500 }, () => 'confTable'),
    ),
    rawMessage({ pduTag: 0xa5, third: int(0, 0x80, 0, 0, 0) }),
  ],
  '8 nesting': [500, 5000, 12_000].flatMap((depth) => [
    nested(depth),
    at(nested(depth)),
    rawMessage({ varBinds: [nested(depth)] }),
    rawMessage({ afterList: nested(depth) }),
  ]),
  '9 answers too big': [
    manager.encode(
      statusPdu('get', asked(Array.from({ length: 3200 }, () => '1.3.6.1.2.1.1.1.0'))),
    ),
    manager.encode(
      statusPdu('getNext', asked(Array.from({ length: 3200 }, () => '1.3.6.1.2.1.1.1'))),
    ),
  ],
  '13 communities': [
    '',
    'private\0',
    'privat',
    'PRIVATE',
    'public',
    '\xff\xfe',
    'x'.repeat(300),
    'x'.repeat(60_000),
  ].map((by) => rawMessage({ community: tlv(0x04, Buffer.from(by, 'latin1')) })),
  '14 PDUs that are no requests': [
    ...[0xa2, 0xa4, 0xa6, 0xa7, 0xa8, 0xa9, 0x30].map((pduTag) => rawMessage({ pduTag })),
    rawMessage({ version: int(0), pduTag: 0xa5 }),
    rawMessage({ version: int(0), varBinds: [rawVarBind(tlv(0x46, [1]))] }),
    ...[2, 0xff, 3].map((version) => rawMessage({ version: int(version) })),
    joined(rawMessage(), rawMessage()),
  ],
};

describe('bad input', () => {
  for (const [what, datagrams] of Object.entries(CLASSES)) {
    it(`of class ${what} is answered or counted, and the agent serves on [ENC-002..ENC-055, LIM-002]`, async () => {
      await using client = await UdpClient.open();
      const before = agent.metrics().snmp;
      const sendable = datagrams.filter(({ length }) => length <= 65_507);
      const { answers, sentinels } = await storm(client, sendable);
      expect(sendable.length).toBe(datagrams.length);
      expect((agent.metrics().snmp['snmpOutPkts'] ?? 0) - (before['snmpOutPkts'] ?? 0)).toBe(
        answers + sentinels,
      );
      expectBalance(before, sendable.length + sentinels, sendable.filter(isTrapV1).length);
      expect(defects).toEqual([]);
      expect(rejections).toEqual([]);
    });
  }

  it('answers a reflected answer with silence, so that two agents cannot talk for ever [ENC-044]', async () => {
    await using client = await UdpClient.open();
    const { octets: answer } = await client.exchange(rawMessage(), target);
    const reflected = await storm(
      client,
      Array.from({ length: 50 }, () => answer),
    );
    expect(reflected.answers).toBe(0);
  });

  it('too big an answer is told, not lost: class 9 got tooBig', async () => {
    await using client = await UdpClient.open();
    const request = CLASSES['9 answers too big']?.[0] as Buffer;
    const answer = decodeAnswer((await client.exchange(request, target)).octets);
    expect(answer).toMatchObject({ errorStatus: 'tooBig', errorIndex: 0, varBinds: [] });
  });
});
