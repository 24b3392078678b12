import {
  SetError,
  table,
  type Refusal,
  type RowChange,
  type StoredTable,
  type StoredTableOptions,
} from '../../instrumentation/index.js';

/** RFC 2579 StorageType, as rows have it. */
export type StorageType = 'other' | 'volatile' | 'nonVolatile' | 'permanent' | 'readOnly';

/** RFC 2579 RowStatus, as it reads. */
export type RowState = 'active' | 'notInService' | 'notReady';

/**
 * So many rows at most in a table by which the agent is administered: it is read as a whole when one
 * of them changes.
 */
const MAX_ROWS = 10_000;

/** What octets that are no UTF-8 become in text. */
const REPLACEMENT = '\uFFFD';

/** Votes on one row that is to be; undefined is yes. */
export type RowCheck<Row extends object> = (row: Row) => SetError<Refusal> | undefined;

/**
 * A table by which the agent is administered. Names in it are text, and what is decided by names must
 * tell them apart: one that is no UTF-8 (RFC 3411 SnmpAdminString) is refused. An import of the state
 * is held to what managers are held to.
 *
 * @param check - the rows' own rules, of those that are not destroyed.
 */
export function administered<Row extends object>(
  options: Omit<StoredTableOptions<Row>, 'isSetOk' | 'maxRows'> = {},
  check: RowCheck<Row> = () => undefined,
): StoredTable<Row> {
  return table.stored<Row>({
    ...options,
    maxRows: MAX_ROWS,
    importFault: (row: Row, count: number) => importFault(row, count, check),
    isSetOk(changes: readonly RowChange<Row>[]) {
      for (const change of changes) {
        if (change.op === 'destroy') continue;
        if (isIllegible(change.index)) return new SetError('inconsistentName');
        const refusal = illegibleColumn(change.after) ?? check(change.after);
        if (refusal !== undefined) return refusal;
      }
      return undefined;
    },
  } as StoredTableOptions<Row>);
}

/**
 * The rows that count. One that lacks a value, or whose name is no text, came with a state that no
 * agent has written.
 *
 * @param required - the columns that all rows of this kind have.
 */
export function inForce<Row extends object>(
  rows: Iterable<Row>,
  status: keyof Row,
  required: readonly (keyof Row)[],
): Row[] {
  return [...rows].filter((row) => {
    if (!isActive(row[status] as RowState | undefined)) return false;
    return (
      required.every((column) => row[column] !== undefined) && illegibleColumn(row) === undefined
    );
  });
}

/** A row without a status is one that nobody has taken out of service. */
export function isActive(status: RowState | undefined): boolean {
  return status === undefined || status === 'active';
}

function importFault<Row extends object>(
  row: Row,
  count: number,
  check: RowCheck<Row>,
): string | undefined {
  if (count > MAX_ROWS) return `${count} rows; ${MAX_ROWS} at most`;
  for (const [name, value] of Object.entries(row)) {
    // Those of the configuration are in no export.
    const isFixed = value === 'readOnly' || value === 'permanent';
    if (isFixed && name.endsWith('StorageType')) return `${name}: no manager can make it ${value}`;
  }
  const refusal = illegibleColumn(row) ?? check(row);
  if (refusal === undefined) return undefined;
  const { column = 'the row', error } = refusal;
  return `${column}: ${error}`;
}

function illegibleColumn(row: object): SetError<Refusal> | undefined {
  for (const [name, value] of Object.entries(row)) {
    if (isText(value) && value.includes(REPLACEMENT)) return new SetError('wrongValue', name);
  }
  return undefined;
}

function isIllegible(index: object): boolean {
  return Object.values(index).some((value) => isText(value) && value.includes(REPLACEMENT));
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
