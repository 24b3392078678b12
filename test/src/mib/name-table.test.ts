import { describe, expect, test } from 'vitest';
import { NameTable } from '../../../src/mib/name-table.js';

describe('the table of names', () => {
  test('gives one number for one name, from 1 on, and its octets for the number', () => {
    const table = new NameTable();
    expect(table.findText('ifIndex')).toBe(1);
    expect(table.findText('ifDescr')).toBe(2);
    expect(table.findAt(Buffer.from('x ifIndex y'), 2, 9)).toBe(1);
    expect(table.textOf(2)).toBe('ifDescr');
    expect(table.lengthOf(2)).toBe(7);
    const target = new Uint8Array(10);
    expect(table.copy(2, target, 1)).toBe(8);
    expect(Buffer.from(target).toString('latin1')).toBe('\0ifDescr\0\0');
  });

  test('looks a name up without adding it', () => {
    const table = new NameTable();
    expect(table.lookUpText('ifIndex')).toBe(0);
    expect(table.findText('ifDescr')).toBe(1);
    expect(table.lookUpText('ifDescr')).toBe(1);
    expect(table.count).toBe(2);
  });

  test('knows every name again, however small it began', () => {
    const table = new NameTable(4);
    const names = Array.from({ length: 5000 }, (_, i) => `aRatherLongNameOfANode${i}`);
    const numbers = names.map((name) => table.findText(name));
    expect(new Set(numbers).size).toBe(names.length);
    expect(names.map((name) => table.lookUpText(name))).toEqual(numbers);
    expect(numbers.map((number) => table.textOf(number))).toEqual(names);
  });
});
