import { SnmpError } from '../base/index.js';
import {
  moduleOf,
  type MibDefinition,
  type MibModule,
  type MibNode,
  type ScalarObject,
  type TableObject,
} from '../mib/index.js';

/** Made once for each definition, which is a constant. */
const MODULES = new WeakMap<MibDefinition, MibModule>();

/** @throws SnmpError SNMP_MIB_DEFINITION */
function compiledModule(definition: MibDefinition): MibModule {
  let module = MODULES.get(definition);
  if (module === undefined) {
    module = moduleOf(definition);
    MODULES.set(definition, module);
  }
  return module;
}

/** @throws SnmpError SNMP_NAME_NO_TABLE, SNMP_MIB_DEFINITION */
export function tableOf(definition: MibDefinition, name: string): TableObject {
  const node = nodeOf(definition, name);
  if (node?.kind === 'table') return node;
  throw new SnmpError('SNMP_NAME_NO_TABLE', `${definition.module} has no table ${name}`);
}

/** @throws SnmpError SNMP_NAME_UNKNOWN, SNMP_MIB_DEFINITION */
export function scalarOf(definition: MibDefinition, name: string): ScalarObject {
  const node = nodeOf(definition, name);
  if (node?.kind === 'scalar') return node;
  throw new SnmpError('SNMP_NAME_UNKNOWN', `${definition.module} has no scalar ${name}`);
}

function nodeOf(definition: MibDefinition, name: string): MibNode | undefined {
  return compiledModule(definition).nodes.get(name);
}
