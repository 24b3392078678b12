import { isIPv6 } from 'node:net';
import type { SnmpValue, Syntax } from '../../smi/index.js';
import type { IndexItem } from '../mib.js';

/** RFC 4001: numbers of InetAddressType whose InetAddress has text of its own. */
const IPV4 = 1;
const IPV6 = 2;
const IPV4Z = 3;
const IPV6Z = 4;
const DNS = 16;

const SIZES: Readonly<Record<number, number>> = { [IPV4]: 4, [IPV6]: 16, [IPV4Z]: 8, [IPV6Z]: 20 };

/** The item and value before an InetAddress in an INDEX, which say what kind of address it is. */
export interface IndexedBefore {
  readonly item: IndexItem;
  readonly value: SnmpValue;
}

/**
 * The InetAddressType that belongs to an InetAddress of an INDEX: the object of that type before
 * it, the nearest first (RFC 4001 section 3: they come in pairs, in this order).
 *
 * @returns undefined for what is no InetAddress, or has no type that is known.
 */
export function inetAddressType(
  syntax: Syntax,
  before: readonly IndexedBefore[],
): number | undefined {
  if (!syntax.conventions.includes('InetAddress')) return undefined;
  const of = before.findLast(({ item }) => item.syntax.conventions.includes('InetAddressType'));
  return of?.value.type === 'Integer32' ? of.value.value : undefined;
}

/** Address as net-snmp prints it in names; undefined where it is none of its type. */
export function formatInetAddress(type: number, octets: Uint8Array): string | undefined {
  if (type === DNS) return octets.every(isPrintable) ? text(octets) : undefined;
  if (octets.length !== SIZES[type]) return undefined;
  const zone = (at: number): string =>
    `%${new DataView(octets.buffer, octets.byteOffset).getUint32(at)}`;
  switch (type) {
    case IPV4:
      return octets.join('.');
    case IPV4Z:
      return octets.subarray(0, 4).join('.') + zone(4);
    case IPV6:
      return colons(octets);
    case IPV6Z:
      return colons(octets.subarray(0, 16)) + zone(16);
    default:
      return undefined;
  }
}

/** Whether there is one way to write such an address. */
export function isAddressType(type: number): boolean {
  return Object.hasOwn(SIZES, type);
}

/** The other way; of IPv6, the forms of RFC 4291 2.2 as well. */
export function parseInetAddress(type: number, written: string): Uint8Array | undefined {
  if (type === DNS) return Buffer.from(written);
  const hasZone = type === IPV4Z || type === IPV6Z;
  const [address = '', zone] = written.split('%');
  if (hasZone !== (zone !== undefined)) return undefined;
  const octets = type === IPV4 || type === IPV4Z ? fromDots(address) : fromColons(address);
  if (octets === undefined || zone === undefined) return octets;
  if (!/^\d{1,10}$/.test(zone) || Number(zone) > 0xffff_ffff) return undefined;
  const zoneOctets = Buffer.alloc(4);
  zoneOctets.writeUInt32BE(Number(zone));
  return Buffer.concat([octets, zoneOctets]);
}

function colons(octets: Uint8Array): string {
  return [...octets].map((octet) => octet.toString(16).padStart(2, '0')).join(':');
}

function fromDots(written: string): Uint8Array | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(written)) return undefined;
  const octets = written.split('.').map(Number);
  return octets.every((octet) => octet <= 255) ? Uint8Array.from(octets) : undefined;
}

function fromColons(written: string): Uint8Array | undefined {
  if (/^[0-9a-f]{2}(:[0-9a-f]{2}){15}$/i.test(written)) {
    return Buffer.from(written.replaceAll(':', ''), 'hex');
  }
  if (!isIPv6(written)) return undefined;
  const [head = '', tail] = written.split('::');
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0);
  const all = [...before, ...zeros, ...after];
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 255]));
}

/** The groups of 16 bits on one side of `::`; an IPv4 address at the end is two. */
function groups(written: string): number[] {
  if (written === '') return [];
  return written.split(':').flatMap((group) => {
    const dotted = fromDots(group);
    if (dotted === undefined) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = dotted;
    return [(a << 8) | b, (c << 8) | d];
  });
}

export function isPrintable(octet: number): boolean {
  return octet >= 0x20 && octet <= 0x7e;
}

export function text(octets: Uint8Array): string {
  return Buffer.from(octets).toString('latin1');
}
