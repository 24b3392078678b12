import { SnmpError } from '../../base/index.js';
import type { SnmpValue } from '../../smi/index.js';
import type { IndexItem, Mib } from '../mib.js';
import {
  inetAddressType,
  isAddressType,
  parseInetAddress,
  type IndexedBefore,
} from './inet-address.js';
import { valueFrom } from './parse-value.js';

/**
 * A JavaScript value for one item of an INDEX: as `valueFrom`, and an InetAddress as people write
 * it, by the InetAddressType before it (`'192.0.2.1'`, `'2001:db8::1'`).
 *
 * @param before - the items before it, with their values.
 * @throws SnmpError as `valueFrom`.
 */
export function indexValueFrom(
  item: IndexItem,
  plain: unknown,
  before: readonly IndexedBefore[],
  mib?: Mib,
): SnmpValue {
  const { object: name, syntax } = item;
  const type = typeof plain === 'string' ? inetAddressType(syntax, before) : undefined;
  if (typeof plain === 'string' && type !== undefined && isAddressType(type)) {
    const value = parseInetAddress(type, plain);
    if (value !== undefined) return valueFrom({ name, syntax }, value, mib);
    throw new SnmpError(
      'SNMP_VALUE_SYNTAX',
      `${name}: ${JSON.stringify(plain.slice(0, 60))} is no address of its InetAddressType`,
    );
  }
  return valueFrom({ name, syntax }, plain, mib);
}
