import type { ManagedTable } from '../../../src/instrumentation/managed-object.js';
import type { StoredTableOptions } from '../../../src/instrumentation/stored-table-options.js';
import type { StoredTable } from '../../../src/instrumentation/stored-table.js';
import { table } from '../../../src/instrumentation/table.js';
import type { TableObject } from '../../../src/mib/index.js';
import type { Oid, SnmpValue } from '../../../src/smi/index.js';
import {
  COUNTER64,
  DISPLAY_STRING,
  environment,
  INTEGER,
  ranged,
  ROW_STATUS,
  sized,
  STORAGE,
  tableObject,
  UNSIGNED,
  type Write,
} from './definitions.js';

/** The testbed's tbRowTable. */
export const ROW_TABLE = tableObject(
  {
    number: { syntax: ranged(UNSIGNED, 1, 1000), access: 'not-accessible' },
    name: {
      syntax: { ...sized(DISPLAY_STRING, 1, 32), conventions: ['TbLabel'], displayHint: '32t' },
      access: 'not-accessible',
    },
    value: { syntax: ranged(INTEGER, 0, 100) },
    text: {
      syntax: sized(DISPLAY_STRING, 0, 16),
      defaultValue: { kind: 'octets', value: Buffer.from('none') },
    },
    hits: { syntax: COUNTER64, access: 'read-only' },
    storage: { syntax: STORAGE, defaultValue: { kind: 'integer', value: 3 } },
    status: { syntax: ROW_STATUS },
  },
  ['number', { implied: 'name' }],
);

/** A table without RowStatus; as long as nobody says otherwise managers make no rows. */
export function plainTable(access: 'read-write' | 'read-create' | 'read-only'): TableObject {
  return tableObject(
    {
      index: { syntax: ranged(INTEGER, 1, 1000), access: 'not-accessible' },
      x: { syntax: INTEGER, access },
      y: { syntax: INTEGER, access },
    },
    ['index'],
  );
}

export interface Bound {
  readonly rows: StoredTable;
  readonly object: ManagedTable;
}

export function bound(definition: TableObject, options: StoredTableOptions = {}): Bound {
  const rows = table.stored(options);
  return { rows, object: rows.bind(definition, environment()) };
}

/** Row 7 "a", as the testbed's names are: 7.97. */
export const ROW_7A: Oid = [7, 97];

export function writesOf(
  object: ManagedTable,
  cells: Record<string, SnmpValue>,
  rowIndex = ROW_7A,
): Write[] {
  return Object.entries(cells).map(([column, value]) => ({ object, column, rowIndex, value }));
}
