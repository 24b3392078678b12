import { isDeepStrictEqual } from 'node:util';
import type { Oid } from '../smi/index.js';
import { ROW_STATUS } from './row-status.js';
import type { StoredRow } from './row-layout.js';
import type { RowCells } from './stored-cells.js';
import { keptIndex, type KeptIndex } from './stored-rows.js';
import { isKeptAlike } from './stored-value.js';
import type { TableRules } from './table-rules.js';

/**
 * Gives a table the rows of the one that it replaces: all of them where both have the same INDEX,
 * else none. Columns of the same name and SYNTAX keep their values, what is new gets its default. A
 * row that was active and lacks what an active row needs by now is notReady.
 *
 * @returns the indexes of the rows that are not active, and whether rows look as they did.
 */
export function inheritRows(
  rules: TableRules,
  cells: RowCells,
  before: RowCells,
): { readonly unfinished: readonly Oid[]; readonly isSame: boolean } {
  const { layout } = rules;
  if (!isDeepStrictEqual(layout.items, before.layout.items))
    return { unfinished: [], isSame: true };
  const kept = layout.slots.map(({ object }) =>
    before.layout.slots.find((earlier) => isKeptAlike(earlier.object, object)),
  );
  const isSame =
    kept.length === before.layout.slots.length && kept.every((slot, i) => slot?.slot === i);
  const { statusSlot } = layout;
  const keys: KeptIndex[] = [];
  const rows: StoredRow[] = [];
  const unfinished: Oid[] = [];
  for (const [rowIndex, earlier] of before.entries()) {
    const row = isSame
      ? [...earlier]
      : kept.map((slot) => (slot === undefined ? undefined : earlier[slot.slot]));
    if (!isSame) rules.fillDefaults(row);
    if (statusSlot !== undefined) {
      const isReady = rules.isComplete(row);
      const wasActive = (row[statusSlot] ?? ROW_STATUS.active) === ROW_STATUS.active;
      if (!isReady) row[statusSlot] = ROW_STATUS.notReady;
      else row[statusSlot] = wasActive ? ROW_STATUS.active : ROW_STATUS.notInService;
      if (row[statusSlot] !== ROW_STATUS.active) unfinished.push(rowIndex);
    }
    keys.push(keptIndex(rowIndex));
    rows.push(row);
  }
  cells.load(keys, rows);
  return { unfinished, isSame };
}
