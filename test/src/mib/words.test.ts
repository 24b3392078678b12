import { describe, expect, test } from 'vitest';
import { nextHash } from '../../../src/mib/name-table.js';
import { Words } from '../../../src/mib/words.js';

function find(words: Words, text: string, from: number, to: number): number {
  const codes = Buffer.from(text, 'latin1');
  const hash = codes.subarray(from, to).reduce((sum, code) => nextHash(sum, code), 0);
  return words.find(codes, from, to, hash);
}

describe('the table of words', () => {
  test('gives one number for one word, wherever it stands, and the word for the number', () => {
    const words = new Words(['SYNTAX']);
    const text = 'ifIndex SYNTAX ifIndex';
    const first = find(words, text, 0, 7);
    expect(find(words, text, 15, 22)).toBe(first);
    expect(words.text(first)).toBe('ifIndex');
    expect(words.text(find(words, text, 8, 14))).toBe('SYNTAX');
    expect(words.add('ifIndex')).toBe(first);
  });

  test('keeps words apart whose hashes are the same', () => {
    // 31 * 'A' + 'a' is 31 * 'B' + 'B'.
    const words = new Words();
    const numbers = ['Aa', 'BB', 'AaAa', 'AaBB', 'BBAa', 'BBBB'].map((word) => words.add(word));
    expect(new Set(numbers).size).toBe(6);
    expect(numbers.map((number) => words.text(number))).toEqual([
      'Aa',
      'BB',
      'AaAa',
      'AaBB',
      'BBAa',
      'BBBB',
    ]);
  });

  test('knows each of many words again, however often it has grown', () => {
    const words = new Words();
    const all = Array.from({ length: 20_000 }, (_, i) => `aWordOfAModule${i}`);
    const numbers = all.map((word) => words.add(word));
    expect(all.map((word) => words.add(word))).toEqual(numbers);
    expect(numbers.map((number) => words.text(number))).toEqual(all);
  });
});
