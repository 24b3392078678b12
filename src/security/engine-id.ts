import { SnmpError, type Random } from '../base/index.js';

const MIN_OCTETS = 5;
const MAX_OCTETS = 32;
/** RFC 3411 SnmpEngineID: with the first bit 0, the form before SNMPv3. */
const OLD_FORM_OCTETS = 12;

const FORMAT = { octets: 5, firstOfEnterprise: 128 } as const;

/** Octets of the formats that have a size of their own: IPv4, IPv6 and MAC address. */
const SIZE_OF_FORMAT: Readonly<Record<number, number>> = { 1: 9, 2: 21, 3: 11 };

/** The enterprise number that is set apart for examples, as in the modules of the package. */
const GENERATED_PREFIX = [0x80, 0x00, 0x7e, 0xd9, FORMAT.octets];
const GENERATED_RANDOM_OCTETS = 12;

/** An engine ID that no other engine has (RFC 3411 SnmpEngineID, format 5). */
export function generateEngineId(random: Random): Uint8Array {
  return Uint8Array.from([...GENERATED_PREFIX, ...random(GENERATED_RANDOM_OCTETS)]);
}

/**
 * Reads an engine ID in hexadecimal, `80007ed905...`, and checks that it is one (RFC 3411
 * SnmpEngineID).
 *
 * @throws SnmpError SNMP_ENGINE_ID_INVALID
 */
export function parseEngineId(text: string): Uint8Array {
  const digits = text.replace(/^0x/i, '');
  if (!/^(?:[\da-f]{2})*$/i.test(digits)) throw invalid(text, 'it is not hexadecimal octets');
  const octets = Uint8Array.from(Buffer.from(digits, 'hex'));
  const fault = faultOf(octets);
  if (fault !== undefined) throw invalid(text, fault);
  return octets;
}

function invalid(text: string, fault: string): SnmpError {
  return new SnmpError(
    'SNMP_ENGINE_ID_INVALID',
    `the engine ID ${JSON.stringify(text.slice(0, 80))}: ${fault}`,
  );
}

function faultOf(octets: Uint8Array): string | undefined {
  if (octets.length < MIN_OCTETS || octets.length > MAX_OCTETS) {
    return `it has ${octets.length} octets, not ${MIN_OCTETS} to ${MAX_OCTETS}`;
  }
  if (octets.every((octet) => octet === 0)) return 'it is all zeros';
  if (octets.every((octet) => octet === 0xff)) return 'it is all ones';
  if ((octets[0] as number) < 0x80) {
    return octets.length === OLD_FORM_OCTETS
      ? undefined
      : `with the first bit 0 it must have ${OLD_FORM_OCTETS} octets`;
  }
  const format = octets[4] as number;
  const size = SIZE_OF_FORMAT[format];
  if (size !== undefined && octets.length !== size) {
    return `in format ${format} it must have ${size} octets`;
  }
  if (format === 0 || (format > FORMAT.octets && format < FORMAT.firstOfEnterprise)) {
    return `format ${format} is reserved`;
  }
  return undefined;
}
