import { describe, expect, it } from 'vitest';
import { briefNames, tableLines } from '../../../src/cli/ask/table-text.js';

const table = {
  title: 'M::aTable',
  names: ['index', 'aName', 'aKind', 'aVeryLongOne'],
  rows: [
    ['1', 'lo', 'loopback', '5'],
    ['10', 'eth0', '?', '123'],
  ],
  hasIndex: true,
};
const plain = { isLeft: false, hasHeader: true };

describe('a table as snmptable lays it out', () => {
  it('to the right, with a blank before each column', () => {
    expect(tableLines(table, plain)).toEqual([
      'SNMP table: M::aTable',
      '',
      ' index aName    aKind aVeryLongOne',
      '     1    lo loopback            5',
      '    10  eth0        ?          123',
    ]);
  });

  it('to the left, with a blank behind; without header, which keeps its width', () => {
    expect(tableLines(table, { isLeft: true, hasHeader: false })).toEqual([
      '1     lo    loopback 5            ',
      '10    eth0  ?        123          ',
    ]);
  });

  it('with a separator, as it is', () => {
    expect(tableLines(table, { ...plain, separator: '|' }).slice(2)).toEqual([
      'index|aName|aKind|aVeryLongOne',
      '1|lo|loopback|5',
      '10|eth0|?|123',
    ]);
  });

  it('in columns of a width, which cuts what is longer', () => {
    expect(tableLines(table, { ...plain, columnWidth: 5 }).slice(2)).toEqual([
      ' inde aNam aKin aVer',
      '    1   lo loop    5',
      '   10 eth0    ?  123',
    ]);
  });

  it('in parts where lines may not be longer, each with the index, one column at least', () => {
    const parts = tableLines(table, { ...plain, lineWidth: 21 });
    expect(parts).toEqual([
      'SNMP table: M::aTable',
      '',
      ' index aName    aKind',
      '     1    lo loopback',
      '    10  eth0        ?',
      '',
      'SNMP table M::aTable, part 2',
      '',
      ' index aVeryLongOne',
      '     1            5',
      '    10          123',
    ]);
    expect(
      tableLines(table, { ...plain, lineWidth: 1 }).filter((line) => /part/.test(line)),
    ).toEqual(['SNMP table M::aTable, part 2', 'SNMP table M::aTable, part 3']);
    const noIndex = { ...table, hasIndex: false };
    expect(tableLines(noIndex, { ...plain, lineWidth: 15 })[2]).toBe(' index aName');
  });

  it('brief names are without what is common, and never empty', () => {
    expect(briefNames(['ifIndex', 'ifDescr'])).toEqual(['Index', 'Descr']);
    expect(briefNames(['ifIndex'])).toEqual(['ifIndex']);
    expect(briefNames(['a', 'ab'])).toEqual(['a', 'ab']);
    expect(briefNames([])).toEqual([]);
  });
});
