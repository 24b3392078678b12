/**
 * Plain text tables for the terminal and the README.
 */

/** @param {number} n */
export const grouped = (n) =>
  Math.round(n)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ' ');
/** @param {number | undefined} n @param {number} digits */
const fixed = (n, digits) => (n === undefined || Number.isNaN(n) ? '-' : n.toFixed(digits));

/** @param {number} share */
const percent = (share) => `${Math.round(share * 100)}%`;

/** @param {string[]} head @param {string[][]} rows first column to the left, the others to the right */
export function markdown(head, rows) {
  const widths = head.map((h, i) => Math.max(h.length, ...rows.map((r) => r[i]?.length ?? 0)));
  const line = (/** @type {string[]} */ r) =>
    `| ${r.map((c, i) => (i === 0 ? c.padEnd(widths[i] ?? 0) : c.padStart(widths[i] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((w, i) => (i === 0 ? '-'.repeat(w + 2) : `${'-'.repeat(w + 1)}:`)).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/**
 * @param {string} title @param {Record<string, import('./summary.mjs').Line>} lines server to medians
 * @param {Record<string, ReturnType<typeof import('./summary.mjs').compare>>} ratios of our agent to each server
 */
export function workloadTable(title, lines, ratios) {
  const head = [
    title,
    'req/s',
    'varbinds/s',
    'p50 us',
    'p99 us',
    'CPU us/req',
    'core',
    'others',
    'ours/it',
    'by CPU',
    'lost+err',
  ];
  const rows = Object.entries(lines).map(([server, l]) => [
    server,
    grouped(l.requestsPerSecond),
    grouped(l.varbindsPerSecond),
    grouped(l.p50),
    grouped(l.p99),
    fixed(l.serverMicros, 1),
    percent(l.serverBusy),
    percent(l.othersBusy),
    fixed(ratios[server]?.requests, 2),
    fixed(ratios[server]?.cpu, 2),
    String(l.lost + l.errors),
  ]);
  return markdown(head, rows);
}

/** @param {{ what: string, value?: number, cpu?: number, verdict: string }[]} verdicts */
export function verdictTable(verdicts) {
  return markdown(
    ['target', 'ratio', 'by CPU', 'verdict'],
    verdicts.map((v) => [v.what, fixed(v.value, 2), fixed(v.cpu, 2), v.verdict]),
  );
}

/** @param {{ what: string, mib: number }[]} entries */
export function memoryTable(entries) {
  return markdown(
    ['memory of our process', 'RSS MiB'],
    entries.map((e) => [e.what, fixed(e.mib, 1)]),
  );
}
