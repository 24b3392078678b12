import { Command } from 'commander';
import type { Manager, ReceivedVarBind, Target } from '../../manager/index.js';
import {
  addAskOptions,
  managerFrom,
  targetFrom,
  whenCalled,
  type AskOptions,
} from '../ask/ask-options.js';
import { report, variablesOf } from '../ask/report.js';
import { collect } from '../mib/search-options.js';
import { numbersOf } from './get.js';

interface WalkOptions extends AskOptions {
  readonly C?: readonly string[];
}

const MIB_2 = '1.3.6.1.2.1';

export function walkCommand(): Command {
  const command = walkingCommand('walk', 'show what an agent has below a name, by GETNEXT').option(
    '-C <letters>',
    'c: take names that do not increase',
    collect,
  );
  return whenCalled(command, (agent: string, root: string | undefined, options: WalkOptions) =>
    walk(agent, root, options, (manager, target, from) => {
      const isUnchecked = (options.C ?? []).includes('c');
      if (!isUnchecked) numbersOf(options.C ?? [], '');
      return manager.walk(target, from, { lookupMib: true, allowNonIncreasing: isUnchecked });
    }),
  );
}

export function bulkWalkCommand(): Command {
  const command = walkingCommand(
    'bulkwalk',
    'show what an agent has below a name, by GETBULK',
  ).option('-C <letters>', 'r<NUM>: max-repetitions, 10', collect);
  return whenCalled(command, (agent: string, root: string | undefined, options: WalkOptions) =>
    walk(agent, root, options, (manager, target, from) => {
      const { r = 10 } = numbersOf(options.C ?? [], 'r');
      return manager.bulkWalk(target, from, { lookupMib: true, maxRepetitions: r });
    }),
  );
}

function walkingCommand(name: string, description: string): Command {
  const command = new Command(name)
    .description(description)
    .argument('<agent>', 'where the agent is')
    .argument('[oid]', `a name or an OID; mib-2 (${MIB_2}) where there is none`);
  return addAskOptions(command);
}

async function walk(
  agent: string,
  root: string | undefined,
  options: WalkOptions,
  start: (manager: Manager, target: Target, root: string) => AsyncIterable<ReceivedVarBind>,
): Promise<void> {
  await using manager = managerFrom(options);
  const target = targetFrom(agent, options);
  const from = root ?? MIB_2;
  await report(
    manager,
    agent,
    options,
    orItself(manager, target, from, start(manager, target, from)),
  );
}

/** A name with nothing below it may be an instance. */
async function* orItself(
  manager: Manager,
  target: Target,
  root: string,
  walking: AsyncIterable<ReceivedVarBind>,
): AsyncGenerator<ReceivedVarBind, void, undefined> {
  let isEmpty = true;
  for await (const varBind of walking) {
    isEmpty = false;
    yield varBind;
  }
  if (isEmpty) yield* variablesOf(manager.get(target, [root], { lookupMib: true }));
}
