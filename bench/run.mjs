/**
 * `npm run bench`: our agent, the limit, and each installed peer, in one run and at the same work.
 *
 * Guards the decision that a ratio is only shown between servers measured in turns (A B C A B C)
 * in one run on one machine, each checked first to answer what the workload asks.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { FAULTS, measureFaults } from './faults.mjs';
import { check } from './lib/client.mjs';
import { Driver } from './lib/drive.mjs';
import { stamp } from './lib/stamp.mjs';
import { compare, judge, summarise } from './lib/summary.mjs';
import { memoryTable, verdictTable, workloadTable } from './lib/table.mjs';
import { measureMemory, measureRow } from './memory.mjs';
import { MANAGER, measureManagers } from './managers.mjs';
import { measureMibs, MIB } from './mib.mjs';
import * as faults from './servers/faults.mjs';
import * as echo from './servers/echo.mjs';
import * as npmNetSnmp from './servers/npm-net-snmp.mjs';
import * as otp from './servers/otp.mjs';
import * as snmpd from './servers/snmpd.mjs';
import * as trellis from './servers/trellis.mjs';
import * as trellisState from './servers/trellis-state.mjs';
import { MAX_REPETITIONS, WORKLOADS } from './workloads.mjs';

const SERVERS = [trellis, trellisState, echo, snmpd, otp, npmNetSnmp];
const SUBJECT = trellis.name;
const WARMUP_MS = 700;
const FULL_WALK_DEADLINE_MS = 120_000;

const HELP = `node bench/run.mjs [options]
  --quick          one short round: does it work, roughly
  --only NAME      a server, a workload or a fault; may be given several times
  --seconds N      measured seconds per round (default 2)
  --rounds N       rounds, interleaved between the servers (default 5)
  --memory         memory of our agent only
  --no-memory      speed only
  --mibs DIR       the modules of \`mib\` (default $TRELLIS_MIBS, else some hundreds made for it)
  --json FILE      where the results go (default bench/results/<date>.json)
servers: ${SERVERS.map((s) => s.name).join(' ')}
workloads: ${Object.keys(WORKLOADS).join(' ')}
faults (of our agent): ${FAULTS.join(' ')}
the compiler: ${MIB}
the manager, beside others: ${MANAGER}`;

function options() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean' },
      only: { type: 'string', multiple: true },
      seconds: { type: 'string' },
      rounds: { type: 'string' },
      memory: { type: 'boolean' },
      'no-memory': { type: 'boolean' },
      mibs: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const only = values.only ?? [];
  const isFault = (/** @type {string} */ n) => FAULTS.some((fault) => fault === n);
  const unknown = only.filter(
    (n) =>
      !(n in WORKLOADS) &&
      !isFault(n) &&
      n !== MIB &&
      n !== MANAGER &&
      !SERVERS.some((s) => s.name === n),
  );
  if (values.help || unknown.length > 0) {
    console.log(unknown.length > 0 ? `unknown: ${unknown.join(' ')}\n\n${HELP}` : HELP);
    process.exit(unknown.length > 0 ? 2 : 0);
  }
  const names = only.filter((n) => n in WORKLOADS);
  const faultNames = only.filter(isFault);
  // What is named is all that is measured.
  const isMib = only.includes(MIB);
  const isManager = only.includes(MANAGER);
  const isAll = names.length === 0 && faultNames.length === 0 && !isMib && !isManager;
  const isWhole = isAll && only.length === 0 && values.memory !== true;
  const servers = SERVERS.filter((s) => only.includes(s.name));
  const measureMs = Number(values.seconds ?? (values.quick ? 0.5 : 2)) * 1000;
  const rounds = Number(values.rounds ?? (values.quick ? 1 : 5));
  if (!(measureMs > 0) || !(rounds >= 1))
    throw new Error('--seconds and --rounds need a positive number');
  return {
    workloads: isAll ? Object.keys(WORKLOADS) : names,
    faults: isAll ? FAULTS : faultNames,
    isMib: isMib || isWhole,
    isManager: isManager || isWhole,
    mibs: values.mibs ?? process.env['TRELLIS_MIBS'],
    servers: servers.length > 0 ? servers : SERVERS,
    measureMs,
    rounds,
    warmupMs: values.quick ? 300 : WARMUP_MS,
    speed: values.memory !== true && (isAll || names.length > 0),
    memory: values['no-memory'] !== true && (isAll || names.length > 0),
    isMemoryOnly: values.memory === true,
    memoryRequests: values.quick ? 100_000 : 1_000_000,
    json: values.json,
  };
}

