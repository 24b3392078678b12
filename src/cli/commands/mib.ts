import { Command } from 'commander';
import { mibCheckCommand } from './mib-check.js';
import { mibCompileCommand } from './mib-compile.js';
import { mibDumpCommand } from './mib-dump.js';
import { mibFindCommand } from './mib-find.js';
import { mibTreeCommand } from './mib-tree.js';

export function mibCommand(): Command {
  return new Command('mib')
    .description('check, show, search and compile MIB modules')
    .addCommand(mibCheckCommand())
    .addCommand(mibTreeCommand())
    .addCommand(mibDumpCommand())
    .addCommand(mibFindCommand())
    .addCommand(mibCompileCommand());
}
