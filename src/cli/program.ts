import { Command, CommanderError } from 'commander';
import { SnmpError } from '../base/index.js';
import { withJoinedWords } from './joined-words.js';
import { print, tell } from './print.js';

/** @param next - the word behind the command's name. */
type Load = (next: string | undefined) => Promise<Command>;

/** By what they are for. Loaded when they are called: to look a name up, no agent is needed. */
const GROUPS: Readonly<Record<string, Readonly<Record<string, Load>>>> = {
  'Agents:': {
    agent: async () => (await import('./commands/agent.js')).agentCommand(),
    config: async () => (await import('./commands/config.js')).configCommand(),
    user: async () => (await import('./commands/user.js')).userCommand(),
    state: async () => (await import('./commands/state.js')).stateCommand(),
    conform: async () => (await import('./commands/conform.js')).conformCommand(),
  },
  'Asking agents, as net-snmp does:': {
    get: async () => (await import('./commands/get.js')).getCommand(),
    getnext: async () => (await import('./commands/get.js')).getNextCommand(),
    bulkget: async () => (await import('./commands/get.js')).bulkGetCommand(),
    walk: async () => (await import('./commands/walk.js')).walkCommand(),
    bulkwalk: async () => (await import('./commands/walk.js')).bulkWalkCommand(),
    table: async () => (await import('./commands/table.js')).tableCommand(),
    set: async () => (await import('./commands/set.js')).setCommand(),
    trap: async () => (await import('./commands/trap.js')).trapCommand(),
    ping: async () => (await import('./commands/ping.js')).pingCommand(),
  },
  'MIB modules:': {
    mib: async (next) => (await import('./commands/mib.js')).mibCommand(next),
  },
};

const HELP = `
trellis COMMAND --help says more.
Exit status: 0 done, 1 it failed (the message says why), 2 the words of the call are off.`;

/**
 * Does what `trellis` is called with. How it ended is in `process.exitCode`: 0 done, 1 it failed
 * (the message says why), 2 the words of the call are off.
 *
 * @param argv - as `process.argv`: the words begin with the third.
 */
export async function runProgram(argv: readonly string[], version: string): Promise<void> {
  const program = new Command('trellis')
    .description(
      'Fault-tolerant SNMP agents: host them, ask them, prove them, and check MIB modules.',
    )
    .version(version)
    .showHelpAfterError()
    .addHelpText('after', HELP)
    .enablePositionalOptions();
  // Of one that is called, no other is loaded.
  const called = argv[2] ?? '';
  const isKnown = Object.values(GROUPS).some((commands) => Object.hasOwn(commands, called));
  for (const [heading, commands] of Object.entries(GROUPS)) {
    for (const [name, load] of Object.entries(commands)) {
      if (isKnown && name !== called) continue;
      program.addCommand((await load(argv[3])).helpGroup(heading));
    }
  }
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

/**
 * A value that was given to an option may be a secret, however wrong it is: messages say which option,
 * and what was expected.
 */
function withoutValues(message: string): string {
  return message
    .replace(/^(error: option '[^']*') argument '[^]*' is invalid\. /, '$1: ')
    .replace(/^(error: unknown option '--[^=]*)=[^]*?'(?=\n)/, "$1'")
    .replace(/^(error: unknown option '-[^-])[^]*?'(?=\n)/, "$1'");
}

/** Commander's own errors are to be thrown, also by the commands below; they repeat arguments. */
function throwErrors(command: Command): void {
  command.exitOverride().configureOutput({
    writeOut: print,
    writeErr: tell,
    outputError: (message, write) => write(withoutValues(message)),
  });
  for (const below of command.commands) throwErrors(below);
}

function tellFailure({ message, code, cause }: SnmpError): void {
  const [first, ...more] = message.split('\n');
  tell(`${[`trellis: ${first} [${code}]`, ...more].join('\n')}\n`);
  if (cause instanceof Error) tell(`  because: ${cause.message}\n`);
}
