import { Command } from 'commander';
import {
  addAskOptions,
  managerFrom,
  targetFrom,
  whenCalled,
  type AskOptions,
} from '../ask/ask-options.js';
import { report, variablesOf } from '../ask/report.js';
import { varBindsFromWords } from '../ask/values-from-words.js';

const TYPES = `
Types: = as the module says; i INTEGER, u Unsigned32, c Counter32, C Counter64, t TimeTicks,
a IpAddress, o OID, s text, x octets in hexadecimal, d octets in decimal, b BITS by position, n NULL.
Whether the module allows a value is checked before anything is sent, unless -Ir is given.`;

interface SetOptions extends AskOptions {
  readonly I?: string;
}

export function setCommand(): Command {
  const command = new Command('set')
    .description('set variables of an agent, all or none of them')
    .argument('<agent>', 'where the agent is')
    .argument('<oid-type-value...>', 'SNMPv2-MIB::sysName.0 s edge-1; several, one after another')
    .option('-I <letters>', 'r: do not check values')
    .addHelpText('after', TYPES);
  whenCalled(command, async (agent: string, words: readonly string[], options: SetOptions) => {
    await using manager = managerFrom(options);
    const target = targetFrom(agent, options);
    const asking = manager.set(target, varBindsFromWords(words, manager), {
      lookupMib: true,
      validate: options.I === 'r' ? 'untyped' : 'all',
    });
    await report(manager, agent, options, variablesOf(asking));
  });
  return addAskOptions(command);
}
