import type { AuthProtocol, PrivProtocol } from '../../src/security/index.js';

/** Our names for protocols and net-snmp's. */
export const AUTH: Readonly<Record<AuthProtocol, string>> = {
  md5: 'MD5',
  sha1: 'SHA',
  sha224: 'SHA-224',
  sha256: 'SHA-256',
  sha384: 'SHA-384',
  sha512: 'SHA-512',
};
export const PRIV: Readonly<Record<PrivProtocol, string>> = {
  des: 'DES',
  aes128: 'AES',
  aes192: 'AES-192',
  aes256: 'AES-256',
  aes192c: 'AES-192-C',
  aes256c: 'AES-256-C',
};
