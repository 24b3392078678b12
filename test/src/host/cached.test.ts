import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../../src/base/index.js';
import { Cached } from '../../../src/host/index.js';

function setUp() {
  const clock = new SimulatedClock();
  const readings: PromiseWithResolvers[] = [];
  const cached = new Cached<number>({
    read: () => {
      const reading = withResolvers();
      readings.push(reading);
      return reading.promise;
    },
    clock,
    maxAgeMs: 1000,
    deadlineMs: 300,
  });
  return { clock, readings, cached };
}

interface PromiseWithResolvers {
  readonly promise: Promise<number>;
  readonly resolve: (value: number) => void;
  readonly reject: (error: unknown) => void;
}

function withResolvers(): PromiseWithResolvers {
  let resolve: (value: number) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<number>((...settle) => ([resolve, reject] = settle));
  return { promise, resolve, reject };
}

describe('Cached', () => {
  it('reads once for all who ask at the same time', async () => {
    const { readings, cached } = setUp();
    const both = Promise.all([cached.fresh(), cached.fresh()]);
    readings[0]?.resolve(5);
    expect(await both).toEqual([5, 5]);
    expect(readings).toHaveLength(1);
    expect(cached.last).toBe(5);
  });

  it('reads again when the reading was started longer ago than the maximal age', async () => {
    const { clock, readings, cached } = setUp();
    const first = cached.fresh();
    await clock.advanceAsync(200);
    readings[0]?.resolve(1);
    await first;
    await clock.advanceAsync(799);
    expect(await cached.fresh()).toBe(1);
    expect(cached.isFresh).toBe(true);
    await clock.advanceAsync(1);
    expect(cached.isFresh).toBe(false);
    const second = cached.fresh();
    readings[1]?.resolve(2);
    expect(await second).toBe(2);
  });

  it('tells those who wait for a reading that hangs, and does not start another', async () => {
    const { clock, readings, cached } = setUp();
    const waiting = expect(cached.fresh()).rejects.toMatchObject({
      code: 'SNMP_HOST_READ_DEADLINE',
    });
    await clock.advanceAsync(300);
    await waiting;
    const later = cached.fresh();
    expect(readings).toHaveLength(1);
    readings[0]?.resolve(9);
    expect(await later).toBe(9);
    expect(clock.pendingTimers).toBe(0);
  });

  it('passes a failure on, keeps the last value, and tries again', async () => {
    const { clock, readings, cached } = setUp();
    const first = cached.fresh();
    readings[0]?.resolve(1);
    await first;
    await clock.advanceAsync(2000);
    const failing = expect(cached.fresh()).rejects.toThrow('no');
    readings[1]?.reject(new Error('no'));
    await failing;
    expect(cached.last).toBe(1);
    const third = cached.fresh();
    readings[2]?.resolve(3);
    expect(await third).toBe(3);
  });

  it('tries again after a reading that failed before it began', async () => {
    let isBroken = true;
    const cached = new Cached<number>({
      read: () => {
        if (isBroken) throw new Error('broken');
        return Promise.resolve(4);
      },
      clock: new SimulatedClock(),
      maxAgeMs: 1000,
    });
    await expect(cached.fresh()).rejects.toThrow('broken');
    isBroken = false;
    expect(await cached.fresh()).toBe(4);
  });
});
