import fc from 'fast-check';
import { expect, it } from 'vitest';
import { scalar, table } from '../../src/instrumentation/index.js';
import type { SnmpValue } from '../../src/smi/index.js';
import { runs } from '../support/arbitraries.js';
import { confAgent, functions } from '../support/conf-agent.js';
import { integer, tellVarBind } from '../support/snmp-client.js';

const MAX_LOCK = 2_147_483_647;
const MAX_ROWS = 2;
const ROWS = [1, 2, 3, 4];

/** How the device behind a scalar takes a value; by an error it says that it did nothing. */
const device = fc.oneof(
  { weight: 5, arbitrary: fc.constant('takes it' as const) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('says no', 'throws', 'takes it and throws' as const),
  },
);
const number = fc.integer({ min: 0, max: 99 });

const part = fc.oneof(
  fc.record({ kind: fc.constant('plain' as const), value: number }),
  fc.record({ kind: fc.constant('behind onSet' as const), value: number, device }),
  fc.record({ kind: fc.constant('function' as const), value: number, device }),
  fc.record({ kind: fc.constant('lock' as const), isStale: fc.nat(3).map((dice) => dice === 0) }),
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('row' as const),
      row: fc.constantFrom(...ROWS),
      does: fc.constantFrom('make', 'make', 'make', 'destroy', 'write' as const),
      value: number,
    }),
  },
);

type Part = typeof part extends fc.Arbitrary<infer Value> ? Value : never;

const targetOf = (one: Part): string => (one.kind === 'row' ? `row ${one.row}` : one.kind);

const request = fc.uniqueArray(part, { minLength: 1, maxLength: 5, selector: targetOf });

/** What managers can read, and what the device behind `lo` was told last. */
interface State {
  readonly plain: number;
  readonly behind: number;
  readonly function: number;
  readonly lock: number;
  readonly rows: ReadonlyMap<number, number>;
}

/** The varbinds of one part, as its value is in `state`. */
function varBindsOf(one: Part, { lock }: State): [string, SnmpValue][] {
  switch (one.kind) {
    case 'plain':
      return [['rwInt.0', integer(one.value)]];
    case 'behind onSet':
      return [['lo.0', integer(one.value)]];
    case 'function':
      return [['anyInt.0', integer(one.value)]];
    case 'lock':
      return [['lock.0', integer(one.isStale ? (lock + 1) % (MAX_LOCK + 1) : lock)]];
    case 'row': {
      const value: [string, SnmpValue] = [`confReq.${one.row}`, integer(one.value)];
      if (one.does === 'write') return [value];
      const status: [string, SnmpValue] = [
        `confStatus.${one.row}`,
        integer(one.does === 'make' ? 4 : 6),
      ];
      return one.does === 'make' ? [value, status] : [status];
    }
  }
}

interface Expected {
  /** `inconsistentValue/2`. */
  readonly told: string;
  readonly state: State;
}

/** RFC 3416 4.2.5 over what is stored: all of it, or nothing. */
function expected(parts: readonly Part[], before: State): Expected {
  const refusals: [position: number, status: string][] = [];
  const failures: number[] = [];
  let state = before;
  let made = 0;
  let position = 1;
  for (const one of parts) {
    switch (one.kind) {
      case 'plain':
        state = { ...state, plain: one.value };
        break;
      case 'behind onSet':
        state = { ...state, behind: one.value };
        break;
      case 'function':
        state = { ...state, function: one.value };
        break;
      case 'lock':
        if (one.isStale) refusals.push([position, 'inconsistentValue']);
        state = { ...state, lock: (before.lock + 1) % (MAX_LOCK + 1) };
        break;
      case 'row': {
        const isThere = before.rows.has(one.row);
        const rows = new Map(state.rows);
        if (one.does === 'destroy') rows.delete(one.row);
        else rows.set(one.row, one.value);
        state = { ...state, rows };
        if (one.does === 'write' && !isThere) refusals.push([position, 'inconsistentName']);
        if (one.does !== 'make') break;
        if (isThere) refusals.push([position + 1, 'inconsistentValue']);
        else if (before.rows.size + made >= MAX_ROWS) {
          refusals.push([position + 1, 'resourceUnavailable']);
        } else made += 1;
      }
    }
    if ('device' in one && one.device !== 'takes it') failures.push(position);
    position += varBindsOf(one, before).length;
  }
  const refusal = refusals.toSorted(([left], [right]) => left - right)[0];
  if (refusal !== undefined) return { told: `${refusal[1]}/${refusal[0]}`, state: before };
  if (failures.length > 0) return { told: `commitFailed/${Math.min(...failures)}`, state: before };
  return { told: 'noError/0', state };
}

