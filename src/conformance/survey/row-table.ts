import type { ColumnObject, Mib, TableObject } from '../../mib/index.js';
import { hasPrefix, type Oid } from '../../smi/index.js';
import { isWritableObject, roleOf, type Instance } from './instance.js';
import type { Scope } from './scope.js';

/** A table whose rows managers may make and destroy, by a RowStatus column. */
export interface RowTable {
  readonly table: TableObject;
  readonly status: ColumnObject;
  /** Columns of role `value` that a manager may write. */
  readonly settable: readonly ColumnObject[];
  /** Of the StorageType column, where there is one that may be written. */
  readonly storage?: ColumnObject;
  /** All columns that can be read. */
  readonly readable: readonly ColumnObject[];
}

/** The tables of the modules that have a RowStatus which the scope allows to be written. */
export function rowTables(mib: Mib, scope: Scope): RowTable[] {
  const tables: RowTable[] = [];
  for (const { nodes } of mib.modules.values()) {
    for (const node of nodes.values()) {
      const isInScope = node.kind === 'table' && hasPrefix(node.oid, scope.subtree);
      const table = isInScope ? rowTable(node, scope) : undefined;
      if (table !== undefined) tables.push(table);
    }
  }
  return tables;
}

function rowTable(table: TableObject, scope: Scope): RowTable | undefined {
  const writable = table.columns.filter(
    (column) => isWritableObject(column) && scope.allows(column.oid),
  );
  const withRole = (role: Instance['role']): readonly ColumnObject[] =>
    writable.filter(({ syntax }) => roleOf(syntax) === role);
  const [status] = withRole('rowStatus');
  const [storage] = withRole('storage');
  // Rows whose INDEX no one can make up (no item, or an item of unknown SYNTAX) are left alone.
  if (status?.access !== 'read-create' || table.index.length === 0) return undefined;
  return {
    table,
    status,
    settable: withRole('value'),
    readable: table.columns.filter(
      ({ access }) => access !== 'not-accessible' && access !== 'accessible-for-notify',
    ),
    ...(storage === undefined ? {} : { storage }),
  };
}

export function cellName(column: ColumnObject, row: Oid): Oid {
  return [...column.oid, ...row];
}

/** All instances that the row may have. */
export function cellNames({ readable }: RowTable, row: Oid): readonly Oid[] {
  return readable.map((column) => cellName(column, row));
}
