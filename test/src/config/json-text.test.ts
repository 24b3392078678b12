import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  JsonTextError,
  positionIn,
  readJson,
  type TextPosition,
} from '../../../src/config/json-text.js';

function refusal(text: string): readonly [string, TextPosition] {
  try {
    readJson(text);
  } catch (error) {
    if (error instanceof JsonTextError) return [error.message, error.position];
    throw error;
  }
  throw new Error('it was taken');
}

const NO_KEYS = new Set(['__proto__', 'prototype', 'constructor']);
const plainKeys = fc.string().filter((key) => !NO_KEYS.has(key));
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(fc.string({ unit: 'binary' }), fc.double({ noNaN: true, noDefaultInfinity: true })),
    fc.constantFrom(true, false, null),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(plainKeys, tie('json'), { maxKeys: 4 }),
  ),
}));

describe('readJson', () => {
  it('reads what JSON.parse reads, however it is spaced', () => {
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, 1, '\t', '\r\n '), (value, space) => {
        const text = JSON.stringify(value, undefined, space);
        expect(readJson(text).value).toEqual(JSON.parse(text));
      }),
    );
  });

  it('takes a text or refuses it as JSON.parse does, whatever is done to it', () => {
    let refused = 0;
    const damaged = fc
      .tuple(json, fc.nat(), fc.nat({ max: 3 }), fc.string({ maxLength: 2 }))
      .map(([value, at, out, put]) => {
        const text = JSON.stringify(value);
        const place = at % (text.length + 1);
        return text.slice(0, place) + put + text.slice(place + out);
      });
    fc.assert(
      fc.property(damaged, (text) => {
        let known: unknown;
        try {
          known = JSON.parse(text);
        } catch {
          refused += 1;
          expect(() => readJson(text)).toThrow(JsonTextError);
          return;
        }
        try {
          expect(readJson(text).value).toEqual(known);
        } catch (error) {
          // The two rules that JSON.parse does not have.
          if (!(error instanceof JsonTextError)) throw error;
          expect(error.message).toMatch(/^this (key is there twice|cannot be a key here)$/);
        }
      }),
    );
    expect(refused).toBeGreaterThan(0);
  });

  it('says where a text goes wrong, and shows nothing of it', () => {
    expect(refusal('')).toEqual([expect.stringContaining('a value'), { line: 1, column: 1 }]);
    expect(refusal('{\n  "a": 1,\n  "b": maple\n}')).toEqual([
      expect.stringContaining('expected a value'),
      { line: 3, column: 8 },
    ]);
    expect(refusal('{"a": [1, 2,]}')).toEqual(["a comma before ']'", { line: 1, column: 13 }]);
    expect(refusal('{"a": 1 "b": 2}')).toEqual(["expected ',' or '}'", { line: 1, column: 9 }]);
    expect(refusal('{a: 1}')).toEqual(['expected a key in double quotes', { line: 1, column: 2 }]);
    expect(refusal('{"a" 1}')[0]).toBe("expected ':' after the key");
    expect(refusal('{"a": "maple\n"}')).toEqual([
      'this string does not end',
      { line: 1, column: 7 },
    ]);
    expect(refusal('["\\x"]')[0]).toContain('an escape');
    expect(refusal('{} {}')[0]).toBe('expected the end of the file');
    expect(refusal('{"a": 1, "a": 2}')).toEqual([
      'this key is there twice',
      { line: 1, column: 10 },
    ]);
    expect(refusal('{"__proto__": 1}')[0]).toBe('this cannot be a key here');
    expect(refusal('['.repeat(100))[0]).toContain('levels');
  });

  it('knows where keys and members of lists stand', () => {
    const text = '\uFEFF{\n  "a": [1,\n    { "b": 2 }]\n}';
    const root = readJson(text);
    expect(positionIn(root, text, ['a'])).toEqual({ line: 2, column: 3 });
    expect(positionIn(root, text, ['a', 1])).toEqual({ line: 3, column: 5 });
    expect(positionIn(root, text, ['a', 1, 'b'])).toEqual({ line: 3, column: 7 });
    expect(positionIn(root, text, ['a', 1, 'missing'])).toEqual({ line: 3, column: 5 });
  });
});
