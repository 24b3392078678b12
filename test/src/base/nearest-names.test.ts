import { describe, expect, it } from 'vitest';
import { didYouMean, nearestNames } from '../../../src/base/index.js';

const KNOWN = ['sysDescr', 'sysName', 'sysUpTime', 'sysLocation', 'ifIndex', 'x'];

describe('names that are near another', () => {
  it.each([
    ['sysname', ['sysName']],
    ['sysUptme', ['sysUpTime']],
    ['sysLocaton', ['sysLocation']],
    ['ifIndx', ['ifIndex']],
    ['nothingLikeIt', []],
    ['', ['x']],
  ])('of %s are %j', (wanted, near) => {
    expect(nearestNames(wanted, KNOWN)).toEqual(near);
  });

  it('are three at most, the nearest first', () => {
    const known = ['abcdXX', 'abcdeX', 'abcdef', 'abcXXf', 'abcdefg'];
    expect(nearestNames('abcdef', known)).toEqual(['abcdef', 'abcdeX', 'abcdefg']);
  });

  it('are asked for at the end of a message', () => {
    expect(didYouMean(['a', 'b'])).toBe('; did you mean a, b?');
    expect(didYouMean([])).toBe('');
  });
});
