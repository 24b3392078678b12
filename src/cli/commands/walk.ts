import { Command } from 'commander';
import { systemClock } from '../../base/index.js';
import type { Manager, ReceivedVarBind, Target } from '../../manager/index.js';
import { resolveName } from '../../mib/index.js';
import { compareOids, type Oid } from '../../smi/index.js';
import { applicationOptions, type ApplicationOptions } from '../ask/application-options.js';
import {
  addAskOptions,
  managerFrom,
  targetFrom,
  whenCalled,
  type AskOptions,
} from '../ask/ask-options.js';
import { report, variablesOf } from '../ask/report.js';
import { withProgress } from '../ask/walk-progress.js';
import { collect } from '../mib/search-options.js';
import { print, tell } from '../print.js';

interface WalkOptions extends AskOptions {
  readonly C?: readonly string[];
}

const MIB_2 = '1.3.6.1.2.1';

const COMMON_LETTERS = `
Letters of -C: p how many variables there were; i the name itself first; c take names that do not
increase`;

export function walkCommand(): Command {
  const command = walkingCommand('walk', 'show what an agent has below a name, by GETNEXT')
    .option('-C <letters>', 'how it is walked, see below', collect)
    .addHelpText(
      'after',
      `${COMMON_LETTERS}; I not the name itself where nothing is below it; t how long it took;
E OID: as far as that, wherever it lies.`,
    );
  return whenCalled(command, (agent: string, root: string | undefined, options: WalkOptions) => {
    const letters = applicationOptions(options.C ?? [], { flags: 'piIct', words: 'E' });
    return walk(agent, root, options, letters, (manager, target, from) => {
      const last = letters.word('E');
      const names = manager.walk(target, from, {
        lookupMib: true,
        allowNonIncreasing: letters.has('c'),
        subtree: last === undefined,
      });
      return last === undefined ? names : until(names, resolveName(manager.mib, last).oid);
    });
  });
}

export function bulkWalkCommand(): Command {
  const command = walkingCommand('bulkwalk', 'show what an agent has below a name, by GETBULK')
    .option('-C <letters>', 'how it is walked, see below', collect)
    .addHelpText('after', `${COMMON_LETTERS}; r NUM max-repetitions, 10.`);
  return whenCalled(command, (agent: string, root: string | undefined, options: WalkOptions) => {
    const letters = applicationOptions(options.C ?? [], { flags: 'pic', numbers: 'r' });
    return walk(agent, root, options, letters, (manager, target, from) =>
      manager.bulkWalk(target, from, {
        lookupMib: true,
        allowNonIncreasing: letters.has('c'),
        maxRepetitions: letters.number('r') ?? 10,
      }),
    );
  });
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
  letters: ApplicationOptions,
  start: (manager: Manager, target: Target, root: string) => AsyncIterable<ReceivedVarBind>,
): Promise<void> {
  await using manager = managerFrom(options);
  const target = targetFrom(agent, options);
  const from = root ?? MIB_2;
  const startedMs = systemClock.nowMs();
  let found = 0;
  const walking = withProgress(
    around(manager, target, from, letters, start(manager, target, from)),
    'variables',
    ({ label }) => label,
  );
  await report(
    manager,
    agent,
    options,
    counted(walking, () => (found += 1)),
  );
  if (options.json === true) return;
  if (letters.has('p')) print(`Variables found: ${found}\n`);
  if (!letters.has('t')) return;
  const seconds = (systemClock.nowMs() - startedMs) / 1000;
  tell(`Total traversal time = ${seconds.toFixed(6)} seconds\n`);
}

/** The name itself before what is below it, where that is asked; or where nothing is below it. */
async function* around(
  manager: Manager,
  target: Target,
  root: string,
  letters: ApplicationOptions,
  walking: AsyncIterable<ReceivedVarBind>,
): AsyncGenerator<ReceivedVarBind, void, undefined> {
  const itself = (): AsyncIterable<ReceivedVarBind> =>
    variablesOf(manager.get(target, [root], { lookupMib: true }));
  let isShown = letters.has('I');
  if (letters.has('i')) {
    yield* itself();
    isShown = true;
  }
  for await (const varBind of walking) {
    isShown = true;
    yield varBind;
  }
  // It may be an instance.
  if (!isShown) yield* itself();
}

async function* until(
  walking: AsyncIterable<ReceivedVarBind>,
  last: Oid,
): AsyncGenerator<ReceivedVarBind, void, undefined> {
  for await (const varBind of walking) {
    if (compareOids(varBind.name, last) >= 0) return;
    yield varBind;
  }
}

async function* counted<Item>(
  items: AsyncIterable<Item>,
  count: () => void,
): AsyncGenerator<Item, void, undefined> {
  for await (const item of items) {
    count();
    yield item;
  }
}
