import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { runs } from '../support/arbitraries.js';
import { instance } from '../support/set-module.js';
import { integer, nextRequestId, statusPdu, type Answer } from '../support/snmp-client.js';
import { answers, SetStage } from '../support/set-stage.js';
import { int, joined, minimalLength, paddedLength, rawMessage, tlv } from '../support/tlv.js';
import { INSTANCES, setCase, setCaseFor, valueOf, type SetCase } from './set-cases.js';
import { closeShared, observe } from './set-observed.js';

/*
 * Two requests that must come to the same, or a request and what is written in it: relations that
 * need no model of a SET.
 */

let shared: SetStage | undefined;
afterAll(async () => {
  await closeShared();
  await shared?.[Symbol.asyncDispose]();
});

/** s1 and s2 with functions that all say yes. */
async function plainStage(): Promise<SetStage> {
  const objects = (name: string) => ({
    [`${name}A`]: {},
    [`${name}B`]: {},
    [`${name}C`]: {},
    [`${name}Table`]: {},
  });
  shared ??= await SetStage.open({ s1: objects('s1'), s2: objects('s2') });
  shared.values.clear();
  shared.takeTrace();
  return shared;
}

const PLAIN_INSTANCES = INSTANCES.filter((name) => /^s[12]/.test(name));

const alike = (left: ReadonlyMap<string, number>, right: ReadonlyMap<string, number>): void => {
  const filled = (values: ReadonlyMap<string, number>): unknown =>
    Object.fromEntries([...values].filter(([, value]) => value !== 0));
  expect(filled(left)).toEqual(filled(right));
};

