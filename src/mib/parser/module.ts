import type { Definition, ImportGroup, ModuleNode, Name, NodeMacro } from '../ast.js';
import type { DiagnosticLog } from '../diagnostics.js';
import { lexerWords, tokenize } from '../lexer.js';
import type { SourceText } from '../source.js';
import { nearestKeyword } from '../spelling.js';
import { describeToken } from '../token.js';
import { Tokens } from '../tokens.js';
import { parseClauses, type ClauseTable } from './clauses.js';
import {
  AGENT_CAPABILITIES,
  MODULE_COMPLIANCE,
  NOTIFICATION_GROUP,
  OBJECT_GROUP,
} from './conformance.js';
import { Cursor, type Macro } from './cursor.js';
import { MODULE_IDENTITY, OBJECT_IDENTITY, TEXTUAL_CONVENTION } from './identity.js';
import { NOTIFICATION_TYPE, TRAP_TYPE } from './notification.js';
import { OBJECT_TYPE } from './object.js';
import { parseOidValue } from './oid.js';
import { parseSyntax } from './type.js';

const MACRO_TABLES: Readonly<Record<NodeMacro, ClauseTable>> = {
  'MODULE-IDENTITY': MODULE_IDENTITY,
  'OBJECT-IDENTITY': OBJECT_IDENTITY,
  'OBJECT-TYPE': OBJECT_TYPE,
  'NOTIFICATION-TYPE': NOTIFICATION_TYPE,
  'OBJECT-GROUP': OBJECT_GROUP,
  'NOTIFICATION-GROUP': NOTIFICATION_GROUP,
  'MODULE-COMPLIANCE': MODULE_COMPLIANCE,
  'AGENT-CAPABILITIES': AGENT_CAPABILITIES,
};

/** Room for the tokens of one text after the other, with the words of them all. */
export function parserTokens(): Tokens {
  const clauses = Object.values(MACRO_TABLES).flatMap(({ readers }) => [...readers.keys()]);
  return new Tokens(
    lexerWords([...OTHER_WORDS.split(' '), ...clauses, ...Object.keys(MACRO_TABLES)]),
  );
}

/** Words that parsers compare with what they read; clauses and macros are too. */
const OTHER_WORDS =
  'DEFINITIONS BEGIN IMPORTS EXPORTS FROM OBJECT IDENTIFIER OCTET STRING INTEGER SEQUENCE OF SIZE CHOICE SET BIT ' +
  'BITS TEXTUAL-CONVENTION TRAP-TYPE OBJECT-IDENTIFIER TEXTUAL CONVENTION MAX-ACCESS ACCESS MIN-ACCESS ' +
  'WRITE-SYNTAX CREATION-REQUIRES DEFVAL IMPLIED MIN MAX current mandatory deprecated obsolete optional ' +
  'read-only read-write not-accessible read-create write-only accessible-for-notify DisplayString Integer32 ' +
  'Counter32 Counter64 Gauge32 Unsigned32 TimeTicks IpAddress Counter Gauge TruthValue RowStatus ' +
  'ENTERPRISE VARIABLES DISPLAY-HINT enabled disabled other unknown none true false';

export interface ParserOptions {
  /** What is in it is forgotten. */
  readonly tokens: Tokens;
  /** Whether descriptions and references are kept. */
  readonly hasProse: boolean;
}

/** The modules of one text, in order. Total: what cannot be read is reported and skipped. */
export function parseModules(
  source: SourceText,
  log: DiagnosticLog,
  { tokens, hasProse }: ParserOptions,
): ModuleNode[] {
  tokenize(source, log, tokens);
  const cursor = new Cursor(source, tokens, log, hasProse);
  const modules: ModuleNode[] = [];
  for (;;) {
    skipToHeader(cursor, modules.length === 0);
    if (cursor.isKind('end')) break;
    const module = cursor.attempt(
      () => parseModule(cursor),
      () => undefined,
    );
    if (module !== undefined) modules.push(module);
  }
  if (modules.length > 0) return modules;
  cursor.rewind(0);
  return parseHeadless(cursor);
}

