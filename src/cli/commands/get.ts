import { Command } from 'commander';
import {
  RequestError,
  type Manager,
  type RequestResult,
  type Target,
} from '../../manager/index.js';
import { applicationOptions } from '../ask/application-options.js';
import {
  addAskOptions,
  managerFrom,
  targetFrom,
  whenCalled,
  type AskOptions,
} from '../ask/ask-options.js';
import { report, tellFailure, variablesOf } from '../ask/report.js';
import { collect } from '../mib/search-options.js';

export function getCommand(): Command {
  return readingCommand('get', 'ask an agent for instances', 'get');
}

export function getNextCommand(): Command {
  return readingCommand('getnext', 'ask an agent for what comes after names', 'getNext');
}

interface ReadingOptions extends AskOptions {
  readonly C?: readonly string[];
}

function readingCommand(name: string, description: string, verb: 'get' | 'getNext'): Command {
  const command = new Command(name)
    .description(description)
    .argument('<agent>', 'where the agent is')
    .argument('<oid...>', 'names or OIDs: SNMPv2-MIB::sysName.0, ifDescr.2, 1.3.6.1.2.1.1.5.0')
    .option('-C <letters>', 'f: do not ask again without what the agent refuses', collect);
  whenCalled(command, async (agent: string, names: readonly string[], options: ReadingOptions) => {
    const isAskedOnce = applicationOptions(options.C ?? [], { flags: 'f' }).has('f');
    await using manager = managerFrom(options);
    const target = targetFrom(agent, options);
    const asking = isAskedOnce
      ? manager[verb](target, names, { lookupMib: true })
      : withoutRefused(manager, target, verb, names, (refused) =>
          tellFailure(refused, agent, manager),
        );
    await report(manager, agent, options, variablesOf(asking));
  });
  return addAskOptions(command);
}

/** An agent of SNMPv1 answers nothing where it refuses one name: the others are asked for again. */
async function withoutRefused(
  manager: Manager,
  target: Target,
  verb: 'get' | 'getNext',
  names: readonly string[],
  tell: (refused: RequestError) => void,
): Promise<RequestResult> {
  let left = names;
  for (;;) {
    const result = await manager[verb](target, left, { lookupMib: true });
    if (result.kind !== 'agentError' || result.failed === null || left.length === 1) return result;
    tell(new RequestError(result));
    left = left.filter((_, i) => i !== result.errorIndex - 1);
  }
}

interface BulkOptions extends AskOptions {
  readonly C?: readonly string[];
}

export function bulkGetCommand(): Command {
  const command = new Command('bulkget')
    .description('ask an agent for what comes after names, several at once')
    .argument('<agent>', 'where the agent is')
    .argument('<oid...>', 'names or OIDs; the first ones, as many as -Cn says, are asked for once')
    .option('-C <letters>', 'n<NUM>: non-repeaters, 0; r<NUM>: max-repetitions, 10', collect);
  whenCalled(command, async (agent: string, names: readonly string[], options: BulkOptions) => {
    const letters = applicationOptions(options.C ?? [], { numbers: 'nr' });
    await using manager = managerFrom(options);
    const asking = manager.getBulk(targetFrom(agent, options), names, {
      nonRepeaters: letters.number('n') ?? 0,
      maxRepetitions: letters.number('r') ?? 10,
      lookupMib: true,
    });
    await report(manager, agent, options, variablesOf(asking));
  });
  return addAskOptions(command);
}
