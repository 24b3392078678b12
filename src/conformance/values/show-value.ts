import { formatOid, type SnmpValue, type Syntax } from '../../smi/index.js';

/** A value for people, as net-snmp's commands would print it, roughly: `INTEGER 2 (down)`. */
export function showValue(value: SnmpValue, syntax?: Syntax): string {
  switch (value.type) {
    case 'Integer32': {
      const label = [...(syntax?.enums ?? [])].find(([, number]) => number === value.value)?.[0];
      return `INTEGER ${value.value}${label === undefined ? '' : ` (${label})`}`;
    }
    case 'OctetString':
      return `STRING ${showOctets(value.value)}`;
    case 'Opaque':
      return `OPAQUE ${hex(value.value)}`;
    case 'ObjectIdentifier':
      return `OID .${formatOid(value.value)}`;
    case 'IpAddress':
      return `IpAddress ${value.value.join('.')}`;
    case 'Counter32':
    case 'Gauge32':
    case 'TimeTicks':
    case 'Counter64':
      return `${value.type} ${value.value}`;
    case 'Null':
    case 'noSuchObject':
    case 'noSuchInstance':
    case 'endOfMibView':
      return value.type;
  }
}

/** Whether octets can be shown, and typed, as text between quotes. */
export function isPlainText(octets: Uint8Array): boolean {
  return octets.every((octet) => octet >= 0x20 && octet <= 0x7e);
}

export function hex(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}

function showOctets(octets: Uint8Array): string {
  return isPlainText(octets) ? JSON.stringify(Buffer.from(octets).toString('latin1')) : hex(octets);
}
