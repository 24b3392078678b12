import { SetError, type Refusal } from '../../instrumentation/index.js';
import type { CommunityEntry } from '../../security/index.js';
import type { SubtreeObjects } from '../bind-objects.js';
import { administered, isActive, type RowState, type StorageType } from './administration.js';
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

/** What counts of these rows, in the order of their index: the active ones. */
export function communityEntries(rows: Iterable<CommunityRow>): CommunityEntry[] {
  return [...rows]
    .filter((row) => isActive(row.snmpCommunityStatus))
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
  if (engine !== undefined && Buffer.compare(engine, engineId) !== 0) {
    return new SetError('inconsistentValue', 'snmpCommunityContextEngineID');
  }
  return undefined;
}
