import { SnmpError } from '../base/index.js';

/** How a value is come to from the top: keys of objects and places in lists. */
export type ConfigPath = readonly (string | number)[];

/** 1-based, as editors count. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** A value of a JSON text, and from where to where it is written. */
export interface JsonNode {
  readonly start: number;
  readonly end: number;
  readonly value: unknown;
  /** Of an object by key, of a list by place; `keyStart` is where a key is written. */
  readonly children: ReadonlyMap<string | number, JsonNode & { readonly keyStart: number }>;
}

/** Deeper than any configuration is, and far from what a stack holds. */
const MAX_DEPTH = 64;
const LITERALS: Readonly<Record<string, unknown>> = { true: true, false: false, null: null };
/** Keys that JavaScript has a use of its own for: a validator may pass over them. */
const NO_KEYS = new Set(['__proto__', 'prototype', 'constructor']);

/** A text that is no JSON. Its message shows nothing of the text, where secrets may stand. */
export class JsonTextError extends SnmpError {
  readonly position: TextPosition;

  constructor(reason: string, position: TextPosition) {
    super('SNMP_CONFIG_SYNTAX', reason);
    this.position = position;
  }
}

/**
 * JSON (RFC 8259) with the place of every value. Not JSON.parse: that says no place, takes the last
 * of two equal keys in silence, and shows parts of the text in its messages.
 *
 * @throws JsonTextError
 */
export function readJson(text: string): JsonNode {
  const reader = new JsonReader(text);
  return reader.read();
}

/** The place of a value, or of its key where it has one; of what is not there, of its parent. */
export function positionIn(root: JsonNode, text: string, path: ConfigPath): TextPosition {
  let node: JsonNode = root;
  let at = root.start;
  for (const step of path) {
    const child = node.children.get(step);
    if (child === undefined) break;
    node = child;
    at = child.keyStart;
  }
  return lineAndColumn(text, at);
}

function lineAndColumn(text: string, offset: number): TextPosition {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): JsonNode {
    // A byte order mark is what some editors begin a file with.
    if (this.#text.startsWith('\uFEFF')) this.#at = 1;
    this.#skipSpace();
    const node = this.#value(0);
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#refuse('expected the end of the file');
    return node;
  }

  #value(depth: number): JsonNode {
    if (depth > MAX_DEPTH) this.#refuse(`more than ${MAX_DEPTH} levels`);
    const next = this.#text[this.#at];
    if (next === '{') return this.#object(depth);
    if (next === '[') return this.#list(depth);
    const start = this.#at;
    const value = next === '"' ? this.#string() : this.#word();
    return { start, end: this.#at, value, children: new Map() };
  }

  #object(depth: number): JsonNode {
    const start = this.#at;
    const children = new Map<string, JsonNode & { readonly keyStart: number }>();
    this.#members('}', () => {
      const keyStart = this.#at;
      if (this.#text[keyStart] !== '"') this.#refuse('expected a key in double quotes');
      const key = this.#string();
      if (children.has(key)) this.#refuse('this key is there twice', keyStart);
      if (NO_KEYS.has(key)) this.#refuse('this cannot be a key here', keyStart);
      this.#skipSpace();
      this.#take(':', "expected ':' after the key");
      this.#skipSpace();
      children.set(key, { ...this.#value(depth + 1), keyStart });
    });
    const value = Object.fromEntries([...children].map(([key, child]) => [key, child.value]));
    return { start, end: this.#at, value, children };
  }

  #list(depth: number): JsonNode {
    const start = this.#at;
    const children = new Map<number, JsonNode & { readonly keyStart: number }>();
    this.#members(']', () => {
      const keyStart = this.#at;
      children.set(children.size, { ...this.#value(depth + 1), keyStart });
    });
    return {
      start,
      end: this.#at,
      value: [...children.values()].map((one) => one.value),
      children,
    };
  }

  /** What stands between brackets, with commas between. */
  #members(close: string, member: () => void): void {
    this.#at += 1;
    this.#skipSpace();
    if (this.#text[this.#at] === close) {
      this.#at += 1;
      return;
    }
    for (;;) {
      member();
      this.#skipSpace();
      if (this.#text[this.#at] === close) {
        this.#at += 1;
        return;
      }
      this.#take(',', `expected ',' or '${close}'`);
      this.#skipSpace();
      if (this.#text[this.#at] === close) this.#refuse(`a comma before '${close}'`);
    }
  }

  #string(): string {
    const start = this.#at;
    const quoted = this.#match(/"(?:[^"\\\n\r]|\\.)*"/y, 'this string does not end');
    try {
      return JSON.parse(quoted) as string;
    } catch {
      this.#refuse('this string holds a character or an escape that it may not', start);
    }
  }

  #word(): unknown {
    const start = this.#at;
    const what = 'expected a value: a string, a number, true, false, null, { or [';
    const word = this.#match(/[\w.+-]+/y, what);
    if (Object.hasOwn(LITERALS, word)) return LITERALS[word];
    if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(word)) this.#refuse(what, start);
    return Number(word);
  }

  #match(pattern: RegExp, otherwise: string): string {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    if (found === undefined) this.#refuse(otherwise);
    this.#at += found.length;
    return found;
  }

  #take(mark: string, otherwise: string): void {
    if (this.#text[this.#at] !== mark) this.#refuse(otherwise);
    this.#at += 1;
  }

  #skipSpace(): void {
    const space = /[ \t\n\r]*/y;
    space.lastIndex = this.#at;
    this.#at += space.exec(this.#text)?.[0].length ?? 0;
  }

  #refuse(reason: string, offset: number = this.#at): never {
    throw new JsonTextError(reason, lineAndColumn(this.#text, offset));
  }
}
