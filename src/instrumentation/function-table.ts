import {
  indexLength,
  type ColumnObject,
  type IndexLength,
  type TableObject,
} from '../mib/index.js';
import {
  compareOids,
  isException,
  isSubIdentifier,
  NO_SUCH_INSTANCE,
  NO_SUCH_OBJECT,
  toPlain,
  type Oid,
  type PlainValue,
} from '../smi/index.js';
import { noSuchInstance } from './answers.js';
import type { CallContext } from './call-context.js';
import type { KeptValue } from './durability.js';
import type { ColumnValue, TableFunctions } from './functions.js';
import {
  OK_ANSWER,
  type ManagedTable,
  type NextAnswer,
  type ReadAnswer,
  type ReadFault,
  type SetAnswer,
  type SetGroup,
  type SetOperation,
} from './managed-object.js';
import { describe, interpretNoValue, interpretReading, readFault } from './read-interpretation.js';
import { Restored, withBefore } from './restored.js';
import { interpretSetAnswer } from './set-interpretation.js';
import { canCreateRows, columnsByNumber, readableColumns } from './table-columns.js';

const END_OF_TABLE: NextAnswer = Object.freeze({ type: 'endOfTable' });

/** A table behind the functions of its author. */
export class FunctionTable implements ManagedTable {
  readonly kind = 'table';
  readonly isStored = false;
  readonly isSetAtOnce = false;
  readonly isWritable: boolean;
  readonly createsRows: boolean;
  readonly definition: TableObject;
  readonly oid: Oid;
  readonly columns: ReadonlyMap<number, ColumnObject>;
  readonly readable: readonly number[];
  readonly #functions: TableFunctions;
  readonly #readsFirst: boolean;
  readonly #indexLength: IndexLength;

  /** @param keepsBefore - before-images are read in phase one for every rollback, to be kept. */
  constructor(definition: TableObject, functions: TableFunctions, keepsBefore = false) {
    this.#readsFirst =
      functions.restore === true || (keepsBefore && functions.rollback !== undefined);
    this.definition = definition;
    this.oid = definition.oid;
    this.columns = columnsByNumber(definition);
    this.readable = readableColumns(definition);
    this.#functions = functions;
    this.#indexLength = indexLength(definition.index);
    this.isWritable = functions.set !== undefined;
    this.createsRows = this.isWritable && canCreateRows(definition);
  }

  create(context: CallContext): unknown {
    return this.#functions.new?.(context);
  }

  destroy(context: CallContext): unknown {
    return this.#functions.delete?.(context);
  }

  /** What is too short or too long for the INDEX names no row: the functions are not asked. */
  readRow(rowIndex: Oid, columns: readonly number[], context: CallContext): unknown {
    const { least, isExact } = this.#indexLength;
    if (rowIndex.length < least || (isExact && rowIndex.length > least)) return noSuchInstance;
    return this.#functions.get(rowIndex, columns, context);
  }

  /** OTP-016 to OTP-021: one answer per column, each fault at the column it belongs to. */
  interpretRow(returned: unknown, columns: readonly number[]): readonly ReadAnswer[] {
    if (Array.isArray(returned)) {
      if (returned.length > columns.length) {
        return faultAtFirst(columns, `${this.definition.name}: more values than columns`);
      }
      return columns.map((column, i) =>
        i < returned.length
          ? this.#interpretCell(column, returned[i])
          : readFault(`${this.definition.name}: no value for column ${column}`),
      );
    }
    if (typeof returned === 'object' && returned !== null) {
      const said = interpretNoValue(this.definition.name, returned);
      if (said?.type === 'fault') {
        const at = this.#faultPosition(returned, columns);
        return columns.map((_, i) => (i === at ? said : NO_SUCH_INSTANCE));
      }
      if (said !== undefined) return columns.map(() => said);
    }
    return faultAtFirst(columns, `${this.definition.name}: get answered ${describe(returned)}`);
  }

  readNext(rowIndex: Oid, columns: readonly number[], context: CallContext): unknown {
    return this.#functions.getNext(rowIndex, columns, context);
  }

  /** OTP-024 to OTP-028, GET-030: what does not advance, or is not of this table, is a fault. */
  interpretNext(
    returned: unknown,
    rowIndex: Oid,
    columns: readonly number[],
  ): readonly NextAnswer[] {
    if (Array.isArray(returned)) {
      if (returned.length > columns.length) {
        return faultAtFirst(columns, `${this.definition.name}: more successors than columns`);
      }
      return columns.map((column, i) =>
        i < returned.length
          ? this.#interpretSuccessor(column, rowIndex, returned[i])
          : readFault(`${this.definition.name}: no successor for column ${column}`),
      );
    }
    if (typeof returned === 'object' && returned !== null && 'error' in returned) {
      const said = interpretNoValue(this.definition.name, returned);
      if (said?.type === 'fault') {
        const at = this.#faultPosition(returned, columns);
        return columns.map((_, i) => (i === at ? said : END_OF_TABLE));
      }
    }
    return faultAtFirst(columns, `${this.definition.name}: getNext answered ${describe(returned)}`);
  }

