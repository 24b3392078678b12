/**
 * One module out of ten thousand files, by a process that has not seen them before.
 *
 * Guards the promise that a directory of any size costs an agent or a command nothing at its start,
 * but for the first time. What is measured is `ModuleFinder.load` in a new process: what is
 * remembered of the directory, the file, its imports, the compiler not yet warm.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryDirectory } from './lib/proc.mjs';
import { median } from './lib/summary.mjs';

const FILES = 10_000;
const FOLDERS = 50;
const OBJECTS = 40;
const DEADLINE_MS = 60_000;
const LIMIT_MS = 100;
const LOAD = fileURLToPath(new URL('./load/load-module.mjs', import.meta.url));

/** A module of its own that imports from another one. @param {number} number */
function text(number) {
  const objects = Array.from(
    { length: OBJECTS },
    (_, i) => `find${number}Object${i} OBJECT-TYPE
    SYNTAX      INTEGER { up(1), down(2), testing(3) }
    MAX-ACCESS  read-only
    STATUS      current
    DESCRIPTION "The state of the thing that is meant, as it was seen last."
    ::= { find${number} ${i + 1} }
`,
  );
  const parent = number === 0 ? 'enterprises' : 'find0';
  const imports = number === 0 ? '' : '\n    find0 FROM FIND-0-MIB';
  return `FIND-${number}-MIB DEFINITIONS ::= BEGIN
IMPORTS OBJECT-TYPE, enterprises FROM SNMPv2-SMI${imports};
find${number} OBJECT IDENTIFIER ::= { ${parent} ${number + 1} }
${objects.join('')}END
`;
}

/** @param {number} rounds */
export function measureFind(rounds) {
  const root = temporaryDirectory('find');
  const directory = join(root, 'mibs');
  for (let i = 0; i < FILES; i++) {
    const folder = join(directory, `vendor${i % FOLDERS}`);
    if (i < FOLDERS) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `file${i}.mib`), text(i));
  }
  const load = (/** @type {number} */ number) =>
    /** @type {{ wallMs: number, cpuMs: number }} */ (
      JSON.parse(
        execFileSync(
          process.execPath,
          [LOAD, directory, join(root, 'cache'), `FIND-${number}-MIB`],
          { encoding: 'utf8', timeout: DEADLINE_MS },
        ),
      )
    );
  const first = load(1);
  // Directories that were written just before they were read are looked at once more.
  load(2);
  const later = Array.from({ length: rounds + 4 }, (_, i) => load(i * 997 + 3));
  const wallMs = median(later.map((run) => run.wallMs));
  const cpuMs = median(later.map((run) => run.cpuMs));
  return {
    files: FILES,
    firstMs: first.wallMs,
    wallMs,
    cpuMs,
    verdict: {
      what: `one module of ${FILES} files within ${LIMIT_MS} ms, the second time`,
      value: LIMIT_MS / wallMs,
      cpu: LIMIT_MS / cpuMs,
      verdict: wallMs < LIMIT_MS ? 'met' : 'MISSED',
    },
  };
}
