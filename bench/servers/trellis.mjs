/**
 * Our agent, as a user starts it: the built CLI and the testbed of examples/.
 *
 * Guards the decision to measure the product (supervision, views, limits and all) and no
 * stripped-down server. Extra options for the CLI: environment variable TRELLIS_BENCH_ARGS.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setUnsigned, waitForAnswer } from '../lib/client.mjs';
import { freePort, SERVER_CORE, start as startProcess, stop, waitForLine } from '../lib/proc.mjs';
import { BIG_SIZE, testbed, withUser } from '../workloads.mjs';

export const name = 'trellis';

const root = fileURLToPath(new URL('../../', import.meta.url));
const entry = `${root}dist/src/cli/main.js`;

export function detect() {
  if (!existsSync(entry))
    return { missing: 'dist/src/cli/main.js is not there: run `npm run build`' };
  if (!existsSync(`${root}examples/testbed`)) return { missing: 'examples/testbed is not there' };
  return {
    version: JSON.parse(readFileSync(`${root}package.json`, 'utf8')).version,
    notes: ['GET and SET of tbScalars, tbInteger volatile', 'walks of tbBigTable'],
  };
}

/** @param {string[]} more options for the CLI */
export async function start(more = []) {
  const port = await freePort();
  const extra = [...more, ...(process.env['TRELLIS_BENCH_ARGS'] ?? '').split(' ').filter(Boolean)];
  const child = startProcess(
    process.execPath,
    [entry, 'agent', 'examples/testbed', '--listen', `udp://127.0.0.1:${port}`, ...extra],
    SERVER_CORE,
    { cwd: root },
  );
  await waitForLine(child, 'ready', 20_000);
  child.stdout?.resume();
  child.stderr?.resume();
  await waitForAnswer(port, '1.3.6.1.4.1.32473.1.1.1.0', 5000);
  /** Fills tbBigTable; a write of 100 000 rows may take its time. @param {number} rows */
  const setRows = (rows) => setUnsigned(port, BIG_SIZE, rows, 60_000);
  return {
    port,
    pid: child.pid ?? 0,
    work: withUser(testbed(setRows)),
    setRows,
    stop: () => stop(child),
  };
}
