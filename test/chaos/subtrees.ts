import type { SubtreeDefinition } from '../../src/agent-options.js';
import {
  scalar,
  table,
  type CallContext,
  type ColumnValue,
  type NextReading,
  type ScalarFunctions,
  type TableFunctions,
} from '../../src/instrumentation/index.js';
import { COLUMNS, ROWS, type SubtreeName } from './chaos-mib.js';
import type { Device } from './device.js';
import { DEADLINES, type Saboteur } from './saboteur.js';

/** How a subtree is kept alive, as `supervision-watch.ts` expects it to be. */
export interface Policy {
  readonly restart: 'permanent' | 'transient' | 'temporary';
  readonly intensity: number;
  readonly periodMs: number;
}

const FOREVER_MS = 86_400_000;

/** Some live through anything, some are given up for good, some only in a bad moment. */
export const POLICIES: Readonly<Record<SubtreeName, Policy>> = {
  c1: { restart: 'permanent', intensity: 1_000_000, periodMs: FOREVER_MS },
  c2: { restart: 'transient', intensity: 1_000_000, periodMs: FOREVER_MS },
  c3: { restart: 'permanent', intensity: 6, periodMs: FOREVER_MS },
  c4: { restart: 'permanent', intensity: 8, periodMs: 500 },
  c5: { restart: 'transient', intensity: 25, periodMs: FOREVER_MS },
  c6: { restart: 'permanent', intensity: 1_000_000, periodMs: FOREVER_MS },
  c7: { restart: 'permanent', intensity: 12, periodMs: 1000 },
  c8: { restart: 'permanent', intensity: 20, periodMs: FOREVER_MS },
  c9: { restart: 'temporary', intensity: 0, periodMs: FOREVER_MS },
  c10: { restart: 'permanent', intensity: 0, periodMs: FOREVER_MS },
};

/** Which part of the calls of a subtree go wrong. */
export const SEVERITY: ReadonlyMap<string, number> = new Map<SubtreeName, number>([
  ['c1', 0.03],
  ['c2', 0.03],
  ['c3', 0.03],
  ['c4', 0.02],
  ['c5', 0.02],
  ['c6', 0.1],
  ['c7', 0.04],
  ['c8', 0.03],
  ['c9', 0.004],
]);

const VOTES = ['inconsistentValue', 'resourceUnavailable', 'genErr', 'noAccess'] as const;
const FAILURES = ['commitFailed', 'genErr', 'undoFailed'] as const;
const UNDO_FAILURES = ['undoFailed', 'genErr'] as const;
const READ_ERROR = { error: 'genErr' } as const;

/** Which functions of a SET there are besides `set`. */
interface Provided {
  readonly isSetOk?: boolean;
  readonly undo?: boolean;
  readonly rollback?: boolean;
  readonly restore?: boolean;
}

const ALL: Provided = { isSetOk: true, undo: true, rollback: true };
const RESTORED: Provided = { isSetOk: true, undo: true, restore: true };

/** The functions of a SET for one scalar or row; what they return is whatever the saboteur says. */
interface SetSteps {
  isSetOk(context: CallContext): never;
  undo(context: CallContext): never;
  rollback(context: CallContext): never;
  set(context: CallContext, changes: readonly [string, number][]): never;
}

/** Makes the ten subtrees: every function of them goes through the saboteur to the device. */
export class ChaosSubtrees {
  readonly #device: Device;
  readonly #saboteur: Saboteur;

  constructor(device: Device, saboteur: Saboteur) {
    this.#device = device;
    this.#saboteur = saboteur;
  }

