import { equalOids, type Oid } from '../../smi/index.js';
import type { AuthProtocol } from './authentication.js';
import type { PrivProtocol } from './privacy.js';

const SNMP_AUTH_PROTOCOLS: Oid = [1, 3, 6, 1, 6, 3, 10, 1, 1];
const SNMP_PRIV_PROTOCOLS: Oid = [1, 3, 6, 1, 6, 3, 10, 1, 2];
/** Those of the drafts have no name from the IETF: these are net-snmp's, and Cisco's. */
const BLUMENTHAL_AES: Oid = [1, 3, 6, 1, 4, 1, 14832, 1];
const CISCO_AES: Oid = [1, 3, 6, 1, 4, 1, 9, 12, 6, 1];

/** RFC 3414 section 5, RFC 7860 section 5. */
const AUTH_OIDS: Readonly<Record<AuthProtocol | 'none', Oid>> = {
  none: [...SNMP_AUTH_PROTOCOLS, 1],
  md5: [...SNMP_AUTH_PROTOCOLS, 2],
  sha1: [...SNMP_AUTH_PROTOCOLS, 3],
  sha224: [...SNMP_AUTH_PROTOCOLS, 4],
  sha256: [...SNMP_AUTH_PROTOCOLS, 5],
  sha384: [...SNMP_AUTH_PROTOCOLS, 6],
  sha512: [...SNMP_AUTH_PROTOCOLS, 7],
};

/** RFC 3414 section 5, RFC 3826 section 4. */
const PRIV_OIDS: Readonly<Record<PrivProtocol | 'none', Oid>> = {
  none: [...SNMP_PRIV_PROTOCOLS, 1],
  des: [...SNMP_PRIV_PROTOCOLS, 2],
  aes128: [...SNMP_PRIV_PROTOCOLS, 4],
  aes192: [...BLUMENTHAL_AES, 3],
  aes256: [...BLUMENTHAL_AES, 4],
  aes192c: [...CISCO_AES, 1],
  aes256c: [...CISCO_AES, 2],
};

/** usmUserAuthProtocol's value. */
export function authProtocolOid(protocol: AuthProtocol | undefined): Oid {
  return AUTH_OIDS[protocol ?? 'none'];
}

/** usmUserPrivProtocol's value. */
export function privProtocolOid(protocol: PrivProtocol | undefined): Oid {
  return PRIV_OIDS[protocol ?? 'none'];
}

/** 'none' for usmNoAuthProtocol; undefined for what is not known here. */
export function authProtocolOf(oid: Oid): AuthProtocol | 'none' | undefined {
  return nameOf(AUTH_OIDS, oid);
}

/** As `authProtocolOf`. */
export function privProtocolOf(oid: Oid): PrivProtocol | 'none' | undefined {
  return nameOf(PRIV_OIDS, oid);
}

function nameOf<Name extends string>(
  oids: Readonly<Record<Name, Oid>>,
  wanted: Oid,
): Name | undefined {
  const names = Object.keys(oids) as Name[];
  return names.find((name) => equalOids(oids[name], wanted));
}
