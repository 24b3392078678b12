import { describe, expect, it } from 'vitest';
import { escapeControls, hasControls } from '../../../src/base/index.js';

const ALL = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));
/** In the order of their codes. */
const CONTROLS = ALL.filter((_, code) => code < 0x20 || (code > 0x7e && code < 0xa0)).filter(
  (character) => character !== '\t' && character !== '\n',
);

describe('text for a terminal', () => {
  it('has no control character but tabs and line ends', () => {
    const shown = escapeControls(`a\u001b[31mb\u009b2J\u007f\u0007\tc\r\nd\ne`);
    expect(shown).toBe('a\\u001b[31mb\\u009b2J\\u007f\\u0007\tc\r\nd\ne');
    for (const control of CONTROLS) {
      expect(escapeControls(`x${control}y`)).toBe(
        `x\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}y`,
      );
      expect(hasControls(control)).toBe(true);
    }
  });

  it('stays as it is where there is none, in any script', () => {
    const text = ALL.filter((character) => !CONTROLS.includes(character)).join('');
    expect(escapeControls(`${text} größe 日本 🙂`)).toBe(`${text} größe 日本 🙂`);
    expect(hasControls(text)).toBe(false);
  });

  it('means the same in JSON', () => {
    const value = { text: ALL.join('') };
    expect(JSON.parse(escapeControls(JSON.stringify(value)))).toEqual(value);
  });
});
