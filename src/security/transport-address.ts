import { isIPv4, isIPv6 } from 'node:net';
import { equalOids, type Oid } from '../smi/index.js';
import type { UdpAddress } from '../transport/index.js';

/** RFC 3417 section 2, RFC 3419: the transport domains of what an agent here hears and tells. */
export const UDP_DOMAIN: Oid = [1, 3, 6, 1, 6, 1, 1];
const UDP_IPV4_DOMAIN: Oid = [1, 3, 6, 1, 2, 1, 100, 1, 1];
export const UDP_IPV6_DOMAIN: Oid = [1, 3, 6, 1, 2, 1, 100, 1, 2];

const PORT_OCTETS = 2;
const GROUP_OCTETS = 2;
const IPV6_GROUPS = 8;
/** An IPv4 address as a socket for both families writes it. */
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** Octets of an address in such a domain; undefined where the domain is another one. */
export function addressOctetsIn(domain: Oid): number | undefined {
  if (equalOids(domain, UDP_DOMAIN) || equalOids(domain, UDP_IPV4_DOMAIN)) return 4 + PORT_OCTETS;
  return equalOids(domain, UDP_IPV6_DOMAIN) ? 16 + PORT_OCTETS : undefined;
}

/** Where a TAddress is, by its domain; undefined for what is no address of UDP. */
export function udpAddressIn(domain: Oid, octets: Uint8Array): UdpAddress | undefined {
  if (octets.length !== addressOctetsIn(domain)) return undefined;
  const address = octets.subarray(0, -PORT_OCTETS);
  const [high = 0, low = 0] = octets.subarray(-PORT_OCTETS);
  const port = high * 256 + low;
  if (address.length === 4) return { host: address.join('.'), port, family: 4 };
  const groups = Array.from({ length: IPV6_GROUPS }, (_, i) =>
    ((address[2 * i] as number) * 256 + (address[2 * i + 1] as number)).toString(16),
  );
  return { host: groups.join(':'), port, family: 6 };
}

/** The octets of an IP address: 4 or 16 of them; undefined for what is none. */
export function ipOctets(text: string): number[] | undefined {
  const address = MAPPED.exec(text)?.[1] ?? text.replace(/%.*$/, '');
  if (isIPv4(address)) return address.split('.').map(Number);
  return isIPv6(address) ? ipv6Octets(address) : undefined;
}

/** Where a datagram comes from, as a TAddress has it: the address, then the port. */
export function transportOctets(address: string, port: number): number[] | undefined {
  const octets = ipOctets(address);
  octets?.push(port >> 8, port & 0xff);
  return octets;
}

function ipv6Octets(address: string): number[] {
  const [front = [], back = []] = address.split('::').map(groupsOf);
  const missing = IPV6_GROUPS * GROUP_OCTETS - front.length - back.length;
  return [...front, ...Array.from({ length: missing }, () => 0), ...back];
}

/** The octets of groups with colons between; the last may be an IPv4 address. */
function groupsOf(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}
