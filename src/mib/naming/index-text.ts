import { SnmpError } from '../../base/index.js';
import {
  checkValue,
  equalOids,
  expectation,
  formatOctets,
  isSubIdentifier,
  isText,
  parseOctets,
  wireType,
  type Oid,
  type SnmpValue,
} from '../../smi/index.js';
import type { IndexItem } from '../mib.js';
import { appendIndexPart, fixedSize, hasLength, isInteger, readIndexPart } from './index-parts.js';
import {
  formatInetAddress,
  inetAddressType,
  isPrintable,
  parseInetAddress,
  text as printable,
  type IndexedBefore,
} from './inet-address.js';
import { quoteText, tokenizeName, type NameToken } from './name-tokens.js';

/** One INDEX value of an instance. */
export interface DecodedIndexPart {
  /** The index object. */
  readonly item: IndexItem;
  readonly value: SnmpValue;
  /** The sub-identifiers it has in the name, its length included. */
  readonly arcs: Oid;
  /** As it stands in a name: `2`, `up`, `"abc"`, `10.0.0.1`. */
  readonly text: string;
}

export interface DecodedIndex {
  readonly parts: readonly DecodedIndexPart[];
  /** Sub-identifiers that stand for no INDEX value: too many, or not what the SYNTAX allows. */
  readonly rest: Oid;
}

/** What the sub-identifiers after a column stand for, as far as they can be understood. */
export function decodeIndex(items: readonly IndexItem[], arcs: Oid): DecodedIndex {
  /** BOUNDED by the INDEX clause. */
  const parts: DecodedIndexPart[] = [];
  let offset = 0;
  for (const [i, item] of items.entries()) {
    const isLast = i === items.length - 1;
    const part = offset < arcs.length ? readIndexPart(item, isLast, arcs, offset) : undefined;
    if (part === undefined) break;
    const { value, next } = part;
    const own = arcs.slice(offset, next);
    parts.push({ item, value, arcs: own, text: partText(item, isLast, value, own, parts) });
    offset = next;
  }
  return { parts, rest: arcs.slice(offset) };
}

/** `.2."abc"` or `[2]["abc"]`; plain numbers where nothing else could be read back. */
export function formatIndex(
  items: readonly IndexItem[],
  arcs: Oid,
  style: 'dots' | 'brackets',
  resolveOid: ResolveOid,
): string {
  const numbers = arcs.map((arc) => `.${arc}`).join('');
  const { parts, rest } = decodeIndex(items, arcs);
  if (parts.length === 0) return numbers;
  const shown = parts.map(({ value, text }) => {
    if (style === 'dots') return `.${text}`;
    return value.type === 'ObjectIdentifier' ? `[${value.value.join('.')}]` : `[${text}]`;
  });
  if (rest.length > 0 && style === 'brackets') return numbers;
  const text = shown.join('') + rest.map((arc) => `.${arc}`).join('');
  try {
    return equalOids(parseIndex('', items, tokenizeName(text), resolveOid), arcs) ? text : numbers;
  } catch {
    // What the SYNTAX does not allow can be named by its numbers only.
    return numbers;
  }
}

function partText(
  item: IndexItem,
  isLast: boolean,
  value: SnmpValue,
  arcs: Oid,
  before: readonly IndexedBefore[],
): string {
  switch (value.type) {
    case 'Integer32':
      for (const [label, number] of item.syntax.enums ?? []) {
        if (number === value.value) return label;
      }
      return String(value.value);
    case 'IpAddress':
      return value.value.join('.');
    case 'OctetString':
    case 'Opaque':
      return octetsText(item, isLast, value.value, before) ?? arcs.join('.');
    default:
      return arcs.join('.');
  }
}

function octetsText(
  item: IndexItem,
  isLast: boolean,
  octets: Uint8Array,
  before: readonly IndexedBefore[],
): string | undefined {
  const { syntax } = item;
  const type = inetAddressType(syntax, before);
  const address = type === undefined ? undefined : formatInetAddress(type, octets);
  if (address !== undefined) return quoteText(address, '"');
  const quote = hasLength(item, isLast) ? '"' : "'";
  const hint = syntax.displayHint;
  if (hint !== undefined && !isText(syntax)) {
    const hinted = octets.length === 0 ? '' : formatOctets(hint, octets);
    return hinted === undefined ? undefined : quoteText(hinted, quote);
  }
  return octets.every(isPrintable) ? quoteText(printable(octets), quote) : undefined;
}

/** An OID by a name of its own, within an index. */
export type ResolveOid = (name: string) => Oid;

/**
 * The sub-identifiers of an index that was written. Fewer values than the INDEX has are allowed: a
 * part of a table. Numbers alone are taken as they are.
 *
 * @param name - of the column, for messages.
 * @throws SnmpError SNMP_NAME_INDEX
 */
export function parseIndex(
  name: string,
  items: readonly IndexItem[],
  tokens: readonly NameToken[],
  resolveOid: ResolveOid,
): Oid {
  if (tokens.every(({ kind, isBracketed }) => kind === 'number' && !isBracketed)) {
    return tokens.map(({ text }) => subIdentifier(name, text));
  }
  return new IndexReader(name, items, tokens, resolveOid).read();
}

