import { describe, expect, it } from 'vitest';
import { MasterAgent } from '../../../src/agent/index.js';
import { ALL_VIEW } from '../../../src/security/index.js';
import { confAgent, functions } from '../../support/conf-agent.js';
import { CONF_MIB, conf as oid } from '../../support/mib-fixtures.js';
import {
  integer,
  octets,
  status,
  statusPdu,
  told,
  values,
  type SnmpClient,
} from '../../support/snmp-client.js';
import { stage, type Stage } from '../../support/stage.js';

describe('sizes', () => {
  const text = { bigText: { get: () => Buffer.alloc(400, 0x61) } };

  it('requests of exactly 484, 1472 and the maximum are answered, one more octet is not [ENC-053, ENC-054]', async () => {
    for (const maxMessageSizeOctets of [484, 1472, 65_507]) {
      await using other = await confAgent(undefined, { limits: { maxMessageSizeOctets } });
      const exact = requestOfSize(other.client, maxMessageSizeOctets);
      expect(exact).toHaveLength(maxMessageSizeOctets);
      expect(await other.agent.inject(exact)).toBeDefined();
      expect(other.counter('snmpInPkts')).toBe(1);
      const larger = Buffer.concat([exact, Buffer.alloc(1)]);
      expect(await other.agent.inject(larger)).toBeUndefined();
      expect(other.counter('snmpInPkts')).toBe(2);
      expect(other.counter('snmpInASNParseErrs')).toBe(0);
    }
  });

  it('as many varbinds as fit in a message are served, 4000 too [ENC-052, LIM-002, LIM-012]', async () => {
    await using conf = await confAgent();
    const many = await conf.client.get(...Array.from({ length: 3000 }, () => 'roInt.0'));
    expect(many?.varBinds).toHaveLength(3000);
    const misses = await conf.client.get(...Array.from({ length: 8000 }, () => [0, 0]));
    expect(status(misses)).toBe('noError/0');
    expect(misses?.varBinds).toHaveLength(8000);
    const tooMany = await conf.client.get(...Array.from({ length: 3200 }, () => 'c64.0'));
    expect(told(tooMany)).toBe('tooBig/0');
    const longest = Array.from({ length: 128 }, (_, i) => (i < 2 ? 1 : 4_294_967_295));
    const long = await conf.client.getNext(...Array.from({ length: 90 }, () => longest));
    expect(new Set(values(long))).toEqual(new Set(['Integer32:17']));
  });

  it('a limit outside 484..65507 is refused at the start [LIM-001]', async () => {
    for (const maxMessageSizeOctets of [483, 65_508, Number.NaN, 1000.5]) {
      await expect(
        confAgent(undefined, { limits: { maxMessageSizeOctets } }),
      ).rejects.toMatchObject({ code: 'SNMP_OPTION_INVALID' });
    }
  });

  it('a response of exactly the limit is sent, one octet more is tooBig [GET-015, GET-017]', async () => {
    const names = ['bigText.0'];
    const whole = await stage([{ module: CONF_MIB, objects: text }]).client.get(...names);
    const size = whole?.octets.length as number;
    const exact = stage([{ module: CONF_MIB, objects: text }], { maxMessageSizeOctets: size });
    const short = stage([{ module: CONF_MIB, objects: text }], { maxMessageSizeOctets: size - 1 });
    expect((await exact.client.get(...names))?.octets).toHaveLength(size);
    expect((await exact.client.getNext('bigText'))?.octets).toHaveLength(size);
    for (const client of [short.client, short.client.as({ version: 'v2c' })]) {
      const answer = await client.get(...names);
      expect(told(answer)).toBe('tooBig/0');
    }
    expect(told(await short.client.getNext('bigText'))).toBe('tooBig/0');
    expect(short.counters.snmpOutTooBigs).toBe(3);
  });

  it('where not even tooBig fits there is silence, counted [GET-016, MIB-022]', async () => {
    const small = stage([{ module: CONF_MIB, objects: text }], { maxMessageSizeOctets: 28 });
    expect(await small.client.get('bigText.0')).toBeUndefined();
    expect(small.counters.snmpSilentDrops).toBe(1);
    expect(small.counters.snmpOutPkts).toBe(0);
    const empty = stage([{ module: CONF_MIB, objects: text }], { maxMessageSizeOctets: 29 });
    expect(told(await empty.client.get('bigText.0'))).toBe('tooBig/0');
    expect(empty.counters.snmpSilentDrops).toBe(0);
  });
});

describe('a SET whose response would be too large', () => {
  /** The function that is set, and an agent that sends no more than so many octets. */
  function small(maxMessageSizeOctets: number): { answering: Stage; calls: string[] } {
    const calls: string[] = [];
    const rwInt = functions.scalar({
      get: () => 1,
      isSetOk: () => (calls.push('isSetOk'), 'noError'),
      set: () => (calls.push('set'), 'noError'),
    });
    const observer = { setFinished: () => undefined, defect: () => undefined };
    const master = new MasterAgent(observer, 1);
    master.start();
    const principals = {
      public: { securityName: 'public', readView: ALL_VIEW, writeView: ALL_VIEW },
    };
    const parts = [{ module: CONF_MIB, objects: { rwInt } }];
    return { answering: stage(parts, { maxMessageSizeOctets, master, principals }), calls };
  }
  const set = ({ client }: Stage) => client.set(['rwInt.0', integer(5)]);

  it('is not done: tooBig; and silence, counted, where not even that fits [SET-060, MIB-022]', async () => {
    const large = small(484);
    expect(told(await set(large.answering))).toMatch(/^noError\/0/);
    expect(large.calls).toEqual(['isSetOk', 'set']);
    const short = small(29);
    expect(told(await set(short.answering))).toBe('tooBig/0');
    const silent = small(28);
    expect(await set(silent.answering)).toBeUndefined();
    expect([short.calls, silent.calls]).toEqual([[], []]);
    expect(short.answering.counters.snmpSilentDrops).toBe(0);
    expect(silent.answering.counters.snmpSilentDrops).toBe(1);
  });
});

/** A GET that is made as large as asked by the values that nobody looks at. */
function requestOfSize(client: SnmpClient, size: number): Buffer {
  for (let padding = size - 100; padding <= size; padding++) {
    const request = client.encode(
      statusPdu('get', [{ name: oid('roInt.0'), value: octets(Buffer.alloc(padding)) }]),
    );
    if (request.length === size) return request;
    if (request.length > size) {
      // A length octet was skipped: a longer request-id or name makes up for it.
      return client.encode(
        statusPdu('get', [
          { name: [...oid('roInt.0'), 1], value: octets(Buffer.alloc(padding - 2)) },
        ]),
      );
    }
  }
  throw new Error(`no request of ${size} octets`);
}
