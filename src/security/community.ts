import { SnmpError } from '../base/index.js';
import type { MibView } from './view.js';

/** Who a request comes from, and what it may touch. */
export interface Principal {
  /** RFC 3411 securityName: a name for these credentials that is safe to show. */
  readonly securityName: string;
  /** Absent: this principal reads, or writes, nothing. */
  readonly readView?: MibView;
  readonly writeView?: MibView;
}

/** So many communities at most are looked through one by one. */
const MAX_SCANNED = 8;

/**
 * Communities to principals (RFC 3584 5.2, with views instead of VACM groups). Octets are compared
 * exactly: no case folding, no trailing NUL (ENC-046).
 */
export class CommunityTable {
  /** Keyed by the octets as latin1. BOUNDED by the configuration. */
  readonly #principals = new Map<string, Principal>();
  /** The same in order. */
  readonly #entries: { readonly octets: Uint8Array; readonly principal: Principal }[] = [];

  /** @throws SnmpError SNMP_ACCESS_DUPLICATE */
  add(community: string, principal: Principal): void {
    const octets = Buffer.from(community, 'utf8');
    const key = keyOf(octets);
    if (this.#principals.has(key)) {
      throw new SnmpError('SNMP_ACCESS_DUPLICATE', 'a community is configured twice');
    }
    this.#principals.set(key, principal);
    this.#entries.push({ octets, principal });
  }

  identify(community: Uint8Array): Principal | undefined {
    // Few communities are compared octet by octet: a key for the map would cost more.
    if (this.#entries.length > MAX_SCANNED) return this.#principals.get(keyOf(community));
    for (const { octets, principal } of this.#entries) {
      if (equalOctets(octets, community)) return principal;
    }
    return undefined;
  }
}

function keyOf(community: Uint8Array): string {
  return Buffer.from(community.buffer, community.byteOffset, community.length).toString('latin1');
}

function equalOctets(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
  return true;
}
