import { describe, expect, it } from 'vitest';
import { InterfaceTracker, readInterfaces, type InterfaceRow } from '../../../src/host/index.js';
import { fixtureSource } from './fixture-source.js';

const rows = await readInterfaces(fixtureSource('machine'));

function change(name: string, columns: Partial<InterfaceRow>): InterfaceRow[] {
  return rows.map((row) => (row.ifName === name ? { ...row, ...columns } : row));
}

function rowOf(table: { readonly rows: readonly InterfaceRow[] }, name: string) {
  return table.rows.find((row) => row.ifName === name);
}

describe('InterfaceTracker', () => {
  it('dates nothing at the first reading [RFC 2863 ifLastChange]', () => {
    const table = new InterfaceTracker().observe(rows, 500);
    expect(table).toEqual({ ifNumber: 7, ifTableLastChange: 0, rows });
  });

  it('dates a change of state once, by the sysUpTime at which it was seen', () => {
    const tracker = new InterfaceTracker();
    tracker.observe(rows, 0);
    tracker.observe(change('eth0', { ifOperStatus: 'down' }), 700);
    const table = tracker.observe(change('eth0', { ifOperStatus: 'down' }), 900);
    expect(rowOf(table, 'eth0')?.ifLastChange).toBe(700);
    expect(rowOf(table, 'eth1')?.ifLastChange).toBe(0);
    expect(table.ifTableLastChange).toBe(0);
  });

  it('dates the table when an interface goes or comes', () => {
    const tracker = new InterfaceTracker();
    tracker.observe(rows, 0);
    const fewer = tracker.observe(rows.slice(1), 100);
    expect(fewer).toMatchObject({ ifNumber: 6, ifTableLastChange: 100 });
    const again = tracker.observe(rows, 200);
    expect(again).toMatchObject({ ifNumber: 7, ifTableLastChange: 200 });
    expect(rowOf(again, 'lo')).toMatchObject({
      ifLastChange: 200,
      ifCounterDiscontinuityTime: 200,
    });
    expect(tracker.observe(rows, 300).ifTableLastChange).toBe(200);
  });

  it('notices that an interface was exchanged for another', () => {
    const tracker = new InterfaceTracker();
    tracker.observe(rows, 0);
    const table = tracker.observe(change('eth0', { ifIndex: 12 }), 100);
    expect(table.ifTableLastChange).toBe(100);
  });

  it('dates a counter that went back [RFC 2863 ifCounterDiscontinuityTime]', () => {
    const tracker = new InterfaceTracker();
    tracker.observe(rows, 0);
    const table = tracker.observe(change('eth0', { ifHCInOctets: 1n }), 400);
    expect(rowOf(table, 'eth0')?.ifCounterDiscontinuityTime).toBe(400);
    expect(rowOf(table, 'br0')?.ifCounterDiscontinuityTime).toBe(0);
  });

  it('wraps sysUpTime as TimeTicks do', () => {
    const tracker = new InterfaceTracker();
    tracker.observe(rows, 0);
    const table = tracker.observe(change('eth0', { ifOperStatus: 'down' }), 2 ** 32 + 5);
    expect(rowOf(table, 'eth0')?.ifLastChange).toBe(5);
  });
});
