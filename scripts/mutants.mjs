// Tests the proof: `npm run mutants`. Each mutant of test/mutants is one plausible mistake in the
// sources; the properties that it names have to fail on it. A mutant that no property kills shows a
// hole in the proof, or is no mistake.
//
//   --list        what mutants there are
//   --only NAME   this one (repeatable)
//   --jobs N      so many at once (default 2)
//   --seed N      other random cases than the usual ones
//   --why         what the killing property says
//
// The tree is not touched: the tests import the sources, and vitest.mutants.config.mjs changes the
// one file as it is loaded. Closes with one line: N passed, N failed.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { MUTANTS, mutate } from '../test/mutants/index.mjs';
import { citations } from './citations.mjs';

/** A run that takes longer is ended, and its mutant counts as alive: nothing was seen to fail. */
const RUN_DEADLINE_MS = 90_000;
/** All killers, one after another, without a mutant. */
const UNMUTATED_DEADLINE_MS = 600_000;
const CONFIG = 'vitest.mutants.config.mjs';

const { values: options } = parseArgs({
  options: {
    list: { type: 'boolean' },
    only: { type: 'string', multiple: true },
    jobs: { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
    why: { type: 'boolean' },
  },
});

const write = (line) => void process.stdout.write(`${line}\n`);
const folder = mkdtempSync(join(tmpdir(), 'mutants-'));
const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

let runs = 0;

/**
 * One run of vitest.
 *
 * @returns its tests, none where a file does not load; undefined where it had to be ended.
 */
function runTests(mutant, files, args, deadlineMs = RUN_DEADLINE_MS) {
  runs += 1;
  const output = join(folder, `${runs}.json`);
  const child = spawn(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--config', CONFIG, ...args].concat(
      ['--reporter', 'json', '--outputFile', output],
      files,
    ),
    {
      stdio: 'ignore',
      env: {
        ...process.env,
        TRELLIS_MUTANT: mutant,
        TRELLIS_SEED: options.seed,
        TRELLIS_MUTANTS_CACHE: join(folder, 'cache'),
      },
    },
  );
  running.add(child);
  return new Promise((resolve) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
    }, deadlineMs);
    child.on('exit', () => {
      clearTimeout(timer);
      running.delete(child);
      if (isLate) resolve(undefined);
      else if (existsSync(output)) resolve(testsIn(JSON.parse(readFileSync(output, 'utf8'))));
      else resolve([]);
    });
  });
}

function testsIn({ testResults }) {
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ fullName, status, failureMessages }) => ({
      file: relative(process.cwd(), name),
      title: fullName,
      status,
      failure: failureMessages?.[0] ?? '',
    })),
  );
}

/** Which of a mutant's killers a title speaks for. */
function killersIn(title, { killedBy }) {
  const cited = new Set(citations(title));
  return killedBy.filter((killer) => cited.has(killer) || title.includes(killer));
}

/** What vitest is to run of the files: titles that may speak for a killer. */
function patternFor(mutants) {
  const killers = new Set(mutants.flatMap(({ killedBy }) => killedBy));
  const ranges = new Set([...killers].flatMap((killer) => killer.match(/^[A-Z]+-(?=\d+$)/) ?? []));
  return [...[...killers].map(escaped), ...[...ranges].map((group) => `${group}\\d+\\.\\.`)].join(
    '|',
  );
}

function mayKill(mutant) {
  return ({ file, title }) => mutant.tests.includes(file) && killersIn(title, mutant).length > 0;
}

const escaped = (text) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** @returns {{ verdict: 'killed' | 'SURVIVED', by: string, failure?: string }} */
async function judge(mutant, unmutated) {
  const killers = unmutated.filter(mayKill(mutant));
  if (killers.length === 0) return { verdict: 'SURVIVED', by: 'no test cites a killer' };
  const unfit = killers.find(({ status }) => status !== 'passed');
  if (unfit !== undefined) return { verdict: 'SURVIVED', by: `without it too: ${unfit.title}` };
  const pattern = `^(?:${killers.map(({ title }) => escaped(title)).join('|')})$`;
  const files = [...new Set(killers.map(({ file }) => file))];
  const tests = await runTests(mutant.name, files, [
    ...['--testNamePattern', pattern],
    ...['--bail', '1', '--maxWorkers', '1'],
  ]);
  if (tests === undefined) return { verdict: 'SURVIVED', by: 'the run did not end' };
  const killed = tests.find((test) => test.status === 'failed' && mayKill(mutant)(test));
  if (killed !== undefined) {
    const by = `${killersIn(killed.title, mutant).join(' ')}: ${killed.title}`;
    return { verdict: 'killed', by, failure: killed.failure };
  }
  const ran = tests.filter(({ status }) => status === 'passed');
  return { verdict: 'SURVIVED', by: ran.length === 0 ? 'no test ran' : 'every killer passed' };
}

function checkMutants() {
  const names = new Set();
  for (const mutant of MUTANTS) {
    if (names.has(mutant.name)) throw new Error(`two mutants are called ${mutant.name}`);
    names.add(mutant.name);
    mutate(mutant, readFileSync(mutant.file, 'utf8'));
    for (const test of mutant.tests) {
      if (!existsSync(test)) throw new Error(`mutant ${mutant.name}: there is no ${test}`);
    }
  }
}

function chosenMutants() {
  const { only } = options;
  if (only === undefined) return MUTANTS;
  for (const name of only) {
    if (!MUTANTS.some((mutant) => mutant.name === name)) throw new Error(`no mutant ${name}`);
  }
  return MUTANTS.filter(({ name }) => only.includes(name));
}

const seconds = (sinceMs) => `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;
const shortened = (text) => (text.length > 90 ? `${text.slice(0, 89)}…` : text);

async function run(mutants, jobs) {
  const startMs = performance.now();
  const files = [...new Set(mutants.flatMap(({ tests }) => tests))];
  const unmutated = await runTests(
    '',
    files,
    ['--testNamePattern', patternFor(mutants), '--maxWorkers', String(jobs)],
    UNMUTATED_DEADLINE_MS,
  );
  if (unmutated === undefined) throw new Error('without a mutant the tests did not end');
  write(
    `without a mutant: ${unmutated.length} tests in ${files.length} files, ${seconds(startMs)}`,
  );
  const count = { killed: 0, SURVIVED: 0 };
  const width = Math.max(...mutants.map(({ name }) => name.length));
  const waiting = [...mutants];
  const work = async () => {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const begunMs = performance.now();
      const { verdict, by, failure } = await judge(mutant, unmutated);
      count[verdict] += 1;
      const took = seconds(begunMs).padStart(7);
      write(`${verdict.padEnd(8)} ${mutant.name.padEnd(width)} ${took}  ${shortened(by)}`);
      if (options.why === true && failure !== undefined) write(`${failure}\n`);
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  write(`${mutants.length} mutants, ${seconds(startMs)}`);
  write(`${count.killed} passed, ${count.SURVIVED} failed`);
  if (count.SURVIVED > 0) process.exitCode = 1;
}

checkMutants();
const mutants = chosenMutants();
if (options.list === true) {
  for (const { name, says, file, killedBy } of mutants) {
    write(`${name} (${file}; ${killedBy.join(', ')})\n    ${says}`);
  }
} else {
  await run(mutants, Math.max(1, Number(options.jobs) || 1));
}
