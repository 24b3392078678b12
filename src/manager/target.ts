import { isIP, SocketAddress } from 'node:net';
import { requireInteger, requireKnownKeys, SnmpError } from '../base/index.js';
import { MAX_UDP_PAYLOAD_OCTETS } from '../message/index.js';
import { CommunityCredentials, UserCredentials, type Credentials } from './credentials.js';

/** An agent, and how patiently it is asked. */
export interface Target {
  /** An address of version 4 or 6 (with a zone where it needs one), or a name. */
  readonly host: string;
  /** Default 161; of a notification 162. */
  readonly port?: number;
  readonly auth: Credentials;
  /** Which address of a name is meant. Default: 4 where there is one, else 6. */
  readonly family?: 4 | 6;
  /** How long each attempt waits. Default 1000. */
  readonly timeoutMs?: number;
  /** How often the request is sent again after the first time. Default 5. */
  readonly retries?: number;
  /** Requests to this address and port that may be under way at once. Default 10. */
  readonly window?: number;
  /** A request that would be larger is not sent. 484..65507, default 65507. */
  readonly maxMessageSizeOctets?: number;
  /**
   * Whose responses are taken: `target`, the default, what comes from the address and port that was
   * asked. `any`: from anywhere, for agents that answer from another of their addresses; whoever can
   * guess request-id and port, and knows the credentials, can then answer in their place.
   */
  readonly acceptFrom?: 'target' | 'any';
}

const DEFAULT_PORT = 161;
export const DEFAULT_TIMEOUT_MS = 1000;
export const DEFAULT_RETRIES = 5;
const DEFAULT_WINDOW = 10;
/** RFC 3417 3.2.1: what every agent takes. */
const MIN_MESSAGE_SIZE_OCTETS = 484;
const MAX_PORT = 65_535;
const MAX_INTEGER = 2_147_483_647;

/** A target with everything decided but its address. */
export interface Addressee {
  readonly host: string;
  readonly port: number;
  /** Of the host, where that is an address; else what was asked for. */
  readonly family: 4 | 6 | undefined;
  readonly isAddress: boolean;
  readonly auth: Credentials;
  readonly timeoutMs: number;
  readonly retries: number;
  readonly window: number;
  readonly maxMessageSizeOctets: number;
  readonly acceptFrom: 'target' | 'any';
}

const KEYS = [
  'host',
  'port',
  'auth',
  'family',
  'timeoutMs',
  'retries',
  'window',
  'maxMessageSizeOctets',
  'acceptFrom',
];

/** How one request may be less or more patient than its target. */
export interface Patience {
  readonly timeoutMs?: number | undefined;
  readonly retries?: number | undefined;
}

/** @throws SnmpError SNMP_OPTION_INVALID */
export function addresseeOf(
  target: Target,
  patience: Patience,
  defaultPort = DEFAULT_PORT,
): Addressee {
  requireKnownKeys('target', target, KEYS);
  const {
    host,
    auth,
    family,
    port = defaultPort,
    window = DEFAULT_WINDOW,
    maxMessageSizeOctets = MAX_UDP_PAYLOAD_OCTETS,
    acceptFrom = 'target',
  } = target;
  const timeoutMs = patience.timeoutMs ?? target.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const retries = patience.retries ?? target.retries ?? DEFAULT_RETRIES;
  if (typeof host !== 'string' || host === '') invalid('target.host', 'a name or an address', host);
  requireInteger('target.port', port, 1, MAX_PORT);
  requireInteger('timeoutMs', timeoutMs, 1, MAX_INTEGER);
  requireInteger('retries', retries, 0, MAX_INTEGER);
  requireInteger('target.window', window, 1, MAX_INTEGER);
  requireInteger(
    'target.maxMessageSizeOctets',
    maxMessageSizeOctets,
    MIN_MESSAGE_SIZE_OCTETS,
    MAX_UDP_PAYLOAD_OCTETS,
  );
  if (!(auth instanceof CommunityCredentials || auth instanceof UserCredentials)) {
    // Not shown: it may be a secret that was meant to be made into credentials.
    throw new SnmpError(
      'SNMP_OPTION_INVALID',
      "target.auth: expected credentials: community('...') or user({ ... })",
    );
  }
  if (acceptFrom !== 'target' && acceptFrom !== 'any') {
    invalid('target.acceptFrom', "'target' or 'any'", acceptFrom);
  }
  if (family !== undefined && family !== 4 && family !== 6)
    invalid('target.family', '4 or 6', family);
  const version = isIP(host);
  if (version !== 0 && family !== undefined && family !== version) {
    invalid('target.family', `${version}, as the host is`, family);
  }
  return {
    host: version === 6 ? canonicalV6(host) : host,
    port,
    family: version === 0 ? family : (version as 4 | 6),
    isAddress: version !== 0,
    auth,
    timeoutMs,
    retries,
    window,
    maxMessageSizeOctets,
    acceptFrom,
  };
}

/** One spelling for each address; the zone stays. */
export function canonicalV6(address: string): string {
  const [bare = '', zone] = address.split('%');
  const canonical = new SocketAddress({ address: bare, family: 'ipv6' }).address;
  return zone === undefined ? canonical : `${canonical}%${zone}`;
}

function invalid(path: string, expected: string, got: unknown): never {
  throw new SnmpError(
    'SNMP_OPTION_INVALID',
    `${path}: expected ${expected}, got ${JSON.stringify(got) ?? String(got)}`,
  );
}
