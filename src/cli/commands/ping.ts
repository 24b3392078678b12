import { Command, InvalidArgumentError } from 'commander';
import { systemClock } from '../../base/index.js';
import type { Manager, RequestResult, Target } from '../../manager/index.js';
import { parseOid } from '../../smi/index.js';
import {
  addAskOptions,
  count,
  managerFrom,
  positiveSeconds,
  targetFrom,
  whenCalled,
  type AskOptions,
} from '../ask/ask-options.js';
import { PingSummary } from '../ask/ping-summary.js';
import { jsonValue, showStyle, showVarBind } from '../ask/show-var-bind.js';
import { writeOut } from '../write-out.js';

interface PingOptions extends AskOptions {
  readonly count?: number;
  readonly interval: number;
  readonly deadline?: number;
  readonly quiet?: boolean;
}

const SYS_UP_TIME = '1.3.6.1.2.1.1.3.0';

const HELP = `
An answer is any response, also one that says no: the agent is there. Each request is sent once and
waits for -t seconds; -r sends it again.`;

const EXIT_STATUSES = `
Exit status: 0 there was an answer; 1 there was none, or with --count and --deadline not to all; 2 the
words of the call are off.`;

export function pingCommand(): Command {
  const command = new Command('ping')
    .description('ask an agent again and again, and tell how long it takes')
    .argument('<agent>', 'where the agent is')
    .argument('[oid]', `what is asked for: an instance; sysUpTime.0 where there is none`)
    .option('--count <number>', 'so many requests; until it is interrupted where not given', some)
    .option('--interval <seconds>', 'from one request to the next', positiveSeconds, 1)
    .option('--deadline <seconds>', 'all is over after so long', positiveSeconds)
    .option('--quiet', 'nothing but the summary')
    .addHelpText('after', HELP);
  // One datagram for one line.
  addAskOptions(command, { retries: 0, exitStatuses: EXIT_STATUSES });
  return whenCalled(
    command,
    async (agent: string, oid: string | undefined, options: PingOptions) => {
      await using manager = managerFrom(options);
      const over = new AbortController();
      const end = (): void => over.abort();
      process.once('SIGINT', end);
      const { deadline } = options;
      const timer =
        deadline === undefined ? undefined : systemClock.startTimer(deadline * 1000, end);
      try {
        const summary = new PingSummary();
        const target = targetFrom(agent, options);
        await writeOut(ping(manager, target, agent, oid, options, summary, over.signal));
        process.exitCode = exitStatus(summary, options);
      } finally {
        timer?.cancel();
        process.off('SIGINT', end);
      }
    },
  );
}

function some(text: string): number {
  const number = count(text);
  if (number > 0) return number;
  throw new InvalidArgumentError('expected 1 or more.');
}

/** As ping's. */
function exitStatus({ received, sent }: PingSummary, options: PingOptions): number {
  if (received === 0) return 1;
  const { count: wanted, deadline } = options;
  const isShort = wanted !== undefined && deadline !== undefined && received < wanted;
  return isShort && sent > 0 ? 1 : 0;
}

async function* ping(
  manager: Manager,
  target: Target,
  agent: string,
  oid: string | undefined,
  options: PingOptions,
  summary: PingSummary,
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const style = showStyle(options.O ?? []);
  const isJson = options.json === true;
  const name = oid ?? parseOid(SYS_UP_TIME);
  const startedMs = systemClock.nowMs();
  if (isJson) yield '[\n';
  for (let sequence = 1; sequence <= (options.count ?? Infinity); sequence++) {
    const sentMs = systemClock.nowMs();
    summary.sent += 1;
    const result = await asked(manager, target, name, signal);
    if (result === undefined) break;
    const { rttMs } = result.stats;
    if (rttMs !== undefined) summary.add(rttMs);
    if (isJson) yield `${JSON.stringify(record(sequence, result))},\n`;
    else if (options.quiet !== true) yield `${line(sequence, result)}\n`;
    if (sequence === options.count) break;
    await waited(options.interval * 1000 - (systemClock.nowMs() - sentMs), signal);
    if (signal.aborted) break;
  }
  const totalMs = systemClock.nowMs() - startedMs;
  if (isJson) yield `${JSON.stringify(summaryRecord(summary))}\n]\n`;
  else yield ['', ...summary.lines(agent, totalMs)].map((one) => `${one}\n`).join('');

  function line(sequence: number, { stats, kind, ...result }: RequestResult): string {
    if (stats.rttMs === undefined) return `seq=${sequence} ${result.errorIndication ?? ''}`;
    const [varBind] = result.varBinds;
    const said =
      kind === 'ok' && varBind !== undefined
        ? showVarBind(varBind, manager.mib, style)
        : result.errorStatus;
    return `seq=${sequence} time=${stats.rttMs.toFixed(3)} ms ${said}`;
  }
}

/** undefined where it all ended before an answer. */
async function asked(
  manager: Manager,
  target: Target,
  name: string | readonly number[],
  signal: AbortSignal,
): Promise<RequestResult | undefined> {
  try {
    return await manager.get(target, [name], { lookupMib: true, signal });
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

function waited(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted || ms <= 0) return resolve();
    const timer = systemClock.startTimer(ms, () => {
      signal.removeEventListener('abort', ended);
      resolve();
    });
    const ended = (): void => {
      timer.cancel();
      resolve();
    };
    signal.addEventListener('abort', ended, { once: true });
  });
}

function record(sequence: number, result: RequestResult): object {
  const { stats, errorIndication, errorStatus, varBinds } = result;
  const [varBind] = varBinds;
  return {
    sequence,
    rttMs: stats.rttMs ?? null,
    errorIndication,
    errorStatus,
    name: varBind?.label ?? null,
    value: jsonValue(varBind?.plain),
  };
}

function summaryRecord({ sent, received, lossPercent, rtt }: PingSummary): object {
  return { sent, received, lossPercent, rtt: rtt ?? null };
}
