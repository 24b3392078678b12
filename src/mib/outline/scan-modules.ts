import { oidPart, type OidPart } from '../ast.js';
import type { ValueDefinition } from '../definition.js';
import { namedOnTheWay, trapOid } from '../lower.js';
import { MAX_SUB_IDENTIFIER } from '../../smi/index.js';
import { MacroLikeness } from './macro-likeness.js';
import type { NodeColumns } from './node-columns.js';
import { readDefinition } from './read-definition.js';
import { skipClauses, skipMacro } from './skip-clauses.js';
import { scanSyntax } from './scan-syntax.js';
import {
  ASSIGN,
  CLOSE,
  CLOSE_ROUND,
  COMMA,
  END_OF_TEXT,
  LOWER,
  NOT_PLAIN,
  notPlain,
  NUMBER,
  OPEN,
  OPEN_ROUND,
  PlainTokens,
  SEMICOLON,
  STRING,
  UPPER,
} from './plain-tokens.js';
import {
  BEGIN,
  CONTACT_INFO,
  DEFINITIONS,
  DESCRIPTION,
  DISPLAY_HINT,
  END,
  ENTERPRISE,
  EXPORTS,
  FROM,
  IDENTIFIER,
  IMPORTS,
  isMacro,
  LAST_UPDATED,
  MACRO,
  MODULE_IDENTITY,
  OBJECT,
  ORGANIZATION,
  REFERENCE,
  REVISION,
  SEQUENCE,
  STATUS,
  SYNTAX,
  TEXTUAL_CONVENTION,
  TRAP_TYPE,
} from './plain-words.js';

/** What a text says of one module, by numbers of names. */
export interface ScannedModule {
  readonly name: number;
  /** Its nodes, in a row: the first of them, and the first that is none of them. */
  readonly from: number;
  readonly to: number;
  /** Likewise its imports and its types, in their lists. */
  readonly importsFrom: number;
  readonly importsTo: number;
  readonly typesFrom: number;
  readonly typesTo: number;
  /** LAST-UPDATED as it is written. */
  readonly lastUpdated: string | undefined;
  /** Where names are defined more than once, which of them is meant depends on the place. */
  readonly repeats: Repeats | undefined;
}

export interface Repeats {
  /** Definitions of names that earlier ones have, in the order of the text. */
  readonly definitions: readonly ValueDefinition[];
  /** In pairs, by node: the offsets of the definition and of its value. */
  readonly offsets: Int32Array;
}

/** In an outline, nothing is known of where in a text something stands. */
const AT = 0;
/** YYYYMMDDHHMMZ */
const DATE_LENGTH = 13;

/**
 * Reads the names of the modules of a text, and where they are in the tree, without the rest. Only
 * of texts that are written as they should be, so far as it shows: of others the compiler proper
 * knows what was meant, and nothing here guesses.
 */
export class ModuleScanner {
  readonly #tokens = new PlainTokens();
  readonly #columns: NodeColumns;
  readonly #macros = new MacroLikeness();
  /** All of the module that is read. BOUNDED by its text. */
  #offsets: number[] = [];
  #repeats: ValueDefinition[] = [];
  /** Of the value that was read last. */
  #valueAt = 0;
  /** The parent's name that was read last: its offsets and its number. */
  #parentAt = 0;
  #parentEnd = 0;
  #parent = 0;
  /** The enterprise of the standard traps, which have OIDs of their own. */
  readonly #snmp: number;

  constructor(columns: NodeColumns) {
    this.#columns = columns;
    this.#snmp = columns.names.findText('snmp');
  }

  /** @returns undefined where the text is not plain, of which nothing is kept then. */
  scan(codes: Buffer): readonly ScannedModule[] | undefined {
    const { count, imports, types } = this.#columns;
    const [importsCount, typesCount] = [imports.count, types.count];
    try {
      return this.#modules(codes);
    } catch (error) {
      if (error !== NOT_PLAIN) throw error;
      this.#columns.truncate(count);
      imports.truncate(importsCount);
      types.truncate(typesCount);
      return undefined;
    }
  }

