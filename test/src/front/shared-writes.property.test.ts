import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SnmpError } from '../../../src/base/index.js';
import { scalar, startAgent, table, type Agent } from '../../../src/index.js';
import { StateStore } from '../../../src/store/index.js';
import type { SnmpValue } from '../../../src/smi/index.js';
import { fewRuns } from '../../support/arbitraries.js';
import { integer, SnmpClient, status, values } from '../../support/snmp-client.js';
import { mibText } from '../../support/mib-fixtures.js';

/** Each sequence opens the state twice, a thread and a file every time: few of them. */
const RUNS = fewRuns(16);
const RUN_DEADLINE_MS = 20_000;
const [CREATE_AND_GO, DESTROY] = [4, 6];

const originalCommit: unknown = Reflect.get(StateStore.prototype, 'commit');

/** What the state is asked to write, in order; some of it fails. */
function watchWrites(failing: (write: number) => boolean): { count: number } {
  const seen = { count: 0 };
  vi.spyOn(StateStore.prototype, 'commit').mockImplementation(function (this: StateStore, writes) {
    seen.count += 1;
    return failing(seen.count)
      ? Promise.reject(new SnmpError('SNMP_STATE_WRITE', 'no space left'))
      : (Reflect.apply(originalCommit as () => void, this, [writes]) as Promise<void>);
  });
  return seen;
}

/** An agent whose objects of one subtree are stored, and what its program is told. */
class Stage implements AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'trellis-shared-'));
  readonly told: string[] = [];
  #agent: Agent | undefined;
  client = new SnmpClient(() => undefined);

  async open(): Promise<void> {
    const level = scalar.stored<number>({ value: 50 });
    const rows = table.stored();
    level.on('change', (now, before) => this.told.push(`${before}>${now}`));
    this.#agent = await startAgent({
      state: join(this.#folder, 'state'),
      access: { communities: { private: 'write' } },
    });
    const agent = this.#agent;
    this.client = new SnmpClient((octets) => agent.inject(octets), { community: 'private' });
    await agent.loadText(mibText('CONF-MIB'), [
      { name: 'kept', rwInt: level, confTable: rows, lock: scalar.stored({ value: 7 }) },
      { name: 'alone', anyInt: scalar.stored({ value: 0 }) },
    ]);
  }

  get agent(): Agent {
    if (this.#agent === undefined) throw new Error('not open');
    return this.#agent;
  }

  async reopen(): Promise<void> {
    await this.agent.stop();
    await this.open();
  }

  set = async (...changes: readonly (readonly [string, SnmpValue])[]): Promise<string> =>
    status(await this.client.set(...changes));
  get = async (...names: readonly string[]): Promise<string> =>
    values(await this.client.get(...names)).join(' ');

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent?.stop();
    rmSync(this.#folder, { recursive: true });
  }
}

afterEach(() => vi.restoreAllMocks());

describe('SETs of one subtree that come while one is being written', () => {
  it('share the next write, and end as if each had been alone [SET-053, docs/set.md 5]', async () => {
    await using stage = new Stage();
    await stage.open();
    const writes = watchWrites(() => false);
    const all = await Promise.all([
      ...[1, 2, 3, 4].map((level) => stage.set(['rwInt.0', integer(level)])),
      stage.set(['confReq.1', integer(5)], ['confStatus.1', integer(CREATE_AND_GO)]),
      stage.set(['confReq.1', integer(6)]),
    ]);
    expect(all).toEqual(Array.from({ length: 6 }, () => 'noError/0'));
    expect(writes.count).toBe(2);
    expect(stage.told).toEqual(['50>1', '1>2', '2>3', '3>4']);
    await stage.reopen();
    expect(await stage.get('rwInt.0', 'confReq.1')).toBe('Integer32:4 Integer32:6');
  });

  it('are all rolled back where that write fails, the last one first [LIM-017]', async () => {
    await using stage = new Stage();
    await stage.open();
    watchWrites((write) => write === 2);
    const all = await Promise.all([1, 2, 3].map((level) => stage.set(['rwInt.0', integer(level)])));
    expect(all).toEqual(['noError/0', 'commitFailed/1', 'commitFailed/1']);
    expect(stage.told).toEqual(['50>1']);
    expect(await stage.get('rwInt.0')).toBe('Integer32:1');
    vi.restoreAllMocks();
    await stage.reopen();
    expect(await stage.get('rwInt.0')).toBe('Integer32:1');
  });

  it('refuses none for what another had set and could not keep [TC-011, docs/set.md 4]', async () => {
    await using stage = new Stage();
    await stage.open();
    watchWrites((write) => write === 2);
    const all = await Promise.all([
      stage.set(['rwInt.0', integer(1)]),
      stage.set(['lock.0', integer(7)], ['rwInt.0', integer(2)]),
      // Refused for as long as the one before may be kept.
      stage.set(['lock.0', integer(7)], ['rwInt.0', integer(3)]),
    ]);
    expect(all).toEqual(['noError/0', 'commitFailed/1', 'noError/0']);
    expect(await stage.get('lock.0', 'rwInt.0')).toBe('Integer32:8 Integer32:3');
  });

  it('shows none of them to a read before all of them are kept [SET-058]', async () => {
    await using stage = new Stage();
    await stage.open();
    let isWritten = false;
    vi.spyOn(StateStore.prototype, 'commit').mockImplementation(async function (
      this: StateStore,
      writes,
    ) {
      isWritten = false;
      await (Reflect.apply(originalCommit as () => void, this, [writes]) as Promise<void>);
      isWritten = true;
    });
    const answers = [1, 2, 3].map((level) => stage.set(['rwInt.0', integer(level)]));
    const reads = Array.from({ length: 2 }, async () => {
      await Promise.race(answers);
      const seen = await stage.get('rwInt.0');
      return [seen, isWritten];
    });
    expect(await Promise.all(reads)).toEqual(
      reads.map(() => [expect.stringMatching(/^Integer32:[13]$/), true]),
    );
    expect(await Promise.all(answers)).toEqual(answers.map(() => 'noError/0'));
  });
});