class IndexReader {
  readonly #name: string;
  readonly #items: readonly IndexItem[];
  readonly #tokens: readonly NameToken[];
  readonly #resolveOid: ResolveOid;
  /** BOUNDED by MAX_SUB_IDENTIFIERS and the tokens. */
  readonly #arcs: number[] = [];
  /** BOUNDED by the INDEX clause. */
  readonly #before: IndexedBefore[] = [];
  #next = 0;

  constructor(
    name: string,
    items: readonly IndexItem[],
    tokens: readonly NameToken[],
    resolveOid: ResolveOid,
  ) {
    this.#name = name;
    this.#items = items;
    this.#tokens = tokens;
    this.#resolveOid = resolveOid;
  }

  read(): Oid {
    for (const [i, item] of this.#items.entries()) {
      const token = this.#tokens[this.#next];
      if (token === undefined) break;
      const isLast = i === this.#items.length - 1;
      if (token.kind === 'number' && !token.isBracketed) this.#numbers(item, isLast);
      else this.#text(item, isLast, token);
    }
    // Whether numbers too many name anything is the agent's to say; text too much names nothing.
    for (const token of this.#tokens.slice(this.#next)) {
      if (token.kind !== 'number') {
        const objects = this.#items.map(({ object }) => object).join(', ');
        throw indexError(
          this.#name,
          `${JSON.stringify(token.text)} is one value too many; the index is ${objects || 'empty'}`,
        );
      }
      this.#arcs.push(subIdentifier(this.#name, token.text));
    }
    return this.#arcs;
  }

  /** A value written as its sub-identifiers; they may end early, with the name. */
  #numbers(item: IndexItem, isLast: boolean): void {
    const start = this.#arcs.length;
    let left = 1;
    if (!isInteger(item.syntax)) {
      if (hasLength(item, isLast)) left = 1 + this.#number(this.#next);
      else left = fixedSize(item.syntax) ?? this.#tokens.length - this.#next;
    }
    for (; left > 0 && this.#next < this.#tokens.length; left--) {
      this.#arcs.push(this.#number(this.#next));
      this.#next += 1;
    }
    const part = readIndexPart(item, isLast, this.#arcs, start);
    if (part !== undefined) this.#before.push({ item, value: part.value });
  }

  #number(at: number): number {
    const token = this.#tokens[at] as NameToken;
    if (token.kind === 'number') return subIdentifier(this.#name, token.text);
    throw indexError(this.#name, `expected a number, got ${JSON.stringify(token.text)}`);
  }

  #text(item: IndexItem, isLast: boolean, token: NameToken): void {
    const value = this.#value(item, token);
    const isFit = value !== undefined && checkValue(item.syntax, value) === undefined;
    if (!isFit || !appendIndexPart(this.#arcs, value, item, isLast)) {
      throw indexError(
        this.#name,
        `${item.object}: expected ${expectation(item.syntax)}, got ${JSON.stringify(token.text)}`,
      );
    }
    this.#before.push({ item, value });
    this.#next += 1;
  }

  #value(item: IndexItem, token: NameToken): SnmpValue | undefined {
    const { syntax } = item;
    const { text } = token;
    const type = wireType(syntax.base);
    switch (type) {
      case 'Integer32':
      case 'Counter32':
      case 'Gauge32':
      case 'TimeTicks': {
        const labelled = /^([A-Za-z][\w-]*)(?:\((\d+)\))?$/.exec(text)?.[1];
        const value = labelled === undefined ? undefined : syntax.enums?.get(labelled);
        if (value !== undefined) return { type: 'Integer32', value };
        return /^\d{1,10}$/.test(text) ? { type, value: Number(text) } : undefined;
      }
      case 'Counter64':
        return /^\d{1,20}$/.test(text) ? { type, value: BigInt(text) } : undefined;
      case 'IpAddress': {
        const value = parseInetAddress(1, text);
        return value === undefined ? undefined : { type, value };
      }
      case 'ObjectIdentifier':
        return { type, value: this.#resolveOid(text) };
      case 'OctetString':
      case 'Opaque': {
        const value = this.#octets(item, token);
        return value === undefined ? undefined : { type, value };
      }
      default:
        return undefined;
    }
  }

  #octets({ syntax }: IndexItem, token: NameToken): Uint8Array | undefined {
    const { text } = token;
    const type = inetAddressType(syntax, this.#before);
    const address = type === undefined ? undefined : parseInetAddress(type, text);
    if (address !== undefined) return address;
    const hint = isText(syntax) ? undefined : syntax.displayHint;
    const hinted = hint === undefined ? undefined : parseOctets(hint, text);
    if (
      hinted !== undefined &&
      checkValue(syntax, { type: 'OctetString', value: hinted }) === undefined
    ) {
      return hinted;
    }
    // A word without quotes is more likely a mistake than a string.
    return token.kind === 'quoted' || token.isBracketed ? Buffer.from(text) : undefined;
  }
}

function subIdentifier(name: string, text: string): number {
  const number = Number(text);
  if (isSubIdentifier(number)) return number;
  throw indexError(name, `expected numbers of 0..4294967295, got ${text.slice(0, 40)}`);
}

function indexError(name: string, reason: string): SnmpError {
  return new SnmpError('SNMP_NAME_INDEX', `index of ${name}: ${reason}`);
}
