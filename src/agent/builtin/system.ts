import { hostname, release, type } from 'node:os';
import { scalar, table } from '../../instrumentation/index.js';
import type { Oid } from '../../smi/index.js';
import type { SubtreeObjects } from '../bind-objects.js';
import type { Capabilities } from './capabilities.js';

/** What an agent says of itself (RFC 3418 system group). */
export interface SystemFacts {
  /** sysDescr. Default: operating system, release and Node's version. */
  readonly description?: string;
  /** sysObjectID. Default 0.0: the vendor says nothing. */
  readonly objectId?: Oid;
  /** Initial values of what managers may write. Default '', the host's name, ''. */
  readonly contact?: string;
  readonly name?: string;
  readonly location?: string;
  /** sysServices. Default 72: a host with applications. */
  readonly services?: number;
}

const HOST_WITH_APPLICATIONS = 72;

export function systemObjects(
  facts: SystemFacts,
  upTime: () => number,
  capabilities: Capabilities,
): SubtreeObjects {
  return {
    sysDescr: scalar.stored({
      value: facts.description ?? `${type()} ${release()}, Node.js ${process.version}`,
    }),
    sysObjectID: scalar.stored({ value: facts.objectId ?? [0, 0] }),
    sysUpTime: { get: upTime },
    sysContact: scalar.stored({ value: facts.contact ?? '' }),
    sysName: scalar.stored({ value: facts.name ?? hostname() }),
    sysLocation: scalar.stored({ value: facts.location ?? '' }),
    sysServices: scalar.stored({ value: facts.services ?? HOST_WITH_APPLICATIONS }),
    sysORLastChange: { get: () => capabilities.lastChange },
    sysORTable: table.computed({ rows: () => capabilities.rows, maxAgeMs: 0 }),
  };
}
