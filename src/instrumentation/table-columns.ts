import type { Access, ColumnObject, TableObject } from '../mib/index.js';

const READABLE: Readonly<Record<Access, boolean>> = {
  'not-accessible': false,
  'accessible-for-notify': false,
  'read-only': true,
  'read-write': true,
  'read-create': true,
};

export function isReadable(access: Access): boolean {
  return READABLE[access];
}

export function isWritable(access: Access): boolean {
  return access === 'read-write' || access === 'read-create';
}

export function columnsByNumber(table: TableObject): ReadonlyMap<number, ColumnObject> {
  return new Map(table.columns.map((column) => [column.column, column]));
}

export function readableColumns(table: TableObject): readonly number[] {
  return table.columns
    .filter((column) => isReadable(column.access))
    .map((column) => column.column)
    .sort((left, right) => left - right);
}

/** A table whose rows managers may make has read-create columns (RFC 2578 7.3). */
export function canCreateRows(table: TableObject): boolean {
  return table.columns.some((column) => column.access === 'read-create');
}
