/**
 * Prose of a DESCRIPTION for display: line ends become LF, the indentation that its later lines
 * share is taken off, blank ends go.
 */
export function tidyText(text: string): string {
  if (!/[\r\n]/.test(text)) return text.trim();
  // A text is split by a plain separator much faster than by a pattern.
  const plain = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  const lines = plain.split('\n').map((line) => line.trimEnd());
  let shared = Infinity;
  for (let i = 1; i < lines.length; i++) shared = Math.min(shared, indentOf(lines[i] ?? ''));
  const [first = '', ...others] = lines;
  const indent = shared === Infinity ? 0 : shared;
  return [first.trimStart(), ...others.map((line) => line.slice(indent))].join('\n').trim();
}

/** Of an empty line, without end: it has no say in what the lines share. */
function indentOf(line: string): number {
  for (let i = 0; i < line.length; i++) if (!isBlank(line.charCodeAt(i))) return i;
  return Infinity;
}

function isBlank(code: number): boolean {
  return code <= 0x20 || code === 0xa0;
}
