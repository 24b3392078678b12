import { oidPart } from '../ast.js';
import {
  DESCRIPTION,
  REFERENCE,
  STATUS,
  clauseTable,
  type ClauseReader,
  type ClauseTable,
} from './clauses.js';
import { parseNameList, parseOidValue } from './oid.js';

const MEMBERS: ClauseReader = (cursor, clauses) => {
  clauses.members = parseNameList(cursor, 'an object');
};

/** RFC 2578 section 8. */
export const NOTIFICATION_TYPE: ClauseTable = clauseTable(
  { OBJECTS: MEMBERS, STATUS, DESCRIPTION, REFERENCE },
  { expected: ['STATUS', 'DESCRIPTION'], aliases: { VARIABLES: 'OBJECTS', OBJECT: 'OBJECTS' } },
);

/** ENTERPRISE comes as a bare name, or in braces as an OBJECT IDENTIFIER value. */
const ENTERPRISE: ClauseReader = (cursor, clauses) => {
  if (cursor.isAt('{') || cursor.isKind('number')) {
    clauses.enterprise = parseOidValue(cursor);
  } else {
    const name = cursor.valueName('the enterprise of the trap');
    clauses.enterprise = [oidPart(name.at, name.text)];
  }
};

/** RFC 1215 section 2. */
export const TRAP_TYPE: ClauseTable = clauseTable(
  { ENTERPRISE, VARIABLES: MEMBERS, DESCRIPTION, REFERENCE, STATUS },
  { required: ['ENTERPRISE'], aliases: { OBJECTS: 'VARIABLES', VARIABLE: 'VARIABLES' } },
);
