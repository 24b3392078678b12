// Every property at many runs, minutes of chaos, kill -9 at many moments: all from one seed. Closes
// with one line that tools read: `N passed, N failed`; what failed is followed by how to repeat it.
//
//   npm run soak -- [--seed N] [--runs 20000] [--minutes 10] [--clients 6]
//     [--rounds 1000] [--targets 10000] [--only properties|chaos|crash|manager|mibs|v3]
//
// `mibs` is the compiler's share of the properties alone, which takes a hundred times the runs;
// $TRELLIS_MIBS names a directory of modules to change as well. `v3` is the one property that changes
// SNMPv3 messages on their way.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const CHAOS = 'test/e2e/chaos.test.ts';
const CRASH = 'test/e2e/crash.test.ts';
const MANAGER = 'test/e2e/many-targets.test.ts';
const MIBS = 'test/src/mib/compile-mibs.property.test.ts';
const V3 = 'test/src/dispatch/v3-fuzz.property.test.ts';
const PARTS = ['properties', 'chaos', 'crash', 'manager', 'mibs', 'v3'];
const MAX_SEED = 2 ** 31 - 1;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    runs: { type: 'string', default: '20000' },
    minutes: { type: 'string', default: '10' },
    seconds: { type: 'string' },
    clients: { type: 'string', default: '6' },
    rounds: { type: 'string', default: '1000' },
    targets: { type: 'string', default: '10000' },
    only: { type: 'string' },
  },
});
const seed = number('seed', values.seed ?? String(Math.floor(Math.random() * MAX_SEED)), 0);
const runs = number('runs', values.runs, 1);
const seconds = number('seconds', values.seconds ?? String(Number(values.minutes) * 60), 1);
const clients = number('clients', values.clients, 1);
const rounds = number('rounds', values.rounds, 1);
const targets = number('targets', values.targets, 1);
if (values.only !== undefined && !PARTS.includes(values.only)) {
  fail(`--only: expected ${PARTS.join(' or ')}, got ${values.only}`);
}

process.stdout.write(`soak: seed ${seed}\n`);
const total = { passed: 0, failed: 0 };
const repeat = [];

if (values.only === 'mibs') {
  const env = { TRELLIS_RUNS: String(runs), TRELLIS_SEED: String(seed) };
  await part('mibs', [MIBS], env, `--runs ${runs}`);
}
if (values.only === 'v3') {
  const env = { TRELLIS_RUNS: String(runs), TRELLIS_SEED: String(seed) };
  await part('v3', [V3], env, `--runs ${runs}`);
}
if (isWanted('properties')) {
  const env = { TRELLIS_RUNS: String(runs), TRELLIS_SEED: String(seed) };
  await part('properties', propertyFiles(), env, `--runs ${runs}`);
}
if (isWanted('chaos')) {
  const env = {
    TRELLIS_SEED: String(seed),
    TRELLIS_CHAOS_SECONDS: String(seconds),
    TRELLIS_CHAOS_CLIENTS: String(clients),
  };
  await part('chaos', [CHAOS], env, `--seconds ${seconds} --clients ${clients}`);
}
if (isWanted('crash')) {
  const env = { TRELLIS_SEED: String(seed), TRELLIS_CRASH_ROUNDS: String(rounds) };
  await part('crash', [CRASH], env, `--rounds ${rounds}`);
}
if (isWanted('manager')) {
  const env = {
    TRELLIS_MANAGER_TARGETS: String(targets),
    TRELLIS_MANAGER_SECONDS: String(seconds),
  };
  await part('manager', [MANAGER], env, `--seconds ${seconds} --targets ${targets}`);
}
for (const command of repeat) process.stdout.write(`to repeat: ${command}\n`);
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
if (total.failed > 0) process.exitCode = 1;

function isWanted(name) {
  return values.only === undefined || values.only === name;
}

async function part(name, files, env, options) {
  process.stdout.write(`=== ${name}: ${files.length} files\n`);
  const { passed, failed } = await vitest(files, env);
  total.passed += passed;
  total.failed += failed;
  if (failed > 0) repeat.push(`npm run soak -- --only ${name} --seed ${seed} ${options}`);
}

/** Runs these files, showing what they print. A run that says nothing of its tests has failed. */
async function vitest(files, env) {
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.soak.config.ts'];
  const child = spawn(process.execPath, [...args, ...files], {
    env: { ...process.env, ...env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let last = { passed: 0, failed: 0 };
  let line = '';
  let isCounted = false;
  child.stdout.setEncoding('utf8').on('data', (text) => {
    process.stdout.write(text);
    const lines = (line + text).split('\n');
    line = lines.pop();
    for (const whole of lines) {
      const match = /^(\d+) passed, (\d+) failed/.exec(whole);
      if (match === null) continue;
      last = { passed: Number(match[1]), failed: Number(match[2]) };
      isCounted = true;
    }
  });
  const [status] = await once(child, 'close');
  const isSilent = !isCounted || (status !== 0 && last.failed === 0);
  return isSilent ? { ...last, failed: last.failed + 1 } : last;
}

/** Whatever draws its cases by chance; the chaos has a part of its own. */
function propertyFiles() {
  return readdirSync('test', { recursive: true, encoding: 'utf8' })
    .map((path) => `test/${path}`)
    .filter((path) => path.endsWith('.test.ts') && path !== CHAOS)
    .filter((path) => readFileSync(path, 'utf8').includes("from 'fast-check'"))
    .toSorted();
}

function number(name, text, low) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < low) {
    fail(`--${name}: expected an integer from ${low} on, got ${text}`);
  }
  return value;
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
