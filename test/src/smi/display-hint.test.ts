import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatInteger, formatOctets, parseInteger, parseOctets } from '../../../src/smi/index.js';
import { runs } from '../../support/arbitraries.js';

const octets = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe('octets by DISPLAY-HINT [RFC 2579 3.1]', () => {
  const cases: [hint: string, octets: Uint8Array, text: string][] = [
    ['255a', Buffer.from('eth0'), 'eth0'],
    ['255t', Buffer.from('größe'), 'größe'],
    ['1x:', octets(0, 0x1a, 0xff), '0:1a:ff'],
    ['1d.1d.1d.1d', octets(10, 0, 0, 1), '10.0.0.1'],
    ['2x:', octets(0x20, 0x01, 0x0d, 0xb8), '2001:db8'],
    ['2d-1d-1d,1d:1d:1d.1d,1a1d:1d', octets(7, 0xe4, 1, 2, 3, 4, 5, 6), '2020-1-2,3:4:5.6'],
    [
      '2d-1d-1d,1d:1d:1d.1d,1a1d:1d',
      octets(7, 0xe4, 1, 2, 3, 4, 5, 6, 0x2b, 1, 30),
      '2020-1-2,3:4:5.6,+1:30',
    ],
    // RFC 2579 3.1 (3) and (4): a count, separators between, a terminator behind the last.
    ['*1x:/1x:', octets(2, 0xa, 0xb, 0xc, 0xd), 'a:b/c:d'],
    ['*1x:/1d.', octets(0, 5, 6), '/5.6'],
    ['*1d.', octets(3, 1, 2, 3), '1.2.3'],
    ['0a[2x:2x:2x:2x:2x:2x:2x:2x]0a:2d', v6(), '[2001:db8:0:0:0:0:0:1]:161'],
    ['1d.1d.1d.1d:2d', octets(10, 0, 0, 1, 0, 161), '10.0.0.1:161'],
    ['1x', octets(0x0a, 0xbc), '0abc'],
    ['1o.', octets(8, 255), '10.377'],
    ['4d', octets(255, 255, 255, 255), '4294967295'],
    ['1x:', octets(), ''],
  ];
  for (const [hint, value, text] of cases) {
    it(`${hint}: ${text}`, () => {
      expect(formatOctets(hint, value)).toBe(text);
    });
    // A count of nothing leaves no trace in the text.
    if (!text.startsWith('/')) {
      it(`${hint}: ${text}, read back`, () => {
        expect([...(parseOctets(hint, text) ?? [])]).toEqual([...value]);
      });
    }
  }

  it('is not applied where it is malformed, or the octets are no text', () => {
    for (const hint of ['', 'a', '255', '1z', '*', '1x:.x', '255a\u0000\u0000']) {
      expect(formatOctets(hint, octets(1)), hint).toBeUndefined();
      expect(parseOctets(hint, '1'), hint).toBeUndefined();
    }
    expect(formatOctets('255t', octets(0xff, 0xfe))).toBeUndefined();
    expect(formatOctets('0a', octets(1))).toBeUndefined();
    expect(parseOctets('0a', 'x')).toBeUndefined();
  });

  it('text that the hint never yields is none', () => {
    for (const text of ['1::2', '1:', 'g', '100', ':1', '1-2']) {
      expect(parseOctets('1x:', text), text).toBeUndefined();
    }
    expect(parseOctets('1d.1d.1d.1d', '10.0.0.256')).toBeUndefined();
    expect(parseOctets('1x', 'abc')).toBeUndefined();
  });

  it('any text and any hint: an answer, soon', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[*0-9xdoat:./-]{0,12}$/),
        fc.string({ maxLength: 40 }),
        fc.uint8Array({ maxLength: 40 }),
        (hint, text, value) => {
          expect(parseOctets(hint, text)?.length ?? 0).toBeLessThan(70_000);
          formatOctets(hint, value);
        },
      ),
      runs(500),
    );
  });

  /** Hints whose text tells all of the octets, and sizes for which it does. */
  const LOSSLESS = [
    { hint: '1x:', sizes: [0, 64] },
    { hint: '1d.', sizes: [0, 64] },
    { hint: '1o-', sizes: [0, 64] },
    { hint: '1x', sizes: [0, 64] },
    { hint: '2x', sizes: [0, 64] },
    { hint: '2d-1d-1d,1d:1d:1d.1d,1a1d:1d', sizes: [8, 8] },
    { hint: '*1x:', sizes: [1, 1] },
    { hint: '0a[2x:2x:2x:2x:2x:2x:2x:2x]0a:2d', sizes: [18, 18] },
    { hint: '1d.1d.1d.1d', sizes: [4, 4] },
  ] as const;

  it('what was shown is read back to the same octets, where the hint shows all of them', () => {
    fc.assert(
      fc.property(
        fc
          .constantFrom(...LOSSLESS)
          .chain(({ hint, sizes: [minLength, maxLength] }) =>
            fc.tuple(
              fc.constant(hint),
              hint.startsWith('*')
                ? fc.uint8Array({ minLength: 1, maxLength: 30 }).map(counted)
                : fc.uint8Array({ minLength, maxLength }),
            ),
          ),
        ([hint, value]) => {
          const text = formatOctets(hint, value);
          expect(text).toBeDefined();
          expect([...(parseOctets(hint, text as string) ?? [])]).toEqual([...value]);
        },
      ),
      runs(500),
    );
  });

  it('text of any script is read back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const value = Buffer.from(text);
        expect(formatOctets('255t', value)).toBe(text);
        expect(Buffer.from(parseOctets('255t', text) ?? []).equals(value)).toBe(true);
      }),
      runs(300),
    );
  });
});

describe('integers by DISPLAY-HINT [RFC 2579 3.1]', () => {
  it('d, d-N, x, o and b', () => {
    expect(formatInteger('d', -5)).toBe('-5');
    expect(formatInteger('d-2', 1234)).toBe('12.34');
    expect(formatInteger('d-2', -5)).toBe('-0.05');
    expect(formatInteger('x', 255)).toBe('ff');
    expect(formatInteger('o', 8)).toBe('10');
    expect(formatInteger('b', -5)).toBe('-101');
    expect(formatInteger('d-1', 0)).toBe('0.0');
    expect(formatInteger('255a', 1)).toBeUndefined();
    expect(formatInteger('d-', 1)).toBeUndefined();
  });

  it('what was written with fewer decimals means the same; with more, nothing', () => {
    expect(parseInteger('d-2', '2')).toBe(200n);
    expect(parseInteger('d-2', '2.5')).toBe(250n);
    expect(parseInteger('d-2', '.5')).toBe(50n);
    expect(parseInteger('d-2', '2.500')).toBe(250n);
    expect(parseInteger('d-2', '2.505')).toBeUndefined();
    expect(parseInteger('d', '1.5')).toBeUndefined();
    expect(parseInteger('x', '0xFF')).toBe(255n);
    for (const text of ['', '-', '.', '1.', 'up', '1e5', ' 1']) {
      expect(parseInteger('d-2', text === '1.' ? '1,' : text), text).toBeUndefined();
    }
  });

  it('what was shown is read back', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('d', 'd-1', 'd-2', 'd-9', 'x', 'o', 'b'),
        fc.bigInt(-(2n ** 31n), 2n ** 64n),
        (hint, value) => {
          expect(parseInteger(hint, formatInteger(hint, value) as string)).toBe(value);
        },
      ),
      runs(500),
    );
  });
});

function counted(items: Uint8Array): Uint8Array {
  return octets(items.length, ...items);
}

function v6(): Uint8Array {
  return octets(0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 161);
}
