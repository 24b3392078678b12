import type { Clauses, ModulePart, Name, RefinementNode, SyntaxNode } from '../ast.js';
import {
  keywordName,
  DESCRIPTION,
  REFERENCE,
  STATUS,
  clauseTable,
  type ClauseReader,
  type ClauseTable,
} from './clauses.js';
import type { Cursor } from './cursor.js';
import { parseNameList, parseOidValue } from './oid.js';
import { parseSyntax } from './type.js';

const MEMBERS: ClauseReader = (cursor, clauses) => {
  clauses.members = parseNameList(cursor, 'a member of the group');
};

/** RFC 2580 section 3. */
export const OBJECT_GROUP: ClauseTable = clauseTable(
  { OBJECTS: MEMBERS, STATUS, DESCRIPTION, REFERENCE },
  { required: ['OBJECTS'], expected: ['STATUS', 'DESCRIPTION'] },
);

/** RFC 2580 section 4. */
export const NOTIFICATION_GROUP: ClauseTable = clauseTable(
  { NOTIFICATIONS: MEMBERS, STATUS, DESCRIPTION, REFERENCE },
  { required: ['NOTIFICATIONS'], expected: ['STATUS', 'DESCRIPTION'] },
);

/**
 * MODULE opens a part, the clauses after it fill it. They stand in one flat table, so that a
 * mistake in one of them costs that clause only.
 */
const MODULE: ClauseReader = (cursor, clauses) => {
  const { at } = cursor.peek(-1);
  openPart(clauses, { at, ...moduleName(cursor), mandatory: [], optional: [], refinements: [] });
};

const PART_KEYWORDS: ReadonlySet<string> = new Set([
  'MODULE',
  'MANDATORY-GROUPS',
  'GROUP',
  'OBJECT',
]);

function moduleName(cursor: Cursor): { module?: Name } {
  const token = cursor.peek();
  if (token.kind !== 'upper' || PART_KEYWORDS.has(token.text)) return {};
  cursor.next();
  if (cursor.isAt('{')) parseOidValue(cursor);
  return { module: { text: token.text, at: token.at } };
}

function openPart(clauses: Clauses, part: ModulePart): ModulePart {
  clauses.parts ??= [];
  clauses.parts.push(part);
  return part;
}

function currentPart(cursor: Cursor, clauses: Clauses): ModulePart {
  const { at } = cursor.peek();
  return (
    clauses.parts?.at(-1) ?? openPart(clauses, { at, mandatory: [], optional: [], refinements: [] })
  );
}

const MANDATORY_GROUPS: ClauseReader = (cursor, clauses) => {
  currentPart(cursor, clauses).mandatory.push(...parseNameList(cursor, 'a group'));
};

const GROUP: ClauseReader = (cursor, clauses) => {
  currentPart(cursor, clauses).optional.push(cursor.valueName('a group'));
  skipDescription(cursor);
};

const REFINEMENT: ClauseReader = (cursor, clauses) => {
  currentPart(cursor, clauses).refinements.push(parseRefinement(cursor));
};

/** RFC 2580 section 5. */
export const MODULE_COMPLIANCE: ClauseTable = clauseTable(
  {
    STATUS,
    DESCRIPTION,
    REFERENCE,
    MODULE,
    'MANDATORY-GROUPS': MANDATORY_GROUPS,
    GROUP,
    OBJECT: REFINEMENT,
  },
  {
    expected: ['STATUS', 'DESCRIPTION', 'MODULE'],
    repeatable: ['MODULE', 'MANDATORY-GROUPS', 'GROUP', 'OBJECT'],
    aliases: { GROUPS: 'MANDATORY-GROUPS', 'MANDATORY-GROUP': 'MANDATORY-GROUPS' },
  },
);

const SUPPORTS: ClauseReader = (cursor, clauses) => {
  const { at } = cursor.peek();
  const module = cursor.typeName('the module that is supported');
  if (cursor.isAt('{')) parseOidValue(cursor);
  openPart(clauses, { at, module, mandatory: [], optional: [], refinements: [] });
};

const PRODUCT_RELEASE: ClauseReader = (cursor) => {
  cursor.skipString('the release');
};

/** RFC 2580 section 6. */
export const AGENT_CAPABILITIES: ClauseTable = clauseTable(
  {
    'PRODUCT-RELEASE': PRODUCT_RELEASE,
    STATUS,
    DESCRIPTION,
    REFERENCE,
    SUPPORTS,
    INCLUDES: MANDATORY_GROUPS,
    VARIATION: REFINEMENT,
  },
  { expected: ['STATUS', 'DESCRIPTION'], repeatable: ['SUPPORTS', 'INCLUDES', 'VARIATION'] },
);

/** Fields are filled as their clauses come. */
interface RefinementDraft {
  syntax?: SyntaxNode;
  writeSyntax?: SyntaxNode;
  access?: Name;
}

/** MIN-ACCESS in a compliance, ACCESS in capabilities; each is found in the other. */
const ACCESSES: readonly string[] = ['MIN-ACCESS', 'ACCESS', 'MAX-ACCESS'];

function parseRefinement(cursor: Cursor): RefinementNode {
  const object = cursor.valueName('an object');
  const draft: RefinementDraft = {};
  for (;;) {
    if (cursor.accept('SYNTAX')) draft.syntax = parseSyntax(cursor);
    else if (cursor.accept('WRITE-SYNTAX')) draft.writeSyntax = parseSyntax(cursor);
    else if (ACCESSES.some((word) => cursor.accept(word))) {
      draft.access = keywordName(cursor, 'an access such as read-only');
    } else if (cursor.accept('CREATION-REQUIRES')) parseNameList(cursor, 'a column');
    else if (cursor.accept('DEFVAL')) skipBraces(cursor);
    else if (!skipDescription(cursor)) return { object, ...draft };
  }
}

/** DEFVAL of a variation: an agent's own default is no fact about the module. */
function skipBraces(cursor: Cursor): void {
  cursor.expect('{');
  let depth = 1;
  while (depth > 0 && !cursor.isKind('end') && !cursor.isAt('::=')) {
    if (cursor.isAt('{')) depth += 1;
    if (cursor.isAt('}')) depth -= 1;
    cursor.next();
  }
}

function skipDescription(cursor: Cursor): boolean {
  if (!cursor.accept('DESCRIPTION')) return false;
  cursor.skipString('the description');
  return true;
}
