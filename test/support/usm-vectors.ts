import { readFileSync } from 'node:fs';
import type { AuthProtocol, PrivProtocol } from '../../src/security/index.js';

/** The vectors of test/fixtures/tables/usm-vectors.json, as far as tests look at them. */
export interface UsmVectors {
  readonly protocols: {
    readonly auth: readonly {
      readonly name: string;
      readonly hash: string;
      readonly keyLength: number;
      readonly macLength: number;
    }[];
  };
  readonly keyLocalization: readonly {
    readonly id: string;
    readonly auth: string;
    readonly password: string;
    readonly engineID: string;
    readonly ku: string;
    readonly kul: string;
  }[];
  readonly keyChange: readonly {
    readonly id: string;
    readonly auth: string;
    readonly oldKul: string;
    readonly newKul: string;
    readonly keyChange: string;
  }[];
  readonly users: readonly {
    readonly userName: string;
    readonly authProtocol: string;
    readonly privProtocol: string;
    readonly authPassword: string | null;
    readonly privPassword: string | null;
    readonly authKey: string | null;
    readonly privKey: string | null;
  }[];
  readonly messages: readonly {
    readonly id: string;
    readonly user: string;
    readonly level: 'noAuthNoPriv' | 'authNoPriv' | 'authPriv';
    readonly msgID: number;
    readonly requestID: number;
    readonly message: string;
    readonly zeroed: string;
    readonly mac: string;
    readonly scopedPDU: string;
    readonly ciphertext?: string;
  }[];
  readonly inbound: readonly {
    readonly id: string;
    readonly when: string;
    readonly message: string;
    readonly outcome:
      | 'report'
      | 'silence'
      | 'response'
      | 'response-or-authorizationError'
      | 'report-or-silence';
    readonly counter?: string | null;
    readonly oid?: string | null;
    readonly engineState?: { readonly snmpEngineBoots: number };
    readonly report?: {
      readonly msgFlags: number | readonly number[];
      readonly msgID: number;
      readonly requestID: readonly number[];
    };
  }[];
}

const file = new URL('../fixtures/tables/usm-vectors.json', import.meta.url);

export const usmVectors = JSON.parse(readFileSync(file, 'utf8')) as UsmVectors;

/** The names that RFC 3414 and RFC 7860 give, and ours. */
const AUTH_NAMES: Readonly<Record<string, AuthProtocol>> = {
  usmHMACMD5AuthProtocol: 'md5',
  usmHMACSHAAuthProtocol: 'sha1',
  usmHMAC128SHA224AuthProtocol: 'sha224',
  usmHMAC192SHA256AuthProtocol: 'sha256',
  usmHMAC256SHA384AuthProtocol: 'sha384',
  usmHMAC384SHA512AuthProtocol: 'sha512',
};
const PRIV_NAMES: Readonly<Record<string, PrivProtocol>> = {
  usmDESPrivProtocol: 'des',
  usmAesCfb128Protocol: 'aes128',
};

/** Undefined for usmNoAuthProtocol. */
export function authOf(name: string): AuthProtocol | undefined {
  return AUTH_NAMES[name];
}

/** Undefined for usmNoPrivProtocol. */
export function privOf(name: string): PrivProtocol | undefined {
  return PRIV_NAMES[name];
}

/** What the vectors were made for. */
export const VECTOR_ENGINE = {
  id: Buffer.from('80007ed905636f6e666f726d3031', 'hex'),
  boots: 5,
  timeSeconds: 1000,
} as const;
