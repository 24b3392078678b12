import { scalar, table } from '../../instrumentation/index.js';
import { SECURITY_MODEL, type AccessTables, type SecurityModel } from '../../security/index.js';
import type { SecurityLevel } from '../../message/index.js';
import type { Oid } from '../../smi/index.js';
import type { SubtreeObjects } from '../bind-objects.js';
import { administered, inForce, type RowState, type StorageType } from './administration.js';

/** A row of vacmSecurityToGroupTable. */
export type GroupRow = {
  readonly vacmSecurityModel: number;
  readonly vacmSecurityName: string;
  readonly vacmGroupName: string;
  readonly vacmSecurityToGroupStorageType?: StorageType;
  readonly vacmSecurityToGroupStatus?: RowState;
};

/** A row of vacmAccessTable. */
export type AccessRow = {
  readonly vacmGroupName: string;
  readonly vacmAccessContextPrefix: string;
  readonly vacmAccessSecurityModel: number;
  readonly vacmAccessSecurityLevel: SecurityLevel;
  readonly vacmAccessContextMatch: 'exact' | 'prefix';
  readonly vacmAccessReadViewName: string;
  readonly vacmAccessWriteViewName: string;
  readonly vacmAccessNotifyViewName: string;
  readonly vacmAccessStorageType?: StorageType;
  readonly vacmAccessStatus?: RowState;
};

/** A row of vacmViewTreeFamilyTable. */
export type FamilyRow = {
  readonly vacmViewTreeFamilyViewName: string;
  readonly vacmViewTreeFamilySubtree: Oid;
  readonly vacmViewTreeFamilyMask: Uint8Array;
  readonly vacmViewTreeFamilyType: 'included' | 'excluded';
  readonly vacmViewTreeFamilyStorageType?: StorageType;
  readonly vacmViewTreeFamilyStatus?: RowState;
};

/** The rows that access is decided by. */
export interface VacmRows {
  readonly groups: Iterable<GroupRow>;
  readonly access: Iterable<AccessRow>;
  readonly families: Iterable<FamilyRow>;
}

/** RFC 3415's tables, kept by the runtime. */
export class VacmTables implements VacmRows {
  readonly groups = administered<GroupRow>();
  readonly access = administered<AccessRow>();
  readonly families = administered<FamilyRow>();

  /** @param contexts - names of those that there are. */
  objects(contexts: readonly string[]): SubtreeObjects {
    return {
      vacmContextTable: table.stored({
        rows: contexts.map((vacmContextName) => ({ vacmContextName })),
        durable: false,
      }),
      vacmSecurityToGroupTable: this.groups,
      vacmAccessTable: this.access,
      vacmViewSpinLock: scalar.stored(),
      vacmViewTreeFamilyTable: this.families,
    };
  }
}

const ACCESS_REQUIRED = [
  'vacmAccessContextMatch',
  'vacmAccessReadViewName',
  'vacmAccessWriteViewName',
  'vacmAccessNotifyViewName',
] as const;
const FAMILY_REQUIRED = ['vacmViewTreeFamilyMask', 'vacmViewTreeFamilyType'] as const;

/** What counts of these rows: the active ones. */
export function accessTables({ groups, access, families }: VacmRows): AccessTables {
  return {
    members: inForce(groups, 'vacmSecurityToGroupStatus', ['vacmGroupName']).map((row) => ({
      model: row.vacmSecurityModel,
      securityName: row.vacmSecurityName,
      group: row.vacmGroupName,
    })),
    entries: inForce(access, 'vacmAccessStatus', ACCESS_REQUIRED).map((row) => ({
      group: row.vacmGroupName,
      contextPrefix: row.vacmAccessContextPrefix,
      isPrefix: row.vacmAccessContextMatch === 'prefix',
      model: row.vacmAccessSecurityModel,
      level: row.vacmAccessSecurityLevel,
      read: row.vacmAccessReadViewName,
      write: row.vacmAccessWriteViewName,
      notify: row.vacmAccessNotifyViewName,
    })),
    families: inForce(families, 'vacmViewTreeFamilyStatus', FAMILY_REQUIRED).map((row) => ({
      view: row.vacmViewTreeFamilyViewName,
      subtree: row.vacmViewTreeFamilySubtree,
      mask: row.vacmViewTreeFamilyMask,
      included: row.vacmViewTreeFamilyType === 'included',
    })),
  };
}

/** The groups of a principal that each of these models lets in. */
export function membersOf(
  securityName: string,
  models: readonly SecurityModel[],
  group: string,
): GroupRow[] {
  return models.map((model) => ({
    vacmSecurityModel: SECURITY_MODEL[model],
    vacmSecurityName: securityName,
    vacmGroupName: group,
  }));
}