const MODULE_EXPECTED = "expected a module: 'NAME DEFINITIONS ::= BEGIN'";

/** Definitions without a module around them get one that is named after the file. */
function parseHeadless(cursor: Cursor): ModuleNode[] {
  while (!cursor.isKind('end') && !cursor.isDefinitionStart() && !cursor.isAt('IMPORTS')) {
    cursor.next();
  }
  if (cursor.isKind('end')) {
    cursor.report(0, 'module-missing', MODULE_EXPECTED);
    return [];
  }
  const { at } = cursor.peek();
  cursor.report(at, 'module-missing', MODULE_EXPECTED);
  const [text = ''] = (cursor.source.path.split(/[\\/]/).at(-1) ?? '').split('.');
  return [parseBody(cursor, { text: text === '' ? 'UNNAMED' : text, at })];
}

/**
 * Words around modules (mail, page headers of RFCs) are passed over; one report per run, but for
 * what stands before the first module.
 */
function skipToHeader(cursor: Cursor, isFirst: boolean): void {
  const at = cursor.at();
  const before = cursor.progress;
  const isClosed = isFirst || cursor.isAt('END', -1);
  while (!cursor.isKind('end') && !isHeader(cursor)) cursor.skip();
  const isText = cursor.progress > before;
  if (isClosed) {
    const from = isFirst ? 0 : cursor.endOf(before - 1);
    cursor.forget(from, cursor.isKind('end') ? Infinity : cursor.peek().at);
  }
  if (isFirst || !isText) return;
  cursor.report(at, 'text-outside', 'expected the next module or the end of the text');
}

/** `NAME DEFINITIONS` or `NAME { ... } DEFINITIONS`, its words exchanged or misspelled as they may be. */
function isHeader(cursor: Cursor): boolean {
  if (!cursor.isWord()) return false;
  if (cursor.isAt('DEFINITIONS', 1)) return true;
  if (!cursor.isKind('upper')) return false;
  if (!cursor.isAt('{', 1)) return isIrregularHeader(cursor);
  const MAX_OID_TOKENS = 200;
  for (let ahead = 2; ahead < MAX_OID_TOKENS; ahead++) {
    if (cursor.isAt('}', ahead)) return cursor.isAt('DEFINITIONS', ahead + 1);
    if (cursor.isKind('end', ahead)) return false;
  }
  return false;
}

/** `NAME ::= DEFINITIONS BEGIN`, `NAME DEFINITION ::= BEGIN`. */
function isIrregularHeader(cursor: Cursor): boolean {
  if (!cursor.isAt('BEGIN', 3) || cursor.isAt('MACRO') || cursor.isAt('MACRO', 1)) return false;
  const at = cursor.isAt('::=', 1) ? 2 : cursor.isAt('::=', 2) ? 1 : 0;
  return at > 0 && nearestKeyword(cursor.peek(at).text, ['DEFINITIONS']) !== undefined;
}

function parseModule(cursor: Cursor): ModuleNode {
  const name = cursor.typeName('the name of a module');
  if (cursor.isAt('{'))
    cursor.attempt(
      () => void parseOidValue(cursor),
      () => undefined,
    );
  if (!cursor.accept('DEFINITIONS')) {
    cursor.report(cursor.peek().at, 'keyword-irregular', `expected DEFINITIONS after ${name.text}`);
    // Behind braces that could not be read to their end it comes; elsewhere only BEGIN does.
    while (!cursor.isKind('end') && !cursor.isAt('BEGIN') && !cursor.accept('DEFINITIONS')) {
      cursor.next();
    }
    if (cursor.accept('BEGIN')) return parseBody(cursor, name);
  }
  if (cursor.isKind('upper') && !cursor.isAt('BEGIN')) {
    cursor.next();
    cursor.accept('TAGS');
  }
  for (const text of ['::=', 'BEGIN']) {
    if (cursor.accept(text)) continue;
    cursor.report(
      cursor.peek().at,
      'punctuation-missing',
      `expected '${text}' in the head of ${name.text}`,
    );
  }
  return parseBody(cursor, name);
}