const say = (/** @type {string} */ text) => process.stderr.write(`${text}\n`);

/** Starts what is installed. @param {typeof SERVERS} servers */
async function startAll(servers) {
  /** @type {Record<string, any>} */
  const running = {};
  /** @type {Record<string, { version: string, notes: string[] }>} */
  const described = {};
  /** @type {Record<string, string>} */
  const skipped = {};
  for (const server of servers) {
    const found = server.detect();
    if ('missing' in found) {
      skipped[server.name] = found.missing ?? '';
      continue;
    }
    try {
      running[server.name] = await server.start();
      described[server.name] = { version: found.version, notes: found.notes };
    } catch (error) {
      skipped[server.name] =
        `did not start: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
  return { running, described, skipped };
}

/**
 * Asks each server once, outside of the measurement; a walk is made complete and counted.
 * @param {Driver} driver @param {any} server @param {any} work @returns {Promise<{ varbinds: number, elapsedMs: number, requests: number } | undefined>}
 */
async function verify(driver, server, work) {
  await work.before?.();
  if (server.echo) return undefined;
  if (work.kind === 'simple') {
    await check(server.port, work.request);
    if (work.usm) await checkSealed(driver, server, work);
    return undefined;
  }
  // By GETBULK also where GETNEXT is measured: cell by cell a million rows take minutes.
  const walk = { maxRepetitions: MAX_REPETITIONS, ...work.walk, starts: [work.walk.root] };
  const job = {
    kind: work.kind,
    walk,
    port: server.port,
    pid: server.pid,
    sockets: 1,
    window: 1,
    warmupMs: 0,
    measureMs: FULL_WALK_DEADLINE_MS,
    stopAfterWalks: 1,
  };
  const counts = await driver.run(job);
  const { walkVarbinds } = counts;
  if (walkVarbinds < 0)
    throw new Error(`one walk did not end within ${FULL_WALK_DEADLINE_MS / 1000} s`);
  if (work.expectVarbinds !== undefined && walkVarbinds !== work.expectVarbinds)
    throw new Error(`a walk has ${walkVarbinds} varbinds, not ${work.expectVarbinds}`);
  return { varbinds: walkVarbinds, elapsedMs: counts.elapsedMs, requests: counts.requests };
}

/** A few requests of SNMPv3 must be answered as they were asked. @param {Driver} driver @param {any} server @param {any} work */
async function checkSealed(driver, { port, pid }, work) {
  const job = { ...work, port, pid, sockets: 1, window: 1, warmupMs: 0, measureMs: 2000 };
  const { requests, errors } = await driver.run({
    ...job,
    before: undefined,
    stopAfterRequests: 20,
  });
  if (requests === 0 || errors > 0) throw new Error(`${errors} of ${requests} answers are Reports`);
}

/** @param {ReturnType<typeof options>} o @param {Driver} driver */
async function measureSpeed(o, driver) {
  const { running, described, skipped } = await startAll(o.servers);
  for (const [name, why] of Object.entries(skipped)) say(`skipped ${name}: ${why}`);
  for (const [name, d] of Object.entries(described)) say(`${name} ${d.version}`);
  /** @type {Record<string, Record<string, import('./lib/drive.mjs').Counts[]>>} */
  const results = {};
  /** @type {Record<string, any>} */
  const report = {};
  try {
    for (const name of o.workloads) {
      const { title, window } = WORKLOADS[/** @type {keyof typeof WORKLOADS} */ (name)];
      /** @type {Record<string, import('./lib/drive.mjs').Counts[]>} */
      const counts = {};
      /** @type {Record<string, Awaited<ReturnType<typeof verify>>>} */
      const single = {};
      /** @type {Record<string, string>} */
      const failures = {};
      for (const [server, r] of Object.entries(running)) {
        if (r.work[name] === undefined) continue;
        try {
          single[server] = await verify(driver, r, r.work[name]);
          counts[server] = [];
        } catch (error) {
          failures[server] = error instanceof Error ? error.message : String(error);
          say(`${name}: ${server} left out: ${failures[server]}`);
        }
      }
      for (let round = 0; round < o.rounds; round += 1) {
        for (const [server, list] of Object.entries(counts)) {
          const r = running[server];
          const work = { ...r.work[name], before: undefined };
          list.push(
            await driver.runQuietly({
              ...work,
              echo: r.echo,
              port: r.port,
              pid: r.pid,
              sockets: 1,
              window,
              warmupMs: o.warmupMs,
              measureMs: o.measureMs,
            }),
          );
        }
      }
      results[name] = counts;
      const lines = Object.fromEntries(Object.entries(counts).map(([s, c]) => [s, summarise(c)]));
      const ours = counts[SUBJECT] ?? [];
      const ratios = Object.fromEntries(
        Object.entries(counts)
          .filter(([s]) => s !== SUBJECT && ours.length > 0)
          .map(([s, c]) => [s, compare(ours, c)]),
      );
      report[name] = { title, window, lines, ratios, single, failures, rounds: counts };
      if (Object.keys(lines).length > 0) console.log(`\n${workloadTable(title, lines, ratios)}`);
      for (const [server, walk] of Object.entries(single)) {
        if (walk)
          console.log(
            `one manager alone, one complete walk of ${server}: ${walk.varbinds} varbinds in ${walk.elapsedMs.toFixed(0)} ms, ${Math.round((walk.varbinds / walk.elapsedMs) * 1000)}/s`,
          );
      }
    }
  } finally {
    await Promise.all(Object.values(running).map((r) => r.stop()));
  }
  return { servers: described, skipped, workloads: report, targets: judge(results, SUBJECT) };
}

async function main() {
  const o = options();
  const environment = { ...stamp(), loadAfter: 0 };
  console.log(
    `${environment.cpu}, ${environment.cores} cores, ${environment.kernel}, Node ${environment.node}, commit ${environment.commit}, pinned: ${environment.pinned}`,
  );
  const driver = new Driver();
  /** @type {Record<string, any>} */
  const result = {
    environment,
    options: { measureMs: o.measureMs, rounds: o.rounds, warmupMs: o.warmupMs },
  };
  try {
    if (o.speed) Object.assign(result, await measureSpeed(o, driver));
    if (o.faults.length > 0 && o.servers.includes(trellis) && !o.isMemoryOnly) {
      const { missing } = faults.detect();
      if (missing !== undefined) say(`no faults measured: ${missing}`);
      else {
        const { rounds, measureMs, warmupMs } = o;
        const measured = await measureFaults(driver, {
          names: o.faults,
          rounds,
          measureMs,
          warmupMs,
        });
        for (const [name, { table, ...figures }] of Object.entries(measured)) {
          console.log(`\n${table}`);
          result[name] = figures;
        }
      }
    }
    if (o.isMib) {
      const { table, ...figures } = await measureMibs({ rounds: o.rounds, directory: o.mibs });
      console.log(`\n${table}`);
      result[MIB] = figures;
    }
    const missing = trellis.detect();
    if (o.isManager) {
      if ('missing' in missing) say(`no manager measured: ${missing.missing}`);
      else {
        const { table, ...figures } = await measureManagers(trellis, o);
        for (const [name, why] of Object.entries(figures.skipped)) say(`skipped ${name}: ${why}`);
        console.log(`\n${table}`);
        result[MANAGER] = figures;
      }
    }
    if (o.memory && o.servers.includes(trellis)) {
      if ('missing' in missing) say(`no memory measurement: ${missing.missing}`);
      else {
        const process = await measureMemory(trellis, driver, o.memoryRequests);
        const row = await measureRow(trellis);
        result['memory'] = {
          entries: [...process.entries, ...row.entries],
          verdicts: [...process.verdicts, ...row.verdicts],
        };
      }
    }
  } finally {
    await driver.stop();
  }
  environment.loadAfter = loadavg()[0] ?? 0;
  if (result['memory']) console.log(`\n${memoryTable(result['memory'].entries)}`);
  const verdicts = [
    ...(result['targets'] ?? []),
    ...FAULTS.flatMap((name) => (result[name] ? [result[name].verdict] : [])),
    ...(result[MIB]?.verdicts ?? []),
    ...(result[MANAGER]?.verdicts ?? []),
    ...(result['memory']?.verdicts ?? []),
  ];
  if (verdicts.length > 0) console.log(`\n${verdictTable(verdicts)}`);
  const directory = fileURLToPath(new URL('results', import.meta.url));
  mkdirSync(directory, { recursive: true });
  const file = o.json ?? `${directory}/${environment.date.replace(/[:.]/g, '-')}.json`;
  writeFileSync(file, `${JSON.stringify(result, null, 1)}\n`);
  console.log(`\nresults: ${file}`);
}

main().catch((error) => {
  console.error(error instanceof Error ? error.stack : error);
  process.exitCode = 1;
});
