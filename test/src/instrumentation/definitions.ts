import { SimulatedClock, silentLogger } from '../../../src/base/index.js';
import { SetError } from '../../../src/instrumentation/answers.js';
import { ForeignCallContext, type CallContext } from '../../../src/instrumentation/call-context.js';
import type {
  ManagedObject,
  SetAnswer,
  SetGroup,
  SetOperation,
} from '../../../src/instrumentation/managed-object.js';
import type { BindingEnvironment } from '../../../src/instrumentation/object-spec.js';
import { decodeRowIndex } from '../../../src/instrumentation/row-index.js';
import type {
  Access,
  ColumnObject,
  DefaultValue,
  IndexItem,
  ScalarObject,
  TableObject,
} from '../../../src/mib/index.js';
import {
  checkWrittenValue,
  compareOids,
  equalOids,
  toPlain,
  type ErrorStatus,
  type Oid,
  type PlainValue,
  type SnmpValue,
  type Syntax,
} from '../../../src/smi/index.js';

/** SYNTAXes as the mib room resolves them. */
export const INTEGER: Syntax = { base: 'Integer32', conventions: [] };
export const UNSIGNED: Syntax = { base: 'Unsigned32', conventions: [] };
export const COUNTER: Syntax = { base: 'Counter32', conventions: [] };
export const COUNTER64: Syntax = { base: 'Counter64', conventions: [] };
export const OCTETS: Syntax = { base: 'OctetString', conventions: [] };
export const OBJECT_ID: Syntax = { base: 'ObjectIdentifier', conventions: [] };
export const ADDRESS: Syntax = { base: 'IpAddress', conventions: [] };
export const DISPLAY_STRING: Syntax = {
  base: 'OctetString',
  sizes: [{ low: 0, high: 255 }],
  conventions: ['DisplayString'],
  displayHint: '255a',
};
export const MAC_ADDRESS: Syntax = {
  base: 'OctetString',
  sizes: [{ low: 6, high: 6 }],
  conventions: ['MacAddress'],
  displayHint: '1x:',
};
export const UP_DOWN: Syntax = {
  base: 'Integer32',
  enums: new Map([
    ['up', 1],
    ['down', 2],
  ]),
  conventions: [],
};
export const LETTERS: Syntax = {
  base: 'Bits',
  bits: new Map([
    ['a', 0],
    ['b', 1],
    ['d', 3],
    ['k', 10],
  ]),
  conventions: [],
};
export const LOCK: Syntax = {
  base: 'Integer32',
  ranges: [{ low: 0, high: 2_147_483_647 }],
  conventions: ['TestAndIncr'],
};
export const ROW_STATUS: Syntax = {
  base: 'Integer32',
  enums: new Map([
    ['active', 1],
    ['notInService', 2],
    ['notReady', 3],
    ['createAndGo', 4],
    ['createAndWait', 5],
    ['destroy', 6],
  ]),
  conventions: ['RowStatus'],
};
export const STORAGE: Syntax = {
  base: 'Integer32',
  enums: new Map([
    ['other', 1],
    ['volatile', 2],
    ['nonVolatile', 3],
    ['permanent', 4],
    ['readOnly', 5],
  ]),
  conventions: ['StorageType'],
};

export function ranged(syntax: Syntax, low: number, high: number): Syntax {
  return { ...syntax, ranges: [{ low, high }] };
}

export function sized(syntax: Syntax, low: number, high = low): Syntax {
  return { ...syntax, sizes: [{ low, high }] };
}

interface ColumnFacts {
  readonly syntax: Syntax;
  readonly access?: Access;
  readonly defaultValue?: DefaultValue;
}

const FACTS = { module: 'TEST-MIB', status: 'current' } as const;

