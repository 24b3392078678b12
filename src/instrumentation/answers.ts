import { SnmpError } from '../base/index.js';
import type { PlainValue } from '../smi/index.js';

/** "There is no such value", said by a get function: a true answer, not an error. */
export interface NoValue {
  readonly noValue: 'noSuchInstance' | 'noSuchObject';
}

export const noSuchInstance: NoValue = Object.freeze({ noValue: 'noSuchInstance' });
export const noSuchObject: NoValue = Object.freeze({ noValue: 'noSuchObject' });

/** "The value could not be found out": the manager gets genErr. */
export interface ReadError {
  readonly error: 'genErr';
  /** Of a table: the column that failed; one of those asked for. */
  readonly column?: number | string;
}

export const genErr: ReadError = Object.freeze({ error: 'genErr' });

/**
 * "It is so": what isSetOk, set, undo and rollback answer. The word itself will do as well, but of an
 * async function TypeScript makes a Promise<string> then.
 */
export const noError = 'noError' as const;

/** What isSetOk may answer besides noError (docs/set.md 2); SNMPv1's two are translated. */
export const REFUSALS = [
  'noAccess',
  'noCreation',
  'inconsistentValue',
  'resourceUnavailable',
  'inconsistentName',
  'wrongValue',
  'genErr',
  'badValue',
  'noSuchName',
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** What set may answer besides noError (docs/set.md 3). */
export const SET_FAILURES = ['commitFailed', 'undoFailed', 'genErr'] as const;
export type SetFailure = (typeof SET_FAILURES)[number];

/** What undo and rollback may answer besides noError: each of them restarts the actor. */
export const UNDO_FAILURES = ['undoFailed', 'genErr'] as const;
export type UndoFailure = (typeof UNDO_FAILURES)[number];

/** For a row: the error and the column, by number or name, that it is about. */
export interface ColumnError<
  Label extends string,
  Column extends number | string = number | string,
> {
  readonly error: Label;
  readonly column: Column;
}

export type ScalarVote = 'noError' | Refusal | SetError<Refusal>;
export type RowVote<Column extends number | string = number | string> =
  | 'noError'
  | ColumnError<Refusal, Column>
  | SetError<Refusal>;
export type ScalarSetAnswer = 'noError' | SetFailure | SetError<SetFailure>;
export type RowSetAnswer<Column extends number | string = number | string> =
  | 'noError'
  | ColumnError<SetFailure, Column>
  | SetError<SetFailure>;
export type UndoAnswer = 'noError' | UndoFailure | ColumnError<UndoFailure> | SetError<UndoFailure>;

/** What a scalar's get may answer. */
export type ScalarReading<Value extends PlainValue = PlainValue> = Value | NoValue | ReadError;
/** What a table's get may answer: a value per column asked for, or one answer for the whole row. */
export type RowReading<Value extends PlainValue = PlainValue> =
  | readonly (Value | NoValue)[]
  | NoValue
  | ReadError;
/** Where a column's successor is, and its value. */
export interface NextValue {
  readonly column: number;
  readonly rowIndex: readonly number[];
  readonly value: PlainValue;
}
/** One column's successor; or none. */
export type NextReading<Next extends NextValue = NextValue> = Next | 'endOfTable';
export type NextReadings<Next extends NextValue = NextValue> =
  | readonly NextReading<Next>[]
  | ReadError;

/**
 * A refusal or failure of a SET, as an error. Thrown or returned, it is an answer by value: it
 * crashes nothing. Anything else that is thrown is a crash.
 */
export class SetError<Label extends string = Refusal | SetFailure> extends SnmpError {
  readonly error: Label;
  readonly column?: number | string;

  /** @param column - for a row: the column that it is about, by number or name. */
  constructor(error: Label, column?: number | string) {
    super('SNMP_SET_REFUSED', column === undefined ? error : `${error} at ${column}`);
    this.name = 'SetError';
    this.error = error;
    if (column !== undefined) this.column = column;
  }
}

/** To look at what was thrown may be to run foreign code: a proxy. */
export function isSetError(thrown: unknown): thrown is SetError {
  try {
    return thrown instanceof SetError;
  } catch {
    return false;
  }
}
