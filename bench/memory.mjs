/**
 * Memory of our agent: with 100 000 rows, whether it stays flat over a million requests, and what a
 * row takes where there are a million of them.
 *
 * Guards the promises on memory: below 120 MiB for the whole process with 100 000 rows of
 * tbBigTable, no growth with requests, below 400 octets for a row of five values. VmRSS is read from outside.
 */
import { residentMiB } from './lib/proc.mjs';
import { WORKLOADS } from './workloads.mjs';

const ROWS = 100_000;
const LIMIT_MIB = 120;
/** Growth after the first 100 000 requests that still counts as flat: heap size moves by itself. */
const FLAT_MIB = 10;
const MANY_ROWS = 1_000_000;
const FEW_ROWS = 1000;
const LIMIT_ROW_OCTETS = 400;
const SETTLE_MS = 3000;
const DEADLINE_MS = 180_000;

const settle = () => new Promise((resolve) => setTimeout(resolve, SETTLE_MS));

/**
 * @param {typeof import('./servers/trellis.mjs')} server
 * @param {import('./lib/drive.mjs').Driver} driver @param {number} requests
 */
export async function measureMemory(server, driver, requests) {
  const running = await server.start();
  /** BOUNDED by the steps below. @type {{ what: string, mib: number }[]} */
  const entries = [];
  const note = (/** @type {string} */ what) =>
    entries.push({ what, mib: residentMiB(running.pid) });
  /** @param {'get1' | 'get10' | 'set' | 'walk-100k'} name @param {number} count */
  const send = async (name, count) => {
    const work = running.work[name];
    const job = {
      ...work,
      before: undefined,
      port: running.port,
      pid: running.pid,
      sockets: 1,
      window: WORKLOADS[name].window,
      warmupMs: 0,
      measureMs: DEADLINE_MS,
      stopAfterRequests: count,
    };
    const counts = await driver.run(job);
    if (counts.requests < count)
      throw new Error(`only ${counts.requests} of ${count} requests within ${DEADLINE_MS} ms`);
  };
  try {
    note('started, 1 000 rows');
    await running.setRows(ROWS);
    note('100 000 rows, right after the SET');
    await settle();
    note('100 000 rows, settled');
    await send('walk-100k', 12_000);
    note('after one walk of them');
    await send('get1', Math.round(requests / 10));
    note(`after ${Math.round(requests / 10)} GETs`);
    const before = entries.at(-1)?.mib ?? 0;
    for (const name of /** @type {const} */ (['get1', 'get10', 'set']))
      await send(name, Math.round(requests * (name === 'get1' ? 0.7 : 0.1)));
    note(`after ${requests} requests (GET, GET of 10, SET)`);
    await settle();
    note('settled');
    const peak = residentMiB(running.pid, 'VmHWM');
    entries.push({ what: 'highest ever', mib: peak });
    const growth = (entries.at(-2)?.mib ?? 0) - before;
    const rows = Math.max(...entries.slice(2, -1).map((e) => e.mib));
    return {
      entries,
      verdicts: [
        {
          what: `100 000 rows below ${LIMIT_MIB} MiB: ${rows.toFixed(1)}`,
          verdict: rows < LIMIT_MIB ? 'met' : 'MISSED',
        },
        {
          what: `flat over ${requests} requests: ${growth.toFixed(1)} MiB more`,
          verdict: growth < FLAT_MIB ? 'met' : 'MISSED',
        },
      ],
    };
  } finally {
    await running.stop();
  }
}

/**
 * What a row takes, the table's own share of it included: by how much a fresh process grows.
 * @param {typeof import('./servers/trellis.mjs')} server
 */
export async function measureRow(server) {
  const running = await server.start();
  try {
    await settle();
    const before = residentMiB(running.pid);
    await running.setRows(MANY_ROWS);
    await settle();
    const after = residentMiB(running.pid);
    const octets = ((after - before) * 2 ** 20) / (MANY_ROWS - FEW_ROWS);
    return {
      entries: [
        { what: 'another process, 1 000 rows', mib: before },
        { what: '1 000 000 rows, settled', mib: after },
      ],
      verdicts: [
        {
          what: `a row of 1 000 000 below ${LIMIT_ROW_OCTETS} octets: ${octets.toFixed(0)}`,
          verdict: octets < LIMIT_ROW_OCTETS ? 'met' : 'MISSED',
        },
      ],
    };
  } finally {
    await running.stop();
  }
}
