import { Command } from 'commander';
import {
  addAskOptions,
  managerFrom,
  targetFrom,
  whenCalled,
  type AskOptions,
} from '../ask/ask-options.js';
import { report, variablesOf } from '../ask/report.js';
import { TYPES } from '../ask/value-types.js';
import { modulesNamed, varBindsFromWords } from '../ask/values-from-words.js';

const HELP = `
${TYPES}
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
    .addHelpText('after', HELP);
  whenCalled(command, async (agent: string, words: readonly string[], options: SetOptions) => {
    await using manager = managerFrom(options, { naming: modulesNamed(words) });
    const target = targetFrom(agent, options);
    const asking = manager.set(target, varBindsFromWords(words, manager), {
      lookupMib: true,
      validate: options.I === 'r' ? 'untyped' : 'all',
    });
    await report(manager, agent, options, variablesOf(asking));
  });
  return addAskOptions(command);
}