function parseBody(cursor: Cursor, name: Name): ModuleNode {
  if (cursor.isAt('EXPORTS')) skipExports(cursor);
  /** Order of the text. UNBOUNDED because a module may import as much as it likes. */
  const imports: ImportGroup[] = [];
  const definitions: Definition[] = [];
  const macros: string[] = [];
  while (!isEnd(cursor)) {
    if (cursor.isKind('end') || isHeader(cursor)) {
      const { at } = cursor.peek();
      cursor.report(at, 'module-unterminated', `expected END of module ${name.text}`);
      break;
    }
    const before = cursor.progress;
    cursor.attempt(
      () => parseItem(cursor, imports, definitions, macros),
      () => skipToDefinition(cursor, before),
    );
  }
  return { name, imports, definitions, macros };
}

/** Takes the END of a module; one before further definitions is reported and counts for nothing. */
function isEnd(cursor: Cursor): boolean {
  while (cursor.isAt('END')) {
    const { at } = cursor.next();
    if (!cursor.isDefinitionStart() || isHeader(cursor)) return true;
    cursor.report(at, 'token-unexpected', 'expected END only after the last definition');
  }
  return false;
}

/** Panic mode: goes on at the next definition, at END or at the next module. */
function skipToDefinition(cursor: Cursor, before: number): void {
  // What failed may have run over the beginning of the next one.
  cursor.rewind(before);
  // A definition that was refused at its first word would be tried for ever.
  if (cursor.progress === before) cursor.next();
  while (!cursor.isKind('end') && !cursor.isDefinitionStart() && !cursor.isAt('END')) {
    if (isHeader(cursor)) return;
    cursor.next();
  }
}

function skipExports(cursor: Cursor): void {
  while (!cursor.accept(';') && !cursor.isKind('end')) {
    if (cursor.isAt('IMPORTS') || cursor.isDefinitionStart()) {
      cursor.report(cursor.peek().at, 'punctuation-missing', "expected ';' at the end of EXPORTS");
      return;
    }
    cursor.next();
  }
}

function parseItem(
  cursor: Cursor,
  imports: ImportGroup[],
  definitions: Definition[],
  macros: string[],
): void {
  if (isImportsStart(cursor)) {
    parseImports(cursor, imports);
    return;
  }
  if (cursor.isKind('symbol')) {
    const { at, text } = cursor.next();
    cursor.report(at, 'punctuation-superfluous', `expected no '${text}' here`);
    return;
  }
  if (cursor.isAt('MACRO', 1)) {
    macros.push(cursor.next().text);
    skipMacro(cursor);
    return;
  }
  const definition = parseDefinition(cursor);
  if (definition !== undefined) definitions.push(definition);
}

/** In any letters; but an object may be called `imports`. */
function isImportsStart(cursor: Cursor): boolean {
  if (!cursor.isLike('IMPORTS') && !cursor.isAt('IMPORT')) return false;
  return !cursor.isAt('::=', 1) && !(cursor.isKind('lower') && cursor.isDefinitionStart());
}

function parseImports(cursor: Cursor, imports: ImportGroup[]): void {
  cursor.next();
  let symbols: Name[] = [];
  while (!cursor.accept(';')) {
    if (symbols.length === 0 && imports.length > 0 && cursor.isDefinitionStart()) {
      cursor.report(cursor.peek().at, 'punctuation-missing', "expected ';' at the end of IMPORTS");
      return;
    }
    if (cursor.accept('FROM')) {
      imports.push({ from: parseModuleName(cursor), symbols });
      symbols = [];
      continue;
    }
    if (!cursor.isWord()) {
      skipWithinImports(cursor);
      continue;
    }
    symbols.push({ text: cursor.word(), at: cursor.at() });
    cursor.skip();
    if (!cursor.accept(',') && !cursor.isAt('FROM') && cursor.isKind('lower')) {
      cursor.report(cursor.peek().at, 'punctuation-missing', "expected ',' before the next import");
    }
  }
  const [left] = symbols;
  if (left !== undefined) {
    cursor.report(left.at, 'token-unexpected', `expected FROM and a module for '${left.text}'`);
  }
}