describe('one SET', () => {
  /** Metamorphic. Coverage: enough cases in which some of the varbinds are refused by themselves. */
  it('of what can be set one by one, in any order, does the same as these [PR-14]', async () => {
    const seen = { all: 0, some: 0, several: 0, cases: 0 };
    const cases = setCaseFor('committed', 'refused').chain((given) => {
      const few = given.instances.slice(0, 4);
      return fc.tuple(
        fc.constant({ ...given, instances: few }),
        fc.shuffledSubarray(few, { minLength: few.length }),
      );
    });
    await fc.assert(
      fc.asyncProperty(cases, async ([given, order]) => {
        let state: ReadonlyMap<string, number> = new Map(Object.entries(given.before));
        const done = new Set<string>();
        for (const name of order) {
          const before = Object.fromEntries(state);
          const one = await observe({ ...given, instances: [name], before });
          if (one.status === 'noError') done.add(name);
          state = one.state;
        }
        const together = given.instances.filter((name) => done.has(name));
        seen.cases += 1;
        seen[together.length === given.instances.length ? 'all' : 'some'] += 1;
        if (together.length === 0) return;
        if (together.length > 1) seen.several += 1;
        const whole = await observe({ ...given, instances: together });
        expect(`${whole.status}/${whole.index}`).toBe('noError/0');
        alike(whole.state, state);
      }),
      runs(),
    );
    expect(Math.min(seen.all, seen.some, seen.several) / seen.cases).toBeGreaterThan(0.05);
  });

  /**
   * Invariant: an instance that is named twice is set once where the values are equal, and refused
   * at the second one where they differ; a fault that can be seen in the varbind goes before.
   * Model: a scan over the varbinds. Coverage: all three.
   */
  it('that names an instance twice asks and sets one value of it [PR-15]', async () => {
    const seen = { once: 0, differing: 0, faulty: 0, cases: 0 };
    const change = fc.tuple(
      fc.constantFrom(...PLAIN_INSTANCES),
      fc.oneof({ weight: 9, arbitrary: fc.nat(1) }, { weight: 1, arbitrary: fc.constant(100_000) }),
    );
    const request = fc.array(change, { minLength: 1, maxLength: 5 }).chain((changes) =>
      fc
        .array(fc.tuple(fc.nat(changes.length - 1), fc.boolean()), { maxLength: 3 })
        .map((again) => [
          ...changes,
          ...again.map(([which, isSame]): (typeof changes)[number] => {
            const [name, value] = changes[which] ?? ['s1A', 0];
            return [name, isSame ? value : value + 1];
          }),
        ]),
    );
    await fc.assert(
      fc.asyncProperty(request, async (changes) => {
        const stage = await plainStage();
        seen.cases += 1;
        const fault = changes
          .map(([name, value], i) => {
            const earlier = changes.slice(0, i).find(([other]) => other === name);
            if (value > 99_999) return `wrongValue/${i + 1}`;
            const differs = earlier !== undefined && earlier[1] !== value;
            return differs ? `inconsistentName/${i + 1}` : undefined;
          })
          .find((one) => one !== undefined);
        const answer = await stage.set(...changes);
        expect(answer).toBe(fault ?? 'noError/0');
        const calls = stage.takeTrace();
        if (fault !== undefined) {
          seen[fault.startsWith('wrong') ? 'faulty' : 'differing'] += 1;
          expect(calls).toEqual([]);
          expect(stage.state).toBe('');
          return;
        }
        if (new Set(changes.map(([name]) => name)).size < changes.length) seen.once += 1;
        const told = (operation: string): string[] =>
          calls
            .filter((line) => line.startsWith(`${operation} `))
            .map((line) => line.slice(operation.length));
        expect(told('set').toSorted()).toEqual(told('isSetOk').toSorted());
        expect(new Set(told('set')).size).toBe(told('set').length);
        for (const [name, value] of changes) expect(await stage.get(name)).toBe(String(value));
      }),
      runs(),
    );
    expect(Math.min(seen.once, seen.differing, seen.faulty) / seen.cases).toBeGreaterThan(0.05);
  });

  /** Metamorphic, with the table of RFC 3584. Coverage: each of the four ends. */
  it('in SNMPv1 does the same, and tells the word of RFC 3584 at the same index [PR-40]', async () => {
    const { errorStatus } = JSON.parse(
      readFileSync(new URL('../fixtures/tables/v2-to-v1-errors.json', import.meta.url), 'utf8'),
    ) as { errorStatus: { v2: string; v1: string | null }[] };
    const words = new Map<string, number>();
    let cases = 0;
    await fc.assert(
      fc.asyncProperty(setCase, async (given: SetCase) => {
        const [v2, v1] = [await observe(given), await observe(given, { version: 'v1' })];
        cases += 1;
        words.set(v1.word, (words.get(v1.word) ?? 0) + 1);
        const word = errorStatus.find((row) => row.v2 === v2.status)?.v1;
        expect(`${v1.status}/${v1.index}`).toBe(`${word}/${v2.index}`);
        expect(v1.word).toBe(v2.word);
        expect(v1.isEchoed).toBe(true);
        alike(v1.state, v2.state);
      }),
      runs(),
    );
    for (const word of ['committed', 'refused', 'rolledBack', 'inDoubt']) {
      expect(`${word} ${(words.get(word) ?? 0) / cases >= 0.05}`).toBe(`${word} true`);
    }
  });

  /**
   * Invariant: the octets of the varbinds come back, also where an encoder would have chosen
   * others. Coverage: done and refused, padded lengths and padded numbers.
   */
  it('is echoed octet by octet, however it was encoded [PR-23]', async () => {
    const seen = { done: 0, refused: 0, padded: 0, cases: 0 };
    const item = fc.record({
      name: fc.constantFrom(...PLAIN_INSTANCES),
      lengthOctets: fc.nat(4),
      zeros: fc.nat(3),
      isTooLarge: fc.integer({ min: 0, max: 9 }).map((one) => one === 0),
    });
    const list = fc.uniqueArray(item, {
      minLength: 1,
      maxLength: 6,
      selector: ({ name }) => name,
    });
    await fc.assert(
      fc.asyncProperty(list, async (items) => {
        const stage = await plainStage();
        const varBinds = items.map(({ name, lengthOctets, zeros, isTooLarge }) => {
          const value = isTooLarge ? 2_000_000 : valueOf(name);
          const digits = [value >> 24, value >> 16, value >> 8, value].map((one) => one & 0xff);
          while (digits.length > 1 && digits[0] === 0 && (digits[1] ?? 0) < 0x80) digits.shift();
          const number = int(...Array.from({ length: zeros }, () => 0), ...digits);
          const content = joined(oidOctets(instance(name)), number);
          const length =
            lengthOctets === 0
              ? minimalLength(content.length)
              : paddedLength(content.length, lengthOctets);
          return joined([0x30], length, content);
        });
        const id = nextRequestId();
        const requestId = int(id >> 24, (id >> 16) & 0xff, (id >> 8) & 0xff, id & 0xff);
        const octets = rawMessage({ pduTag: 0xa3, requestId, varBinds });
        const answer = (await stage.until(stage.client.sendOctets(octets))) as Answer;
        expect(Buffer.from(answer.varBindOctets).equals(joined(...varBinds))).toBe(true);
        const bad = items.findIndex(({ isTooLarge }) => isTooLarge);
        expect(`${answer.errorStatus}/${answer.errorIndex}`).toBe(
          bad < 0 ? 'noError/0' : `wrongValue/${bad + 1}`,
        );
        seen.cases += 1;
        seen[bad < 0 ? 'done' : 'refused'] += 1;
        if (items.some(({ lengthOctets, zeros }) => lengthOctets + zeros > 0)) seen.padded += 1;
      }),
      runs(),
    );
    expect(Math.min(seen.done, seen.refused, seen.padded) / seen.cases).toBeGreaterThan(0.05);
  });

  /**
   * Invariant: a request that is sent again within 5 s of the first has no effect of its own, and
   * no answer but the first one's. Model: when each was last taken for new.
   */
  it('that is sent again is done once, and answered alike [PR-32]', async () => {
    const seen = { again: 0, underWay: 0, anew: 0, cases: 0 };
    const sending = fc.record({
      afterMs: fc.constantFrom(0, 1, 30, 2500, 4999, 5000, 5001),
      which: fc.nat(2),
      port: fc.constantFrom(4000, 4001),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(sending, { minLength: 2, maxLength: 12 }),
        fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
        async (sendings, delayMs) => {
          const stage = await plainStage();
          await stage.clock.advanceAsync(10_001);
          stage.scripts.clear();
          if (delayMs !== undefined) {
            const slow = answers('noError', { delayMs });
            stage.scripts.set('s1A', { set: slow, setBack: slow });
          }
          const requests = [11, 12, 13].map((value) =>
            stage.client.encode(
              statusPdu('set', [{ name: instance('s1A'), value: integer(value) }]),
            ),
          );
          seen.cases += 1;
          const taken = new Map<string, { atMs: number; count: number }>();
          const told = new Map<string, Set<string>>();
          const pending: Promise<void>[] = [];
          for (const { afterMs, which, port } of sendings) {
            await stage.clock.advanceAsync(afterMs);
            const key = `${which} ${port}`;
            const nowMs = stage.clock.nowMs();
            const known = taken.get(key);
            const isNew = known === undefined || nowMs - known.atMs > 5000;
            if (isNew) taken.set(key, { atMs: nowMs, count: (known?.count ?? 0) + 1 });
            if (isNew && known !== undefined) seen.anew += 1;
            const request = requests[which] ?? new Uint8Array();
            const reply = stage.agent.inject(request, { address: '192.0.2.9', port });
            pending.push(
              reply.then((octets) => {
                if (!isNew) seen[octets === undefined ? 'underWay' : 'again'] += 1;
                if (isNew) expect(octets).toBeDefined();
                const all = told.get(key) ?? new Set();
                told.set(key, all);
                if (octets !== undefined) all.add(Buffer.from(octets).toString('hex'));
              }),
            );
          }
          await stage.until(Promise.all(pending));
          for (const [which, value] of [11, 12, 13].entries()) {
            const due = [4000, 4001].map((port) => taken.get(`${which} ${port}`)?.count ?? 0);
            // The stage takes a second set of one request-id for one that puts back.
            const done = stage.trace.filter((line) =>
              [`set s1A ${value}`, `setBack s1A ${value}`].includes(line),
            );
            expect(done).toHaveLength((due[0] ?? 0) + (due[1] ?? 0));
          }
          for (const all of told.values()) expect(all.size).toBeLessThanOrEqual(1);
        },
      ),
      runs(),
    );
    expect(Math.min(seen.again, seen.underWay, seen.anew) / seen.cases).toBeGreaterThan(0.2);
  });
});

/** As a TLV; its first two arcs are 1 and 3. */
function oidOctets(name: readonly number[]): Buffer {
  const octets: number[] = [0x2b];
  for (const arc of name.slice(2)) {
    const some = [arc & 0x7f];
    for (let rest = arc >>> 7; rest > 0; rest >>>= 7) some.unshift(0x80 | (rest & 0x7f));
    octets.push(...some);
  }
  return tlv(0x06, octets);
}
