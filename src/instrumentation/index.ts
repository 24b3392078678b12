/**
 * The contract that a subtree's author implements (OTP's instrumentation functions), and what the
 * runtime keeps itself: stored scalars and tables, RowStatus, computed tables.
 *
 * Knows neither messages nor actors. Invariants: what goes in has been checked against the SYNTAX;
 * what comes out of foreign code is interpreted here, totally, into a value, an answer or a fault.
 */
export {
  genErr,
  isSetError,
  noError,
  noSuchInstance,
  noSuchObject,
  SetError,
  type ColumnError,
  type NextReading,
  type NextReadings,
  type NoValue,
  type ReadError,
  type Refusal,
  type RowReading,
  type RowSetAnswer,
  type RowVote,
  type ScalarReading,
  type ScalarSetAnswer,
  type ScalarVote,
  type SetFailure,
  type UndoAnswer,
  type UndoFailure,
} from './answers.js';
export {
  FIRST_HIDDEN_COLUMN,
  type DurableChange,
  type DurableWrite,
  type KeptObjects,
  type KeptRow,
  type KeptValue,
} from './durability.js';
export {
  ForeignCallContext,
  type CallContext,
  type RequestFacts,
  type Requester,
} from './call-context.js';
export type { ColumnValue, ScalarFunctions, TableFunctions, TableShape } from './functions.js';
export { badFunctions, checkWriters } from './check-writers.js';
export { FunctionScalar } from './function-scalar.js';
export { FunctionTable } from './function-table.js';
export {
  type GroupChange,
  type ManagedObject,
  type ManagedScalar,
  type ManagedTable,
  type NextAnswer,
  type NextCell,
  type ReadAnswer,
  type ReadFault,
  type SetAnswer,
  type SetGroup,
  type SetOperation,
  type StoredCells,
} from './managed-object.js';
export type { BindingEnvironment, ScalarSpec, TableSpec } from './object-spec.js';
export { isReadable, isWritable } from './table-columns.js';
export { decodeRowIndex, encodeRowIndex } from './row-index.js';
export { scalar, type StoredScalar, type StoredScalarOptions } from './stored-scalar.js';
export type { StoredTable } from './stored-table.js';
export type {
  RowChange,
  RowKey,
  RowStatusOptions,
  StoredTableEvents,
  StoredTableOptions,
} from './stored-table-options.js';
export type { ComputedTable, ComputedTableOptions } from './computed-table.js';
export type { ScalarOf, TableOf, TableShapeOf } from './typed-objects.js';
export type { PlainRow } from './row-layout.js';
export { table } from './table.js';
export { groupOf } from './replaced-content.js';
