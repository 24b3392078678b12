/**
 * What a fault costs: the time from a crash to the next good answer (`crash`), and what those who read
 * another subtree notice of one that never answers (`hang`).
 *
 * Guards the two promises of the README on faults. Both are read over UDP, in rounds; a round of
 * `hang` measures without and with, in turns, and makes the ratio there: what disturbs the machine
 * disturbs neighbours in time alike.
 */
import { OTHERS_BUSY_LIMIT, othersBusy } from './lib/drive.mjs';
import { median } from './lib/summary.mjs';
import { markdown } from './lib/table.mjs';
import * as ber from './load/ber.mjs';
import * as server from './servers/faults.mjs';

export const FAULTS = /** @type {const} */ (['crash', 'hang']);

const CRASH_LIMIT_MS = 2;
const HANG_LIMIT = 1.2;
/**
 * Requests a second that hang. Each waits for its deadline of a second, or until another one's ends the
 * incarnation: some hundreds wait at any time.
 */
const HANGING_PER_SECOND = 300;
/** Outstanding reads of the other subtree. */
const WINDOW = 8;

/**
 * @typedef {{ names: readonly string[], rounds: number, measureMs: number, warmupMs: number }} Options
 * @typedef {Awaited<ReturnType<typeof import('./load/crashes.mjs').runCrashes>>} CrashCounts
 * @typedef {import('./lib/drive.mjs').Counts} Counts
 * @typedef {{ what: string, verdict: string }} Verdict
 */

/** @param {{ othersMicros: number, elapsedMs: number }} counts */
const isQuiet = (counts) => othersBusy(counts) <= OTHERS_BUSY_LIMIT;

/** Those that nothing disturbed, or all where there is none. @template T @param {T[]} rounds @param {(round: T) => boolean} quiet */
function undisturbed(rounds, quiet) {
  const some = rounds.filter(quiet);
  return { used: some.length > 0 ? some : rounds, quiet: some.length };
}

/** @param {boolean} isMet @param {number} quiet */
const verdictOf = (isMet, quiet) =>
  quiet === 0 ? 'disturbed, measure again' : isMet ? 'met' : 'MISSED';

/** @param {import('./lib/drive.mjs').Driver} driver @param {Options} options */
export async function measureFaults(driver, options) {
  const running = await server.start();
  try {
    return {
      ...(options.names.includes('crash') ? { crash: await crash(driver, running, options) } : {}),
      ...(options.names.includes('hang') ? { hang: await hang(driver, running, options) } : {}),
    };
  } finally {
    await running.stop();
  }
}

/**
 * @param {import('./lib/drive.mjs').Driver} driver @param {{ port: number, pid: number }} running
 * @param {Options} options
 */
async function crash(driver, { port, pid }, { rounds, measureMs, warmupMs }) {
  /** @type {CrashCounts[]} */
  const counts = [];
  for (let round = 0; round < rounds; round += 1) {
    const { CRASHING, CRASHED_AT } = server;
    const job = { kind: 'crashes', port, pid, crash: CRASHING, crashedAt: CRASHED_AT };
    counts.push(
      /** @type {any} */ (
        await driver.runQuietly(/** @type {any} */ ({ ...job, measureMs, warmupMs }))
      ),
    );
  }
  const { used, quiet } = undisturbed(counts, isQuiet);
  const over = (/** @type {'p50' | 'p99' | 'longest'} */ key) =>
    median(used.map((c) => c[key])) / 1000;
  const figures = {
    crashes: counts.reduce((n, c) => n + c.requests, 0),
    askedPerCrash: median(used.map((c) => c.asked / c.requests)),
    lost: counts.reduce((n, c) => n + c.lost, 0),
    medianMs: over('p50'),
    p99Ms: over('p99'),
    longestMs: over('longest'),
  };
  const table = markdown(
    [
      'crash to first good answer',
      'crashes',
      'asked',
      'median ms',
      'p99 ms',
      'longest ms',
      'others',
      'lost',
    ],
    [
      [
        'one subtree, restart included',
        String(figures.crashes),
        figures.askedPerCrash.toFixed(2),
        figures.medianMs.toFixed(3),
        figures.p99Ms.toFixed(3),
        figures.longestMs.toFixed(3),
        `${Math.round(median(used.map(othersBusy)) * 100)}%`,
        String(figures.lost),
      ],
    ],
  );
  /** @type {Verdict} */
  const verdict = {
    what: `crash to first good answer below ${CRASH_LIMIT_MS} ms: median ${figures.medianMs.toFixed(3)}, p99 ${figures.p99Ms.toFixed(3)}`,
    // What disturbs a round makes it slower: met is met.
    verdict: verdictOf(
      figures.medianMs < CRASH_LIMIT_MS,
      quiet || Number(figures.medianMs < CRASH_LIMIT_MS),
    ),
  };
  return { ...figures, rounds: counts, table, verdict };
}

