/**
 * Managers against one and the same agent of ours: GETs, and varbinds walked by GETBULK.
 *
 * Guards the promise of the README about the manager. Each is a process of its own with the same
 * number of requests under way, driven by the same loop, in turns; the agent has the other core.
 * What is judged is the ratio within a round.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { OTHERS_BUSY_LIMIT } from './lib/drive.mjs';
import {
  cpuMicros,
  GENERATOR_CORE,
  machineMicros,
  monotonicMicros,
  start,
  stop,
  waitForLine,
  which,
} from './lib/proc.mjs';
import { median } from './lib/summary.mjs';
import { grouped, markdown } from './lib/table.mjs';
import { COLUMNS } from './workloads.mjs';

export const MANAGER = 'manager';
const ROWS = 1000;
/** Under way at once: GETs, as of the other workloads; and walks, each of which waits for its answers. */
const WORKS = /** @type {const} */ ({
  get: { title: 'GET, 1 varbind, 32 outstanding', window: 32 },
  walk: { title: 'GETBULK walks of 1 000 rows, 8 at once', window: 8 },
});
const SUBJECT = 'trellis';
const TARGETS = [
  { peer: 'npm-net-snmp', of: 2 },
  { peer: 'pysnmp', of: 20 },
  { peer: 'dgram', of: 0.7 },
];
/** To begin, and to warm up by a number of varbinds where the machine is busy. */
const GRACE_MS = 40_000;
const ATTEMPTS = 3;

/** @typedef {{ elapsedMs: number, requests: number, varbinds: number, cpuMicros: number, errors: number, others: number }} Counts others: share of one core that all else took */
/** @typedef {{ name: string, program: string, script: string, version: string, works: string[] }} Manager */

const here = (/** @type {string} */ file) =>
  fileURLToPath(new URL(`managers/${file}`, import.meta.url));

/** The Python that has pysnmp 4: Debian's own, where another one comes first in the path. */
function findPysnmp() {
  const code = 'import pysnmp.hlapi.asyncore, pysnmp; print(pysnmp.__version__)';
  for (const program of [which('python3'), '/usr/bin/python3']) {
    if (program === undefined) continue;
    const { status, stdout } = spawnSync(program, ['-c', code], {
      encoding: 'utf8',
      timeout: 20_000,
    });
    if (status === 0) return { program, version: stdout.trim() };
  }
  return undefined;
}

/** @returns {{ managers: Manager[], skipped: Record<string, string> }} */
function installed() {
  const node = process.execPath;
  const works = Object.keys(WORKS);
  const managers = [
    { name: SUBJECT, program: node, script: here('trellis.mjs'), version: '', works },
    {
      name: 'dgram',
      program: node,
      script: here('dgram.mjs'),
      version: process.version,
      works: ['get'],
    },
  ];
  /** @type {Record<string, string>} */
  const skipped = {};
  try {
    const { version } = createRequire(import.meta.url)('net-snmp/package.json');
    managers.push({
      name: 'npm-net-snmp',
      program: node,
      script: here('npm-net-snmp.mjs'),
      version,
      works,
    });
  } catch {
    skipped['npm-net-snmp'] = 'npm package net-snmp is not installed';
  }
  const pysnmp = findPysnmp();
  if (pysnmp === undefined) skipped['pysnmp'] = 'no python3 has pysnmp 4 (Debian: python3-pysnmp4)';
  else managers.push({ name: 'pysnmp', ...pysnmp, script: here('with_pysnmp.py'), works });
  return { managers, skipped };
}

/**
 * @param {Manager} manager @param {keyof typeof WORKS} work @param {{ port: number, pid: number }} agent
 * @param {{ warmupMs: number, measureMs: number }} times @returns {Promise<Counts>}
 */
async function measure(manager, work, agent, { warmupMs, measureMs }) {
  const numbers = [agent.port, WORKS[work].window, warmupMs, measureMs, ROWS * COLUMNS];
  const child = start(
    manager.program,
    [manager.script, work, ...numbers.map(String)],
    GENERATOR_CORE,
  );
  const before = { agent: cpuMicros(agent.pid), all: machineMicros(), at: monotonicMicros() };
  try {
    const line = await waitForLine(child, 'counts ', warmupMs + measureMs + GRACE_MS);
    const own = cpuMicros(agent.pid) - before.agent + cpuMicros(child.pid ?? 0);
    const others = (machineMicros() - before.all - own) / (monotonicMicros() - before.at);
    const counts = { ...JSON.parse(line.slice('counts '.length)), others };
    if (counts.errors > 0 || counts.varbinds === 0)
      throw new Error(`${manager.name}: ${counts.errors} errors, ${counts.varbinds} varbinds`);
    return counts;
  } finally {
    await stop(child);
  }
}

