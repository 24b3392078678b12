import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { confAgent, type ConfAgent } from '../../support/conf-agent.js';
import { integer, octets, status, values, type SnmpClient } from '../../support/snmp-client.js';
import { usmVectors } from '../../support/usm-vectors.js';

const ENGINE = '1.3.6.1.6.3.10.2.1';
const MPD = '1.3.6.1.6.3.11.2.1';
const USM = '1.3.6.1.6.3.15.1.1';
const ID = '80007ed90474726c';

let conf: ConfAgent;
beforeAll(async () => {
  conf = await confAgent(undefined, {
    sees: 'all',
    engine: { id: ID, boots: 41 },
    limits: { maxMessageSizeOctets: 2000 },
  });
});
afterAll(() => conf.agent.stop());

async function number(client: SnmpClient, oid: string): Promise<number> {
  const [value] = values(await client.get(oid));
  return Number(value?.split(':')[1]);
}

describe('what an engine says of itself', () => {
  it('is its ID, boots, time and size [ENG-006, ENG-007, ENG-009]', async () => {
    const scalars = [1, 2, 3, 4].map((arc) => `${ENGINE}.${arc}.0`);
    expect(values(await conf.client.get(...scalars))).toEqual([
      `OctetString:${ID}`,
      'Integer32:41',
      'Integer32:0',
      'Integer32:2000',
    ]);
    expect(status(await conf.client.set([`${ENGINE}.1.0`, octets('other')]))).toBe('notWritable/1');
    expect(status(await conf.client.set([`${ENGINE}.2.0`, integer(42)]))).toBe('notWritable/1');
  });

  it('is a time that goes on by seconds [ENG-008]', async () => {
    const before = await number(conf.client, `${ENGINE}.3.0`);
    conf.clock.advance(7300);
    expect(await number(conf.client, `${ENGINE}.3.0`)).toBe(before + 7);
  });

  it('is what it counts: SNMP-MPD-MIB and usmStats [MIB-028]', async () => {
    const counters = [
      ...[1, 2, 3].map((arc) => `${MPD}.${arc}.0`),
      ...[1, 2, 3, 4, 5, 6].map((arc) => `${USM}.${arc}.0`),
    ];
    const before = values(await conf.client.get(...counters));
    expect(before.every((value) => value.startsWith('Counter32:'))).toBe(true);
    const discovery = Buffer.from(usmVectors.inbound[0]?.message ?? '', 'hex');
    expect(await conf.agent.inject(discovery)).toBeDefined();
    const after = values(await conf.client.get(...counters));
    const moved = counters.filter((_, i) => before[i] !== after[i]);
    expect(moved).toEqual([`${USM}.4.0`]);
  });
});