  provides(operation: SetOperation): boolean {
    if (operation === 'rollback' && this.#functions.restore === true) return true;
    return this.#functions[operation] !== undefined;
  }

  operate(operation: SetOperation, group: SetGroup, context: CallContext): unknown {
    const functions = this.#functions;
    const { rowIndex } = group;
    const columns = columnValues(group);
    const vote = (): unknown =>
      functions.isSetOk === undefined ? 'noError' : functions.isSetOk(rowIndex, columns, context);
    switch (operation) {
      case 'isSetOk':
        if (!this.#readsFirst) return vote();
        return Restored.readFirst(
          group,
          context,
          () =>
            functions.get(
              rowIndex,
              columns.map(({ column }) => column),
              context,
            ),
          vote,
          functions.restore === true,
        );
      case 'set':
        return functions.set?.(rowIndex, columns, context);
      case 'undo':
        return functions.undo === undefined
          ? 'noError'
          : functions.undo(rowIndex, columns, context);
      case 'rollback':
        if (functions.rollback !== undefined) {
          return functions.rollback(rowIndex, columns, withBefore(context, group));
        }
        return Restored.setBack(group, (before) => this.#setBack(group, before, context));
    }
  }

  interpret(operation: SetOperation, group: SetGroup, returned: unknown): SetAnswer {
    return returned === 'noError' ? OK_ANSWER : interpretSetAnswer(operation, group, returned);
  }

  beforeImage(group: SetGroup): readonly KeptValue[] | undefined {
    if (!(group.memo instanceof Restored)) return undefined;
    const columns = group.changes.map(({ column }) => column);
    const answers = this.interpretRow(group.memo.before, columns);
    const values: KeptValue[] = [];
    for (const [i, answer] of answers.entries()) {
      if (answer.type === 'fault' || isException(answer)) continue;
      values.push({ column: columns[i] as number, value: answer });
    }
    return values;
  }

  recall(group: SetGroup, before: readonly KeptValue[] | undefined): void {
    if (before === undefined) return;
    group.memo = Restored.of(
      group.changes.map(({ column }) => {
        const kept = before.find((value) => value.column === column)?.value;
        const syntax = this.columns.get(column)?.syntax;
        return kept === undefined || syntax === undefined ? undefined : toPlain(syntax, kept);
      }),
    );
  }

  #interpretCell(column: number, returned: unknown): ReadAnswer {
    const definition = this.columns.get(column);
    if (definition === undefined) return NO_SUCH_OBJECT;
    return interpretReading(definition.name, definition.syntax, returned);
  }

  #interpretSuccessor(asked: number, rowIndex: Oid, returned: unknown): NextAnswer {
    const name = this.definition.name;
    if (returned === 'endOfTable') return END_OF_TABLE;
    if (typeof returned !== 'object' || returned === null) {
      return readFault(`${name}: getNext answered ${describe(returned)}`);
    }
    const { column, rowIndex: found, value } = returned as Record<string, unknown>;
    if (typeof column !== 'number' || !this.readable.includes(column)) {
      return readFault(`${name}: getNext answered a column that cannot be read`);
    }
    if (!Array.isArray(found) || found.length === 0 || !found.every(isSubIdentifier)) {
      return readFault(`${name}: getNext answered no row index`);
    }
    const next = found as Oid;
    if (column < asked || (column === asked && compareOids(next, rowIndex) <= 0)) {
      return readFault(`${name}: getNext did not advance`);
    }
    const answer = this.#interpretCell(column, value);
    if (answer.type === 'fault') return answer;
    // A successor that has no value is passed over by asking on from there (OTP-014).
    return { type: 'cell', column, rowIndex: [...next], value: answer };
  }

  /** `{ error, column }`: at that column, or at the first where it is not one of the call's. */
  #faultPosition(returned: object, columns: readonly number[]): number {
    const named = 'column' in returned ? this.#columnNumber(returned.column) : undefined;
    return Math.max(0, columns.indexOf(named ?? -1));
  }

  #columnNumber(column: unknown): number | undefined {
    if (typeof column === 'number') return column;
    return this.definition.columns.find(({ name }) => name === column)?.column;
  }

  #setBack(group: SetGroup, before: unknown, context: CallContext): unknown {
    if (!Array.isArray(before) || before.length !== group.changes.length) return 'undoFailed';
    const columns = group.changes.map(({ column, name }, i) => ({
      column,
      name,
      value: before[i] as PlainValue,
    }));
    const allValues = columns.every(({ column, value }) => {
      const answer = this.#interpretCell(column, value);
      return answer.type !== 'fault' && answer !== NO_SUCH_INSTANCE && answer !== NO_SUCH_OBJECT;
    });
    return allValues ? this.#functions.set?.(group.rowIndex, columns, context) : 'undoFailed';
  }
}

function columnValues(group: SetGroup): readonly ColumnValue[] {
  return group.changes.map(({ column, name, plain }) => ({ column, name, value: plain }));
}

function faultAtFirst(columns: readonly number[], reason: string): readonly ReadFault[] {
  // The whole request fails at the first fault: what the other columns say does not matter.
  return columns.map(() => readFault(reason));
}
