import { SetError, type Refusal } from '../../instrumentation/index.js';
import type { CommunityEntry } from '../../security/index.js';
import type { SubtreeObjects } from '../bind-objects.js';
import { administered, inForce, type RowState, type StorageType } from './administration.js';
import { isTag } from './target.js';

/** A row of snmpCommunityTable. */
export type CommunityRow = {
  readonly snmpCommunityIndex: string;
  readonly snmpCommunityName: Uint8Array;
  readonly snmpCommunitySecurityName: string;
  readonly snmpCommunityContextEngineID: Uint8Array;
  readonly snmpCommunityContextName: string;
  readonly snmpCommunityTransportTag: string;
  readonly snmpCommunityStorageType?: StorageType;
  readonly snmpCommunityStatus?: RowState;
};

const REQUIRED = [
  'snmpCommunityName',
  'snmpCommunitySecurityName',
  'snmpCommunityContextEngineID',
  'snmpCommunityContextName',
  'snmpCommunityTransportTag',
] as const;

/** RFC 3584's table of communities, kept by the runtime. */
export class CommunityRows {
  readonly communities;

  /** @param engineId - whose contexts communities are for: there is no proxy. */
  constructor(engineId: Uint8Array) {
    this.communities = administered<CommunityRow>(
      { defaults: { snmpCommunityContextEngineID: engineId } },
      (row) => faultOf(row, engineId),
    );
  }

  objects(): SubtreeObjects {
    return { snmpCommunityTable: this.communities };
  }
}

/**
 * What counts of these rows, in the order of their index: those that are active and for contexts of
 * this engine. A row of another engine's, which an import or a state may have, is for a proxy (RFC
 * 3584 5.2.1): it must not open a context here that is called the same.
 */
export function communityEntries(
  rows: Iterable<CommunityRow>,
  engineId: Uint8Array,
): CommunityEntry[] {
  return inForce(rows, 'snmpCommunityStatus', REQUIRED)
    .filter((row) => isOf(engineId, row.snmpCommunityContextEngineID))
    .map((row) => ({
      community: row.snmpCommunityName,
      securityName: row.snmpCommunitySecurityName,
      contextName: row.snmpCommunityContextName,
      transportTag: row.snmpCommunityTransportTag,
    }));
}

function faultOf(row: Partial<CommunityRow>, engineId: Uint8Array): SetError<Refusal> | undefined {
  const { snmpCommunityContextEngineID: engine, snmpCommunityTransportTag: tag = '' } = row;
  if (!isTag(tag)) return new SetError('wrongValue', 'snmpCommunityTransportTag');
  if (engine !== undefined && !isOf(engineId, engine)) {
    return new SetError('inconsistentValue', 'snmpCommunityContextEngineID');
  }
  return undefined;
}

function isOf(engineId: Uint8Array, named: Uint8Array): boolean {
  return Buffer.compare(named, engineId) === 0;
}
