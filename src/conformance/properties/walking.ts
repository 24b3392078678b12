import {
  compareOids,
  equalOids,
  equalValues,
  formatOid,
  isException,
  MAX_SUB_IDENTIFIERS,
  type Oid,
  type VarBind,
} from '../../smi/index.js';
import { defineProperty } from '../property.js';
import type { Facts } from '../survey/facts.js';
import { nameBefore } from '../survey/facts.js';
import type { Trial } from '../trial.js';
import { showValue } from '../values/show-value.js';
import { undecided, violated } from '../violation.js';
import { places } from './places.js';

const MAX_STEPS = 8;

export const walkIsIncreasingAndEnds = defineProperty({
  name: 'walk-is-increasing-and-ends',
  promise: 'GETNEXT answers a greater name, or the end of the MIB view, from wherever one starts.',
  source: 'RFC 3416 4.2.2',
  needs: () => undefined,
  cases: (fc, facts) => fc.record({ start: places(fc, facts), steps: fc.nat({ max: MAX_STEPS }) }),
  async check({ start, steps }, trial) {
    let at = start;
    for (let step = 0; step <= steps; step++) {
      const next = await trial.session.next(at);
      if (next.value.type === 'endOfMibView') return checkEnd(next, at, trial);
      if (isException(next.value)) violated(`GETNEXT answers ${next.value.type}`);
      if (compareOids(next.name, at) <= 0) {
        violated(`GETNEXT after ${trial.label(at)} goes back to ${trial.label(next.name)}`);
      }
      at = next.name;
    }
    trial.reach('in the middle');
  },
});

function checkEnd(end: VarBind, at: Oid, trial: Trial): void {
  trial.reach('at the end');
  if (!equalOids(end.name, at)) {
    violated(
      `endOfMibView comes with ${formatOid(end.name)}, not with the name that was asked for`,
    );
  }
}

const needsTwo = (facts: Facts): string | undefined =>
  facts.found.length < 2 ? 'fewer than two instances were found' : undefined;

/** Between an instance and the next one: nothing but ends of the other one's name fit there. */
export const getnextSkipsNothing = defineProperty({
  name: 'getnext-skips-nothing',
  promise: 'GETNEXT finds the same instance from every name between two instances.',
  source: 'RFC 3416 4.2.2',
  needs: needsTwo,
  cases: (fc, { found }) =>
    fc.record({
      index: fc.nat({ max: found.length - 2 }),
      kept: fc.nat({ max: 12 }),
      below: fc.array(fc.constantFrom(0, 1, 0xffff_ffff), { maxLength: 2 }),
    }),
  async check({ index, kept, below }, trial) {
    const { found } = trial.facts;
    const [from, to] = [found[index]?.name, found[index + 1]?.name];
    if (from === undefined || to === undefined) return undecided('no such pair');
    const between = nameBetween(from, to, kept, below);
    if (between === undefined) return undecided('nothing fits between');
    const { session } = trial;
    const first = await session.next(from);
    const middle = await session.next(between);
    const again = await session.next(from);
    if (!equalOids(first.name, again.name)) undecided('the instances change');
    if (compareOids(first.name, between) <= 0) undecided('an instance came in between');
    if (equalOids(middle.name, first.name)) return;
    violated(
      `after ${trial.label(from)} comes ${trial.label(first.name)}, but after ${formatOid(between)}, which lies between, ${trial.label(middle.name)}`,
    );
  },
});

function nameBetween(from: Oid, to: Oid, kept: number, below: readonly number[]): Oid | undefined {
  const aboveNext = to.slice(0, Math.max(2, to.length - 1 - (kept % to.length)));
  const candidates = [[...from, ...below], aboveNext, [...from, 0]];
  return candidates.find(
    (name) =>
      compareOids(name, from) > 0 &&
      compareOids(name, to) < 0 &&
      name.length <= MAX_SUB_IDENTIFIERS,
  );
}

export const getAgreesWithWalk = defineProperty({
  name: 'get-agrees-with-walk',
  promise: 'GET and GETNEXT show the same instances with the same values.',
  source: 'RFC 3416 4.2.1, 4.2.2',
  needs: needsTwo,
  cases: (fc, { found }) => fc.integer({ min: 1, max: found.length - 1 }),
  async check(index, trial) {
    const { session, facts } = trial;
    const name = facts.found[index]?.name ?? [];
    const before = nameBefore(facts, name) ?? [1, 3];
    const [first] = await session.read([name]);
    const next = await session.next(before);
    const [second] = await session.read([name]);
    if (first === undefined || second === undefined || first.type !== second.type) {
      return undecided('the instance comes and goes');
    }
    if (compareOids(next.name, name) < 0) undecided('an instance came in between');
    const isThere = !isException(first);
    const isWalked = equalOids(next.name, name) && !isException(next.value);
    if (isThere !== isWalked) {
      const again = await session.next(before);
      if (!equalOids(again.name, next.name)) undecided('the instances change');
      violated(
        isThere
          ? `GET finds ${trial.label(name)}, but GETNEXT after ${trial.label(before)} passes over it`
          : `GETNEXT finds ${trial.label(name)}, but GET answers ${first.type}`,
      );
    }
    if (!isThere) undecided('the instance is gone');
    const isStable = equalValues(first, second);
    trial.reach(isStable ? 'a value that stays' : 'a value that changes');
    if (next.value.type !== first.type || (isStable && !equalValues(next.value, first))) {
      violated(
        `${trial.label(name)} is ${showValue(first)} by GET and ${showValue(next.value)} by GETNEXT`,
      );
    }
  },
});

export const getEchoesNames = defineProperty({
  name: 'get-echoes-names',
  promise:
    'A GET answers every name in order, each with a value or with noSuchObject or noSuchInstance.',
  source: 'RFC 3416 4.2.1',
  needs: () => undefined,
  cases: (fc, facts) => fc.array(places(fc, facts), { minLength: 1, maxLength: 6 }),
  async check(names, trial) {
    const { errorStatus, errorIndex, varBinds } = await trial.session.get(names);
    const isV1 = trial.session.version === 'v1';
    if (isV1 && errorStatus === 'noSuchName') {
      if (errorIndex < 1 || errorIndex > names.length) {
        violated(`noSuchName with error-index ${errorIndex} of ${names.length} names`);
      }
    } else if (errorStatus !== 'noError') {
      violated(`GET answers ${errorStatus}, error-index ${errorIndex}`);
    }
    if (varBinds.length !== names.length) {
      violated(`GET of ${names.length} names answers ${varBinds.length} variable bindings`);
    }
    for (const [i, { name, value }] of varBinds.entries()) {
      if (!equalOids(name, names[i] ?? [])) {
        violated(`variable binding ${i + 1} is named ${formatOid(name)}`);
      }
      if (value.type === 'endOfMibView' || (!isV1 && value.type === 'Null')) {
        violated(`GET answers ${value.type} for ${trial.label(name)}`);
      }
      trial.reach(isException(value) ? 'an exception' : 'a value');
    }
  },
});
