import type { Oid } from '../../src/smi/index.js';
import { mibText, moduleFromText } from './mib-fixtures.js';

/** CONF-MIB's twin: the same descriptors elsewhere in the tree. */
export const SECOND_MIB = moduleFromText(
  'SECOND-MIB',
  mibText('CONF-MIB')
    .text.replace('CONF-MIB DEFINITIONS', 'SECOND-MIB DEFINITIONS')
    .replace('{ enterprises 32473 20 }', '{ enterprises 32473 21 }'),
);

export function secondOid(descriptor: string, ...rest: readonly number[]): Oid {
  return [...(SECOND_MIB.nodes.get(descriptor)?.oid ?? []), ...rest];
}