function parseModuleName(cursor: Cursor): Name {
  while (cursor.isKind('symbol') && cursor.isWord(1)) {
    const stray = cursor.next();
    cursor.report(stray.at, 'punctuation-superfluous', `expected no '${stray.text}' after FROM`);
  }
  const { at, kind, text } = cursor.peek();
  if (kind === 'string') {
    cursor.report(at, 'quotes-irregular', 'expected the name of a module without quotes');
    cursor.next();
    return { text, at };
  }
  const from = cursor.typeName('the name of a module after FROM');
  if (cursor.isAt('{')) parseOidValue(cursor);
  if (!cursor.isAt(',')) return from;
  const comma = cursor.next();
  cursor.report(comma.at, 'punctuation-superfluous', `expected no ',' after module ${from.text}`);
  return from;
}

/** One stray token costs no import; but an assignment means that the IMPORTS are over. */
function skipWithinImports(cursor: Cursor): void {
  const expected = "a name, FROM or ';' in IMPORTS";
  const token = cursor.peek();
  if (token.kind === 'end' || cursor.isAt('::=') || cursor.isAt('{')) cursor.fail(expected);
  cursor.report(
    token.at,
    'token-unexpected',
    `expected ${expected}, found ${describeToken(token)}`,
  );
  cursor.next();
}

/** To its END; where that was forgotten, to the first definition that no macro holds. */
function skipMacro(cursor: Cursor): void {
  while (!cursor.isKind('end') && !cursor.accept('END')) {
    if (cursor.isKind('lower') && cursor.isDefinitionStart()) return;
    if (isHeader(cursor)) return;
    cursor.next();
  }
}

function parseDefinition(cursor: Cursor): Definition | undefined {
  const isUpper = cursor.isKind('upper', 1);
  if (isUpper) {
    const second = cursor.word(1);
    if (second === 'OBJECT' && cursor.isAt('IDENTIFIER', 2)) return parseValue(cursor);
    if (second === 'OBJECT-IDENTIFIER') return parseValue(cursor);
    if (second === 'TEXTUAL-CONVENTION') return parseType(cursor);
    const macro = cursor.isDefinitionStart() ? cursor.macroAt(1) : undefined;
    if (macro === 'TRAP-TYPE') return parseTrap(cursor);
    if (macro !== undefined) return parseMacro(cursor, macro);
  }
  if (cursor.isAt('::=', 1)) {
    // `name ::= { top 5 }`: only an OBJECT IDENTIFIER is written so.
    return cursor.isKind('lower') && cursor.isAt('{', 2) ? parseValue(cursor) : parseType(cursor);
  }
  if (cursor.isKind('lower') && isUpper) return skipValue(cursor);
  if (cursor.isWord()) {
    cursor.next();
    return cursor.fail("a macro such as OBJECT-TYPE, OBJECT IDENTIFIER or '::=' after the name");
  }
  return cursor.fail('a definition or END');
}

/** Takes `::=`; where braces stand without it, it was forgotten, and where it stands twice, copied. */
function expectAssignment(cursor: Cursor): void {
  if (!cursor.isAt('::=') && (cursor.isAt('{') || cursor.isAt('TEXTUAL-CONVENTION'))) {
    cursor.report(cursor.peek().at, 'assignment-malformed', "expected '::=' before the value");
    return;
  }
  cursor.expect('::=');
  while (cursor.isAt('::=') || (cursor.isAt('}') && cursor.isAt('::=', 1))) {
    cursor.report(cursor.next().at, 'assignment-malformed', "expected '::=' only once");
  }
}

