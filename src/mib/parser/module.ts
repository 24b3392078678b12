import type { Definition, ImportGroup, ModuleNode, Name, NodeMacro } from '../ast.js';
import type { DiagnosticLog } from '../diagnostics.js';
import { tokenize } from '../lexer.js';
import type { SourceText } from '../source.js';
import { describeToken } from '../token.js';
import { parseClauses, type ClauseTable } from './clauses.js';
import {
  AGENT_CAPABILITIES,
  MODULE_COMPLIANCE,
  NOTIFICATION_GROUP,
  OBJECT_GROUP,
} from './conformance.js';
import { Cursor } from './cursor.js';
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

/** The modules of one text, in order. Total: what cannot be read is reported and skipped. */
export function parseModules(source: SourceText, log: DiagnosticLog): ModuleNode[] {
  const cursor = new Cursor(source, tokenize(source, log), log);
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
  if (modules.length === 0) {
    cursor.report(0, 'module-missing', "expected a module: 'NAME DEFINITIONS ::= BEGIN'");
  }
  return modules;
}

/** Words around modules (page headers of RFCs, say) are passed over; one report per run. */
function skipToHeader(cursor: Cursor, isFirst: boolean): void {
  let isReported = isFirst;
  while (!cursor.isKind('end') && !isHeader(cursor)) {
    if (!isReported) {
      const { at } = cursor.peek();
      cursor.report(at, 'token-unexpected', 'expected the next module or the end of the text');
      isReported = true;
    }
    cursor.next();
  }
}

/** `NAME DEFINITIONS` or `NAME { ... } DEFINITIONS`. */
function isHeader(cursor: Cursor): boolean {
  const { kind } = cursor.peek();
  if (kind !== 'upper' && kind !== 'lower') return false;
  if (cursor.isAt('DEFINITIONS', 1)) return true;
  if (kind !== 'upper' || !cursor.isAt('{', 1)) return false;
  const MAX_OID_TOKENS = 200;
  for (let ahead = 2; ahead < MAX_OID_TOKENS; ahead++) {
    if (cursor.isAt('}', ahead)) return cursor.isAt('DEFINITIONS', ahead + 1);
    if (cursor.isKind('end', ahead)) return false;
  }
  return false;
}

function parseModule(cursor: Cursor): ModuleNode {
  const name = cursor.typeName('the name of a module');
  if (cursor.isAt('{')) parseOidValue(cursor);
  cursor.expect('DEFINITIONS');
  if (cursor.isKind('upper')) {
    cursor.next();
    cursor.accept('TAGS');
  }
  cursor.expect('::=');
  cursor.expect('BEGIN');
  if (cursor.isAt('EXPORTS')) skipBeyondSemicolon(cursor);
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
  // A definition that was refused at its first word would be tried for ever.
  if (cursor.progress === before) cursor.next();
  while (!cursor.isKind('end') && !cursor.isDefinitionStart() && !cursor.isAt('END')) {
    if (isHeader(cursor)) return;
    cursor.next();
  }
}

function skipBeyondSemicolon(cursor: Cursor): void {
  while (!cursor.isKind('end') && !cursor.accept(';')) cursor.next();
}

function parseItem(
  cursor: Cursor,
  imports: ImportGroup[],
  definitions: Definition[],
  macros: string[],
): void {
  if (cursor.isAt('IMPORTS') && !cursor.isAt('::=', 1)) {
    parseImports(cursor, imports);
    return;
  }
  if (cursor.isAt(';')) {
    cursor.report(cursor.next().at, 'punctuation-superfluous', "expected no ';' here");
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

function parseImports(cursor: Cursor, imports: ImportGroup[]): void {
  cursor.next();
  let symbols: Name[] = [];
  while (!cursor.accept(';')) {
    if (symbols.length === 0 && imports.length > 0 && cursor.isDefinitionStart()) {
      cursor.report(cursor.peek().at, 'punctuation-missing', "expected ';' at the end of IMPORTS");
      return;
    }
    if (cursor.accept('FROM')) {
      const from = cursor.typeName('the name of a module after FROM');
      if (cursor.isAt('{')) parseOidValue(cursor);
      imports.push({ from, symbols });
      symbols = [];
      continue;
    }
    const token = cursor.peek();
    if (token.kind !== 'upper' && token.kind !== 'lower') {
      skipWithinImports(cursor);
      continue;
    }
    cursor.next();
    symbols.push({ text: token.text, at: token.at });
    if (!cursor.accept(',') && !cursor.isAt('FROM') && cursor.isKind('lower')) {
      cursor.report(cursor.peek().at, 'punctuation-missing', "expected ',' before the next import");
    }
  }
  const [left] = symbols;
  if (left !== undefined) {
    cursor.report(left.at, 'token-unexpected', `expected FROM and a module for '${left.text}'`);
  }
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

function skipMacro(cursor: Cursor): void {
  while (!cursor.isKind('end') && !cursor.accept('END')) cursor.next();
}

function parseDefinition(cursor: Cursor): Definition | undefined {
  const second = cursor.peek(1);
  if (second.kind === 'upper') {
    if (second.text === 'OBJECT' && cursor.isAt('IDENTIFIER', 2)) return parseValue(cursor);
    if (second.text === 'TRAP-TYPE') return parseTrap(cursor);
    if (isNodeMacro(second.text)) return parseMacro(cursor, second.text);
  }
  if (cursor.isAt('::=', 1)) return parseType(cursor);
  if (cursor.isKind('lower') && second.kind === 'upper') return skipValue(cursor);
  if (cursor.isKind('lower') || cursor.isKind('upper')) {
    cursor.next();
    return cursor.fail("a macro such as OBJECT-TYPE, OBJECT IDENTIFIER or '::=' after the name");
  }
  return cursor.fail('a definition or END');
}

function isNodeMacro(word: string): word is NodeMacro {
  return Object.hasOwn(MACRO_TABLES, word);
}

function parseValue(cursor: Cursor): Definition {
  const name = cursor.valueName('the name of an OBJECT IDENTIFIER');
  cursor.expect('OBJECT');
  cursor.expect('IDENTIFIER');
  cursor.expect('::=');
  return { kind: 'value', name, oid: parseOidValue(cursor) };
}

function parseMacro(cursor: Cursor, macro: NodeMacro): Definition {
  const name = cursor.valueName(`the name of an ${macro}`);
  cursor.next();
  const clauses = parseClauses(cursor, macro, MACRO_TABLES[macro]);
  cursor.expect('::=');
  return { kind: 'macro', macro, name, clauses, oid: parseOidValue(cursor) };
}

function parseTrap(cursor: Cursor): Definition {
  const name = cursor.valueName('the name of a TRAP-TYPE');
  cursor.next();
  const clauses = parseClauses(cursor, 'TRAP-TYPE', TRAP_TYPE);
  cursor.expect('::=');
  const number = Number(cursor.number('the number of the trap').text);
  return { kind: 'trap', name, clauses, number };
}

function parseType(cursor: Cursor): Definition {
  const name = cursor.typeName('the name of a type');
  cursor.expect('::=');
  if (!cursor.accept('TEXTUAL-CONVENTION')) {
    return { kind: 'type', name, syntax: parseSyntax(cursor) };
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
    `'${name.text}' names no OBJECT IDENTIFIER; it is passed over`,
  );
  if (!cursor.isAt('{')) {
    cursor.accept('-');
    cursor.next();
  } else {
    parseOidValue(cursor);
  }
}
