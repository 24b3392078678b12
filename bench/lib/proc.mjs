/**
 * Processes: start pinned, wait with a deadline, measure through /proc, and stop for certain.
 *
 * Guards the decision that a benchmark never outlives its run: every child and every temporary
 * directory is registered here, and leaves on normal exit, on an error and on SIGINT/SIGTERM.
 * Only processes started here are ever signalled, by pid.
 */
import { spawn, spawnSync } from 'node:child_process';
import dgram from 'node:dgram';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';

/** BOUNDED by the servers of one run plus the generator. @type {Set<import('node:child_process').ChildProcess>} */
const children = new Set();
/** BOUNDED likewise. @type {Set<string>} */
const directories = new Set();

const TICK_MICROS = 10_000; // USER_HZ is 100 on every Linux Node 20 runs on
const STOP_DEADLINE_MS = 3000;

export const SERVER_CORE = 0;
export const GENERATOR_CORE = 1;

/** The path of a program, or undefined. sbin is searched too: Debian keeps snmpd there. @param {string} program */
export function which(program) {
  const paths = [
    ...(process.env['PATH'] ?? '').split(':'),
    '/usr/sbin',
    '/usr/local/sbin',
    '/sbin',
  ];
  return paths.map((p) => join(p, program)).find((p) => existsSync(p));
}

export const canPin = cpus().length > 1 && which('taskset') !== undefined;

/**
 * Starts a program on one core, where that can be done. `taskset` execs, so the pid is the program's.
 * @param {string} program @param {string[]} args @param {number} core
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export function start(program, args, core, options = {}) {
  const [command, rest] = canPin
    ? ['taskset', ['-c', String(core), program, ...args]]
    : [program, args];
  /** @type {import('node:child_process').ChildProcess} */
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  children.add(child);
  child.once('exit', () => children.delete(child));
  child.once('error', () => children.delete(child));
  return child;
}

/**
 * Waits until the child has printed a line that starts with `prefix` to stdout.
 * @param {import('node:child_process').ChildProcess} child @param {string} prefix @param {number} deadlineMs
 * @returns {Promise<string>} that line
 */
export function waitForLine(child, prefix, deadlineMs) {
  return new Promise((resolve, reject) => {
    let text = '';
    let complaints = '';
    const fail = (/** @type {string} */ why) => {
      clearTimeout(timer);
      reject(
        new Error(
          `${why} before a line "${prefix}"; stderr: ${complaints.slice(-600).trim() || 'empty'}`,
        ),
      );
    };
    const timer = setTimeout(() => fail(`nothing within ${deadlineMs} ms`), deadlineMs);
    child.once('exit', (code) => fail(`exit with code ${code}`));
    child.once('error', (error) => fail(String(error)));
    child.stderr?.on('data', (data) => {
      complaints = (complaints + data).slice(-4000);
    });
    child.stdout?.on('data', (data) => {
      text = (text + data).slice(-100_000);
      const line = text
        .split('\n')
        .slice(0, -1)
        .find((l) => l.startsWith(prefix));
      if (line === undefined) return;
      clearTimeout(timer);
      resolve(line);
    });
  });
}

/** SIGTERM, and SIGKILL when that is not enough. @param {import('node:child_process').ChildProcess} child */
export async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
  await gone;
  clearTimeout(timer);
}

/** A directory that is gone after the run. @param {string} name */
export function temporaryDirectory(name) {
  const path = mkdtempSync(join(tmpdir(), `trellis-bench-${name}-`));
  directories.add(path);
  return path;
}

/** Kills and removes all that is left. Synchronous, so that it also works in `exit` handlers. */
function cleanUp() {
  for (const child of children) child.kill('SIGKILL');
  for (const path of directories) {
    try {
      rmSync(path, { recursive: true, force: true, maxRetries: 3 });
    } catch {
      /* nothing more can be done at exit */
    }
  }
  directories.clear();
}
process.on('exit', cleanUp);

const REAP_DEADLINE_MS = 1000;
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    cleanUp();
    // Leaving only when all have been reaped: not every pid 1 reaps orphans.
    setTimeout(() => process.exit(130), REAP_DEADLINE_MS);
    setInterval(() => {
      if (children.size === 0) process.exit(130);
    }, 10);
  });
}

/** A UDP port on 127.0.0.1 that was free a moment ago. @returns {Promise<number>} */
export function freePort() {
  return new Promise((resolve, reject) => {
    const socket = dgram.createSocket('udp4');
    socket.once('error', reject);
    socket.bind(0, '127.0.0.1', () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}

/** utime + stime of a process with all its threads, in microseconds; steps of 10 ms. @param {number} pid */
export function cpuMicros(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MICROS;
}

/** Busy time of all cores since boot, steal included, in microseconds; steps of 10 ms. */
export function machineMicros() {
  const [user, nice, system, , , irq, softirq, steal] = (
    readFileSync('/proc/stat', 'latin1').split('\n')[0] ?? ''
  )
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (
    ((user ?? 0) + (nice ?? 0) + (system ?? 0) + (irq ?? 0) + (softirq ?? 0) + (steal ?? 0)) *
    TICK_MICROS
  );
}

/** The monotonic clock that all processes of a machine share, in microseconds. */
export function monotonicMicros() {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e6 + nanoseconds / 1000;
}

/** Resident memory in MiB. @param {number} pid @param {'VmRSS' | 'VmHWM'} [field] */
export function residentMiB(pid, field = 'VmRSS') {
  const line = readFileSync(`/proc/${pid}/status`, 'latin1')
    .split('\n')
    .find((l) => l.startsWith(`${field}:`));
  return Number(line?.replace(/\D+/g, '')) / 1024;
}

/** First line a program prints, for versions. @param {string} program @param {string[]} args */
export function firstLine(program, args) {
  const { stdout, stderr, status } = spawnSync(program, args, { encoding: 'utf8', timeout: 5000 });
  if (status !== 0) return undefined;
  return `${stdout}${stderr}`
    .split('\n')
    .find((l) => l.trim() !== '')
    ?.trim();
}
