import { SnmpError } from '../../base/index.js';
import type { Mib } from '../../mib/index.js';
import { hasPrefix, parseOid, type Oid } from '../../smi/index.js';

/** Where the kit may look and what it may change. */
export interface Scope {
  /** Walked, and nothing outside. */
  readonly subtree: Oid;
  /** Whether the options allow writing to this name. */
  allows(name: Oid): boolean;
}

/** iso.org: where all management information lies. */
const EVERYTHING: Oid = [1, 3];

/**
 * SNMP-TARGET-MIB, SNMP-NOTIFICATION-MIB, SNMP-USER-BASED-SM-MIB, SNMP-VIEW-BASED-ACM-MIB and
 * SNMP-COMMUNITY-MIB: who may do what and who is told what. A SET at random could lock everybody
 * out, the kit included.
 */
const ADMINISTRATION: readonly Oid[] = [12, 13, 15, 16, 18].map((arc) => [1, 3, 6, 1, 6, 3, arc]);

export interface ScopeOptions {
  readonly subtree?: string;
  readonly writable?: readonly string[];
  readonly exclude?: readonly string[];
}

/**
 * @throws SnmpError SNMP_CONFORMANCE_OPTION for a name that no module defines, SNMP_OID_SYNTAX.
 */
export function scopeOf(mib: Mib, options: ScopeOptions, byDefault: 'all' | 'none'): Scope {
  const subtree = options.subtree === undefined ? EVERYTHING : resolveName(mib, options.subtree);
  const writable =
    options.writable?.map((name) => resolveName(mib, name)) ??
    (byDefault === 'all' ? [EVERYTHING] : []);
  const excluded = (options.exclude ?? []).map((name) => resolveName(mib, name));
  return {
    subtree,
    allows: (name) => {
      const administration = ADMINISTRATION.find((root) => hasPrefix(name, root)) ?? [];
      return (
        writable.some((root) => hasPrefix(name, root) && hasPrefix(root, administration)) &&
        !excluded.some((root) => hasPrefix(name, root))
      );
    },
  };
}

/** `sysContact`, `sysContact.0`, `SNMPv2-MIB::sysContact` or `1.3.6.1.2.1.1.4`. */
function resolveName(mib: Mib, text: string): Oid {
  if (/^\.?\d+(\.\d+)*$/.test(text)) return parseOid(text);
  const [, descriptor, arcs] = /^([\w:-]+?)((?:\.\d+)*)$/.exec(text) ?? [];
  const node = descriptor === undefined ? undefined : mib.find(descriptor);
  if (node === undefined) {
    throw new SnmpError(
      'SNMP_CONFORMANCE_OPTION',
      `no module known here defines ${JSON.stringify(text)} (give its text, or an OID)`,
    );
  }
  return arcs === undefined || arcs === '' ? node.oid : [...node.oid, ...parseOid(arcs)];
}
