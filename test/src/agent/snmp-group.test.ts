import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CounterName } from '../../../src/dispatch/index.js';
import { genErr, scalar } from '../../../src/instrumentation/index.js';
import { parseOid, type Oid } from '../../../src/smi/index.js';
import { confAgent, functions, storedScalars, type ConfAgent } from '../../support/conf-agent.js';
import { mibText } from '../../support/mib-fixtures.js';
import { asked, integer, octets, status, statusPdu, values } from '../../support/snmp-client.js';

const SYSTEM = '1.3.6.1.2.1.1';
const SNMP = '1.3.6.1.2.1.11';
const SERIAL = '1.3.6.1.6.3.1.1.6.1.0';

let conf: ConfAgent;
beforeEach(async () => {
  conf = await confAgent(
    {
      ...storedScalars(),
      anyInt: functions.scalar({ get: () => genErr }),
      bigText: scalar.stored({ value: Buffer.alloc(400) }),
    },
    {
      sees: 'all',
      limits: { maxMessageSizeOctets: 700 },
      system: {
        description: 'a test',
        objectId: parseOid('1.3.6.1.4.1.32473.1'),
        contact: 'me',
        services: 72,
      },
    },
  );
});
afterEach(() => conf.agent.stop());

/** How much each counter grows by a request; only what grows. */
async function growth(act: () => Promise<unknown>): Promise<Partial<Record<CounterName, number>>> {
  const before = conf.agent.metrics().snmp;
  await act();
  const after = conf.agent.metrics().snmp;
  return Object.fromEntries(
    Object.keys(after)
      .filter((name) => after[name] !== before[name])
      .map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)]),
  );
}

describe('the system group', () => {
  it('reads what the program says of itself [MIB-001, MIB-006]', async () => {
    const answer = await conf.client.get(...[1, 2, 4, 7].map((i) => `${SYSTEM}.${i}.0`));
    expect(values(answer)).toEqual([
      `OctetString:${Buffer.from('a test').toString('hex')}`,
      'ObjectIdentifier:1.3.6.1.4.1.32473.1',
      `OctetString:${Buffer.from('me').toString('hex')}`,
      'Integer32:72',
    ]);
  });

  it('lets managers write contact, name and location, and nothing else [MIB-001, MIB-002]', async () => {
    for (const i of [4, 5, 6]) {
      const name = `${SYSTEM}.${i}.0`;
      expect(status(await conf.client.set([name, octets('x'.repeat(255))]))).toBe('noError/0');
      expect(status(await conf.client.set([name, octets('x'.repeat(256))]))).toBe('wrongLength/1');
      expect(status(await conf.client.set([name, octets(Uint8Array.of(0x80))]))).toBe(
        'wrongValue/1',
      );
    }
    for (const [i, value] of [
      [1, octets('x')],
      [3, integer(1)],
      [7, integer(1)],
      [8, integer(1)],
    ] as const) {
      expect(status(await conf.client.set([`${SYSTEM}.${i}.0`, value]))).toBe('notWritable/1');
    }
  });

  it('counts sysUpTime in hundredths from the start, modulo 2^32 [GET-035, MIB-004, MIB-005, LIM-016]', async () => {
    const upTime = async (): Promise<string | undefined> =>
      values(await conf.client.get(`${SYSTEM}.3.0`))[0];
    expect(await upTime()).toBe('TimeTicks:0');
    conf.clock.advance(1000);
    expect(await upTime()).toBe('TimeTicks:100');
    conf.clock.advance((2 ** 32 - 101) * 10);
    expect(await upTime()).toBe('TimeTicks:4294967295');
    conf.clock.advance(10);
    expect(await upTime()).toBe('TimeTicks:0');
  });

  it('shows a capability in sysORTable for as long as it is there [MIB-007, MIB-008, MIB-009, MIB-010]', async () => {
    const id: Oid = parseOid('1.3.6.1.4.1.32473.77');
    conf.clock.advance(5000);
    const first = conf.agent.capabilities.add(id, 'something');
    const row = (i: number): Promise<string[]> =>
      conf.client.get(...[2, 3, 4].map((c) => `${SYSTEM}.9.1.${c}.${i}`)).then(values);
    expect(await row(first)).toEqual([
      'ObjectIdentifier:1.3.6.1.4.1.32473.77',
      `OctetString:${Buffer.from('something').toString('hex')}`,
      'TimeTicks:500',
    ]);
    expect(values(await conf.client.get(`${SYSTEM}.8.0`, `${SYSTEM}.9.1.1.${first}`))).toEqual([
      'TimeTicks:500',
      'noSuchObject',
    ]);
    expect(status(await conf.client.set([`${SYSTEM}.9.1.3.${first}`, octets('x')]))).toBe(
      'notWritable/1',
    );
    conf.clock.advance(1000);
    conf.agent.capabilities.remove(first);
    expect(await row(first)).toEqual(['noSuchInstance', 'noSuchInstance', 'noSuchInstance']);
    expect(values(await conf.client.get(`${SYSTEM}.8.0`))).toEqual(['TimeTicks:600']);
    expect(conf.agent.capabilities.add(id, 'again')).not.toBe(first);
  });

  it('shows the modules that are loaded [MIB-007]', () => {
    const rows = conf.agent.capabilities.rows.map(({ sysORDescr }) => sysORDescr);
    const names = [
      'SNMPv2-MIB',
      'SNMP-FRAMEWORK-MIB',
      'SNMP-MPD-MIB',
      'SNMP-USER-BASED-SM-MIB',
      'SNMP-VIEW-BASED-ACM-MIB',
      'SNMP-TARGET-MIB',
      'SNMP-COMMUNITY-MIB',
      'SNMP-NOTIFICATION-MIB',
      'CONF-MIB',
    ];
    expect(rows).toEqual(names.map((name) => `The MIB module ${name}`));
  });
});

