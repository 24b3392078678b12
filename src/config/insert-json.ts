import type { JsonNode } from './json-text.js';

const UNIT = '  ';

/**
 * A JSON text with one more member at the end of a list or an object, and everything else as its
 * author wrote it.
 *
 * @param member - JSON that begins at the left, with `"key": ` before it in an object.
 */
export function withMember(text: string, into: JsonNode, member: string): string {
  const last = [...into.children.values()].at(-1);
  if (last === undefined) {
    const outer = indentOf(text, into.start);
    const inner = outer + UNIT;
    const inside = `\n${inner}${indented(member, inner)}\n${outer}`;
    return `${text.slice(0, into.start + 1)}${inside}${text.slice(into.end - 1)}`;
  }
  const indent = indentOf(text, last.keyStart);
  return `${text.slice(0, last.end)},\n${indent}${indented(member, indent)}${text.slice(last.end)}`;
}

/** The white space that the line begins with. */
function indentOf(text: string, offset: number): string {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(lineStart, offset))?.[0] ?? '';
}

function indented(member: string, indent: string): string {
  return member.replaceAll('\n', `\n${indent}`);
}