/** As `measure`, but again where other processes took the machine's time meanwhile. @type {typeof measure} */
async function measureQuietly(...args) {
  let best = await measure(...args);
  for (let again = 1; again < ATTEMPTS && best.others > OTHERS_BUSY_LIMIT; again += 1) {
    const next = await measure(...args);
    if (next.others < best.others) best = next;
  }
  return best;
}

const rate = (/** @type {Counts} */ c) => (c.varbinds / c.elapsedMs) * 1000;
const cpu = (/** @type {Counts} */ c) => c.cpuMicros / c.varbinds;
const busy = (/** @type {Counts} */ c) => c.cpuMicros / (c.elapsedMs * 1000);
const others = (/** @type {Counts} */ c) => c.others;

/**
 * @param {{ start: () => Promise<any> }} server our agent
 * @param {{ rounds: number, warmupMs: number, measureMs: number }} options
 */
export async function measureManagers(server, options) {
  const { managers, skipped } = installed();
  const agent = await server.start();
  /** @type {Record<string, Record<string, Counts[]>>} */
  const results = {};
  try {
    await agent.setRows(ROWS);
    for (const work of /** @type {(keyof typeof WORKS)[]} */ (Object.keys(WORKS))) {
      const counts = Object.fromEntries(
        managers
          .filter((m) => m.works.includes(work))
          .map((m) => [m.name, /** @type {Counts[]} */ ([])]),
      );
      for (let round = 0; round < options.rounds; round += 1)
        for (const manager of managers)
          if (manager.works.includes(work))
            counts[manager.name]?.push(await measureQuietly(manager, work, agent, options));
      results[work] = counts;
    }
  } finally {
    await agent.stop();
  }
  const ratio = (
    /** @type {string} */ work,
    /** @type {string} */ peer,
    /** @type {(c: Counts) => number} */ of,
  ) => {
    const ours = results[work]?.[SUBJECT] ?? [];
    const theirs = results[work]?.[peer] ?? [];
    return median(theirs.flatMap((c, i) => (ours[i] === undefined ? [] : [of(ours[i]) / of(c)])));
  };
  const tables = Object.entries(WORKS).map(([work, { title }]) =>
    markdown(
      [title, 'varbinds/s', 'CPU us/varbind', 'core', 'others', 'ours/it', 'by CPU'],
      Object.entries(results[work] ?? {}).map(([name, rounds]) => [
        name,
        grouped(median(rounds.map(rate))),
        median(rounds.map(cpu)).toFixed(2),
        `${Math.round(median(rounds.map(busy)) * 100)}%`,
        `${Math.round(median(rounds.map(others)) * 100)}%`,
        ratio(work, name, rate).toFixed(2),
        (1 / ratio(work, name, cpu)).toFixed(2),
      ]),
    ),
  );
  const verdicts = Object.keys(WORKS).flatMap((work) =>
    TARGETS.filter(({ peer }) => peer !== 'dgram' || work === 'get').map(({ peer, of }) => {
      const what = `manager, ${work}: at least ${of} x ${peer} in varbinds/s`;
      if (results[work]?.[peer] === undefined) return { what, verdict: 'not measured' };
      const value = ratio(work, peer, rate);
      const byCpu = 1 / ratio(work, peer, cpu);
      const isQuiet = [SUBJECT, peer].every((name) =>
        results[work]?.[name]?.some((c) => c.others <= OTHERS_BUSY_LIMIT),
      );
      const verdict = value >= of ? 'met' : isQuiet ? 'MISSED' : 'disturbed, measure again';
      return { what, value, cpu: byCpu, verdict };
    }),
  );
  const versions = Object.fromEntries(managers.map(({ name, version }) => [name, version]));
  return { versions, skipped, rounds: results, verdicts, table: tables.join('\n\n') };
}
