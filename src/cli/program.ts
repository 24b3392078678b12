import { Command, CommanderError } from 'commander';
import { SnmpError } from '../base/index.js';
import { withJoinedWords } from './joined-words.js';

/** Loaded when they are called: to look a name up, no agent is needed. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  agent: async () => (await import('./commands/agent.js')).agentCommand(),
  mib: async () => (await import('./commands/mib.js')).mibCommand(),
  get: async () => (await import('./commands/get.js')).getCommand(),
  getnext: async () => (await import('./commands/get.js')).getNextCommand(),
  bulkget: async () => (await import('./commands/get.js')).bulkGetCommand(),
  walk: async () => (await import('./commands/walk.js')).walkCommand(),
  bulkwalk: async () => (await import('./commands/walk.js')).bulkWalkCommand(),
  table: async () => (await import('./commands/table.js')).tableCommand(),
  ping: async () => (await import('./commands/ping.js')).pingCommand(),
  trap: async () => (await import('./commands/trap.js')).trapCommand(),
  set: async () => (await import('./commands/set.js')).setCommand(),
  conform: async () => (await import('./commands/conform.js')).conformCommand(),
  state: async () => (await import('./commands/state.js')).stateCommand(),
  config: async () => (await import('./commands/config.js')).configCommand(),
  user: async () => (await import('./commands/user.js')).userCommand(),
};

/**
 * Does what `trellis` is called with. How it ended is in `process.exitCode`: 0 done, 1 it failed
 * (the message says why), 2 the words of the call are off.
 *
 * @param argv - as `process.argv`: the words begin with the third.
 */
export async function runProgram(argv: readonly string[], version: string): Promise<void> {
  const called = argv[2] ?? '';
  const loaders = Object.hasOwn(COMMANDS, called) ? [COMMANDS[called]] : Object.values(COMMANDS);
  const program = new Command('trellis')
    .description(
      'Fault-tolerant SNMP agents: host them, ask them, prove them, and check MIB modules.',
    )
    .version(version)
    .showHelpAfterError()
    .enablePositionalOptions();
  for (const load of loaders) if (load !== undefined) program.addCommand(await load());
  throwErrors(program);
  try {
    await program.parseAsync(withJoinedWords(argv));
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
    } else if (error instanceof SnmpError) {
      tellFailure(error);
      process.exitCode = 1;
    } else {
      throw error;
    }
  }
}

/** Commander's own errors are to be thrown, also by the commands below. */
function throwErrors(command: Command): void {
  command.exitOverride();
  for (const below of command.commands) throwErrors(below);
}

function tellFailure({ message, code, cause }: SnmpError): void {
  const [first, ...more] = message.split('\n');
  process.stderr.write(`${[`trellis: ${first} [${code}]`, ...more].join('\n')}\n`);
  if (cause instanceof Error) process.stderr.write(`  because: ${cause.message}\n`);
}
