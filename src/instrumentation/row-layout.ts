import { SnmpError } from '../base/index.js';
import type { ColumnObject, IndexItem, TableObject } from '../mib/index.js';
import {
  equalOids,
  isText,
  MAX_SUB_IDENTIFIERS,
  wireType,
  type Oid,
  type PlainValue,
  type Range,
  type ValueType,
} from '../smi/index.js';
import { packCell, packText, plainCell, type Cell } from './cell.js';
import { FIRST_HIDDEN_COLUMN } from './durability.js';
import { decodeRowIndex, encodeRowIndex } from './row-index.js';
import { hasConvention, storedValue } from './stored-value.js';
import { isReadable } from './table-columns.js';

/** A row as a program has it: by descriptor, INDEX objects included; undefined is "no value". */
export type PlainRow = Readonly<Record<string, PlainValue | undefined>>;

/** The cells of a row by slot. Never mutated: a change makes a new row. */
export type StoredRow = readonly Cell[];

/** A column whose values are kept. */
export interface Slot {
  readonly slot: number;
  /** Of the table itself its number; of one that augments it beyond all such numbers. */
  readonly column: number;
  readonly object: ColumnObject;
  readonly type: ValueType;
  /** Sizes of a text, by its DISPLAY-HINT; undefined for all other types. */
  readonly textSizes: readonly Range[] | undefined;
}

/** Where the value of a readable column comes from: its slot, or its place in the INDEX. */
export interface ReadableColumn {
  readonly column: number;
  readonly type: ValueType;
  /** -1 where the column is part of the INDEX: those are told from the row's name, not kept. */
  readonly slot: number;
  readonly indexPart: number;
}

/**
 * Where the columns of a table begin, and of the first, second, ... that augments it. Part of what is
 * kept in a state directory.
 */
const COLUMNS_APART = 65_536;

/** The number of a column in the rows that it is part of. */
export function augmentedColumn(augmentation: number, column: number): number {
  return (augmentation + 1) * COLUMNS_APART + column;
}

/** What rows have besides the columns of their table. */
interface Besides {
  readonly hidden?: readonly string[];
  readonly augmentedBy?: readonly TableObject[];
}

/**
 * How the rows of one table are kept: which columns have a slot, which are told from the index,
 * which mean RowStatus and StorageType. Made once, when the table is loaded.
 */
export class RowLayout {
  readonly table: TableObject;
  readonly items: readonly IndexItem[];
  /** BOUNDED by the table's columns, like all collections here. */
  readonly slots: readonly Slot[];
  readonly readable: readonly ReadableColumn[];
  readonly statusSlot: number | undefined;
  readonly storageSlot: number | undefined;
  /** Columns that are TestAndIncr. */
  readonly lockSlots: readonly Slot[];
  /** The INDEX is one INTEGER or unsigned number, whose sub-identifier is its value. */
  readonly hasNumberIndex: boolean;
  /** Whether rows have values that are no columns. */
  readonly hasHidden: boolean;
  readonly #slotByColumn = new Map<number, Slot>();
  readonly #slotByName = new Map<string, Slot>();
  readonly #indexPartByName: ReadonlyMap<string, number>;
  readonly #indexPartByColumn = new Map<number, number>();
  readonly #augmenting: readonly TableObject[];
  readonly #readableIn: readonly (readonly ReadableColumn[])[];

