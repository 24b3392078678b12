import { hasPrefix, type Oid, type VarBind } from '../smi/index.js';
import type { OutgoingPdu } from './pdu.js';

/** RFC 3418 snmpTraps: the notifications that SNMPv1 calls generic. */
const SNMP_TRAPS: Oid = [1, 3, 6, 1, 6, 3, 1, 1, 5];
/** RFC 3418 snmpTrapEnterprise.0. */
const SNMP_TRAP_ENTERPRISE_0: Oid = [1, 3, 6, 1, 6, 3, 1, 1, 4, 3, 0];
const SYS_UP_TIME_0: Oid = [1, 3, 6, 1, 2, 1, 1, 3, 0];
const SNMP_TRAP_OID_0: Oid = [1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0];
const GENERIC_TRAPS = 6;
const ENTERPRISE_SPECIFIC = 6;

/** How SNMPv1 calls a notification (RFC 1157 4.1.6). */
export interface TrapKind {
  readonly enterprise: Oid;
  readonly genericTrap: number;
  readonly specificTrap: number;
}

/** What happened: snmpTrapOID.0, and the objects that tell of it. */
interface Notification {
  readonly oid: Oid;
  readonly varBinds: readonly VarBind[];
}

/**
 * A notification as SNMPv1 tells it (RFC 3584 section 3.2).
 *
 * @param agentAddress - IPv4 address of this agent, four octets; zeroes where it has none.
 * @returns undefined where it has a Counter64, which SNMPv1 cannot carry: then it is not sent.
 */
export function toTrapV1(
  { oid, varBinds }: Notification,
  upTimeCentiseconds: number,
  agentAddress: Uint8Array,
): (OutgoingPdu & { type: 'trapV1' }) | undefined {
  if (varBinds.some(({ value }) => value.type === 'Counter64')) return undefined;
  return {
    type: 'trapV1',
    ...trapKind(oid, varBinds),
    agentAddress,
    timestampCentiseconds: upTimeCentiseconds,
    varBinds,
  };
}

/** RFC 3584 3.2(1), (3) and (4). */
function trapKind(oid: Oid, varBinds: readonly VarBind[]): TrapKind {
  const last = oid.at(-1) ?? 0;
  const isGeneric =
    oid.length === SNMP_TRAPS.length + 1 &&
    hasPrefix(oid, SNMP_TRAPS) &&
    last >= 1 &&
    last <= GENERIC_TRAPS;
  if (isGeneric) {
    return { enterprise: enterpriseIn(varBinds), genericTrap: last - 1, specificTrap: 0 };
  }
  const enterprise = oid.slice(0, oid.at(-2) === 0 ? -2 : -1);
  return { enterprise, genericTrap: ENTERPRISE_SPECIFIC, specificTrap: last };
}

function enterpriseIn(varBinds: readonly VarBind[]): Oid {
  const found = varBinds.find(
    ({ name }) =>
      name.length === SNMP_TRAP_ENTERPRISE_0.length && hasPrefix(name, SNMP_TRAP_ENTERPRISE_0),
  );
  return found?.value.type === 'ObjectIdentifier' ? found.value.value : SNMP_TRAPS;
}

/** What SNMPv2 calls a trap of SNMPv1: its snmpTrapOID.0 (RFC 3584 3.1(2)). */
export function trapOid({ enterprise, genericTrap, specificTrap }: TrapKind): Oid {
  return genericTrap === ENTERPRISE_SPECIFIC
    ? [...enterprise, 0, specificTrap]
    : [...SNMP_TRAPS, genericTrap + 1];
}

/** RFC 3416 4.2.6: what each notification of SNMPv2 begins with. */
export function notificationHead(oid: Oid, upTimeCentiseconds: number): readonly VarBind[] {
  return [
    { name: SYS_UP_TIME_0, value: { type: 'TimeTicks', value: upTimeCentiseconds } },
    { name: SNMP_TRAP_OID_0, value: { type: 'ObjectIdentifier', value: oid } },
  ];
}
