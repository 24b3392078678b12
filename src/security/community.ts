import { equalOctets, latin1Of, listIn } from '../base/index.js';
import type { Oid } from '../smi/index.js';
import { addressOctetsIn, transportOctets } from './transport-address.js';
import type { MibView } from './view.js';

/** Who a request comes from, and what it may touch. */
export interface Principal {
  /** RFC 3411 securityName: a name for these credentials that is safe to show. */
  readonly securityName: string;
  /** Absent: this principal reads, or writes, or is told, nothing. */
  readonly readView?: MibView;
  readonly writeView?: MibView;
  readonly notifyView?: MibView;
}

/** What a community comes to (RFC 3584 5.2.1). */
export interface CommunityIdentity {
  readonly principal: Principal;
  /** Undefined: the context that it is for is not there. */
  readonly contextName: string | undefined;
  /** What the sender can take; NO_SIZE_LIMIT where nobody knows. */
  readonly maxMessageSizeOctets: number;
}

/** An active row of snmpCommunityTable. */
export interface CommunityEntry {
  readonly community: Uint8Array;
  readonly securityName: string;
  readonly contextName: string;
  /** The empty tag: from anywhere. */
  readonly transportTag: string;
}

/** An active row of snmpTargetAddrTable, with that of snmpTargetAddrExtTable. */
export interface TargetAddress {
  readonly domain: Oid;
  readonly address: Uint8Array;
  readonly tags: readonly string[];
  /** As long as the address, or empty: all ones. */
  readonly mask: Uint8Array;
  /** snmpTargetAddrMMS; 0 where it is not known. */
  readonly maxMessageSizeOctets: number;
}

export interface CommunityTables {
  /** In the order of their index. */
  readonly communities: Iterable<CommunityEntry>;
  readonly addresses: Iterable<TargetAddress>;
}

type CommunityVersion = 'v1' | 'v2c';

/** Who a row of snmpCommunityTable stands for in a version. */
export type Describe = (
  entry: CommunityEntry,
  version: CommunityVersion,
) => Omit<CommunityIdentity, 'maxMessageSizeOctets'>;

interface Known {
  readonly entry: CommunityEntry;
  /** Found out when they are first asked for. */
  v1: CommunityIdentity | undefined;
  v2c: CommunityIdentity | undefined;
}

/** So many communities at most are looked through one by one. */
const MAX_SCANNED = 8;
/** The largest that snmpTargetAddrMMS can say. */
export const NO_SIZE_LIMIT = 2_147_483_647;

/**
 * Communities to principals (RFC 3584 5.2.1), over one state of the tables. Octets are compared
 * exactly: no case folding, no trailing NUL (ENC-046).
 */
export class CommunityTable {
  readonly #describe: Describe;
  /** In the order of their index. BOUNDED by the rows of the table, as the others. */
  readonly #known: readonly Known[];
  /** The same by the octets of the community as latin1. */
  readonly #byCommunity = new Map<string, Known[]>();
  readonly #addresses = new Map<string, TargetAddress[]>();

  constructor({ communities, addresses }: CommunityTables, describe: Describe) {
    this.#describe = describe;
    this.#known = Array.from(communities, (entry) => ({ entry, v1: undefined, v2c: undefined }));
    for (const known of this.#known) {
      listIn(this.#byCommunity, latin1Of(known.entry.community)).push(known);
    }
    for (const address of addresses) {
      for (const tag of address.tags) listIn(this.#addresses, tag).push(address);
    }
  }

  /** The first row that has the community and is for whoever sends from there. */
  identify(
    community: Uint8Array,
    version: CommunityVersion,
    peer: { readonly address: string; readonly port: number },
  ): CommunityIdentity | undefined {
    // Few communities are compared octet by octet: a key for the map would cost more.
    const candidates =
      this.#known.length > MAX_SCANNED
        ? (this.#byCommunity.get(latin1Of(community)) ?? [])
        : this.#known;
    for (let i = 0; i < candidates.length; i++) {
      const known = candidates[i] as Known;
      const { entry } = known;
      if (!equalOctets(entry.community, community)) continue;
      if (entry.transportTag === '') return this.#identityOf(known, version);
      const target = this.#targetOf(entry.transportTag, peer.address, peer.port);
      if (target === undefined) continue;
      const maxMessageSizeOctets = target.maxMessageSizeOctets || NO_SIZE_LIMIT;
      return { ...this.#identityOf(known, version), maxMessageSizeOctets };
    }
    return undefined;
  }

  /** The first row that has the community, for those who send with it. */
  entryOf(community: Uint8Array): CommunityEntry | undefined {
    return this.#byCommunity.get(latin1Of(community))?.[0]?.entry;
  }

  /**
   * RFC 3584 5.2.3: the community that stands for somebody towards an address, in the first row that
   * is for it. Contexts are those of this engine.
   */
  communityTowards(
    securityName: string,
    contextName: string,
    peer: { readonly address: string; readonly port: number },
  ): Uint8Array | undefined {
    const fitting = this.#known.find(
      ({ entry }) =>
        entry.securityName === securityName &&
        entry.contextName === contextName &&
        (entry.transportTag === '' ||
          this.#targetOf(entry.transportTag, peer.address, peer.port) !== undefined),
    );
    return fitting?.entry.community;
  }

  #identityOf(known: Known, version: CommunityVersion): CommunityIdentity {
    const identity = version === 'v1' ? known.v1 : known.v2c;
    return identity ?? this.#describeNow(known, version);
  }

  #describeNow(known: Known, version: CommunityVersion): CommunityIdentity {
    const { principal, contextName } = this.#describe(known.entry, version);
    return (known[version] = { principal, contextName, maxMessageSizeOctets: NO_SIZE_LIMIT });
  }

  #targetOf(tag: string, address: string, port: number): TargetAddress | undefined {
    const tagged = this.#addresses.get(tag);
    const octets = tagged === undefined ? undefined : transportOctets(address, port);
    if (octets === undefined) return undefined;
    return tagged?.find((target) => isFrom(target, octets));
  }
}

/** RFC 3584 5.3: bits that are 1 in the mask must be equal; without a mask all of them. */
function isFrom({ domain, address, mask }: TargetAddress, octets: readonly number[]): boolean {
  // The domains differ in the size of their addresses.
  if (addressOctetsIn(domain) !== octets.length || address.length !== octets.length) return false;
  return octets.every((octet, i) => {
    const bits = mask.length === 0 ? 0xff : (mask[i] ?? 0xff);
    return ((octet ^ (address[i] as number)) & bits) === 0;
  });
}