/**
 * @param {import('./lib/drive.mjs').Driver} driver @param {{ port: number, pid: number }} running
 * @param {Options} options
 */
async function hang(driver, { port, pid }, { rounds, measureMs, warmupMs }) {
  const get = (/** @type {string} */ oid) => ({
    pdu: ber.GET,
    community: 'public',
    bindings: [{ oid }],
  });
  const job = {
    kind: /** @type {const} */ ('simple'),
    request: get(server.WELL),
    port,
    pid,
    sockets: 1,
    window: WINDOW,
    // Long enough for the first deadline to be missed before it is measured.
    warmupMs: Math.max(warmupMs, 1100),
    measureMs,
  };
  const beside = { request: get(server.HANGING), perSecond: HANGING_PER_SECOND };
  /** @type {{ without: Counts, with: Counts }[]} */
  const pairs = [];
  for (let round = 0; round < rounds; round += 1) {
    // A B B A: what gets slower or faster meanwhile favours neither.
    const isFirst = round % 2 === 0;
    const one = await driver.runQuietly(isFirst ? job : { ...job, beside });
    const two = await driver.runQuietly(isFirst ? { ...job, beside } : job);
    pairs.push(isFirst ? { without: one, with: two } : { without: two, with: one });
  }
  const { used, quiet } = undisturbed(pairs, (pair) => isQuiet(pair.without) && isQuiet(pair.with));
  const hung = pairs.map((pair) => pair.with.beside);
  if (hung.some(({ good, failed }) => good > 0 || failed === 0)) {
    throw new Error('hang: what should hang has answered, or never missed its deadline');
  }
  const over = (/** @type {'without' | 'with'} */ side, /** @type {'p50' | 'p99'} */ key) =>
    median(used.map((pair) => pair[side][key]));
  const ratio = median(used.map((pair) => pair.with.p99 / pair.without.p99));
  const line = (/** @type {'without' | 'with'} */ side, /** @type {string} */ what) => [
    what,
    String(Math.round(median(used.map(({ [side]: c }) => (c.requests / c.elapsedMs) * 1000)))),
    over(side, 'p50').toFixed(0),
    over(side, 'p99').toFixed(0),
    `${Math.round(median(used.map((pair) => othersBusy(pair[side]))) * 100)}%`,
    String(pairs.reduce((n, pair) => n + pair[side].lost + pair[side].errors, 0)),
  ];
  const table = markdown(
    [
      `GET of one subtree, ${WINDOW} outstanding`,
      'req/s',
      'p50 us',
      'p99 us',
      'others',
      'lost+err',
    ],
    [
      line('without', 'alone'),
      line('with', `beside one that hangs, ${HANGING_PER_SECOND} requests/s of it`),
    ],
  );
  /** @type {Verdict} */
  const verdict = {
    what: `p99 beside a subtree that hangs at most ${HANG_LIMIT.toFixed(2)} x p99 alone: ${ratio.toFixed(2)}`,
    verdict: verdictOf(ratio <= HANG_LIMIT, quiet),
  };
  return { ratio, hung, rounds: pairs, table, verdict };
}
