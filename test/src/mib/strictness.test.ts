import { describe, expect, test } from 'vitest';
import {
  DIAGNOSTIC_CODES,
  compileMibs,
  isDiagnosticCode,
  type CompileOptions,
  type CompileProgress,
  type DiagnosticCode,
} from '../../../src/mib/index.js';
import { moduleText, objectText } from './module-text.js';

/** One clear breach (no comma between labels), one loss (an unknown type). */
const TEXT = moduleText(
  objectText('clear', 'INTEGER { a(1) b(2) }', 1) + objectText('lost', 'Nothing', 2),
);

function severities(options: CompileOptions): string[] {
  return compileMibs([{ path: 'a', text: TEXT }], options).diagnostics.map(
    ({ code, severity }) => `${severity} ${code}`,
  );
}

describe('strictness', () => {
  test('default warns of what is clear in meaning and calls what is lost an error', () => {
    expect(severities({})).toEqual(['warning punctuation-missing', 'error type-unknown']);
    expect(severities({ strictness: 'default' })).toEqual(severities({}));
  });

  test('strict calls an error what the SMI forbids', () => {
    expect(severities({ strictness: 'strict' })).toEqual([
      'error punctuation-missing',
      'error type-unknown',
    ]);
  });

  test('relaxed is silent about what is clear in meaning', () => {
    expect(severities({ strictness: 'relaxed' })).toEqual(['error type-unknown']);
  });

  test('the severity of a single code wins over the preset', () => {
    expect(
      severities({
        strictness: 'relaxed',
        severities: { 'punctuation-missing': 'info', 'type-unknown': 'off' },
      }),
    ).toEqual(['info punctuation-missing']);
  });

  test('an explicit undefined leaves the severity of the preset', () => {
    const spread = { 'type-unknown': undefined } as unknown as Record<DiagnosticCode, 'off'>;
    expect(severities({ severities: spread })).toEqual(severities({}));
  });

  test('what is found does not change what is resolved', () => {
    const model = (strictness: 'strict' | 'default' | 'relaxed'): unknown => [
      ...(compileMibs([{ path: 'a', text: TEXT }], { strictness }).mib.modules.get('TEST-MIB')
        ?.nodes ?? []),
    ];
    expect(model('strict')).toEqual(model('default'));
    expect(model('relaxed')).toEqual(model('default'));
  });

  test('no code is more severe when relaxed, nor less when strict', () => {
    const ranks = ['off', 'info', 'warning', 'error'];
    for (const { severity, strict, relaxed } of Object.values(DIAGNOSTIC_CODES)) {
      expect(ranks.indexOf(strict)).toBeGreaterThanOrEqual(ranks.indexOf(severity));
      expect(ranks.indexOf(relaxed)).toBeLessThanOrEqual(ranks.indexOf(severity));
      expect(relaxed === 'warning' && severity === 'warning').toBe(false);
    }
  });

  test.each([
    [{ strictness: 'harsh' }, 'strictness: expected strict, default, relaxed; got harsh'],
    [
      { severities: { 'no-such-code': 'off' } },
      'severities: expected a code of DIAGNOSTIC_CODES; got no-such-code',
    ],
    [
      { severities: { 'name-case': 'fatal' } },
      'severities.name-case: expected error, warning, info, off; got fatal',
    ],
    [{ severities: 'off' }, 'severities: expected an object of codes and severities; got off'],
  ])('options that are none are refused: %o', (options, message) => {
    expect(() => compileMibs([], options as unknown as CompileOptions)).toThrow(
      expect.objectContaining({ code: 'SNMP_OPTION_INVALID', message }),
    );
  });

  test('a word is known as a code or not', () => {
    expect(isDiagnosticCode('name-case')).toBe(true);
    expect(isDiagnosticCode('toString')).toBe(false);
  });
});

describe('progress', () => {
  test('is told for every text read and every module resolved', () => {
    const heard: CompileProgress[] = [];
    const { mib } = compileMibs(
      [
        { path: 'a', text: TEXT },
        { path: 'b', text: '' },
      ],
      { onProgress: (progress) => heard.push(progress) },
    );
    const reading = heard.filter(({ phase }) => phase === 'reading');
    expect(reading).toEqual([
      { phase: 'reading', done: 1, total: 2 },
      { phase: 'reading', done: 2, total: 2 },
    ]);
    expect(heard.length - reading.length).toBe(mib.modules.size);
    expect(heard.at(-1)).toEqual({
      phase: 'resolving',
      done: mib.modules.size,
      total: mib.modules.size,
    });
  });
});