function parseValue(cursor: Cursor): Definition {
  const name = cursor.valueName('the name of an OBJECT IDENTIFIER');
  if (cursor.isAt('OBJECT-IDENTIFIER')) {
    cursor.report(
      cursor.next().at,
      'type-irregular',
      'expected OBJECT IDENTIFIER without a hyphen',
    );
  } else if (cursor.accept('OBJECT')) {
    cursor.expect('IDENTIFIER');
  } else {
    cursor.report(cursor.peek().at, 'type-missing', 'expected OBJECT IDENTIFIER after the name');
  }
  expectAssignment(cursor);
  return { kind: 'value', name, oid: parseOidValue(cursor) };
}

/** The name of a definition and the macro behind it, spelled as it may be. */
function parseHead(cursor: Cursor, macro: Macro): Name {
  const name = cursor.valueName(`the name of an ${macro}`);
  if (!cursor.isAt(macro)) {
    const { at, text } = cursor.peek();
    cursor.report(at, 'keyword-irregular', `expected ${macro}, found '${text}'`);
  }
  cursor.skip();
  return name;
}

function parseMacro(cursor: Cursor, macro: NodeMacro): Definition {
  const name = parseHead(cursor, macro);
  const clauses = parseClauses(cursor, macro, MACRO_TABLES[macro]);
  expectAssignment(cursor);
  return { kind: 'macro', macro, name, clauses, oid: parseOidValue(cursor) };
}

/** `::= 5`. A trap that has an OBJECT IDENTIFIER in the stead of a number is a notification. */
function parseTrap(cursor: Cursor): Definition {
  const name = parseHead(cursor, 'TRAP-TYPE');
  const clauses = parseClauses(cursor, 'TRAP-TYPE', TRAP_TYPE);
  expectAssignment(cursor);
  const { at } = cursor.peek();
  if (!cursor.isAt('{')) {
    const number = Number(cursor.number('the number of the trap').text);
    return { kind: 'trap', name, clauses, number };
  }
  cursor.report(at, 'value-irregular', 'expected the number of the trap without braces');
  const oid = parseOidValue(cursor);
  const [first] = oid;
  if (oid.length === 1 && first?.number !== undefined && first.name === undefined) {
    return { kind: 'trap', name, clauses, number: first.number };
  }
  return { kind: 'macro', macro: 'NOTIFICATION-TYPE', name, clauses, oid };
}

function parseType(cursor: Cursor): Definition {
  const name = cursor.typeName('the name of a type');
  expectAssignment(cursor);
  if (cursor.isAt('TEXTUAL') && cursor.isAt('CONVENTION', 1)) {
    cursor.report(
      cursor.next().at,
      'keyword-irregular',
      'expected TEXTUAL-CONVENTION with a hyphen',
    );
    cursor.next();
  } else if (!cursor.accept('TEXTUAL-CONVENTION')) {
    return { kind: 'type', name, syntax: parseSyntax(cursor) };
  }
  // `Name TEXTUAL-CONVENTION ::= STATUS ...`
  if (cursor.isAt('::=')) {
    cursor.report(
      cursor.next().at,
      'assignment-malformed',
      "expected '::=' before TEXTUAL-CONVENTION",
    );
  }
  return {
    kind: 'convention',
    name,
    clauses: parseClauses(cursor, 'TEXTUAL-CONVENTION', TEXTUAL_CONVENTION),
  };
}

/** `name Type ::= value`: ASN.1 that names no node of the tree. */
function skipValue(cursor: Cursor): undefined {
  const name = cursor.next();
  parseSyntax(cursor);
  cursor.expect('::=');
  cursor.report(
    name.at,
    'value-ignored',
    `'${name.text}' names no OBJECT IDENTIFIER and is passed over; expected a name of the tree`,
  );
  if (!cursor.isAt('{')) {
    cursor.accept('-');
    cursor.next();
  } else {
    parseOidValue(cursor);
  }
}
