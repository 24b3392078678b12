import { describe, expect, it } from 'vitest';
import { decodeRowIndex, encodeRowIndex } from '../../../src/instrumentation/row-index.js';
import type { IndexItem } from '../../../src/mib/index.js';
import type { Oid, Syntax } from '../../../src/smi/index.js';
import {
  ADDRESS,
  COUNTER64,
  INTEGER,
  LETTERS,
  MAC_ADDRESS,
  OBJECT_ID,
  OCTETS,
  ranged,
  sized,
  UNSIGNED,
  UP_DOWN,
} from './definitions.js';

function item(syntax: Syntax, implied = false): IndexItem {
  return { object: 'part', syntax, implied };
}

const LABEL: Syntax = {
  base: 'OctetString',
  sizes: [{ low: 1, high: 32 }],
  conventions: ['TbLabel'],
  displayHint: '32t',
};

describe('row indexes, rule by rule [RFC 2578 7.7]', () => {
  const octets = (...values: number[]): Uint8Array => Uint8Array.from(values);

  const EXAMPLES: readonly [string, readonly IndexItem[], readonly unknown[], Oid][] = [
    ['(1) an integer is its value', [item(INTEGER)], [7], [7]],
    ['(1) an enumeration is its number', [item(UP_DOWN)], ['down'], [2]],
    ['(1) unsigned numbers go up to 2^32-1', [item(UNSIGNED)], [4_294_967_295], [4_294_967_295]],
    [
      '(2) a fixed-length string has no length before it',
      [item(MAC_ADDRESS)],
      [octets(0, 1, 2, 0xfd, 0xfe, 0xff)],
      [0, 1, 2, 253, 254, 255],
    ],
    ['(2) nor has one behind IMPLIED', [item(LABEL, true)], ['abc'], [97, 98, 99]],
    ['(3) another string has', [item(LABEL)], ['abc'], [3, 97, 98, 99]],
    ['(3) an empty string is a length only', [item(OCTETS)], [octets()], [0]],
    ['(3) text counts in octets, not characters', [item(LABEL)], ['é'], [2, 0xc3, 0xa9]],
    ['(4) an OID behind IMPLIED is its arcs', [item(OBJECT_ID, true)], [[1, 3, 6]], [1, 3, 6]],
    ['(5) another OID has their number first', [item(OBJECT_ID)], [[1, 3, 6]], [3, 1, 3, 6]],
    ['(6) an IpAddress is four numbers', [item(ADDRESS)], ['10.0.0.255'], [10, 0, 0, 255]],
    ['BITS are a variable-length string', [item(LETTERS)], [new Set(['a', 'k'])], [2, 0x80, 0x20]],
    [
      'parts follow one another',
      [item(UNSIGNED), item(LABEL), item(ADDRESS), item(LABEL, true)],
      [5, 'ab', '1.2.3.4', 'c'],
      [5, 2, 97, 98, 1, 2, 3, 4, 99],
    ],
  ];
  for (const [title, items, values, arcs] of EXAMPLES) {
    it(title, () => {
      expect(encodeRowIndex(items, values)).toEqual(arcs);
      expect(decodeRowIndex(items, arcs)).toEqual(values);
    });
  }

  const IMPOSSIBLE: readonly [string, readonly IndexItem[], Oid][] = [
    ['nothing', [item(UNSIGNED)], []],
    ['too little', [item(UNSIGNED), item(UNSIGNED)], [1]],
    ['too much', [item(UNSIGNED)], [1, 2]],
    ['an integer above 2^31-1', [item(INTEGER)], [2_147_483_648]],
    ['a number out of range', [item(ranged(UNSIGNED, 1, 1000))], [1001]],
    ['no enumeration', [item(UP_DOWN)], [3]],
    ['a length beyond the end', [item(LABEL)], [4, 97, 98, 99]],
    ['a string that is too long', [item(sized(OCTETS, 0, 2))], [3, 1, 2, 3]],
    ['a fixed string that is too short', [item(MAC_ADDRESS)], [1, 2, 3, 4, 5]],
    ['an octet above 255', [item(LABEL)], [1, 256]],
    ['an empty string behind IMPLIED', [item(UNSIGNED), item(OCTETS, true)], [1]],
    ['octets that are no UTF-8', [item(LABEL)], [1, 0xff]],
    ['three octets of an address', [item(ADDRESS)], [10, 0, 0]],
    ['an OID without arcs', [item(OBJECT_ID)], [0]],
    ['an OID of the one arc 3', [item(OBJECT_ID)], [1, 3]],
    ['an OID that starts with 3', [item(OBJECT_ID)], [2, 3, 1]],
    ['a bit that is not defined', [item(LETTERS)], [1, 0x20]],
  ];
  for (const [title, items, arcs] of IMPOSSIBLE) {
    it(`no row can have ${title} [SET-023]`, () => {
      expect(decodeRowIndex(items, arcs)).toBeUndefined();
    });
  }

  it('an OID as a part of a name may be one of the three that all begin with [X.660]', () => {
    for (const arc of [0, 1, 2]) {
      expect(decodeRowIndex([item(OBJECT_ID)], [1, arc])).toEqual([[arc]]);
      expect(encodeRowIndex([item(OBJECT_ID)], [[arc]])).toEqual([1, arc]);
    }
  });

  const REFUSED: readonly [string, IndexItem, unknown][] = [
    ['a negative number', item(INTEGER), -1],
    ['a number out of range', item(ranged(UNSIGNED, 1, 1000)), 0],
    ['a number for a string', item(LABEL), 7],
    ['nothing', item(UNSIGNED), undefined],
    ['an empty string behind IMPLIED', item(OCTETS, true), ''],
    ['a string longer than any name', item(OCTETS), 'x'.repeat(128)],
    ['a Counter64 above 2^32-1', item(COUNTER64), 4_294_967_296n],
  ];
  for (const [title, part, value] of REFUSED) {
    it(`a program cannot name a row by ${title}, and is told which part`, () => {
      expect(() => encodeRowIndex([part], [value])).toThrow(
        expect.objectContaining({
          code: 'SNMP_ROW_INDEX',
          message: expect.stringContaining('part') as string,
        }) as Error,
      );
    });
  }
});
