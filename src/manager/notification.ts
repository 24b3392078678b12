import { isIPv4 } from 'node:net';
import { requireInteger, requireKnownKeys, SnmpError } from '../base/index.js';
import {
  notificationHead,
  toTrapV1,
  trapOid,
  type OutgoingPdu,
  type TrapKind,
  type Version,
} from '../message/index.js';
import type { Oid, VarBind } from '../smi/index.js';
import type { KnownMibs } from './known-mibs.js';
import { resolveReference, type Reference } from './references.js';
import { prepareValues, type VarBindToSet } from './requests.js';
import type { Validation } from './values-to-set.js';

/** A trap as SNMPv1 calls it (RFC 1157 4.1.6); in the other versions by the OID that this means. */
export interface TrapV1 {
  /** Of the enterprise, or the agent's sysObjectID. */
  readonly enterprise: Reference;
  /** 0..5 coldStart to egpNeighborLoss, 6 enterpriseSpecific. */
  readonly genericTrap: number;
  /** Default 0. */
  readonly specificTrap?: number;
}

/** What happened: the OID of a notification, `IF-MIB::linkDown`. */
export type NotificationToSend = Reference | TrapV1;

export interface NotificationOptions {
  /** sysUpTime of who tells. Default: since the manager was made. */
  readonly upTimeCentiseconds?: number;
  /** SNMPv1 only: the IPv4 address of who tells. Default: the one that the trap leaves from. */
  readonly agentAddress?: string;
  /** As of a SET. */
  readonly validate?: Validation;
}

const MAX_TIME_TICKS = 4_294_967_295;
const MAX_INTEGER = 2_147_483_647;
const ENTERPRISE_SPECIFIC = 6;
const TRAP_V1_KEYS = ['enterprise', 'genericTrap', 'specificTrap'];

/** A notification with its names resolved and its values checked. */
export class PreparedNotification {
  /** As `varBinds` of the call. */
  readonly varBinds: readonly VarBind[];
  readonly agentAddress: Uint8Array | undefined;
  /** Something was named or valued by the MIB. */
  readonly usesMib: boolean;
  readonly #oid: Oid;
  /** Where it was given as such. */
  readonly #kind: TrapKind | undefined;
  readonly #upTimeCentiseconds: number;

  /** @throws SnmpError SNMP_OPTION_INVALID; as `resolveReference`; VarBindError */
  constructor(
    notification: NotificationToSend,
    varBinds: readonly VarBindToSet[],
    options: NotificationOptions & { readonly upTimeCentiseconds: number },
    version: Version | 'v3',
    mibs: KnownMibs,
  ) {
    const { upTimeCentiseconds, agentAddress, validate = 'all' } = options;
    requireInteger('upTimeCentiseconds', upTimeCentiseconds, 0, MAX_TIME_TICKS);
    if (agentAddress !== undefined && !isIPv4(agentAddress)) {
      throw new SnmpError('SNMP_OPTION_INVALID', 'agentAddress: expected an address of IPv4');
    }
    this.#upTimeCentiseconds = upTimeCentiseconds;
    this.agentAddress = agentAddress === undefined ? undefined : addressOctets(agentAddress);
    if (isTrapV1(notification)) {
      this.#kind = trapKind(notification, mibs);
      this.#oid = trapOid(this.#kind);
    } else {
      this.#kind = undefined;
      this.#oid = resolveReference(notification, mibs).name;
    }
    const prepared = prepareValues(varBinds, mibs, version, validate);
    this.varBinds = prepared.varBinds;
    this.usesMib = prepared.usesMib;
  }

  /** SNMPv2's variables: RFC 3416 4.2.6. */
  get allVarBinds(): readonly VarBind[] {
    return [...notificationHead(this.#oid, this.#upTimeCentiseconds), ...this.varBinds];
  }

  /** @param agentAddress - four octets; where none was given. */
  trapV1(agentAddress: Uint8Array): OutgoingPdu {
    const from = this.agentAddress ?? agentAddress;
    const varBinds = this.varBinds;
    if (this.#kind !== undefined) {
      const timestampCentiseconds = this.#upTimeCentiseconds;
      return { type: 'trapV1', ...this.#kind, agentAddress: from, timestampCentiseconds, varBinds };
    }
    const trap = toTrapV1({ oid: this.#oid, varBinds }, this.#upTimeCentiseconds, from);
    // Values were checked for SNMPv1 before.
    if (trap === undefined) throw new SnmpError('SNMP_VALUE_SYNTAX', 'SNMPv1 has no Counter64');
    return trap;
  }
}

export function addressOctets(address: string): Uint8Array {
  return Uint8Array.from(address.split('.').map(Number));
}

function isTrapV1(notification: NotificationToSend): notification is TrapV1 {
  return typeof notification === 'object' && 'enterprise' in notification;
}

function trapKind(trap: TrapV1, mibs: KnownMibs): TrapKind {
  requireKnownKeys('notification', trap, TRAP_V1_KEYS);
  const { enterprise, genericTrap, specificTrap = 0 } = trap;
  requireInteger('notification.genericTrap', genericTrap, 0, ENTERPRISE_SPECIFIC);
  requireInteger('notification.specificTrap', specificTrap, 0, MAX_INTEGER);
  return { enterprise: resolveReference(enterprise, mibs).name, genericTrap, specificTrap };
}