  definitions(): readonly SubtreeDefinition[] {
    const objects: Readonly<Record<SubtreeName, Partial<SubtreeDefinition>>> = {
      c1: { c1A: this.#scalar('c1A', ALL), c1B: this.#scalar('c1B', { rollback: true }) },
      c2: { c2A: this.#scalar('c2A', RESTORED), c2B: this.#scalar('c2B', RESTORED) },
      c3: { c3A: this.#scalar('c3A', { isSetOk: true, undo: true }) },
      c4: { c4Table: this.#table('c4', ALL) },
      c5: { c5Table: this.#table('c5', RESTORED) },
      c6: { c6A: this.#storedScalar('c6A'), c6B: this.#storedScalar('c6B') },
      c7: { c7Table: this.#storedTable('c7') },
      c8: { c8Table: this.#computedTable('c8', ALL) },
      c9: {
        c9A: this.#scalar('c9A', ALL),
        c9B: this.#storedScalar('c9B'),
        c9Table: this.#computedTable('c9', { restore: true }),
      },
      c10: { c10A: scalar.stored<number>({ value: 0 }), c10B: this.#calmScalar('c10B') },
    };
    return Object.entries(objects).map(([name, functions]) => ({
      name,
      supervise: POLICIES[name as SubtreeName],
      deadlines: DEADLINES,
      ...functions,
    }));
  }

  #scalar(name: string, provided: Provided): ScalarFunctions {
    const subtree = subtreeOf(name);
    const step = this.#step(subtree, name, provided.isSetOk === true);
    return scalar.functions<number>({
      ...this.#lifecycle(subtree),
      get: (context) =>
        this.#saboteur.perform({
          subtree,
          operation: 'get',
          context,
          answer: () => this.#device.value(name),
          refusals: [READ_ERROR],
        }) as never,
      set: (value, context) => step.set(context, [[name, value]]),
      ...(provided.isSetOk === true
        ? { isSetOk: (_: number, context) => step.isSetOk(context) }
        : {}),
      ...(provided.undo === true ? { undo: (_: number, context) => step.undo(context) } : {}),
      ...(provided.rollback === true
        ? { rollback: (_: number, context) => step.rollback(context) }
        : {}),
      ...(provided.restore === true ? { restore: true } : {}),
    });
  }

  /** Without the saboteur, and at once: what is calm is never late. */
  #calmScalar(name: string): ScalarFunctions {
    return scalar.functions<number>({
      get: () => this.#device.value(name),
      set: (value) => {
        this.#device.put([[name, value]]);
        return 'noError';
      },
      restore: true,
    });
  }

  #table(subtree: string, provided: Provided): TableFunctions {
    return table.functions({
      ...this.#lifecycle(subtree),
      ...this.#rowFunctions(subtree, provided),
      get: (rowIndex, columns, context) =>
        this.#saboteur.perform({
          subtree,
          operation: 'get',
          context,
          answer: () => columns.map((column) => this.#cell(subtree, rowIndex[0], column)),
          refusals: [READ_ERROR, { error: 'genErr', column: columns.at(-1) }],
        }) as never,
      getNext: (rowIndex, columns, context) =>
        this.#saboteur.perform({
          subtree,
          operation: 'getNext',
          context,
          answer: () => columns.map((column) => this.#successor(subtree, column, rowIndex)),
          refusals: [READ_ERROR],
        }) as never,
    });
  }

  #computedTable(subtree: string, provided: Provided): SubtreeDefinition[string] {
    return table.computed({
      ...this.#lifecycle(subtree),
      ...this.#rowFunctions(subtree, provided),
      maxAgeMs: 20,
      rows: (context) =>
        this.#saboteur.perform({
          subtree,
          operation: 'rows',
          context,
          answer: () =>
            ROWS.map((row) => ({
              [`${subtree}Index`]: row,
              [`${subtree}X`]: this.#cell(subtree, row, COLUMNS.X),
              [`${subtree}Y`]: this.#cell(subtree, row, COLUMNS.Y),
            })),
        }) as never,
    });
  }

  #storedScalar(name: string): SubtreeDefinition[string] {
    const subtree = subtreeOf(name);
    return scalar.stored<number>({
      value: 0,
      isSetOk: (_value, context) => this.#ask(subtree, 'isSetOk', context, VOTES) as never,
      onSet: (_value, context) => this.#ask(subtree, 'onSet', context, FAILURES) as never,
    });
  }

  #storedTable(subtree: string): SubtreeDefinition[string] {
    return table.stored({
      rows: ROWS.map((row) => ({
        [`${subtree}Index`]: row,
        [`${subtree}X`]: 0,
        [`${subtree}Y`]: 0,
      })),
      isSetOk: (_changes, context) =>
        this.#ask(
          subtree,
          'isSetOk',
          context,
          VOTES.map((error) => ({ error })),
        ) as never,
    });
  }

  /** A function without an effect of its own. */
  #ask(
    subtree: string,
    operation: string,
    context: CallContext,
    refusals: readonly unknown[],
  ): unknown {
    const answer = (): unknown => 'noError';
    return this.#saboteur.perform({ subtree, operation, context, answer, refusals });
  }

  #lifecycle(subtree: string): Pick<ScalarFunctions, 'new' | 'delete'> {
    const run = (operation: string, context: CallContext): unknown =>
      this.#saboteur.perform({ subtree, operation, context, answer: () => undefined });
    return {
      new: (context) => run('new', context),
      delete: (context) => run('delete', context),
    };
  }

  #rowFunctions(subtree: string, provided: Provided): Pick<TableFunctions, 'set'> {
    const step = (rowIndex: readonly number[]): SetSteps =>
      this.#step(subtree, `${subtree}.${rowIndex.join('.')}`, provided.isSetOk === true, true);
    type RowFunction = (
      rowIndex: readonly number[],
      columns: readonly ColumnValue[],
      context: CallContext,
    ) => never;
    const isSetOk: RowFunction = (row, _, context) => step(row).isSetOk(context);
    const undo: RowFunction = (row, _, context) => step(row).undo(context);
    const rollback: RowFunction = (row, _, context) => step(row).rollback(context);
    return {
      set: (row, columns, context) =>
        step(row).set(
          context,
          columns.map(({ name, value }) => [`${name}.${row[0]}`, value as number]),
        ),
      ...(provided.isSetOk === true ? { isSetOk } : {}),
      ...(provided.undo === true ? { undo } : {}),
      ...(provided.rollback === true ? { rollback } : {}),
      ...(provided.restore === true ? { restore: true } : {}),
    };
  }

  /** The functions of a SET for one call group: noted, sabotaged, and done to the device. */
  #step(subtree: string, place: string, asks: boolean, isRow = false): SetSteps {
    const legal = (labels: readonly string[]): readonly unknown[] =>
      isRow ? labels.map((error) => ({ error, column: COLUMNS.X })) : labels;
    const perform = (
      operation: string,
      context: CallContext,
      refusals: readonly unknown[],
      effect?: () => void,
    ): never =>
      this.#saboteur.perform({
        subtree,
        operation,
        context,
        refusals,
        answer: () => 'noError',
        ...(effect === undefined ? {} : { effect }),
      }) as never;
    return {
      isSetOk: (context) => {
        this.#device.called('isSetOk', place, subtree, context, asks);
        const vote: unknown = perform('isSetOk', context, legal(VOTES));
        if (vote === 'noError') this.#device.votedYes(place, context);
        return vote as never;
      },
      undo: (context) => {
        this.#device.called('undo', place, subtree, context, asks);
        return perform('undo', context, UNDO_FAILURES);
      },
      rollback: (context) => {
        this.#device.called('rollback', place, subtree, context, asks);
        return perform('rollback', context, UNDO_FAILURES, () =>
          this.#device.restore(place, context),
        );
      },
      set: (context, changes) => {
        const isBack = this.#device.called('set', place, subtree, context, asks);
        return perform('set', context, isBack ? UNDO_FAILURES : legal(FAILURES), () =>
          isBack ? this.#device.put(changes) : this.#device.write(place, context, changes),
        );
      },
    };
  }

  #cell(subtree: string, row: number | undefined, column: number): number {
    return this.#device.value(`${subtree}${column === COLUMNS.X ? 'X' : 'Y'}.${row}`);
  }

  #successor(subtree: string, asked: number, [row = 0]: readonly number[]): NextReading {
    for (const column of [COLUMNS.X, COLUMNS.Y]) {
      if (column < asked) continue;
      const next = ROWS.find((known) => column > asked || known > row);
      if (next !== undefined) {
        return { column, rowIndex: [next], value: this.#cell(subtree, next, column) };
      }
    }
    return 'endOfTable';
  }
}

function subtreeOf(name: string): string {
  return name.slice(0, -1);
}
