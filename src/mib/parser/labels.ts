import type { Label } from '../ast.js';
import { closeList, isListOver, separate } from './clauses.js';
import type { Cursor } from './cursor.js';
import { parseInteger } from './number.js';

/**
 * `{ up(1), down(2) }` of an enumeration or of BITS (RFC 2578 7.1.1 and 7.1.4). A label that
 * cannot be read costs that label only.
 */
export function parseLabels(cursor: Cursor): Label[] {
  cursor.expect('{');
  const labels: Label[] = [];
  while (!isListOver(cursor)) {
    const before = cursor.progress;
    const label = cursor.attempt(
      () => parseLabel(cursor),
      () => skipLabel(cursor, before),
    );
    if (label !== undefined) labels.push(label);
    separate(cursor, 'label');
  }
  closeList(cursor, '}', 'a label');
  // A copy, without the room for more that an array keeps which grew.
  return labels.slice();
}

function parseLabel(cursor: Cursor): Label {
  const { name, at } = parseLabelName(cursor);
  const isEqual = cursor.isAt('=');
  if (isEqual) {
    cursor.report(
      cursor.next().at,
      'label-irregular',
      `expected the number of the label '${name}' in parentheses`,
    );
  } else {
    cursor.expect('(');
  }
  const number = Number(parseInteger(cursor, `the number of the label '${name}'`));
  if (!isEqual && !cursor.accept(')')) {
    cursor.report(
      cursor.peek().at,
      'punctuation-missing',
      `expected ')' after the number of '${name}'`,
    );
  }
  // No label is minus zero, which would print as zero but not equal it in a Map.
  return { name, at, number: number === 0 ? 0 : number };
}

/**
 * A name, or what vendors write for one: `64`, `802.3`, `on/off`, `Up`, `"up"`, `not used`. The
 * label is kept as it was written, since people will look for it.
 */
function parseLabelName(cursor: Cursor): { name: string; at: number } {
  const { at, kind } = cursor.peek();
  if (kind === 'lower' && cursor.isAt('(', 1)) return { name: cursor.next().text, at };
  if (kind === 'symbol' || isListOver(cursor)) return cursor.fail('a label');
  const first = cursor.next().text;
  let name = first;
  for (;;) {
    const token = cursor.peek();
    const isEnd = token.kind === 'end' || (token.kind === 'symbol' && LABEL_ENDS.has(token.text));
    if (isEnd || token.text.length > MAX_LABEL_LENGTH || name.length > MAX_LABEL_LENGTH) break;
    name += cursor.isJoined() ? token.text : `-${token.text}`;
    cursor.next();
  }
  if (kind === 'lower' && name === first) return { name, at };
  cursor.report(
    at,
    'label-irregular',
    `'${name.slice(0, 80)}' is no label; expected a small letter, then letters, digits and hyphens`,
  );
  return { name, at };
}

const LABEL_ENDS: ReadonlySet<string> = new Set(['(', ')', '{', '}', ',', ';', '::=', '=']);
/** Longer ones are prose. */
const MAX_LABEL_LENGTH = 64;

function skipLabel(cursor: Cursor, before: number): undefined {
  // A label that was refused at its first word would be tried for ever.
  if (cursor.progress === before) cursor.next();
  while (!cursor.isAt(',') && !isListOver(cursor)) cursor.next();
  if (cursor.isAt(')')) {
    cursor.next();
    if (!cursor.isAt(',')) while (!cursor.isAt(',') && !isListOver(cursor)) cursor.next();
  }
}