interface Change {
  readonly level: number | undefined;
  /** The lock's value as the manager believes it to be: so much behind or before what it was. */
  readonly lock: number | undefined;
  readonly row: { readonly index: number; readonly value: number | undefined } | undefined;
  /** Of another subtree, which does not wait. */
  readonly alone: number | undefined;
}

const value = fc.integer({ min: 1, max: 100 });
const change: fc.Arbitrary<Change> = fc.record({
  level: fc.option(value, { nil: undefined }),
  lock: fc.option(fc.nat(3), { nil: undefined, freq: 2 }),
  row: fc.option(
    fc.record({
      index: fc.integer({ min: 1, max: 2 }),
      value: fc.option(value, { nil: undefined }),
    }),
    { nil: undefined },
  ),
  alone: fc.option(value, { nil: undefined, freq: 3 }),
});
const bursts = fc.array(
  fc.record({
    changes: fc.array(change, { minLength: 1, maxLength: 8, size: 'max' }),
    failing: fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 4, size: 'max' },
);

interface Model {
  readonly level: number;
  readonly lock: number;
  readonly alone: number;
  readonly rows: Readonly<Record<number, number | undefined>>;
}

const NAMES = ['rwInt.0', 'lock.0', 'anyInt.0', 'confReq.1', 'confReq.2'];
const shown = ({ level, lock, alone, rows }: Model): string =>
  [level, lock, alone, rows[1], rows[2]]
    .map((one) => (one === undefined ? 'noSuchInstance' : `Integer32:${one}`))
    .join(' ');

function varBindsOf({ level, lock, row, alone }: Change, lockNow: number) {
  const varBinds: (readonly [string, SnmpValue])[] = [];
  if (level !== undefined) varBinds.push(['rwInt.0', integer(level)]);
  if (alone !== undefined) varBinds.push(['anyInt.0', integer(alone)]);
  if (row !== undefined) {
    // To make a row that is there, and to change none that is not, is refused.
    const action = row.value === undefined ? DESTROY : CREATE_AND_GO;
    varBinds.push([`confStatus.${row.index}`, integer(action)]);
    if (row.value !== undefined) varBinds.push([`confReq.${row.index}`, integer(row.value)]);
  }
  if (lock !== undefined) varBinds.push(['lock.0', integer(lockNow + lock)]);
  return varBinds;
}

/** What a SET does to the model; undefined where it is to be refused. */
function after(model: Model, { level, lock, row, alone }: Change, lockNow: number) {
  if (lock !== undefined && lockNow + lock !== model.lock) return undefined;
  if (row?.value !== undefined && model.rows[row.index] !== undefined) return undefined;
  return {
    level: level ?? model.level,
    lock: model.lock + Number(lock !== undefined),
    alone: alone ?? model.alone,
    rows: row === undefined ? model.rows : { ...model.rows, [row.index]: row.value },
  };
}

describe('many SETs at once, of which some cannot be written', () => {
  const seen = { kept: 0, refused: 0, failed: 0, shared: 0 };

  it(
    'are answered as if they had come one after another, and are there afterwards [SET-053, LIM-017, TC-011]',
    async () => {
      await fc.assert(
        fc.asyncProperty(bursts, async (sequence) => {
          await using stage = new Stage();
          await stage.open();
          let model: Model = { level: 50, lock: 7, alone: 0, rows: {} };
          for (const { changes, failing } of sequence) {
            const lockNow = model.lock;
            const wanted = changes.filter((one) => varBindsOf(one, lockNow).length > 0);
            const writes = watchWrites((write) => failing.includes(write));
            const answers = await Promise.all(
              wanted.map((one) => stage.set(...varBindsOf(one, lockNow))),
            );
            vi.restoreAllMocks();
            for (const [i, one] of wanted.entries()) {
              const next = after(model, one, lockNow);
              const answer = answers[i];
              if (answer === 'commitFailed/1') seen.failed += 1;
              else if (answer === 'noError/0') {
                expect(next).toBeDefined();
                model = next ?? model;
                seen.kept += 1;
              } else {
                expect([answer, next]).toEqual([
                  expect.stringMatching(/^inconsistentValue/),
                  undefined,
                ]);
                seen.refused += 1;
              }
            }
            seen.shared += Number(writes.count < wanted.length);
            expect(await stage.get(...NAMES)).toBe(shown(model));
          }
          await stage.reopen();
          // RFC 2579: with the start a TestAndIncr goes one further.
          const restarted = { ...model, lock: model.lock + 1 };
          expect(await stage.get(...NAMES)).toBe(shown(restarted));
        }),
        RUNS,
      );
      expect(Object.entries(seen).filter(([, times]) => times < RUNS.numRuns / 2)).toEqual([]);
    },
    RUNS.numRuns * RUN_DEADLINE_MS,
  );
});
