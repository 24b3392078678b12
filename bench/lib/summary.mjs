/**
 * From rounds to one line per server and workload, ratios, and the verdict on the targets.
 *
 * Guards the decision to build ratios within a round and then take the median: what disturbs the
 * machine disturbs neighbours in time alike.
 *
 * @typedef {import('./drive.mjs').Counts} Counts
 * @typedef {object} Line medians over the rounds
 * @property {number} requestsPerSecond @property {number} varbindsPerSecond
 * @property {number} p50 @property {number} p99 microseconds, at the given number of outstanding requests
 * @property {number} serverMicros CPU time of the server per request
 * @property {number} serverBusy 0..1, share of one core; @property {number} generatorBusy likewise
 * @property {number} serverMicrosPerVarbind
 * @property {number} errors @property {number} lost totals over all rounds
 * @property {number} othersBusy share of one core that everything else took
 */
import { OTHERS_BUSY_LIMIT, othersBusy } from './drive.mjs';

/** @param {number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

const measures = {
  requestsPerSecond: (/** @type {Counts} */ c) => (c.requests / c.elapsedMs) * 1000,
  varbindsPerSecond: (/** @type {Counts} */ c) => (c.varbinds / c.elapsedMs) * 1000,
  p50: (/** @type {Counts} */ c) => c.p50,
  p99: (/** @type {Counts} */ c) => c.p99,
  serverMicros: (/** @type {Counts} */ c) => c.serverMicros / c.requests,
  serverMicrosPerVarbind: (/** @type {Counts} */ c) => c.serverMicros / c.varbinds,
  serverBusy: (/** @type {Counts} */ c) => c.serverMicros / (c.elapsedMs * 1000),
  othersBusy,
  generatorBusy: (/** @type {Counts} */ c) => c.generatorMicros / (c.elapsedMs * 1000),
};

/** @param {Counts[]} rounds @returns {Line} */
export function summarise(rounds) {
  const sums = {
    errors: rounds.reduce((n, c) => n + c.errors, 0),
    lost: rounds.reduce((n, c) => n + c.lost, 0),
  };
  return /** @type {any} */ ({
    ...Object.fromEntries(Object.entries(measures).map(([k, f]) => [k, median(rounds.map(f))])),
    ...sums,
  });
}

/** @param {Counts | undefined} counts */
const isQuiet = (counts) => counts !== undefined && othersBusy(counts) <= OTHERS_BUSY_LIMIT;

/**
 * Rounds in which neither was disturbed count; all of them where there is none.
 * @param {Counts[]} ours @param {Counts[]} theirs rounds in the same order
 * @returns {{ quiet: number, requests: number, varbinds: number, cpu: number, cpuPerVarbind: number }} above 1 where ours is the faster or cheaper
 */
export function compare(ours, theirs) {
  const all = Array.from({ length: Math.min(ours.length, theirs.length) }, (_, i) => i);
  const quiet = all.filter((i) => isQuiet(ours[i]) && isQuiet(theirs[i]));
  const used = quiet.length > 0 ? quiet : all;
  /** @param {keyof typeof measures} key @param {boolean} lowerIsBetter */
  const ratio = (key, lowerIsBetter) =>
    median(
      used.map((i) => {
        const a = measures[key](ours[i]);
        const b = measures[key](theirs[i]);
        return lowerIsBetter ? b / a : a / b;
      }),
    );
  return {
    quiet: quiet.length,
    requests: ratio('requestsPerSecond', false),
    varbinds: ratio('varbindsPerSecond', false),
    cpu: ratio('serverMicros', true),
    cpuPerVarbind: ratio('serverMicrosPerVarbind', true),
  };
}

/** Targets of the project; `of` is the throughput ratio demanded. */
const TARGETS = [
  { workload: 'get1', peer: 'echo', by: 'requests', of: 0.75 },
  { workload: 'get1', peer: 'snmpd', by: 'requests', of: 2 },
  { workload: 'get1', peer: 'otp', by: 'requests', of: 3 },
  { workload: 'get1-v3', peer: 'snmpd', by: 'requests', of: 2 },
  { workload: 'set', peer: 'otp', by: 'requests', of: 1.5 },
  { workload: 'set', subject: 'trellis-state', peer: 'snmpd', by: 'requests', of: 10 },
  { workload: 'walk-100k', peer: 'snmpd', peerWorkload: 'walk-mib', by: 'varbinds', of: 1.5 },
  { workload: 'walk-100k', peer: 'trellis', peerWorkload: 'walk-1k', by: 'varbinds', of: 1 / 1.2 },
  { workload: 'walk-1m', peer: 'trellis', peerWorkload: 'walk-1k', by: 'varbinds', of: 1 / 1.3 },
  { workload: 'next-1m', peer: 'trellis', peerWorkload: 'next-1k', by: 'varbinds', of: 1 / 1.3 },
];

/**
 * @param {Record<string, Record<string, Counts[]>>} results workload to server to rounds
 * @param {string} subject the server judged
 */
export function judge(results, subject) {
  return TARGETS.map((t) => {
    const peerWorkload = t.peerWorkload ?? t.workload;
    const ours = results[t.workload]?.[t.subject ?? subject] ?? [];
    const theirs = results[peerWorkload]?.[t.peer] ?? [];
    const who = t.subject === undefined ? '' : `${t.subject} `;
    const what = `${who}${t.workload}: at least ${t.of.toFixed(2)} x ${t.peer}${t.peerWorkload ? ` ${peerWorkload}` : ''} in ${t.by}/s`;
    if (ours.length === 0 || theirs.length === 0) return { what, verdict: 'not measured' };
    const ratios = compare(ours, theirs);
    const value = ratios[/** @type {'requests' | 'varbinds'} */ (t.by)];
    const cpu = t.by === 'varbinds' ? ratios.cpuPerVarbind : ratios.cpu;
    if (ratios.quiet === 0) return { what, value, cpu, verdict: 'disturbed, measure again' };
    return {
      what,
      value,
      cpu,
      verdict: value >= t.of ? (cpu >= t.of ? 'met' : 'met in throughput, not in CPU') : 'MISSED',
    };
  });
}