export function scalarObject(
  syntax: Syntax,
  facts: { access?: Access; defaultValue?: DefaultValue } = {},
): ScalarObject {
  const { access = 'read-write', defaultValue } = facts;
  return {
    ...FACTS,
    kind: 'scalar',
    name: 'tbScalar',
    oid: [1, 3, 6, 1, 4, 1, 32473, 1, 1],
    syntax,
    access,
    ...(defaultValue === undefined ? {} : { defaultValue }),
  };
}

/** A table at 1.3.6.1.4.1.32473.9; columns are numbered from 1 in the order given. */
export function tableObject(
  columns: Readonly<Record<string, ColumnFacts>>,
  index: readonly (string | { readonly implied: string } | IndexItem)[],
): TableObject {
  const oid = [1, 3, 6, 1, 4, 1, 32473, 9];
  const objects = Object.entries(columns).map(([name, facts], i): ColumnObject => {
    const { syntax, access = 'read-create', defaultValue } = facts;
    return {
      ...FACTS,
      kind: 'column',
      name,
      oid: [...oid, 1, i + 1],
      syntax,
      access,
      column: i + 1,
      table: 'tbTable',
      ...(defaultValue === undefined ? {} : { defaultValue }),
    };
  });
  return {
    ...FACTS,
    kind: 'table',
    name: 'tbTable',
    oid,
    access: 'not-accessible',
    row: { ...FACTS, name: 'tbEntry', oid: [...oid, 1], access: 'not-accessible' },
    columns: objects,
    index: index.map((item) => {
      if (typeof item === 'object' && 'object' in item) return item;
      const object = typeof item === 'string' ? item : item.implied;
      const column = objects.find(({ name }) => name === object);
      if (column === undefined) throw new Error(`no column ${object}`);
      return { object, syntax: column.syntax, implied: typeof item !== 'string' };
    }),
  };
}

export function integer(value: number): SnmpValue {
  return { type: 'Integer32', value };
}

export function octets(text: string): SnmpValue {
  return { type: 'OctetString', value: Uint8Array.from(Buffer.from(text, 'latin1')) };
}

export interface TestEnvironment extends BindingEnvironment {
  readonly clock: SimulatedClock;
}

export function environment(): TestEnvironment {
  return { clock: new SimulatedClock(), logger: silentLogger };
}

export function context(): CallContext {
  return new ForeignCallContext(1, undefined);
}

/** One varbind of a SET. */
export interface Write {
  readonly object: ManagedObject;
  /** Of a table: the column, by number or descriptor, and the row. */
  readonly column?: number | string;
  readonly rowIndex?: Oid;
  readonly value: SnmpValue;
}

export interface Outcome {
  readonly errorStatus: ErrorStatus;
  readonly errorIndex: number;
  readonly groups: readonly SetGroup[];
}

/**
 * A SET as the runtime does it (docs/set.md 1 to 3) for one subtree: static checks, the votes in
 * order, then `set` of all, or `undo`. `ending` 'rollback' lets something else fail after the last `set`.
 */
export async function runSet(
  writes: readonly Write[],
  ending: 'commit' | 'rollback' = 'commit',
): Promise<Outcome> {
  const failed = writes.findIndex((write) => staticFault(write) !== undefined);
  if (failed >= 0) {
    const errorStatus = staticFault(writes[failed] as Write) as ErrorStatus;
    return { errorStatus, errorIndex: failed + 1, groups: [] };
  }
  const groups = groupsOf(writes);
  const votes: SetAnswer[] = [];
  for (const group of groups) votes.push(await operate('isSetOk', group));
  const refusals = votes.filter((vote) => vote.kind !== 'ok').map((vote) => told(vote));
  refusals.sort((left, right) => left.errorIndex - right.errorIndex);
  const [refusal] = refusals;
  if (refusal !== undefined) {
    for (const [i, group] of [...groups.entries()].reverse()) {
      if (votes[i]?.kind === 'ok') await operate('undo', group);
    }
    return { ...refusal, groups };
  }
  const applied: SetGroup[] = [];
  let failure: { errorStatus: ErrorStatus; errorIndex: number } | undefined;
  for (const group of groups) {
    const answer = await operate('set', group);
    if (answer.kind === 'ok') applied.push(group);
    else failure ??= told(answer);
  }
  if (ending === 'rollback') failure ??= { errorStatus: 'commitFailed', errorIndex: 1 };
  if (failure === undefined) return { errorStatus: 'noError', errorIndex: 0, groups };
  for (const group of applied.reverse()) {
    const answer = await operate('rollback', group);
    if (answer.kind !== 'ok') failure = { errorStatus: 'undoFailed', errorIndex: 0 };
  }
  return { ...failure, groups };
}