  /**
   * @param besides - `hidden`: names of values that each row has besides its columns; `augmentedBy`:
   *   tables whose columns are of the same rows (StoredTableOptions).
   */
  constructor(table: TableObject, { hidden = [], augmentedBy: augmenting = [] }: Besides = {}) {
    this.table = table;
    this.#augmenting = augmenting;
    this.items = table.index;
    this.hasHidden = hidden.length > 0;
    this.hasNumberIndex = table.index.length === 1 && table.index.every(isNumber);
    this.#indexPartByName = new Map(table.index.map(({ object }, part) => [object, part]));
    const slots: Slot[] = [];
    for (const object of table.columns) {
      const part = this.#indexPartByName.get(object.name);
      if (part !== undefined) {
        this.#indexPartByColumn.set(object.column, part);
        continue;
      }
      // Nobody could see its value; a program that gives one means another column.
      if (object.access === 'not-accessible') continue;
      slots.push(makeSlot(slots.length, object, object.column));
    }
    for (const [i, { columns }] of augmenting.entries()) {
      for (const object of columns) {
        if (object.access === 'not-accessible') continue;
        slots.push(makeSlot(slots.length, object, augmentedColumn(i, object.column)));
      }
    }
    for (const [i, name] of hidden.entries()) {
      if (table.columns.some((column) => column.name === name)) throw this.#isColumn(name);
      const object = hiddenColumn(table, name, i);
      slots.push(makeSlot(slots.length, object, object.column));
    }
    for (const slot of slots) {
      this.#slotByColumn.set(slot.column, slot);
      this.#slotByName.set(slot.object.name, slot);
    }
    this.slots = slots;
    this.lockSlots = slots.filter(({ object }) => hasConvention(object.syntax, 'TestAndIncr'));
    this.statusSlot = slots.find(({ object }) => hasConvention(object.syntax, 'RowStatus'))?.slot;
    this.storageSlot = slots.find(({ object }) =>
      hasConvention(object.syntax, 'StorageType'),
    )?.slot;
    this.readable = this.#readableOf(table, ({ column }) => column);
    this.#readableIn = augmenting.map((one, i) =>
      this.#readableOf(one, ({ column }) => augmentedColumn(i, column)),
    );
  }

  /** The place of a table among those that augment this one; undefined where it is none. */
  augmentationOf({ oid }: TableObject): number | undefined {
    const place = this.#augmenting.findIndex((table) => equalOids(table.oid, oid));
    return place < 0 ? undefined : place;
  }

  /** Its columns that can be read, as they are in these rows. */
  readableIn(augmentation: number): readonly ReadableColumn[] {
    return this.#readableIn[augmentation] ?? [];
  }

  #readableOf(table: TableObject, place: (object: ColumnObject) => number): ReadableColumn[] {
    return table.columns
      .filter(({ access }) => isReadable(access))
      .map((object) => ({
        column: object.column,
        type: wireType(object.syntax.base),
        slot: this.#slotByColumn.get(place(object))?.slot ?? -1,
        indexPart: this.#indexPartByColumn.get(place(object)) ?? -1,
      }))
      .sort((left, right) => left.column - right.column);
  }

  slotOfColumn(column: number): Slot | undefined {
    return this.#slotByColumn.get(column);
  }

  indexPartOfColumn(column: number): number | undefined {
    return this.#indexPartByColumn.get(column);
  }

  /** @throws SnmpError SNMP_STORED_VALUE where the table has no such column outside of its INDEX. */
  slotOfName(name: string): Slot {
    const slot = this.#slotByName.get(name);
    if (slot !== undefined) return slot;
    throw this.#unknown(name);
  }

  /**
   * The name of a row, from an object that has the INDEX objects.
   *
   * @throws SnmpError SNMP_ROW_INDEX
   */
  rowIndexOf(row: PlainRow): Oid {
    const { items } = this;
    const [only] = items;
    const rowIndex = encodeRowIndex(
      items,
      items.length === 1 && only !== undefined
        ? [row[only.object]]
        : items.map(({ object }) => row[object]),
    );
    // The longest name in the table: the entry, a column, the row.
    if (this.table.oid.length + 2 + rowIndex.length > MAX_SUB_IDENTIFIERS) {
      throw new SnmpError(
        'SNMP_ROW_INDEX',
        `${this.table.name}: a row index of ${rowIndex.length} sub-identifiers makes its names too long`,
      );
    }
    return rowIndex;
  }

  /**
   * Puts what a program gives into `cells`, a list as long as there are slots. An explicit
   * undefined takes a value away; INDEX objects are passed over.
   *
   * @throws SnmpError SNMP_STORED_VALUE for a value that does not fit, or an unknown name.
   */
  putPlain(cells: Cell[], row: PlainRow): void {
    for (const name of Object.keys(row)) {
      const slot = this.#slotByName.get(name);
      if (slot !== undefined) {
        const plain = row[name];
        cells[slot.slot] = plain === undefined ? undefined : cellOf(slot, plain);
      } else if (!this.#indexPartByName.has(name)) {
        throw this.#unknown(name);
      }
    }
  }

  emptyCells(): Cell[] {
    // As long as it needs to be: a list that grew by pushing keeps room for more, in every row.
    return this.slots.map(() => undefined);
  }

  /** The INDEX objects' values. */
  plainIndex(rowIndex: Oid): Record<string, PlainValue> {
    const values = decodeRowIndex(this.items, rowIndex) ?? [];
    const plain: Record<string, PlainValue> = {};
    values.forEach((value, i) => {
      plain[(this.items[i] as IndexItem).object] = value;
    });
    return plain;
  }

  /** The row as a program has it. What has no value has no property. */
  plainRow(rowIndex: Oid, row: StoredRow): Record<string, PlainValue> {
    const plain = this.plainIndex(rowIndex);
    for (const { slot, object } of this.slots) {
      const cell = row[slot];
      if (cell !== undefined) plain[object.name] = plainCell(object.syntax, cell);
    }
    return plain;
  }

  #isColumn(name: string): SnmpError {
    return new SnmpError('SNMP_STORED_VALUE', `${this.table.name}: hidden ${name} is a column`);
  }

  #unknown(name: string): SnmpError {
    return new SnmpError('SNMP_STORED_VALUE', `${this.table.name} has no column ${name} to store`);
  }
}

/** As a column that no name can be asked for by. */
function hiddenColumn({ name: table, module, oid }: TableObject, name: string, i: number) {
  return {
    kind: 'column',
    name,
    module,
    oid,
    table,
    column: FIRST_HIDDEN_COLUMN + i,
    access: 'not-accessible',
    syntax: { base: 'OctetString', conventions: [] },
  } as const satisfies ColumnObject;
}

function isNumber({ syntax }: IndexItem): boolean {
  const type = wireType(syntax.base);
  return type === 'Integer32' || type === 'Gauge32' || type === 'TimeTicks';
}

/** RFC 2578 3.5: the sizes of octets where the SYNTAX does not say. */
const ALL_SIZES: readonly Range[] = [{ low: 0, high: 65_535 }];

function makeSlot(slot: number, object: ColumnObject, column: number): Slot {
  const { syntax } = object;
  const textSizes = isText(syntax) ? (syntax.sizes ?? ALL_SIZES) : undefined;
  return { slot, column, object, type: wireType(syntax.base), textSizes };
}

/** @throws SnmpError SNMP_STORED_VALUE */
function cellOf(slot: Slot, plain: PlainValue): Cell {
  if (slot.textSizes !== undefined && typeof plain === 'string') {
    for (const { low, high } of slot.textSizes) {
      if (plain.length < low || plain.length > high) continue;
      const cell = packText(plain);
      if (cell !== undefined) return cell;
    }
  }
  return packCell(storedValue(slot.object, plain));
}
