import { fitTimeTicks } from './fit-syntax.js';
import type { InterfaceRow } from './interface-row.js';

/** The interfaces with the columns and scalars that need a memory. */
export interface InterfaceTable {
  readonly ifNumber: number;
  readonly ifTableLastChange: number;
  /** Ascending by ifIndex. BOUNDED by MAX_INTERFACES. */
  readonly rows: readonly InterfaceRow[];
}

/**
 * Remembers from one reading to the next what the kernel does not tell: when an interface came,
 * went, changed its state, or lost its counts. All moments are sysUpTime, and those before the
 * first reading are zero, as the MIB has it; they are as exact as readings are frequent.
 *
 * Source: RFC 2863, ifTableLastChange, ifLastChange, ifCounterDiscontinuityTime.
 */
export class InterfaceTracker {
  /** BOUNDED by MAX_INTERFACES: replaced by every reading. Keyed by ifIndex. */
  #known: ReadonlyMap<number, InterfaceRow> | undefined;
  #tableLastChange = 0;

  observe(rows: readonly InterfaceRow[], upTimeCentiseconds: number): InterfaceTable {
    const now = fitTimeTicks(upTimeCentiseconds);
    const known = this.#known;
    const dated = known === undefined ? rows : rows.map((row) => date(row, known, now));
    if (known !== undefined && !isSameSet(known, rows)) this.#tableLastChange = now;
    this.#known = new Map(dated.map((row) => [row.ifIndex, row]));
    return { ifNumber: dated.length, ifTableLastChange: this.#tableLastChange, rows: dated };
  }
}

function date(row: InterfaceRow, known: ReadonlyMap<number, InterfaceRow>, now: number) {
  const before = known.get(row.ifIndex);
  if (before === undefined) return { ...row, ifLastChange: now, ifCounterDiscontinuityTime: now };
  return {
    ...row,
    ifLastChange: before.ifOperStatus === row.ifOperStatus ? before.ifLastChange : now,
    ifCounterDiscontinuityTime: hasCountedBackwards(before, row)
      ? now
      : before.ifCounterDiscontinuityTime,
  };
}

/** 64 bits do not wrap within the life of a machine: a smaller count is a new count. */
function hasCountedBackwards(before: InterfaceRow, after: InterfaceRow): boolean {
  return after.ifHCInOctets < before.ifHCInOctets || after.ifHCOutOctets < before.ifHCOutOctets;
}

function isSameSet(known: ReadonlyMap<number, InterfaceRow>, rows: readonly InterfaceRow[]) {
  return known.size === rows.length && rows.every((row) => known.has(row.ifIndex));
}
