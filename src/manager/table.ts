import { SnmpError } from '../base/index.js';
import { decodeInstance, type ColumnObject, type Mib, type TableObject } from '../mib/index.js';
import { compareOids, toPlain, type Oid, type PlainValue } from '../smi/index.js';
import type { ReceivedVarBind } from './received-var-bind.js';

/**
 * A conceptual row: the value of each column that it has, and of each index object, by descriptor.
 * A column without an instance in this row is not there.
 */
export type TableRow = Readonly<Record<string, PlainValue | undefined>>;

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

/** The columns that can be read. */
export function readableColumns(table: TableObject): readonly ColumnObject[] {
  return table.columns.filter(
    ({ access }) => access !== 'not-accessible' && access !== 'accessible-for-notify',
  );
}

interface ColumnWalk {
  readonly column: ColumnObject;
  readonly walk: AsyncIterator<ReceivedVarBind, void>;
  head: ReceivedVarBind | undefined;
}

/**
 * Rows ascending by INDEX, put together from walks of the columns side by side; no more of each
 * column is held than one answer.
 *
 * @param walk - of one column.
 * @throws RequestError as the walks do.
 */
export async function* rowsOf(
  mib: Mib,
  columns: readonly ColumnObject[],
  walk: (column: Oid) => AsyncIterator<ReceivedVarBind, void>,
): AsyncGenerator<TableRow, void, undefined> {
  const walks: readonly ColumnWalk[] = columns.map((column) => ({
    column,
    walk: walk(column.oid),
    head: undefined,
  }));
  try {
    await Promise.all(walks.map(advance));
    for (let index = leastIndex(walks); index !== undefined; index = leastIndex(walks)) {
      const at = index;
      const here = walks.filter((one) => isAt(one, at));
      yield rowFrom(mib, here);
      await Promise.all(here.map(advance));
    }
  } finally {
    // Whoever has seen enough ends the other walks too.
    await Promise.allSettled(walks.map(async (one) => one.walk.return?.()));
  }
}

async function advance(one: ColumnWalk): Promise<void> {
  const next = await one.walk.next();
  one.head = next.done === true ? undefined : next.value;
}

function indexOf({ column, head }: ColumnWalk): Oid | undefined {
  return head?.name.slice(column.oid.length);
}

function isAt(one: ColumnWalk, index: Oid): boolean {
  const own = indexOf(one);
  return own !== undefined && compareOids(own, index) === 0;
}

function leastIndex(walks: readonly ColumnWalk[]): Oid | undefined {
  let least: Oid | undefined;
  for (const one of walks) {
    const index = indexOf(one);
    if (index !== undefined && (least === undefined || compareOids(index, least) < 0))
      least = index;
  }
  return least;
}

function rowFrom(mib: Mib, walks: readonly ColumnWalk[]): TableRow {
  const row: Record<string, PlainValue | undefined> = {};
  const [first] = walks;
  if (first?.head !== undefined) {
    for (const { item, value } of decodeInstance(mib, first.head.name).index) {
      row[item.object] = toPlain(item.syntax, value);
    }
  }
  for (const { column, head } of walks) if (head !== undefined) row[column.name] = head.plain;
  return Object.freeze(row);
}
