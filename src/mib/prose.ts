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
  for (const line of lines.slice(1)) {
    if (line !== '') shared = Math.min(shared, line.length - line.trimStart().length);
  }
  const [first = '', ...others] = lines;
  const indent = shared === Infinity ? 0 : shared;
  return [first.trimStart(), ...others.map((line) => line.slice(indent))].join('\n').trim();
}
