import { statSync, type Stats } from 'node:fs';
import { resolve } from 'node:path';
import type { ConfigPath } from './json-text.js';
import { fieldOf, listOf, textsOf } from './loose.js';
import type { Findings } from './problem.js';

/** The machine itself as what is served. */
export const HOST = 'host';

/** Whether the files and directories that a configuration names are there. */
export function checkFiles(config: unknown, folder: string, findings: Findings): void {
  const check = (path: ConfigPath, given: unknown, isRight: (found: Stats) => boolean): void => {
    if (typeof given !== 'string' || given === '') return;
    const file = resolve(folder, given);
    const found = statSync(file, { throwIfNoEntry: false });
    if (found === undefined) findings.add('SNMP_CONFIG_FILE', path, `there is no ${file}`);
    else if (!isRight(found)) {
      const kind = found.isDirectory() ? 'directory' : 'file';
      findings.add('SNMP_CONFIG_FILE', path, `${file} is a ${kind}`);
    }
  };
  const served = fieldOf(config, 'serve');
  for (const [i, module] of textsOf(served).entries()) {
    if (module === HOST) continue;
    check(Array.isArray(served) ? ['serve', i] : ['serve'], module, () => true);
  }
  for (const [i, mib] of listOf(fieldOf(config, 'mibs')).entries()) {
    check(['mibs', i], mib, (found) => found.isFile());
  }
  for (const [i, directory] of listOf(fieldOf(config, 'mibPaths')).entries()) {
    check(['mibPaths', i], directory, (found) => found.isDirectory());
  }
  checkState(fieldOf(config, 'state'), folder, findings);
}

/** It is made where it is not there. */
function checkState(state: unknown, folder: string, findings: Findings): void {
  if (typeof state !== 'string' || state === '') return;
  const directory = resolve(folder, state);
  const found = statSync(directory, { throwIfNoEntry: false });
  if (found === undefined || found.isDirectory()) return;
  findings.add('SNMP_CONFIG_FILE', ['state'], `${directory} is no directory`);
}