export async function operate(operation: SetOperation, group: SetGroup): Promise<SetAnswer> {
  try {
    const returned: unknown = await group.object.operate(operation, group, context());
    return group.object.interpret(operation, group, returned);
  } catch (error) {
    if (error instanceof SetError) return group.object.interpret(operation, group, error);
    throw error;
  }
}

export function groupsOf(writes: readonly Write[]): SetGroup[] {
  const groups: {
    object: ManagedObject;
    rowIndex: Oid;
    changes: SetGroup['changes'][number][];
    firstPosition: number;
    siblings: SetGroup[];
    memo: unknown;
  }[] = [];
  writes.forEach(({ object, column, rowIndex = [], value }, i) => {
    let group = groups.find((one) => one.object === object && equalOids(one.rowIndex, rowIndex));
    if (group === undefined) {
      const siblings =
        object.kind === 'table' ? groups.find((one) => one.object === object)?.siblings : undefined;
      group = {
        object,
        rowIndex,
        changes: [],
        firstPosition: i + 1,
        siblings: siblings ?? [],
        memo: undefined,
      };
      group.siblings.push(group);
      groups.push(group);
    }
    const definition = definitionOf(object, column);
    group.changes.push({
      column: definition.kind === 'column' ? definition.column : 0,
      name: definition.name,
      wire: value,
      plain: toPlain(definition.syntax, value) as PlainValue,
      position: i + 1,
    });
    group.changes.sort((left, right) => left.column - right.column);
  });
  return groups;
}

function told(answer: SetAnswer): { errorStatus: ErrorStatus; errorIndex: number } {
  return answer.kind === 'error'
    ? { errorStatus: answer.status, errorIndex: answer.position }
    : { errorStatus: 'genErr', errorIndex: 1 };
}

function staticFault({ object, column, rowIndex = [], value }: Write): ErrorStatus | undefined {
  if (!object.isWritable) return 'notWritable';
  const fault = checkWrittenValue(definitionOf(object, column).syntax, value);
  if (fault !== undefined) return fault;
  if (object.kind === 'scalar') return undefined;
  return decodeRowIndex(object.definition.index, rowIndex) === undefined ? 'noCreation' : undefined;
}

function definitionOf(
  object: ManagedObject,
  column?: number | string,
): ColumnObject | ScalarObject {
  if (object.kind === 'scalar') return object.definition;
  const found = object.definition.columns.find(
    (one) => one.column === column || one.name === column,
  );
  if (found === undefined) throw new Error(`no column ${String(column)}`);
  return found;
}

/** Everything that a manager can read of a table, by walking: `column.rowIndex` to value. */
export function walk(object: ManagedObject): Map<string, SnmpValue> {
  const seen = new Map<string, SnmpValue>();
  if (object.kind !== 'table' || object.cells === undefined) return seen;
  let at: Oid = [];
  let cell = object.cells.next(0, []);
  while (cell !== undefined) {
    const name = [cell.column, ...cell.rowIndex];
    if (compareOids(name, at) <= 0) throw new Error('the walk went back');
    at = name;
    seen.set(name.join('.'), cell.value);
    cell = object.cells.next(cell.column, cell.rowIndex);
  }
  return seen;
}
