import { describe, expect, it } from 'vitest';
import { applicationOptions } from '../../../src/cli/ask/application-options.js';
import { withJoinedWords } from '../../../src/cli/joined-words.js';

describe("letters of net-snmp's -C", () => {
  const letters = { flags: 'biH', numbers: 'wr', words: 'f' };

  it('stand together or apart, with numbers and words behind them', () => {
    for (const words of [['ibw80f, '], ['i', 'b', 'w80', 'f, '], ['w80ib', 'f, ']]) {
      const options = applicationOptions(words, letters);
      expect(['i', 'b', 'H'].map((flag) => options.has(flag))).toEqual([true, true, false]);
      expect([options.number('w'), options.number('r')]).toEqual([80, undefined]);
      expect(options.word('f')).toBe(', ');
    }
  });

  it('that are unknown or lack what belongs behind them are said', () => {
    expect(() => applicationOptions(['iz'], letters)).toThrow(
      '-C knows no z: expected letters of b',
    );
    expect(() => applicationOptions(['w'], letters)).toThrow('expected an integer');
    expect(() => applicationOptions(['f'], letters)).toThrow('-Cf needs a word behind it');
    expect(() => applicationOptions(['i5'], letters)).toThrow('-C knows no 5');
  });

  it('a word that stands apart is joined to its letter, in the commands that have one', () => {
    const call = (...words: string[]): string[] => withJoinedWords(['node', 'trellis', ...words]);
    expect(call('table', '-Cf', '|', '-Ciw', '80', 'a', 'b').slice(3)).toEqual([
      '-Cf|',
      '-Ciw80',
      'a',
      'b',
    ]);
    expect(call('walk', '-CE', 'sysName', 'a').slice(3)).toEqual(['-CEsysName', 'a']);
    expect(call('table', '-Ci', 'a', 'b').slice(3)).toEqual(['-Ci', 'a', 'b']);
    expect(call('table', '-Cw80', 'a', '-Cf').slice(3)).toEqual(['-Cw80', 'a', '-Cf']);
    expect(call('bulkget', '-Cr', '5').slice(3)).toEqual(['-Cr', '5']);
    expect(withJoinedWords(['node', 'trellis'])).toEqual(['node', 'trellis']);
  });
});
