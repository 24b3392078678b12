/**
 * Whole directories of modules parsed and resolved, by us and by net-snmp's `snmptranslate -m ALL`.
 *
 * Guards the promise that a compiler in JavaScript need not be the slower one. Both are processes
 * of their own from start to end, in turns, over the same directories; nothing is remembered
 * between rounds (`--no-cache`), and what they print goes nowhere. `oids` prints what -Tz prints,
 * names and OIDs, and is what is compared; `dump` prints all that is known of each node.
 */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureFind } from './find-module.mjs';
import { writeModules } from './lib/modules.mjs';
import { cpuMicros, firstLine, residentMiB, temporaryDirectory, which } from './lib/proc.mjs';
import { median } from './lib/summary.mjs';
import { markdown } from './lib/table.mjs';

export const MIB = 'mib';
const CLI = fileURLToPath(new URL('../dist/src/cli/main.js', import.meta.url));
const DUMP = [CLI, 'mib', 'dump', '--all', '--no-cache'];
/** snmptranslate needs the base modules as texts; ours has them built in. */
const BASE_MODULES = fileURLToPath(new URL('../src/mib/modules', import.meta.url));
const DEADLINE_MS = 120_000;
const POLL_MS = 2;
const MEMORY_LIMIT = 2;

/**
 * @typedef {{ wallMs: number, cpuMs: number, peakMiB: number }} Run
 * @typedef {{ rounds: number, directory?: string }} Options
 */

/**
 * One process, from its start to its end. Its CPU time and its peak are read as it runs, so that
 * the last milliseconds of it may be missing, and memory given back is not.
 * @param {string} command @param {string[]} args @returns {Promise<Run>}
 */
function measure(command, args) {
  return new Promise((resolve, reject) => {
    const startedMs = performance.now();
    const { MIBS: _, MIBDIRS: __, ...env } = process.env;
    const child = spawn(command, args, { stdio: 'ignore', env, timeout: DEADLINE_MS });
    let [cpuMs, peakMiB] = [0, 0];
    const look = setInterval(() => {
      try {
        if (child.pid === undefined) return;
        cpuMs = Math.max(cpuMs, cpuMicros(child.pid) / 1000);
        // Of a process that has ended but was not waited for, nothing is left.
        peakMiB = Math.max(peakMiB, residentMiB(child.pid, 'VmHWM') || 0);
      } catch {
        /* it ended between two looks */
      }
    }, POLL_MS);
    child.once('error', (error) => {
      clearInterval(look);
      reject(error);
    });
    child.once('exit', (code, signal) => {
      clearInterval(look);
      const wallMs = performance.now() - startedMs;
      // 1 is what `check` answers where modules hold errors.
      if (signal !== null || (code !== 0 && code !== 1))
        reject(new Error(`${command} ended with ${signal ?? code}`));
      else resolve({ wallMs, cpuMs, peakMiB });
    });
  });
}

/** All directories below one, itself included. @param {string} directory @returns {string[]} */
function directoriesBelow(directory) {
  const below = readdirSync(directory, { withFileTypes: true }).filter((e) => e.isDirectory());
  return [directory, ...below.flatMap(({ name }) => directoriesBelow(join(directory, name)))];
}

/** @param {Run[]} runs @returns {Run} */
const middle = (runs) => ({
  wallMs: median(runs.map((r) => r.wallMs)),
  cpuMs: median(runs.map((r) => r.cpuMs)),
  peakMiB: median(runs.map((r) => r.peakMiB)),
});

/** @param {Options} options */
export async function measureMibs({ rounds, directory }) {
  let from = directory;
  if (from === undefined) {
    from = temporaryDirectory('mibs');
    writeModules(from);
  }
  const folders = [BASE_MODULES, ...directoriesBelow(from)].join(':');
  const translate = which('snmptranslate');
  /** @type {Record<string, [string, string[]]>} */
  const commands = {
    check: [process.execPath, [CLI, 'mib', 'check', '--no-cache', '--format', 'json', from]],
    oids: [process.execPath, [...DUMP, '--format', 'oids', '--path', from]],
    dump: [process.execPath, [...DUMP, '--format', 'json', '--path', from]],
    ...(translate === undefined
      ? {}
      : { snmptranslate: [translate, ['-M', folders, '-m', 'ALL', '-Tz']] }),
  };
  /** @type {Record<string, Run[]>} */
  const runs = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let round = 0; round < rounds + 1; round++) {
    for (const [name, [command, args]] of Object.entries(commands)) {
      const run = await measure(command, args);
      // The first round fills the file system's cache.
      if (round > 0) runs[name]?.push(run);
    }
  }
  const theirs = runs['snmptranslate'] ?? [];
  const lines = Object.entries(runs).map(([name, own]) => {
    const ratio = (/** @type {keyof Run} */ key) =>
      median(own.map((run, i) => (theirs[i]?.[key] ?? Number.NaN) / run[key]));
    return {
      name,
      ...middle(own),
      wall: ratio('wallMs'),
      cpu: ratio('cpuMs'),
      memory: 1 / ratio('peakMiB'),
    };
  });
  const allTable = markdown(
    ['all modules of a directory', 'wall ms', 'CPU ms', 'peak MiB', 'ours/it', 'by CPU', 'memory'],
    lines.map((l) => [
      l.name,
      ...[l.wallMs, l.cpuMs, l.peakMiB].map((n) => n.toFixed(0)),
      ...[l.wall, l.cpu, l.memory].map((n) => (Number.isNaN(n) ? '' : n.toFixed(2))),
    ]),
  );
  const oids = lines.find(({ name }) => name === 'oids');
  const verdicts =
    theirs.length === 0 || oids === undefined
      ? []
      : [
          {
            what: 'names and OIDs of all modules faster than snmptranslate -m ALL -Tz',
            value: oids.wall,
            cpu: oids.cpu,
            verdict: oids.wall > 1 ? 'met' : 'MISSED',
          },
          {
            what: `memory below ${MEMORY_LIMIT} times that of snmptranslate`,
            value: oids.memory,
            verdict: oids.memory < MEMORY_LIMIT ? 'met' : 'MISSED',
          },
        ];
  const find = measureFind(rounds);
  verdicts.push(find.verdict);
  const findTable = markdown(
    ['one module of', 'the first time, ms', 'later, ms', 'CPU ms'],
    [[`${find.files} files`, ...[find.firstMs, find.wallMs, find.cpuMs].map((n) => n.toFixed(0))]],
  );
  const table = `${allTable}\n\n${findTable}`;
  const version = firstLine('snmptranslate', ['-V']);
  return { directory: directory ?? 'made', version, table, lines, find, runs, verdicts };
}
