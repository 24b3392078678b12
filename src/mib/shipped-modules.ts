import { readFileSync, readdirSync } from 'node:fs';
import type { MibSource } from './source.js';

const DIRECTORY = new URL('./modules/', import.meta.url);
const SUFFIX = '.mib';

/** Names of the modules whose texts come with the package, ascending. */
export function shippedModuleNames(): readonly string[] {
  return readdirSync(DIRECTORY)
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length))
    .toSorted();
}

/**
 * The text of a module that comes with the package; undefined if it is none of these. Fit to be
 * the `resolveImport` of `compileMibs`. Reads the file at each call.
 */
export function findShippedModule(name: string): MibSource | undefined {
  // Only names that are there are opened, so that a name can hold no path.
  if (!shippedModuleNames().includes(name)) return undefined;
  const text = readFileSync(new URL(`${name}${SUFFIX}`, DIRECTORY), 'utf8');
  return { path: `trellis-snmp/mibs/${name}${SUFFIX}`, text };
}
