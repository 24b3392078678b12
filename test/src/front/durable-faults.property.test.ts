import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { open } from 'lmdb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SnmpError } from '../../../src/base/index.js';
import {
  scalar,
  startAgent,
  table,
  type Agent,
  type StoredScalar,
  type StoredTable,
} from '../../../src/index.js';
import { StateStore } from '../../../src/store/index.js';
import { META_KEY, sealed } from '../../../src/store/record.js';
import type { SnmpValue } from '../../../src/smi/index.js';
import { fewRuns } from '../../support/arbitraries.js';
import { integer, SnmpClient, status, values } from '../../support/snmp-client.js';
import { mibText } from '../../support/mib-fixtures.js';

/** Each sequence opens the state some times, a thread and a file every time: few of them. */
const RUNS = fewRuns(25);
const RUN_DEADLINE_MS = 20_000;
const [CREATE_AND_GO, DESTROY] = [4, 6];

const originalCommit: unknown = Reflect.get(StateStore.prototype, 'commit');

interface SetStep {
  readonly do: 'set';
  readonly level: number | undefined;
  /** To be there with this value, or gone. */
  readonly row: { readonly index: number; readonly value: number | undefined } | undefined;
  /** A value of a device behind functions: its before-image is a write of its own. */
  readonly device: number | undefined;
  /** Which write of the state fails, from 1; 0: none. */
  readonly failing: number;
}

type Step =
  | SetStep
  | { readonly do: 'program'; readonly level: number; readonly fails: boolean }
  | { readonly do: 'reopen'; readonly isKilled: boolean };

const value = fc.integer({ min: 1, max: 100 });
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('set' as const),
        level: fc.option(value, { nil: undefined }),
        row: fc.option(
          fc.record({
            index: fc.integer({ min: 1, max: 3 }),
            value: fc.option(value, { nil: undefined }),
          }),
          { nil: undefined },
        ),
        device: fc.option(value, { nil: undefined }),
        failing: fc.nat({ max: 2 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('program' as const),
        level: value,
        fails: fc.boolean(),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('reopen' as const), isKilled: fc.boolean() }),
    },
  ),
  { minLength: 3, maxLength: 12, size: 'max' },
);

