import { inspect } from 'node:util';
import { SnmpError } from '../base/index.js';
import type { CommunityMessage, OutgoingMessage, OutgoingPdu, Version } from '../message/index.js';

/** Why a message that came is not the reply that was asked for. */
export type CredentialFault = 'wrongVersion' | 'wrongCommunity';

/**
 * Who asks: what makes a message of a PDU, and says whether a message was made for whom asked.
 * Never shows what it keeps secret.
 */
export interface Credentials {
  readonly version: Version;
  /** The message to send. */
  seal(pdu: OutgoingPdu): OutgoingMessage;
  /** What is wrong with a reply, or undefined. */
  faultOf(reply: CommunityMessage): CredentialFault | undefined;
}

export interface CommunityOptions {
  /** Default v2c. */
  readonly version?: Version;
}

/**
 * Credentials of SNMPv1 or SNMPv2c (RFC 1157, RFC 1901): a community, sent in clear.
 *
 * @param name - text, sent as UTF-8, or the octets themselves.
 * @throws SnmpError SNMP_OPTION_INVALID
 */
export function community(name: string | Uint8Array, options: CommunityOptions = {}): Credentials {
  const { version = 'v2c' } = options;
  if (version !== 'v1' && version !== 'v2c') {
    throw new SnmpError(
      'SNMP_OPTION_INVALID',
      `community: version: expected v1 or v2c, got ${String(version)}`,
    );
  }
  if (typeof name !== 'string' && !(name instanceof Uint8Array)) {
    throw new SnmpError('SNMP_OPTION_INVALID', 'community: expected a string or octets');
  }
  return new CommunityCredentials(Uint8Array.from(Buffer.from(name)), version);
}

class CommunityCredentials implements Credentials {
  readonly version: Version;
  readonly #community: Uint8Array;

  constructor(octets: Uint8Array, version: Version) {
    this.#community = octets;
    this.version = version;
  }

  seal(pdu: OutgoingPdu): OutgoingMessage {
    return { version: this.version, community: this.#community, pdu };
  }

  faultOf(reply: CommunityMessage): CredentialFault | undefined {
    if (reply.version !== this.version) return 'wrongVersion';
    return Buffer.compare(reply.community, this.#community) === 0 ? undefined : 'wrongCommunity';
  }

  toString(): string {
    return `community of ${this.version}`;
  }

  [inspect.custom](): string {
    return `<${this.toString()}>`;
  }
}