function shown(state: State): string[] {
  return [
    ...[state.plain, state.behind, state.function, state.lock].map(String),
    ...ROWS.flatMap((row) => {
      const value = state.rows.get(row);
      return value === undefined ? ['', ''] : [`${value}`, '1'];
    }),
    `device ${state.behind}`,
  ];
}

/**
 * Invariant: a SET over what the runtime keeps is done as a whole or not at all, whatever the
 * devices behind it do: stored scalars, locks and rows come back, rows are no more than there is
 * room for, a lock counts every SET that took it. Model: `expected`. Generator: several SETs in a
 * row over stored scalars, one with a device behind it, a lock, rows, and a function that fails.
 * Coverage: each answer.
 */
it('a SET of what is stored is all or nothing, whatever the devices do [PR-07, PR-08, PR-10, PR-35, PR-37, PR-39]', async () => {
  const seen = new Map<string, number>();
  let wrapped = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(0, 5, MAX_LOCK - 1, MAX_LOCK),
      fc.array(request, { minLength: 1, maxLength: 6 }),
      async (lock, requests) => {
        let mode = 'takes it';
        let told = 0;
        let own = 0;
        let ownBefore = 0;
        /** Does to a device what its mode says; the next time it does what it should. */
        const act = (isMine: boolean, effect: () => void): 'noError' | 'commitFailed' => {
          const now = isMine ? mode : 'takes it';
          if (now === 'says no') return 'commitFailed';
          if (now !== 'throws') effect();
          if (now !== 'takes it') throw new Error('as it was told to');
          return 'noError';
        };
        const modes = new Map<string, string>();
        const take = (name: string): boolean => {
          mode = modes.get(name) ?? 'takes it';
          return modes.delete(name);
        };
        await using conf = await confAgent([
          {
            name: 'kept',
            supervise: { intensity: 1000, periodMs: 1000 },
            rwInt: scalar.stored({ value: 0 }),
            lo: scalar.stored<number>({
              value: 0,
              onSet: (value) => act(take('lo'), () => void (told = value)),
            }),
            lock: scalar.stored({ value: lock }),
            confTable: table.stored({ maxRows: MAX_ROWS }),
          },
          {
            name: 'own',
            supervise: { intensity: 1000, periodMs: 1000 },
            anyInt: functions.scalar({
              get: () => own,
              set: (value) => {
                ownBefore = own;
                return act(take('own'), () => void (own = value as number));
              },
              rollback: () => {
                own = ownBefore;
                return 'noError';
              },
            }),
          },
        ]);
        let state: State = { plain: 0, behind: 0, function: 0, lock, rows: new Map() };
        for (const parts of requests) {
          modes.clear();
          for (const one of parts) {
            if (!('device' in one) || one.device === 'takes it') continue;
            modes.set(one.kind === 'function' ? 'own' : 'lo', one.device);
          }
          const model = expected(parts, state);
          const answer = await conf.client.set(...parts.flatMap((one) => varBindsOf(one, state)));
          expect(`${answer?.errorStatus}/${answer?.errorIndex}`).toBe(model.told);
          if (state.lock === MAX_LOCK && model.state.lock === 0) wrapped += 1;
          ({ state } = model);
          const read = await conf.client.get(
            'rwInt.0',
            'lo.0',
            'anyInt.0',
            'lock.0',
            ...ROWS.flatMap((row) => [`confReq.${row}`, `confStatus.${row}`]),
          );
          const values = read?.varBinds.map((varBind) => tellVarBind(varBind).split(':')[1] ?? '');
          expect([...(values ?? []), `device ${told}`]).toEqual(shown(state));
          const [status = ''] = model.told.split('/');
          seen.set(status, (seen.get(status) ?? 0) + 1);
        }
      },
    ),
    runs(200),
  );
  for (const status of [
    'noError',
    'commitFailed',
    'inconsistentValue',
    'inconsistentName',
    'resourceUnavailable',
  ]) {
    expect(`${status} ${(seen.get(status) ?? 0) > 20}`).toBe(`${status} true`);
  }
  expect(wrapped).toBeGreaterThan(5);
});