/** The agent, its device, and the directory that it keeps its state in. */
class Stage implements AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'trellis-faults-'));
  #directory = join(this.#folder, 'state-0');
  #copies = 0;
  #agent: Agent | undefined;
  #level = scalar.stored<number>({ value: 50 });
  #rows: StoredTable = table.stored();
  device = 50;
  rollbacks = 0;

  async open(): Promise<void> {
    this.#agent = await startAgent({
      state: this.#directory,
      access: { communities: { private: 'write' } },
    });
    this.#level = scalar.stored<number>({ value: 50 });
    this.#rows = table.stored();
    await this.#agent.loadText(mibText('CONF-MIB'), [
      { name: 'kept', rwInt: this.#level, confTable: this.#rows },
      {
        name: 'device',
        anyInt: scalar.functions<number>({
          get: () => this.device,
          set: (now) => {
            this.device = now;
            return 'noError';
          },
          rollback: (_now, { before }) => {
            this.rollbacks += 1;
            this.device = before as number;
            return 'noError';
          },
        }),
      },
    ]);
  }

  get agent(): Agent {
    if (this.#agent === undefined) throw new Error('not open');
    return this.#agent;
  }

  get level(): StoredScalar<number> {
    return this.#level;
  }

  /** @param isKilled - goes on with the files as they lie there at this moment. */
  async reopen(isKilled: boolean): Promise<void> {
    if (isKilled) {
      this.#copies += 1;
      const copy = join(this.#folder, `state-${this.#copies}`);
      cpSync(this.#directory, copy, { recursive: true });
      const database = open<Buffer, Buffer>({
        path: copy,
        encoding: 'binary',
        keyEncoding: 'binary',
      });
      database.putSync(META_KEY, sealed({ engineBoots: 1 }));
      await database.close();
      await this.agent.stop();
      this.#directory = copy;
    } else {
      await this.agent.stop();
    }
    await this.open();
  }

  client(): SnmpClient {
    return new SnmpClient((octets) => this.agent.inject(octets), { community: 'private' });
  }

  async seen(): Promise<readonly string[]> {
    const names = ['rwInt.0', 'anyInt.0', 'confReq.1', 'confReq.2', 'confReq.3'];
    return values(await this.client().get(...names));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent?.stop();
    rmSync(this.#folder, { recursive: true });
  }
}

/** @returns whether a write failed. */
function failWrite(failing: number): () => boolean {
  let count = 0;
  const spy = vi.spyOn(StateStore.prototype, 'commit');
  spy.mockImplementation(function (this: StateStore, writes) {
    count += 1;
    return count === failing
      ? Promise.reject(new SnmpError('SNMP_STATE_WRITE', 'no space left'))
      : (Reflect.apply(originalCommit as () => void, this, [writes]) as Promise<void>);
  });
  return () => count >= failing;
}

interface Model {
  level: number;
  device: number;
  readonly rows: Map<number, number>;
  /** Something of the program's may not be on the disk yet. */
  isOwed: boolean;
}

const shown = ({ level, device, rows }: Model): readonly string[] => [
  `Integer32:${level}`,
  `Integer32:${device}`,
  ...[1, 2, 3].map((index) => {
    const row = rows.get(index);
    return row === undefined ? 'noSuchInstance' : `Integer32:${row}`;
  }),
];

function varBindsOf(step: SetStep, { rows }: Model): (readonly [string, SnmpValue])[] {
  const varBinds: (readonly [string, SnmpValue])[] = [];
  if (step.level !== undefined) varBinds.push(['rwInt.0', integer(step.level)]);
  if (step.device !== undefined) varBinds.push(['anyInt.0', integer(step.device)]);
  if (step.row === undefined) return varBinds;
  const { index, value: wanted } = step.row;
  if (wanted !== undefined) varBinds.push([`confReq.${index}`, integer(wanted)]);
  if (wanted === undefined || !rows.has(index)) {
    const action = wanted === undefined ? DESTROY : CREATE_AND_GO;
    varBinds.push([`confStatus.${index}`, integer(action)]);
  }
  return varBinds;
}

const seen = { refused: 0, failed: 0, program: 0, killed: 0, rollbacks: 0 };

async function play(stage: Stage, model: Model, step: Step): Promise<void> {
  if (step.do === 'program') {
    const hasFailed = step.fails ? failWrite(1) : undefined;
    const told = step.fails
      ? new Promise((resolve) => stage.agent.on('state:failed', resolve))
      : undefined;
    stage.level.set(step.level);
    await told;
    vi.restoreAllMocks();
    seen.program += Number(hasFailed?.() === true);
    model.level = step.level;
    model.isOwed = true;
    return;
  }
  if (step.do === 'reopen') {
    const isKilled = step.isKilled && !model.isOwed;
    seen.killed += Number(isKilled);
    await stage.reopen(isKilled);
    model.isOwed = false;
    return;
  }
  const varBinds = varBindsOf(step, model);
  if (varBinds.length === 0) return;
  // What the program has under way is a write too, and none of those that are meant.
  if (model.isOwed && step.failing > 0) await stage.reopen(false);
  model.isOwed = false;
  const hasFailed = step.failing === 0 ? () => false : failWrite(step.failing);
  const answer = status(await stage.client().set(...varBinds));
  const isFailed = hasFailed();
  vi.restoreAllMocks();
  if (isFailed) {
    const isPrepared = step.device !== undefined;
    const isRefused = isPrepared && step.failing === 1;
    expect(answer).toBe(isRefused ? 'resourceUnavailable/1' : 'commitFailed/1');
    seen[isRefused ? 'refused' : 'failed'] += 1;
    return;
  }
  expect(answer).toBe('noError/0');
  model.level = step.level ?? model.level;
  model.device = step.device ?? model.device;
  if (step.row === undefined) return;
  if (step.row.value === undefined) model.rows.delete(step.row.index);
  else model.rows.set(step.row.index, step.row.value);
}

afterEach(() => vi.restoreAllMocks());

describe('a state whose writes fail, each in turn', () => {
  it(
    'answers what is true, and has after every restart what memory had [LIM-017, docs/set.md 5]',
    async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (sequence) => {
          await using stage = new Stage();
          await stage.open();
          const model: Model = { level: 50, device: 50, rows: new Map(), isOwed: true };
          for (const step of sequence) {
            await play(stage, model, step);
            expect(await stage.seen()).toEqual(shown(model));
          }
          await stage.reopen(false);
          expect(await stage.seen()).toEqual(shown(model));
          seen.rollbacks += stage.rollbacks;
        }),
        RUNS,
      );
      expect(Object.entries(seen).filter(([, times]) => times === 0)).toEqual([]);
    },
    RUNS.numRuns * RUN_DEADLINE_MS,
  );
});
