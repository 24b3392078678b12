import { packCell, unpackCell, type Cell } from './cell.js';
import type { Slot, StoredRow } from './row-layout.js';
import { incremented } from './stored-value.js';

/**
 * The row with each TestAndIncr one further: what managers knew of it before does not match
 * (RFC 2579: at re-initialization it is incremented).
 */
export function withMovedLocks(lockSlots: readonly Slot[], row: StoredRow): StoredRow {
  if (lockSlots.length === 0) return row;
  const cells: Cell[] = [...row];
  for (const { slot, type } of lockSlots) {
    const cell = row[slot];
    const value = cell === undefined ? undefined : unpackCell(type, cell);
    if (value?.type !== 'Integer32') continue;
    cells[slot] = packCell({ type: 'Integer32', value: incremented(value.value) });
  }
  return cells;
}
