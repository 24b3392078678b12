import { Command, InvalidArgumentError, Option } from 'commander';
import {
  conformance,
  type ConformanceProgress,
  type ConformanceReport,
} from '../../conformance/index.js';
import { escapeControls } from '../../base/index.js';
import { SnmpError } from '../../index.js';
import { print, tell } from '../print.js';

type Format = 'text' | 'json' | 'junit';

interface Options {
  readonly community: string;
  readonly version: '1' | '2c';
  readonly mib: readonly string[];
  readonly subtree?: string;
  readonly writable: readonly string[];
  readonly exclude: readonly string[];
  readonly property?: readonly string[];
  readonly seed?: number;
  readonly path?: string;
  readonly runs: number;
  readonly format: Format;
  readonly timeout: number;
  readonly list?: true;
}

const FORMATTERS: Readonly<Record<Format, (report: ConformanceReport) => string>> = {
  text: conformance.formatText,
  json: conformance.formatJson,
  junit: conformance.formatJUnit,
};

/** Errors that say the words of the call are off. */
const USAGE_CODES: readonly string[] = [
  'SNMP_CONFORMANCE_OPTION',
  'SNMP_OID_SYNTAX',
  'SNMP_MIB_UNREADABLE',
  'SNMP_MIB_ERRORS',
];

const HELP = `
Nothing is written without --writable. What is written is put back, also after an interrupt.

Exit status: 0 everything passed, 1 something failed or nobody answered, 2 the words of the call are
off.`;

export function conformCommand(): Command {
  return new Command('conform')
    .description('try the properties of every SNMP agent on one of any make')
    .argument('[agent]', 'udp://HOST:PORT, udp://HOST or udp://[V6]:PORT')
    .option('--community <name>', 'community of the requests', 'public')
    .addOption(new Option('-v, --version <version>', 'of SNMP').choices(['1', '2c']).default('2c'))
    .option('--mib <file>', 'text of a MIB module; may be repeated', collect, [])
    .option('--subtree <name>', 'descriptor or OID; nothing outside is looked at')
    .option(
      '--writable <name>',
      'descriptor or OID of what may be written; may be repeated; nothing otherwise',
      collect,
      [],
    )
    .option(
      '--exclude <name>',
      'what may not be written all the same; may be repeated',
      collect,
      [],
    )
    .option('--property <name>', 'only this one; may be repeated', collect)
    .option('--seed <number>', 'of an earlier run, to have it again', natural)
    .option('--path <path>', 'with --seed and --property: only that case')
    .option('--runs <number>', 'cases of each property', natural, 100)
    .addOption(
      new Option('--format <format>', 'of the report')
        .choices(['text', 'json', 'junit'])
        .default('text'),
    )
    .option('--timeout <ms>', 'how long one attempt waits for an answer', natural, 1000)
    .option('--list', 'list the properties, and do nothing')
    .addHelpText('after', HELP)
    .action(async (agent: string | undefined, options: Options, command: Command) => {
      if (options.list === true) return list();
      if (agent === undefined)
        return command.error("error: missing argument 'agent'", { exitCode: 2 });
      try {
        await conform(parseAgent(agent), options);
      } catch (error) {
        if (!(error instanceof SnmpError) || !USAGE_CODES.includes(error.code)) throw error;
        command.error(`error: ${error.message} [${error.code}]`, { exitCode: 2 });
      }
    });
}

function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

function natural(value: string): number {
  const number = Number(value);
  if (!/^\d{1,10}$/.test(value) || number > 2 ** 31 - 1) {
    throw new InvalidArgumentError('expected a number of 0..2147483647');
  }
  return number;
}

interface AgentAddress {
  readonly host: string;
  readonly port: number;
}

const SNMP_PORT = 161;

function parseAgent(text: string): AgentAddress {
  const [, v6, name, port] =
    /^udp:\/\/(?:\[([\da-fA-F:.%\w]+)\]|([\w.-]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = v6 ?? name;
  const number = port === undefined ? SNMP_PORT : Number(port);
  if (host === undefined || number < 1 || number > 65_535) {
    throw new SnmpError(
      'SNMP_CONFORMANCE_OPTION',
      `not an agent: ${JSON.stringify(text)} (expected udp://127.0.0.1:161)`,
    );
  }
  return { host, port: number };
}

function list(): void {
  for (const { name, promise, source } of conformance.describe()) {
    print(`${name}  [${source}]\n    ${promise}\n`);
  }
}

async function conform({ host, port }: AgentAddress, options: Options): Promise<void> {
  const { community, version, mib, timeout: timeoutMs, format } = options;
  const subject = conformance.udpSubject({
    host,
    port,
    community,
    version: version === '1' ? 'v1' : 'v2c',
    mibs: mib,
    timeoutMs,
  });
  const stop = new AbortController();
  const interrupted = (): void => {
    tell('\nstopping: what was changed is put back\n');
    stop.abort();
  };
  // A second signal finds no handler any more, and ends the process as it always does.
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  try {
    const { subtree, writable, exclude, property, seed, path, runs } = options;
    const report = await conformance.run(subject, {
      writable,
      exclude,
      runs,
      signal: stop.signal,
      ...(subtree === undefined ? {} : { subtree }),
      ...(property === undefined ? {} : { properties: property }),
      ...(seed === undefined ? {} : { seed }),
      ...(path === undefined ? {} : { path }),
      ...(process.stderr.isTTY ? { onProgress: showProgress } : {}),
    });
    if (process.stderr.isTTY) process.stderr.write(CLEAR_LINE);
    print(FORMATTERS[format](report));
    const isGood =
      !report.aborted &&
      report.leftOver.length === 0 &&
      report.results.every(({ verdict }) => verdict !== 'failed');
    process.exitCode = isGood ? 0 : 1;
  } finally {
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
    await subject.close();
  }
}

const CLEAR_LINE = '\r\u001B[2K';
const BAR_CELLS = 24;

/** One line that is written over and over: only where a person looks at it. */
function showProgress(progress: ConformanceProgress): void {
  const { phase, property = 'walking', done, of, runs, ofRuns } = progress;
  const share = (done + Math.min(1, runs / Math.max(1, ofRuns))) / Math.max(1, of);
  const filled = Math.round(share * BAR_CELLS);
  const bar = `${'#'.repeat(filled)}${'.'.repeat(BAR_CELLS - filled)}`;
  const what = phase === 'shrinking' ? `${property}: a counterexample, made smaller` : property;
  process.stderr.write(
    `${CLEAR_LINE}[${bar}] ${done + 1}/${of} ${escapeControls(what)} ${runs}/${ofRuns}`,
  );
}
