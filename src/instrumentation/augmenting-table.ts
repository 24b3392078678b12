import type { ColumnObject, TableObject } from '../mib/index.js';
import type { Oid, SnmpValue } from '../smi/index.js';
import { badFunctions } from './check-writers.js';
import type {
  AugmentedTable,
  ManagedTable,
  NextAnswer,
  NextCell,
  ReadAnswer,
  SetAnswer,
  StoredCells,
} from './managed-object.js';
import { augmentedColumn } from './row-layout.js';
import type { StoredTableObject } from './stored-table-object.js';
import { columnsByNumber, isWritable, readableColumns } from './table-columns.js';

const END_OF_TABLE: NextAnswer = Object.freeze({ type: 'endOfTable' });

/**
 * A table that AUGMENTS one whose rows the runtime keeps (RFC 2578 7.8): a window onto columns of
 * that table's rows. It has no rows of its own, and no SET reaches it: one of its columns goes to the
 * rows, with all that is set of them.
 */
export class AugmentingTable implements ManagedTable, StoredCells {
  readonly kind = 'table';
  readonly isStored = true;
  readonly isSetAtOnce = false;
  readonly isWritable: boolean;
  readonly definition: TableObject;
  readonly oid: Oid;
  readonly columns: ReadonlyMap<number, ColumnObject>;
  readonly readable: readonly number[];
  readonly augments: AugmentedTable;
  readonly #base: () => StoredTableObject;

  /** @throws SnmpError SNMP_LOAD_BAD_FUNCTIONS where the rows were not told of this table. */
  constructor(definition: TableObject, base: () => StoredTableObject) {
    const { layout } = base().cells;
    if (layout.augmentationOf(definition) === undefined) {
      throw badFunctions(definition.name, `it is not in \`augmentedBy\` of ${layout.table.name}`);
    }
    this.definition = definition;
    this.oid = definition.oid;
    this.columns = columnsByNumber(definition);
    this.readable = readableColumns(definition);
    this.isWritable = definition.columns.some(({ access }) => isWritable(access));
    this.#base = base;
    this.augments = {
      table: base,
      columnIn: (column) => augmentedColumn(this.#place, column),
    };
  }

  get createsRows(): boolean {
    return this.#base().createsRows;
  }

  get cells(): StoredCells {
    return this;
  }

  get(column: number, rowIndex: Oid): SnmpValue {
    const { cells } = this.#base();
    return cells.get(column, rowIndex, cells.layout.readableIn(this.#place));
  }

  next(column: number, rowIndex: Oid): NextCell | undefined {
    const { cells } = this.#base();
    return cells.next(column, rowIndex, cells.layout.readableIn(this.#place));
  }

  create(): void {
    // The rows are another table's.
  }

  destroy(): void {
    // And so is their end.
  }

  readRow(rowIndex: Oid, columns: readonly number[]): readonly ReadAnswer[] {
    return columns.map((column) => this.get(column, rowIndex));
  }

  interpretRow(returned: unknown): readonly ReadAnswer[] {
    return returned as readonly ReadAnswer[];
  }

  readNext(rowIndex: Oid, columns: readonly number[]): readonly NextAnswer[] {
    return columns.map((column) => this.next(column, rowIndex) ?? END_OF_TABLE);
  }

  interpretNext(returned: unknown): readonly NextAnswer[] {
    return returned as readonly NextAnswer[];
  }

  provides(): boolean {
    return false;
  }

  operate(): unknown {
    return undefined;
  }

  interpret(): SetAnswer {
    return { kind: 'illegal', reason: `${this.definition.name} has no rows of its own` };
  }

  /** Where the rows have these columns; a reload of theirs may have moved it. */
  get #place(): number {
    return this.#base().cells.layout.augmentationOf(this.definition) ?? -1;
  }
}
