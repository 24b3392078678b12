import { uptime } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { systemClock } from '../../base/index.js';
import {
  RequestError,
  type Manager,
  type NotificationToSend,
  type OwnEngine,
  type RequestResult,
  type Target,
  type VarBindToSet,
} from '../../manager/index.js';
import {
  addAskOptions,
  count,
  managerFrom,
  targetFrom,
  whenCalled,
  type AskOptions,
} from '../ask/ask-options.js';
import { tellFailure } from '../ask/report.js';
import { TYPES } from '../ask/value-types.js';
import { modulesNamed, varBindsFromWords } from '../ask/values-from-words.js';
import { collect } from '../mib/search-options.js';

const WORDS = `
Words after the receiver, whose port is 162 where none is given:
  -v 2c, -v 3   UPTIME TRAP-OID [OID TYPE VALUE]...
  -v 1          ENTERPRISE AGENT GENERIC SPECIFIC UPTIME [OID TYPE VALUE]...
UPTIME in hundredths of a second, '' for that of this machine; AGENT an IPv4 address, '' for that the
trap leaves from. A trap of SNMPv3 is from the engine -e, for which the receiver must know the user;
an inform goes to the engine of the receiver.
${TYPES}`;

const EXIT_STATUSES = `
Exit status: 0 sent, with -Ci acknowledged; 1 not; 2 the words of the call are off.`;

interface TrapOptions extends AskOptions {
  readonly C?: readonly string[];
  readonly I?: string;
  readonly boots?: number;
}

interface Words {
  readonly notification: NotificationToSend;
  readonly upTimeCentiseconds: number;
  readonly agentAddress?: string;
  readonly varBinds: readonly VarBindToSet[];
}

const DEFAULT_PORT = 162;

/** Words before the variables. */
const V1_WORDS = 5;
const V2_WORDS = 2;

export function trapCommand(): Command {
  const command = new Command('trap')
    .description('tell a receiver of traps what happened')
    .argument('<receiver>', 'where the receiver is')
    .argument('<word...>', 'uptime, notification and variables, see below')
    .option('-C <letters>', 'i: an inform, which is acknowledged', collect)
    .option('-I <letters>', 'r: do not check values')
    .option(
      '--boots <number>',
      'snmpEngineBoots of -e; without it a number that grows by the minute',
      count,
    )
    .addHelpText('after', WORDS);
  whenCalled(command, async (receiver: string, words: readonly string[], options: TrapOptions) => {
    const isInform = isInformAsked(options.C ?? []);
    await using manager = managerFrom(options, {
      naming: modulesNamed(words.slice(options.v === 'v1' ? V1_WORDS : V2_WORDS)),
      engine: isInform ? undefined : engineFrom(options),
    });
    const target = targetFrom(receiver, options, DEFAULT_PORT);
    const read = options.v === 'v1' ? v1Words(words, manager) : v2Words(words, manager);
    const result = await tell(manager, target, read, options);
    if (result.kind !== 'ok') tellFailure(new RequestError(result), receiver, manager);
  });
  return addAskOptions(command, {
    peer: 'receiver',
    port: DEFAULT_PORT,
    exitStatuses: EXIT_STATUSES,
  });
}

function isInformAsked(letters: readonly string[]): boolean {
  const other = letters.join('').replaceAll('i', '');
  if (other !== '') throw new InvalidArgumentError(`-C knows no ${other}: expected i.`);
  return letters.join('').includes('i');
}

function tell(
  manager: Manager,
  target: Target,
  words: Words,
  options: TrapOptions,
): Promise<RequestResult> {
  const { notification, varBinds, upTimeCentiseconds, agentAddress } = words;
  const validate = options.I === 'r' ? 'untyped' : 'all';
  const told = { upTimeCentiseconds, validate } as const;
  if (isInformAsked(options.C ?? [])) return manager.inform(target, notification, varBinds, told);
  return manager.trap(target, notification, varBinds, {
    ...told,
    ...(agentAddress === undefined ? {} : { agentAddress }),
  });
}

const MS_PER_MINUTE = 60_000;

/**
 * Boots must be more at each call, or no less with a time that is within the window: minutes since
 * 1970 are, and there are enough of them.
 */
function engineFrom({ v, e, boots }: TrapOptions): OwnEngine | undefined {
  if (v !== 'v3') return undefined;
  if (e === undefined) throw new InvalidArgumentError('a trap of SNMPv3 needs -e ENGINE-ID.');
  return { id: e, boots: boots ?? Math.floor(systemClock.wallTimeMs() / MS_PER_MINUTE) };
}

function v2Words(words: readonly string[], manager: Manager): Words {
  const [upTime, notification, ...rest] = words;
  if (upTime === undefined || notification === undefined || notification === '') {
    throw new InvalidArgumentError('expected UPTIME TRAP-OID, then OID TYPE VALUE.');
  }
  return {
    notification,
    upTimeCentiseconds: upTimeFrom(upTime),
    varBinds: variables(rest, manager),
  };
}

function v1Words(words: readonly string[], manager: Manager): Words {
  const [enterprise, agent, generic, specific, upTime, ...rest] = words;
  if (enterprise === undefined || enterprise === '' || upTime === undefined) {
    throw new InvalidArgumentError('expected ENTERPRISE AGENT GENERIC SPECIFIC UPTIME.');
  }
  const genericTrap = count(generic ?? '');
  const specificTrap = specific === '' ? 0 : count(specific ?? '');
  return {
    notification: { enterprise, genericTrap, specificTrap },
    upTimeCentiseconds: upTimeFrom(upTime),
    ...(agent === undefined || agent === '' ? {} : { agentAddress: agent }),
    varBinds: variables(rest, manager),
  };
}

function variables(words: readonly string[], manager: Manager): readonly VarBindToSet[] {
  return words.length === 0 ? [] : varBindsFromWords(words, manager);
}

const MAX_TIME_TICKS = 4_294_967_296;

function upTimeFrom(text: string): number {
  return text === '' ? Math.floor(uptime() * 100) % MAX_TIME_TICKS : count(text);
}