describe('the snmp group', () => {
  it('counts a request and its response once [MIB-011, MIB-012, MIB-014, MIB-016]', async () => {
    const out = { snmpInPkts: 1, snmpOutPkts: 1, snmpOutGetResponses: 1 };
    expect(await growth(() => conf.client.get('roInt.0', 'rwInt.0', 'tt.0'))).toEqual({
      ...out,
      snmpInGetRequests: 1,
      snmpInTotalReqVars: 3,
    });
    expect(await growth(() => conf.client.get('roInt.0', 'roInt.1', '1.3'))).toEqual({
      ...out,
      snmpInGetRequests: 1,
      snmpInTotalReqVars: 1,
    });
    expect(await growth(() => conf.client.getNext('roInt'))).toEqual({
      ...out,
      snmpInGetNexts: 1,
      snmpInTotalReqVars: 1,
    });
    expect(await growth(() => conf.client.getBulk(0, 3, 'roInt'))).toEqual({
      ...out,
      snmpInTotalReqVars: 3,
    });
  });

  it('counts the variables of SETs that were done [MIB-013, MIB-014]', async () => {
    const out = { snmpInPkts: 1, snmpOutPkts: 1, snmpOutGetResponses: 1, snmpInSetRequests: 1 };
    expect(
      await growth(() => conf.client.set(['rwInt.0', integer(1)], ['rwRange.0', integer(2)])),
    ).toEqual({ ...out, snmpInTotalSetVars: 2 });
    expect(
      await growth(() => conf.client.set(['rwInt.0', integer(1)], ['rwRange.0', integer(7)])),
    ).toEqual(out);
  });

  it('counts responses by their error [MIB-015, MIB-024]', async () => {
    const out = { snmpInPkts: 1, snmpOutPkts: 1, snmpOutGetResponses: 1 };
    const get = { ...out, snmpInGetRequests: 1 };
    const set = { ...out, snmpInSetRequests: 1 };
    expect(await growth(() => conf.client.get('anyInt.0'))).toEqual({ ...get, snmpOutGenErrs: 1 });
    expect(await growth(() => conf.v1.get('roInt.1'))).toEqual({ ...get, snmpOutNoSuchNames: 1 });
    expect(await growth(() => conf.client.get('bigText.0', 'bigText.0'))).toEqual({
      ...get,
      snmpOutTooBigs: 1,
    });
    expect(await growth(() => conf.v1.set(['rwRange.0', integer(7)]))).toEqual({
      ...set,
      snmpOutBadValues: 1,
    });
    const reader = conf.client.as({ community: 'public' });
    expect(await growth(() => reader.set(['rwInt.0', integer(7)]))).toEqual({
      ...set,
      snmpInBadCommunityUses: 1,
    });
    const outOfView = conf.client.set(['1.3.6.1.2.1.1.1.0', octets('x')]);
    expect(status(await outOfView)).toBe('notWritable/1');
  });

  it('has nothing at 7 and 23, and managers can write no counter [MIB-017, MIB-025]', async () => {
    expect(values(await conf.client.get(`${SNMP}.7.0`, `${SNMP}.23.0`))).toEqual([
      'noSuchObject',
      'noSuchObject',
    ]);
    const next = await conf.client.getNext(`${SNMP}.6.0`, `${SNMP}.22.0`);
    expect(next?.varBinds.map(({ name }) => name.at(-2))).toEqual([8, 24]);
    for (const { name, value } of await conf.client.walk(SNMP)) {
      if (value.type !== 'Counter32') continue;
      expect(status(await conf.client.set([name, value]))).toBe('notWritable/1');
    }
  });

  it('reads what the metrics say [MIB-011, MIB-023]', async () => {
    const walked = await conf.client.walk(SNMP);
    const counters = walked.filter(({ value }) => value.type === 'Counter32');
    expect(counters.length).toBeGreaterThanOrEqual(28);
    expect(values(await conf.client.get(`${SNMP}.31.0`, `${SNMP}.32.0`))).toEqual([
      'Counter32:0',
      'Counter32:0',
    ]);
    const packets = conf.agent.metrics().snmp['snmpInPkts'] as number;
    expect(values(await conf.client.get(`${SNMP}.1.0`))).toEqual([`Counter32:${packets + 1}`]);
  });

  it('loses no increment among 1000 requests at once [MIB-026]', async () => {
    const requests = Array.from({ length: 1000 }, () => conf.client.get('roInt.0'));
    expect(await growth(() => Promise.all(requests))).toEqual({});
    expect(
      await growth(() =>
        Promise.all(Array.from({ length: 1000 }, () => conf.client.get('roInt.0'))),
      ),
    ).toEqual({
      snmpInPkts: 1000,
      snmpOutPkts: 1000,
      snmpOutGetResponses: 1000,
      snmpInGetRequests: 1000,
      snmpInTotalReqVars: 1000,
    });
  });

  it('takes snmpEnableAuthenTraps 1 and 2 only [MIB-020]', async () => {
    const name = `${SNMP}.30.0`;
    expect(status(await conf.client.set([name, integer(1)]))).toBe('noError/0');
    expect(values(await conf.client.get(name))).toEqual(['Integer32:1']);
    expect(status(await conf.client.set([name, integer(3)]))).toBe('wrongValue/1');
  });
});

