import { SnmpError } from './base/index.js';
import type { TargetAddressRow } from './agent/index.js';
import { ipOctets, UDP_DOMAIN, UDP_IPV6_DOMAIN } from './security/index.js';

const IPV4_OCTETS = 4;
/** From any port: its octets do not count. */
const ANY_PORT = [0, 0];

/**
 * The addresses that a community is taken from, as rows that its tag selects (RFC 3584 5.3).
 *
 * @param tag - also what the rows are called, with a number.
 * @throws SnmpError SNMP_OPTION_INVALID
 */
export function sourceRows(from: readonly string[], tag: string, path: string): TargetAddressRow[] {
  if (!Array.isArray(from) || from.length === 0) {
    throw invalid(path, 'expected addresses or prefixes, one at least');
  }
  return (from as readonly string[]).map((text, i) => {
    const here = `${path}[${i}]`;
    const { octets, bits } = parsePrefix(text, here);
    return {
      snmpTargetAddrName: `${tag}-${i + 1}`,
      snmpTargetAddrTDomain: octets.length === IPV4_OCTETS ? UDP_DOMAIN : UDP_IPV6_DOMAIN,
      snmpTargetAddrTAddress: Uint8Array.from([...octets, ...ANY_PORT]),
      snmpTargetAddrTagList: tag,
      // No messages are made for it: there is no such row of parameters.
      snmpTargetAddrParams: tag,
      snmpTargetAddrTMask: Uint8Array.from([...maskOf(octets.length, bits), ...ANY_PORT]),
      snmpTargetAddrMMS: 0,
    };
  });
}

function parsePrefix(
  text: string,
  path: string,
): { readonly octets: readonly number[]; readonly bits: number } {
  const [, address = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const octets = ipOctets(address);
  if (octets === undefined) {
    throw invalid(path, 'expected an address, or a prefix as in 192.0.2.0/24 or 2001:db8::/32');
  }
  const most = octets.length * 8;
  const bits = length === undefined ? most : Number(length);
  if (bits > most) throw invalid(path, `a prefix has ${most} bits at most`);
  const mask = maskOf(octets.length, bits);
  if (octets.some((octet, i) => (octet & ~(mask[i] as number) & 0xff) !== 0)) {
    throw invalid(path, `there are bits behind the first ${bits}`);
  }
  return { octets, bits };
}

function maskOf(octets: number, bits: number): number[] {
  return Array.from({ length: octets }, (_, i) => {
    const ones = Math.min(8, Math.max(0, bits - 8 * i));
    return (0xff << (8 - ones)) & 0xff;
  });
}

function invalid(path: string, reason: string): SnmpError {
  return new SnmpError('SNMP_OPTION_INVALID', `${path}: ${reason}`);
}
