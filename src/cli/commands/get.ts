import { Command, InvalidArgumentError } from 'commander';
import {
  addAskOptions,
  count,
  managerFrom,
  targetFrom,
  whenCalled,
  type AskOptions,
} from '../ask/ask-options.js';
import { report, variablesOf } from '../ask/report.js';
import { collect } from '../mib/search-options.js';

export function getCommand(): Command {
  return readingCommand('get', 'ask an agent for instances', 'get');
}

export function getNextCommand(): Command {
  return readingCommand('getnext', 'ask an agent for what comes after names', 'getNext');
}

function readingCommand(name: string, description: string, verb: 'get' | 'getNext'): Command {
  const command = new Command(name)
    .description(description)
    .argument('<agent>', 'where the agent is')
    .argument('<oid...>', 'names or OIDs: SNMPv2-MIB::sysName.0, ifDescr.2, 1.3.6.1.2.1.1.5.0');
  whenCalled(command, async (agent: string, names: readonly string[], options: AskOptions) => {
    await using manager = managerFrom(options);
    const target = targetFrom(agent, options);
    const asking = manager[verb](target, names, { lookupMib: true });
    await report(manager, agent, options, variablesOf(asking));
  });
  return addAskOptions(command);
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
    const { n = 0, r = 10 } = numbersOf(options.C ?? [], 'nr');
    await using manager = managerFrom(options);
    const asking = manager.getBulk(targetFrom(agent, options), names, {
      nonRepeaters: n,
      maxRepetitions: r,
      lookupMib: true,
    });
    await report(manager, agent, options, variablesOf(asking));
  });
  return addAskOptions(command);
}

/** `n1r50` to its numbers. */
export function numbersOf(
  words: readonly string[],
  letters: string,
): Readonly<Record<string, number | undefined>> {
  const numbers: Record<string, number> = {};
  for (const [word, letter = '', digits = ''] of words.join('').matchAll(/([A-Za-z])(\d*)|./g)) {
    if (letter === '' || !letters.includes(letter)) {
      throw new InvalidArgumentError(`-C knows no ${word}: expected letters of ${letters}.`);
    }
    numbers[letter] = count(digits);
  }
  return numbers;
}
