import { Command } from 'commander';

/** Loaded when they are called: to dump a module, nothing of generated types is needed. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  check: async () => (await import('./mib-check.js')).mibCheckCommand(),
  tree: async () => (await import('./mib-tree.js')).mibTreeCommand(),
  dump: async () => (await import('./mib-dump.js')).mibDumpCommand(),
  find: async () => (await import('./mib-find.js')).mibFindCommand(),
  compile: async () => (await import('./mib-compile.js')).mibCompileCommand(),
};

/** @param called - the word behind `mib`: of a command that is called, no other is loaded. */
export async function mibCommand(called = ''): Promise<Command> {
  const command = new Command('mib').description('check, show, search and compile MIB modules');
  const isKnown = Object.hasOwn(COMMANDS, called);
  for (const [name, load] of Object.entries(COMMANDS)) {
    if (!isKnown || name === called) command.addCommand(await load());
  }
  return command;
}