describe('snmpSetSerialNo', () => {
  it('is a lock: the current value passes and counts up, another does not [MIB-021, TC-001, TC-002, TC-006]', async () => {
    const current = async (): Promise<number> =>
      Number(values(await conf.client.get(SERIAL))[0]?.split(':')[1]);
    const before = await current();
    const good = await conf.client.set([SERIAL, integer(before)], ['rwInt.0', integer(9)]);
    expect(status(good)).toBe('noError/0');
    expect(values(good)[0]).toBe(`Integer32:${before}`);
    expect(await current()).toBe((before + 1) % 2 ** 31);
    const stale = await conf.client.set([SERIAL, integer(before)], ['rwInt.0', integer(8)]);
    expect(status(stale)).toBe('inconsistentValue/1');
    const bad = await conf.client.set([SERIAL, integer(before + 1)], ['rwInt.0', integer(101)]);
    expect(status(bad)).toBe('wrongValue/2');
    expect(await current()).toBe((before + 1) % 2 ** 31);
    expect(values(await conf.client.get('rwInt.0'))).toEqual(['Integer32:9']);
  });
});

describe('an agent without the system group', () => {
  it('has no such objects', async () => {
    await using bare = await confAgent({ roInt: { get: () => 1 } }, { system: false, sees: 'all' });
    expect(values(await bare.client.get(`${SYSTEM}.1.0`, `${SNMP}.1.0`))).toEqual([
      'noSuchObject',
      'Counter32:1',
    ]);
    const answer = await bare.client.send(statusPdu('getNext', asked([SYSTEM])));
    expect(answer?.varBinds[0]?.name.slice(0, 7)).toEqual(parseOid(SNMP));
    expect(mibText('CONF-MIB').text).toContain('CONF-MIB');
  });
});
