import type { Oid, SnmpValue } from '../smi/index.js';

/**
 * Hidden values of a row (`StoredTableOptions.hidden`) are kept under numbers from here on, which no
 * sub-identifier can be: they are secrets, perhaps.
 */
export const FIRST_HIDDEN_COLUMN = 0x1_0000_0000;

/** One value of a stored object: the column, 0 for a scalar. */
export interface KeptValue {
  readonly column: number;
  readonly value: SnmpValue;
}

/** A row as it outlives the process; of a scalar the one with the empty index. */
export interface KeptRow {
  readonly rowIndex: Oid;
  readonly values: readonly KeptValue[];
}

/** What a row of an object is to be from now on; without `values` it is not kept (any more). */
export interface DurableWrite {
  /** OID of the scalar or table. */
  readonly oid: Oid;
  readonly rowIndex: Oid;
  readonly values: readonly KeptValue[] | undefined;
}

/** What a SET did to one row, both ways. */
export interface DurableChange {
  readonly before: DurableWrite;
  readonly after: DurableWrite;
}

/** Port: where stored objects find what was kept of them, and leave what the program changes. */
export interface KeptObjects {
  /** Rows in index order; undefined where nothing was ever kept of this object. */
  kept(oid: Oid): Iterable<KeptRow> | undefined;
  /**
   * From now on this is who is kept there.
   *
   * @returns whether somebody else was meanwhile: what is kept is that one's then.
   */
  hold(oid: Oid, holder: object): boolean;
  /** The program's own changes, made to last soon; a SET's go with the SET. */
  write(writes: readonly DurableWrite[]): void;
}