  #modules(codes: Buffer): ScannedModule[] {
    const tokens = this.#tokens;
    tokens.begin(codes);
    this.#parentEnd = this.#parentAt;
    const modules: ScannedModule[] = [];
    tokens.next();
    do modules.push(this.#module());
    while (tokens.kind !== END_OF_TEXT);
    return modules;
  }

  #module(): ScannedModule {
    const tokens = this.#tokens;
    if (tokens.kind !== UPPER || tokens.word !== 0) notPlain();
    const name = this.#name();
    this.#expectWord(DEFINITIONS);
    this.#expect(ASSIGN);
    this.#expectWord(BEGIN);
    const from = this.#columns.count;
    const importsFrom = this.#columns.imports.count;
    const typesFrom = this.#columns.types.count;
    this.#offsets = [];
    this.#repeats = [];
    let lastUpdated: string | undefined;
    tokens.next();
    if (tokens.kind === UPPER && tokens.word === EXPORTS) this.#skipExports();
    while (tokens.kind !== UPPER || tokens.word !== END) {
      if (tokens.kind === UPPER && tokens.word === IMPORTS) {
        this.#importLists();
        continue;
      }
      const updated = this.#definition(from);
      lastUpdated ??= updated;
    }
    tokens.next();
    this.#nameArcs(from, importsFrom);
    return {
      name,
      from,
      to: this.#columns.count,
      importsFrom,
      importsTo: this.#columns.imports.count,
      typesFrom,
      typesTo: this.#columns.types.count,
      lastUpdated,
      repeats:
        this.#repeats.length === 0
          ? undefined
          : { definitions: this.#repeats, offsets: Int32Array.from(this.#offsets) },
    };
  }

  #expect(kind: number): void {
    if (this.#tokens.next() !== kind) notPlain();
  }

  #expectWord(word: number): void {
    if (this.#tokens.next() !== UPPER || this.#tokens.word !== word) notPlain();
  }

