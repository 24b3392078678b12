import { describe, expect, it } from 'vitest';
import { silentLogger, SimulatedClock } from '../../../src/base/index.js';
import {
  generateEngineId,
  MAX_ENGINE_BOOTS,
  parseEngineId,
  SnmpEngine,
} from '../../../src/security/index.js';
import { createEngine } from '../../../src/engine-options.js';

const random = (octets: number): Uint8Array => new Uint8Array(octets).fill(7);

function engineAt(boots: number, clock: SimulatedClock): SnmpEngine {
  const id = generateEngineId(random);
  return new SnmpEngine({ id, boots, maxMessageSizeOctets: 484, clock, random });
}

const surroundings = () => ({
  clock: new SimulatedClock(),
  logger: silentLogger,
  maxMessageSizeOctets: 484,
  memory: undefined,
});

describe('engine IDs', () => {
  it('are what RFC 3411 allows [ENG-001, ENG-002, ENG-004]', () => {
    for (const text of [
      '80007ed901c0000201',
      `80007ed902${'00'.repeat(16)}`,
      '80007ed903020000000001',
      `80007ed904${'61'.repeat(27)}`,
      '80007ed90401',
      '80007ed905',
      `80007ed9ff${'01'.repeat(20)}`,
      '0000000000000000000000aa',
      '0x80007ED9050A',
    ]) {
      const octets = Buffer.from(parseEngineId(text)).toString('hex');
      expect(octets).toBe(text.replace('0x', '').toLowerCase());
    }
  });

  it('are refused with the reason, whatever else they are [ENG-003, ENG-005]', async () => {
    const reasons: readonly (readonly [string, RegExp])[] = [
      ['', /0 octets, not 5 to 32/],
      ['80007ed9', /4 octets/],
      [`80007ed905${'00'.repeat(28)}`, /33 octets/],
      ['00'.repeat(12), /all zeros/],
      ['ff'.repeat(12), /all ones/],
      ['00007ed905', /12 octets/],
      ['80007ed901c00002', /format 1 it must have 9 octets/],
      ['80007ed902c0000201', /format 2 it must have 21 octets/],
      ['80007ed90302000000', /format 3 it must have 11 octets/],
      ['80007ed90001', /format 0 is reserved/],
      ['80007ed90601', /format 6 is reserved/],
      ['80007ed97f01', /format 127 is reserved/],
      ['80007ed90', /not hexadecimal/],
      ['trellis', /not hexadecimal/],
    ];
    for (const [text, reason] of reasons) {
      expect(() => parseEngineId(text), text).toThrow(reason);
      await expect(createEngine({ id: text }, surroundings())).rejects.toMatchObject({
        code: 'SNMP_ENGINE_ID_INVALID',
      });
    }
  });

  it('are another one for every engine that is given none [ENG-011]', async () => {
    const ids = new Set<string>();
    for (let i = 0; i < 20; i++) {
      const { id } = await createEngine(undefined, surroundings());
      const text = Buffer.from(id).toString('hex');
      expect(parseEngineId(text)).toEqual(Uint8Array.from(id));
      ids.add(text);
    }
    expect(ids.size).toBe(20);
  });
});

describe('boots and time', () => {
  it('count whole seconds of the monotonic clock [ENG-008, USM-054]', () => {
    const clock = new SimulatedClock(12_345);
    const engine = engineAt(3, clock);
    expect([engine.boots, engine.timeSeconds]).toEqual([3, 0]);
    clock.advance(999);
    expect(engine.timeSeconds).toBe(0);
    clock.advance(1);
    expect(engine.timeSeconds).toBe(1);
  });

  it('begin again after 2147483647 seconds, until boots are latched [USM-053, USM-015]', () => {
    const clock = new SimulatedClock();
    const engine = engineAt(MAX_ENGINE_BOOTS - 1, clock);
    clock.advance(2_147_483_647_000);
    expect([engine.boots, engine.timeSeconds]).toEqual([MAX_ENGINE_BOOTS - 1, 2_147_483_647]);
    clock.advance(1000);
    expect([engine.boots, engine.timeSeconds]).toEqual([MAX_ENGINE_BOOTS, 0]);
    clock.advance(2_147_483_648_000);
    expect([engine.boots, engine.timeSeconds]).toEqual([MAX_ENGINE_BOOTS, 0]);
  });

  it('go on with the date where an ID is given and nobody counts [RFC 3414 2.2.2, 2.3]', async () => {
    const id = '80007ed90474726c';
    const at = async (date: number, options = {}): Promise<number> => {
      const clock = new SimulatedClock(0, date);
      return (await createEngine({ id, ...options }, { ...surroundings(), clock })).boots;
    };
    const first = await at(Date.UTC(2026, 0, 1));
    expect(first).toBe(2192 * 86_400);
    expect(await at(Date.UTC(2026, 0, 1, 0, 0, 1))).toBe(first + 1);
    expect(await at(Date.UTC(2026, 0, 1), { boots: 3 })).toBe(3);
    expect(await at(Date.UTC(2200, 0, 1))).toBe(MAX_ENGINE_BOOTS);
    expect((await createEngine(undefined, surroundings())).boots).toBe(1);
  });

  it('are latched where an ID is given and neither a count nor a date is there [RFC 3414 2.3]', async () => {
    const told: object[] = [];
    const logger = { ...silentLogger, error: (fields: object) => void told.push(fields) };
    const clock = new SimulatedClock(0, 60_000);
    const engine = await createEngine(
      { id: '80007ed90474726c' },
      { ...surroundings(), clock, logger },
    );
    expect(engine.boots).toBe(MAX_ENGINE_BOOTS);
    expect(told).toEqual([{ code: 'SNMP_ENGINE_BOOTS_UNKNOWN' }]);
  });

  it('are within the range of snmpEngineBoots [ENG-007]', async () => {
    for (const boots of [0, -1, 1.5, 2_147_483_648]) {
      await expect(createEngine({ boots }, surroundings())).rejects.toThrow(/engine\.boots/);
    }
  });
});
