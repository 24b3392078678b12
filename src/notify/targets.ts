import { SocketAddress } from 'node:net';
import { requireInteger, SnmpError } from '../base/index.js';
import type { Version } from '../message/index.js';
import { parseUdpUrl, type Peer, type UdpAddress } from '../transport/index.js';

/** Who is to be told, and how. */
export interface NotifyTargetOptions {
  /** What deliveries and events call it. Default: its address. */
  readonly name?: string;
  /** `udp://192.0.2.1:162`, `udp://[::1]:162`. */
  readonly address: string;
  readonly community: string;
  /** Default v2c. */
  readonly version?: Version;
  /**
   * InformRequest instead of Trap: sent again until it is acknowledged. SNMPv1 has none and gets a
   * trap (RFC 3584 section 4.2.3). Default false.
   */
  readonly inform?: boolean;
  /** How long an acknowledgement is waited for, each time. 1..600000 ms, default 1500. */
  readonly timeoutMs?: number;
  /** How often an inform is sent again. 0..255, default 3 (RFC 3413 section 4). */
  readonly retries?: number;
}

const DEFAULT_TIMEOUT_MS = 1500;
const DEFAULT_RETRIES = 3;
const MAX_TIMEOUT_MS = 600_000;
const MAX_RETRIES = 255;

/** A target whose options were checked. The community shows nowhere. */
export class NotifyTarget {
  readonly name: string;
  readonly address: UdpAddress;
  /** Where it is sent to, and what an acknowledgement has to come from. */
  readonly peer: Peer;
  readonly version: Version;
  readonly kind: 'trapV1' | 'trap' | 'inform';
  readonly timeoutMs: number;
  readonly retries: number;
  readonly #community: Buffer;

  constructor(options: NotifyTargetOptions, path: string) {
    const { version = 'v2c', inform = false, community, address } = options;
    if (typeof community !== 'string' || community === '') {
      throw new SnmpError('SNMP_OPTION_INVALID', `${path}.community: expected a community`);
    }
    if (version !== 'v1' && version !== 'v2c') {
      throw new SnmpError('SNMP_OPTION_INVALID', `${path}.version: expected v1 or v2c`);
    }
    this.address = parseUdpUrl(address);
    if (this.address.port === 0) {
      throw new SnmpError('SNMP_OPTION_INVALID', `${path}.address: expected a port`);
    }
    this.peer = { address: canonical(this.address), port: this.address.port };
    this.name = options.name ?? address;
    this.version = version;
    this.kind = version === 'v1' ? 'trapV1' : inform ? 'inform' : 'trap';
    this.timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.retries = options.retries ?? DEFAULT_RETRIES;
    requireInteger(`${path}.timeoutMs`, this.timeoutMs, 1, MAX_TIMEOUT_MS);
    requireInteger(`${path}.retries`, this.retries, 0, MAX_RETRIES);
    this.#community = Buffer.from(community, 'utf8');
  }

  get community(): Uint8Array {
    return this.#community;
  }

  get isLoopback(): boolean {
    const { address } = this.peer;
    return address === '::1' || address.startsWith('127.');
  }
}

/**
 * @param path - what messages call the list: `notify.targets`.
 * @throws SnmpError SNMP_OPTION_INVALID, SNMP_LISTEN_SYNTAX for an address
 */
export function completeTargets(
  targets: readonly NotifyTargetOptions[],
  path: string,
): readonly NotifyTarget[] {
  return targets.map((target, i) => new NotifyTarget(target, `${path}[${i}]`));
}

/** As the system writes it where a datagram comes from: `0:0::1` is `::1`. */
function canonical({ host, family }: UdpAddress): string {
  return new SocketAddress({ address: host, family: family === 4 ? 'ipv4' : 'ipv6' }).address;
}
