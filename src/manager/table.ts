import { SnmpError } from '../base/index.js';
import {
  decodeIndex,
  type ColumnObject,
  type ColumnOf,
  type IndexNameOf,
  type Mib,
  type MibDefinition,
  type RowOf,
  type TableName,
  type TableObject,
} from '../mib/index.js';
import { toPlain, type Oid, type PlainValue } from '../smi/index.js';
import { plainOf, ReceivedVarBind } from './received-var-bind.js';
import type { RawRow } from './table-walk.js';
import { checkedPlain, type TellUnfit } from './unfit-values.js';

/**
 * A conceptual row: the value of each column that it has, and of each index object, by descriptor.
 * A column without an instance in this row is not there.
 */
export type TableRow = Readonly<Record<string, PlainValue | undefined>>;

/** A conceptual row as it came: for whoever prints it. */
export interface TableVarBinds {
  readonly index: Oid;
  /** Those that the row has; ascending. */
  readonly columns: readonly ColumnObject[];
  /** One for each of `columns`. */
  readonly varBinds: readonly ReceivedVarBind[];
}

/** A table that is being read: what it is, and its rows. */
export interface TableReading {
  readonly table: TableObject;
  readonly columns: readonly ColumnObject[];
  readonly walk: AsyncGenerator<TableVarBinds, void, undefined>;
}

/** A row of a compiled module's table with the columns asked for; its index objects are there. */
export type TypedTableRow<
  Definition extends MibDefinition,
  Name extends TableName<Definition>,
  Column extends ColumnOf<Definition, Name>,
> = Pick<
  RowOf<Definition, Name>,
  Extract<keyof RowOf<Definition, Name>, Column | IndexNameOf<Definition, Name>>
>;

/**
 * The table that a name stands for: its own or its row's.
 *
 * @throws SnmpError SNMP_NAME_NO_TABLE
 */
export function tableAt(mib: Mib, oid: Oid): TableObject {
  const node = mib.nearest(oid);
  const table = node?.kind === 'row' ? mib.nearest(oid.slice(0, -1)) : node;
  const isNamed = oid.length === node?.oid.length;
  if (isNamed && table?.kind === 'table') return table;
  throw new SnmpError('SNMP_NAME_NO_TABLE', `.${oid.join('.')} is no table of the modules known`);
}

/**
 * The columns that can be read, or those of them that are wanted, in the order of the table.
 *
 * @throws SnmpError SNMP_NAME_UNKNOWN
 */
export function columnsToRead(
  table: TableObject,
  wanted: readonly string[] | undefined,
): readonly ColumnObject[] {
  const readable = table.columns.filter(
    ({ access }) => access !== 'not-accessible' && access !== 'accessible-for-notify',
  );
  for (const name of wanted ?? []) {
    if (readable.some((column) => column.name === name)) continue;
    throw new SnmpError('SNMP_NAME_UNKNOWN', `${table.name} has no column ${name} to read`);
  }
  return readable.filter(({ name }) => wanted?.includes(name) ?? true);
}

/** Rows by variables, with all that the MIB says of them. */
export async function* varBindRows(
  mib: Mib,
  rows: AsyncIterable<RawRow>,
): AsyncGenerator<TableVarBinds, void, undefined> {
  for await (const { index, cells } of rows) {
    yield {
      index,
      columns: cells.map(({ column }) => column),
      varBinds: cells.map(({ varBind }) => new ReceivedVarBind(varBind, mib)),
    };
  }
}

/** Rows as they came: what its SYNTAX does not allow is in them by its type on the wire. */
export async function* plainRows(
  table: TableObject,
  rows: AsyncIterable<RawRow>,
): AsyncGenerator<TableRow, void, undefined> {
  for await (const { index, cells } of rows) {
    const row: Record<string, PlainValue | undefined> = {};
    for (const { item, value } of decodeIndex(table.index, index).parts) {
      row[item.object] = toPlain(item.syntax, value);
    }
    for (const { column, varBind } of cells) {
      row[column.name] = plainOf(column.syntax, varBind.value);
    }
    yield Object.freeze(row);
  }
}

/**
 * Rows that are what their types say. A cell whose value has another type is not there; a row whose
 * index is none that INDEX allows is left out: both are told.
 */
export async function* typedRows(
  table: TableObject,
  rows: AsyncIterable<RawRow>,
  tell: TellUnfit,
): AsyncGenerator<TableRow, void, undefined> {
  for await (const raw of rows) {
    const row = indexValues(table, raw, tell);
    if (row === undefined) continue;
    for (const { column, varBind } of raw.cells) {
      if (Object.hasOwn(row, column.name)) continue;
      const plain = checkedPlain(column, varBind, tell);
      if (plain !== undefined) row[column.name] = plain;
    }
    yield Object.freeze(row);
  }
}

function indexValues(
  { name: table, index: items }: TableObject,
  { index, cells }: RawRow,
  tell: TellUnfit,
): Record<string, PlainValue> | undefined {
  const { parts, rest } = decodeIndex(items, index);
  const row: Record<string, PlainValue> = {};
  for (const { item, value } of parts) {
    const plain = toPlain(item.syntax, value);
    const isLabelled = item.syntax.enums === undefined || typeof plain === 'string';
    if (plain !== undefined && isLabelled) row[item.object] = plain;
  }
  const isWhole = rest.length === 0 && items.every(({ object }) => Object.hasOwn(row, object));
  if (isWhole) return row;
  const [first] = cells;
  if (first !== undefined) {
    tell({ object: table, varBind: first.varBind, fault: 'wrongIndex', isLeftOut: true });
  }
  return undefined;
}
