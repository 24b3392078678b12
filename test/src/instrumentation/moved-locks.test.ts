import { describe, expect, it } from 'vitest';
import { silentLogger, SimulatedClock } from '../../../src/base/index.js';
import { table } from '../../../src/instrumentation/index.js';
import type { DurableWrite, KeptObjects } from '../../../src/instrumentation/index.js';
import { compileMibs, type TableObject } from '../../../src/mib/index.js';
import { formatOid, type SnmpValue } from '../../../src/smi/index.js';

const TEXT = `L-MIB DEFINITIONS ::= BEGIN
  IMPORTS OBJECT-TYPE, enterprises, Integer32 FROM SNMPv2-SMI TestAndIncr FROM SNMPv2-TC;
  lTable OBJECT-TYPE SYNTAX SEQUENCE OF LEntry MAX-ACCESS not-accessible STATUS current
    DESCRIPTION "Rows with a lock." ::= { enterprises 32473 98 }
  lEntry OBJECT-TYPE SYNTAX LEntry MAX-ACCESS not-accessible STATUS current
    DESCRIPTION "A row." INDEX { lIndex } ::= { lTable 1 }
  LEntry ::= SEQUENCE { lIndex Integer32, lLock TestAndIncr, lValue Integer32 }
  lIndex OBJECT-TYPE SYNTAX Integer32 (1..9) MAX-ACCESS not-accessible STATUS current
    DESCRIPTION "Index." ::= { lEntry 1 }
  lLock OBJECT-TYPE SYNTAX TestAndIncr MAX-ACCESS read-write STATUS current
    DESCRIPTION "A lock." ::= { lEntry 2 }
  lValue OBJECT-TYPE SYNTAX Integer32 MAX-ACCESS read-write STATUS current
    DESCRIPTION "A value." ::= { lEntry 3 }
END`;

const int = (value: number): SnmpValue => ({ type: 'Integer32', value });

/** A table with a lock in each row, bound to what was kept of it. */
function bound(locks: readonly number[]) {
  const { mib } = compileMibs([{ path: 'L-MIB', text: TEXT }]);
  const definition = mib.find('L-MIB::lTable') as TableObject;
  const written = new Map<string, DurableWrite['values']>();
  const kept: KeptObjects = {
    kept: () =>
      locks.map((lock, i) => ({
        rowIndex: [i + 1],
        values: [
          { column: 2, value: int(lock) },
          { column: 3, value: int(5) },
        ],
      })),
    hold: () => false,
    write: (writes) => {
      for (const { rowIndex, values } of writes) written.set(formatOid(rowIndex), values);
    },
  };
  const rows = table.stored();
  const object = rows.bind(definition, {
    clock: new SimulatedClock(),
    logger: silentLogger,
    kept,
  });
  return { rows, object, written };
}

describe('a column that is TestAndIncr', () => {
  it('goes one further in every kept row with the start, and is kept so [TC-007]', () => {
    const { rows, object, written } = bound([41, 2 ** 31 - 1]);
    expect([...rows].map(({ lLock, lValue }) => [lLock, lValue])).toEqual([
      [42, 5],
      [0, 5],
    ]);
    // A load that is refused leaves no trace.
    expect(written.size).toBe(0);
    object.served?.();
    expect([...written]).toEqual([
      [
        '1',
        [
          { column: 2, value: int(42) },
          { column: 3, value: int(5) },
        ],
      ],
      [
        '2',
        [
          { column: 2, value: int(0) },
          { column: 3, value: int(5) },
        ],
      ],
    ]);
  });

  it('of an import goes one further than it is; where there was no row, nobody can know it', () => {
    const { rows, object } = bound([41]);
    object.served?.();
    const imported = [1, 2].map((row) => ({
      rowIndex: [row],
      values: [
        { column: 2, value: int(7) },
        { column: 3, value: int(6) },
      ],
    }));
    const target = object.replacement?.(imported);
    target?.operate('set', undefined as never, undefined as never);
    expect(rows.get([1])).toMatchObject({ lLock: 43, lValue: 6 });
    expect(rows.get([2])).toMatchObject({ lValue: 6 });
    expect(rows.get([2])?.['lLock']).not.toBe(7);
    target?.operate('rollback', undefined as never, undefined as never);
    expect([...rows]).toEqual([{ lIndex: 1, lLock: 42, lValue: 5 }]);
  });
});
