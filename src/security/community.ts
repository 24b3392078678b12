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

/**
 * Communities to principals (RFC 3584 5.2, with views instead of VACM groups). Octets are compared
 * exactly: no case folding, no trailing NUL (ENC-046).
 */
export class CommunityTable {
  /** Keyed by the octets as latin1. BOUNDED by the configuration. */
  readonly #principals = new Map<string, Principal>();

  /** @throws SnmpError SNMP_ACCESS_DUPLICATE */
  add(community: string, principal: Principal): void {
    const key = Buffer.from(community, 'utf8').toString('latin1');
    if (this.#principals.has(key)) {
      throw new SnmpError('SNMP_ACCESS_DUPLICATE', 'a community is configured twice');
    }
    this.#principals.set(key, principal);
  }

  identify(community: Uint8Array): Principal | undefined {
    return this.#principals.get(
      Buffer.from(community.buffer, community.byteOffset, community.length).toString('latin1'),
    );
  }
}