  /** The number of the name that the token is. */
  #name(): number {
    const { codes, from, to } = this.#tokens;
    return this.#columns.names.findAt(codes, from, to);
  }

  /** To behind the semicolon. Words without a comma between may be a definition. */
  #skipExports(): void {
    const tokens = this.#tokens;
    let isSeparate = true;
    for (let kind = tokens.next(); kind !== SEMICOLON; kind = tokens.next()) {
      const isWord = kind === LOWER || (kind === UPPER && tokens.word !== IMPORTS);
      if (kind !== COMMA && !(isWord && isSeparate)) notPlain();
      isSeparate = kind === COMMA;
    }
    tokens.next();
  }

  #importLists(): void {
    const tokens = this.#tokens;
    const { imports } = this.#columns;
    let pending = imports.count;
    let isSeparate = true;
    for (let kind = tokens.next(); kind !== SEMICOLON; kind = tokens.next()) {
      if (kind === COMMA) {
        isSeparate = true;
      } else if (kind !== UPPER && kind !== LOWER) {
        notPlain();
      } else if (tokens.word !== FROM || kind === LOWER) {
        if (!isSeparate) notPlain();
        isSeparate = false;
        imports.push(this.#name());
        imports.push(0);
      } else {
        if (pending === imports.count) notPlain();
        this.#expect(UPPER);
        if (tokens.word !== 0) notPlain();
        const from = this.#name();
        for (; pending < imports.count; pending += 2) imports.set(pending + 1, from);
        isSeparate = true;
      }
    }
    // Symbols that come from nowhere.
    if (pending < imports.count) notPlain();
    tokens.next();
  }

  /** Leaves the token behind the definition. @returns LAST-UPDATED, where there is one. */
  #definition(from: number): string | undefined {
    const tokens = this.#tokens;
    const { kind, from: at, word } = tokens;
    if ((kind !== UPPER && kind !== LOWER) || this.#isLikeImports()) notPlain();
    const name = this.#name();
    const next = tokens.next();
    if (next === UPPER && tokens.word === MACRO) {
      skipMacro(tokens, this.#macros);
      this.#columns.types.push(name);
      return undefined;
    }
    if (kind === UPPER && word !== 0) notPlain();
    if (next === ASSIGN) {
      this.#type(name, kind);
      return undefined;
    }
    if (next !== UPPER) notPlain();
    const isNew = this.#columns.find(name, from, this.#columns.count) === -1;
    const updated = this.#node(name);
    if (isNew) this.#offsets.push(at, this.#valueAt);
    else this.#repeat(at);
    return updated;
  }

  /** From the word behind the name. @returns LAST-UPDATED, where there is one. */
  #node(name: number): string | undefined {
    const tokens = this.#tokens;
    const { word } = tokens;
    if (word === OBJECT) {
      this.#expectWord(IDENTIFIER);
      this.#expect(ASSIGN);
      this.#value(name);
      return undefined;
    }
    if (!isMacro(word)) notPlain();
    if (word === TRAP_TYPE) {
      this.#trap(name);
      return undefined;
    }
    this.#expect(UPPER);
    const updated = word === MODULE_IDENTITY ? this.#identity() : undefined;
    if (updated === undefined) skipClauses(tokens, this.#macros);
    this.#value(name);
    return updated;
  }

  /** The definition that was read last, from its name on, is one more of a name. */
  #repeat(at: number): void {
    this.#columns.truncate(this.#columns.count - 1);
    const { codes, kind, from } = this.#tokens;
    const text = codes.toString('latin1', at, kind === END_OF_TEXT ? codes.length : from);
    this.#repeats.push(readDefinition(text, at) ?? notPlain());
  }

  /** IMPORTS is read in whatever case its letters are. */
  #isLikeImports(): boolean {
    const { codes, from, to } = this.#tokens;
    if (to - from !== 7 && to - from !== 6) return false;
    const [first = 0, second = 0] = [codes[from], codes[from + 1]];
    return (first | 0x20) === 0x69 && (second | 0x20) === 0x6d;
  }

  /**
   * The clauses of MODULE-IDENTITY, all of which have a text, to the `::=` behind them. Which of two
   * modules of one name counts depends on the first one.
   */
  #identity(): string {
    const tokens = this.#tokens;
    if (tokens.word !== LAST_UPDATED) notPlain();
    this.#expect(STRING);
    const { from } = tokens;
    const to = Math.min(tokens.to, from + DATE_LENGTH);
    const updated = tokens.codes.toString('latin1', from, to);
    while (tokens.next() !== ASSIGN) {
      const { kind, word } = tokens;
      const isText =
        word === ORGANIZATION || word === CONTACT_INFO || word === DESCRIPTION || word === REVISION;
      if (kind !== UPPER || !isText) notPlain();
      this.#expect(STRING);
    }
    return updated;
  }

  /** From the `::=` to behind the braces. */
  #value(name: number): void {
    const tokens = this.#tokens;
    this.#expect(OPEN);
    this.#valueAt = tokens.from;
    tokens.next();
    if (tokens.kind !== LOWER) {
      this.#oddValue(name, []);
      return;
    }
    const parent = this.#parentName();
    let [length, first, second] = [0, 0, 0];
    for (let kind = tokens.next(); kind !== CLOSE; kind = tokens.next()) {
      if (kind !== NUMBER || length === 2) {
        const parts = [oidPart(AT, this.#columns.names.textOf(parent))];
        if (length > 0) parts.push(oidPart(AT, undefined, first));
        if (length > 1) parts.push(oidPart(AT, undefined, second));
        this.#oddValue(name, parts);
        return;
      }
      if (length === 0) first = this.#subIdentifier();
      else second = this.#subIdentifier();
      length += 1;
    }
    this.#columns.add(name, parent, length, first, second);
    tokens.next();
  }

  /** As `#name`, where it mostly is that of the node before. */
  #parentName(): number {
    const { codes, from, to } = this.#tokens;
    const at = this.#parentAt;
    if (!isSame(codes, at, this.#parentEnd, from, to)) this.#parent = this.#name();
    this.#parentAt = from;
    this.#parentEnd = to;
    return this.#parent;
  }

  /** `{ iso org(3) 6 1 }`, from the first token that no name and two numbers are made of. */
  #oddValue(name: number, parts: OidPart[]): void {
    const tokens = this.#tokens;
    const { names } = this.#columns;
    for (let { kind } = tokens; kind !== CLOSE; { kind } = tokens) {
      if (kind === NUMBER) {
        parts.push(oidPart(AT, undefined, this.#subIdentifier()));
        tokens.next();
      } else if (kind === OPEN_ROUND && parts.at(-1)?.number === undefined) {
        const last = parts.pop() ?? notPlain();
        this.#expect(NUMBER);
        parts.push(oidPart(AT, last.name, this.#subIdentifier()));
        this.#expect(CLOSE_ROUND);
        tokens.next();
      } else if (kind === LOWER || kind === UPPER) {
        // A clause may begin here, where the braces were never closed.
        if (kind === UPPER && (tokens.word !== 0 || this.#macros.isLike(tokens))) notPlain();
        parts.push(oidPart(AT, names.textOf(this.#name())));
        tokens.next();
      } else {
        notPlain();
      }
    }
    if (parts.length === 0) notPlain();
    this.#columns.addOdd(name, parts);
    tokens.next();
  }

  /** Nodes that others name on their way, and nothing else defines, are nodes of this module. */
  #nameArcs(from: number, importsFrom: number): void {
    const columns = this.#columns;
    let imported: Set<number> | undefined;
    for (let node = from; node < columns.count; node++) {
      for (const { name, oid } of namedOnTheWay(columns.oddParts(node) ?? [])) {
        const number = columns.names.findText(name);
        if (columns.find(number, from, columns.count) !== -1) continue;
        imported ??= this.#imported(importsFrom);
        if (imported.has(number)) continue;
        columns.addOdd(number, oid);
        const valueAt = this.#offsets[(node - from) * 2 + 1] as number;
        this.#offsets.push(valueAt, valueAt);
      }
    }
  }

  /** The numbers of the names that the module imports. */
  #imported(importsFrom: number): Set<number> {
    const { imports } = this.#columns;
    const names = new Set<number>();
    for (let i = importsFrom; i < imports.count; i += 2) names.add(imports.at(i));
    return names;
  }

  #subIdentifier(): number {
    const { codes, from, to } = this.#tokens;
    let value = 0;
    for (let i = from; i < to; i++) value = value * 10 + (codes[i] as number) - 0x30;
    return value <= MAX_SUB_IDENTIFIER ? value : notPlain();
  }

  #trap(name: number): void {
    const tokens = this.#tokens;
    this.#expectWord(ENTERPRISE);
    const isBraced = tokens.next() === OPEN;
    if (isBraced) tokens.next();
    const enterprise = tokens.kind === LOWER ? this.#name() : notPlain();
    if (isBraced) this.#expect(CLOSE);
    tokens.next();
    // `Word ::= 5` reads as a definition of its own.
    if (skipClauses(tokens, this.#macros) === UPPER) notPlain();
    this.#expect(NUMBER);
    this.#valueAt = tokens.from;
    const number = this.#subIdentifier();
    if (enterprise === this.#snmp) {
      this.#columns.addOdd(name, trapOid([oidPart(AT, 'snmp')], number, AT));
    } else {
      this.#columns.add(name, enterprise, 2, 0, number);
    }
    tokens.next();
  }

  /** @param nameKind - `row ::= SEQUENCE` is understood, but no other type in small letters. */
  #type(name: number, nameKind: number): void {
    const tokens = this.#tokens;
    this.#expect(UPPER);
    const { word } = tokens;
    if (nameKind === LOWER && word !== SEQUENCE && word !== TEXTUAL_CONVENTION) notPlain();
    if (word === TEXTUAL_CONVENTION) this.#conventionClauses();
    scanSyntax(tokens);
    this.#columns.types.push(name);
  }

  /** To behind SYNTAX, which comes last. */
  #conventionClauses(): void {
    const tokens = this.#tokens;
    for (;;) {
      this.#expect(UPPER);
      const { word } = tokens;
      if (word === SYNTAX) break;
      if (word === STATUS) this.#expect(LOWER);
      else if (word === DESCRIPTION || word === REFERENCE || word === DISPLAY_HINT) {
        this.#expect(STRING);
      } else {
        notPlain();
      }
    }
    tokens.next();
  }
}

function isSame(codes: Uint8Array, at: number, end: number, from: number, to: number): boolean {
  if (end - at !== to - from) return false;
  for (let i = from, j = at; i < to; i++, j++) if (codes[i] !== codes[j]) return false;
  return true;
}
