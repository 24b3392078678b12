import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SnmpError } from '../../base/index.js';
import type { MibText } from '../../index.js';
import {
  compileMibs,
  findShippedModule,
  formatDiagnostic,
  shippedModuleNames,
  type Mib,
  type MibSource,
} from '../../mib/index.js';

const MAX_ERRORS_SHOWN = 20;

/**
 * The modules given, and those that come with the package: what is known of an agent's objects.
 *
 * @throws SnmpError SNMP_MIB_UNREADABLE, SNMP_MIB_ERRORS (with file, line and column).
 */
export function knownMib(texts: readonly MibText[]): Mib {
  const given = texts.map(readText);
  const shipped = shippedModuleNames()
    .map(findShippedModule)
    .filter((source) => source !== undefined);
  const { mib, diagnostics } = compileMibs([...given, ...shipped], {
    resolveImport: findShippedModule,
  });
  const paths = new Set(given.map(({ path }) => path));
  const errors = diagnostics.filter(
    ({ severity, file }) => severity === 'error' && paths.has(file),
  );
  if (errors.length > 0) {
    const shown = errors.slice(0, MAX_ERRORS_SHOWN).map(formatDiagnostic);
    throw new SnmpError('SNMP_MIB_ERRORS', shown.join('\n'));
  }
  return mib;
}

function readText(text: MibText): MibSource {
  if (typeof text === 'object' && 'text' in text) return text;
  const path = typeof text === 'string' ? text : fileURLToPath(text);
  try {
    return { path, text: readFileSync(path, 'utf8') };
  } catch (cause) {
    throw new SnmpError('SNMP_MIB_UNREADABLE', `cannot read the MIB module ${path}`, { cause });
  }
}
