import { buildMib } from '../build-mib.js';
import type { Mib, MibModule } from '../mib.js';
import type { MibDefinition } from './mib-definition.js';
import { moduleOf } from './module-of.js';

/**
 * Definitions as modules that are known together, behind those of `known`, which stay as they are
 * where a definition has the name of one.
 *
 * @throws SnmpError SNMP_MIB_DEFINITION
 */
export function mibOf(definitions: Iterable<MibDefinition>, known?: Mib): Mib {
  const modules = new Map<string, MibModule>(known?.modules);
  for (const definition of definitions) {
    if (!modules.has(definition.module)) modules.set(definition.module, moduleOf(definition));
  }
  return buildMib(modules);
}
