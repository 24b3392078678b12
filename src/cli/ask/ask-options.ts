import { isIPv6 } from 'node:net';
import { InvalidArgumentError, type Command } from 'commander';
import { mibDirectories, ModuleFinder } from '../../mib/index.js';
import { community, Manager, type OwnEngine, type Target } from '../../manager/index.js';
import { collect } from '../mib/search-options.js';
import { addUserOptions, userFrom, type UserWords } from './user-options.js';

/** What every command that asks an agent is told; the letters are net-snmp's. */
export interface AskOptions extends UserWords {
  readonly v: 'v1' | 'v2c' | 'v3';
  readonly c: string;
  readonly t: number;
  readonly r: number;
  readonly m?: readonly string[];
  readonly M?: readonly string[];
  readonly O?: readonly string[];
  readonly json?: boolean;
}

const DEFAULT_PORT = 161;

/** In what a command differs from the others that ask. */
interface Differences {
  readonly retries?: number;
  /** The end of the help, where it is not that of a request. */
  readonly exitStatuses?: string;
  readonly peer?: string;
  readonly port?: number;
}

const EXIT_STATUSES = `
Exit status: 0 done; 1 the agent refused, or there was no response; 2 the words of the call are off.
An agent says nothing at all to a community that it does not know, and mostly nothing to a wrong -X.`;

function helpFor(peer: string, port: number, exitStatuses: string): string {
  return `
The ${peer} is HOST, HOST:PORT, [V6]:PORT, udp:HOST:PORT, udp6:[V6]:PORT or udp://HOST:PORT; the port
is ${port} where none is given.

Letters of -O: n numbers, s last name, S module and name (as without), f whole path, X extended
index; q without types, Q the same with "=", v values only; e enumerations as numbers, t ticks as
numbers, U without units; x octets in hexadecimal, a as text, where no DISPLAY-HINT says more of them;
b indexes as they stand in OIDs.
${exitStatuses}`;
}

export function addAskOptions(
  command: Command,
  {
    retries = 5,
    exitStatuses = EXIT_STATUSES,
    peer = 'agent',
    port = DEFAULT_PORT,
  }: Differences = {},
): Command {
  command
    .option('-v <version>', 'version: 1, 2c or 3', version, 'v2c')
    .option('-c <community>', 'community of 1 and 2c', 'public');
  return addUserOptions(command)
    .option('-t <seconds>', 'how long each attempt waits', positiveSeconds, 1)
    .option('-r <retries>', 'how often a request is sent again', count, retries)
    .option(
      '-m <modules>',
      'modules to know besides those of trellis, with : between; or ALL',
      list,
    )
    .option('-M <dirs>', 'directories to look for modules in, before $MIBDIRS; : between', list)
    .option('-O <letters>', 'how results are shown, see below', collect)
    .option('--json', 'results as JSON: an array with one object per variable')
    .addHelpText('after', helpFor(peer, port, exitStatuses));
}

/** As `command.action`; words that are found to be off are told as commander tells it. */
export function whenCalled(
  command: Command,
  action: (...words: never[]) => Promise<void>,
): Command {
  return command.action(async (...words: unknown[]) => {
    try {
      await action(...(words as never[]));
    } catch (error) {
      if (error instanceof InvalidArgumentError) command.error(`error: ${error.message}`);
      throw error;
    }
  });
}

/** Besides its options, what a manager is made for. */
interface Purpose {
  /** Modules that the words of the call name. */
  readonly naming?: readonly string[];
  /** Who traps of SNMPv3 are from. */
  readonly engine?: OwnEngine | undefined;
}

export function managerFrom({ m, M }: AskOptions, { naming = [], engine }: Purpose = {}): Manager {
  // net-snmp's + and - in front say where a list belongs; here it always comes first.
  const directories = mibDirectories(M?.map((directory) => directory.replace(/^[+-]/, '')));
  const named = m ?? [];
  const modules = named.includes('ALL')
    ? new ModuleFinder({ directories }).names()
    : named.map((name) => name.replace(/^\+/, ''));
  const mibs = { modules: [...modules, ...naming], directories };
  return new Manager({ mibs, ...(engine === undefined ? {} : { engine }) });
}

/** @throws InvalidArgumentError; SnmpError SNMP_OPTION_INVALID, SNMP_CLI_USER */
export function targetFrom(agent: string, options: AskOptions, defaultPort = DEFAULT_PORT): Target {
  const { v, c, t, r } = options;
  const { host, port, family } = agentAddress(agent, defaultPort);
  return {
    host,
    port,
    ...(family === undefined ? {} : { family }),
    auth: v === 'v3' ? userFrom(options, process.env) : community(c, { version: v }),
    timeoutMs: Math.round(t * 1000),
    retries: r,
  };
}

interface AgentAddress {
  readonly host: string;
  readonly port: number;
  readonly family: 4 | 6 | undefined;
}

function agentAddress(text: string, defaultPort: number): AgentAddress {
  const [, transport, rest = ''] = /^(?:(udp6?):(?:\/\/)?)?(.*)$/.exec(text) ?? [];
  const family = transport === 'udp6' ? 6 : undefined;
  if (isIPv6(rest)) return { host: rest, port: defaultPort, family };
  const [, bracketed, plain, port] =
    /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(rest) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined) {
    throw new InvalidArgumentError(`not the address of an agent: ${JSON.stringify(text)}`);
  }
  return { host, port: port === undefined ? defaultPort : Number(port), family };
}

function version(text: string): AskOptions['v'] {
  if (text === '1') return 'v1';
  if (text === '2c') return 'v2c';
  if (text === '3') return 'v3';
  throw new InvalidArgumentError('expected 1, 2c or 3.');
}

/** Seconds of 0.001..86400. */
export function positiveSeconds(text: string): number {
  const seconds = Number(text);
  if (seconds >= 0.001 && seconds <= 86_400) return seconds;
  throw new InvalidArgumentError('expected seconds of 0.001..86400.');
}

/** A number of 0..2147483647. */
export function count(text: string): number {
  if (/^\d{1,10}$/.test(text) && Number(text) <= 2_147_483_647) return Number(text);
  throw new InvalidArgumentError('expected an integer of 0..2147483647.');
}

function list(text: string, earlier: readonly string[] = []): string[] {
  return [...earlier, ...text.split(':').filter((item) => item !== '')];
}
