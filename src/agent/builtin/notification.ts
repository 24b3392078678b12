import { SetError, type Refusal } from '../../instrumentation/index.js';
import type { Oid } from '../../smi/index.js';
import type { SubtreeObjects } from '../bind-objects.js';
import { administered, inForce, type RowState, type StorageType } from './administration.js';
import { isTag } from './target.js';

/** A row of snmpNotifyTable. */
export type NotifyRow = {
  readonly snmpNotifyName: string;
  readonly snmpNotifyTag: string;
  readonly snmpNotifyType: 'trap' | 'inform';
  readonly snmpNotifyStorageType?: StorageType;
  readonly snmpNotifyRowStatus?: RowState;
};

/** A row of snmpNotifyFilterProfileTable. */
export type FilterProfileRow = {
  readonly snmpTargetParamsName: string;
  readonly snmpNotifyFilterProfileName: string;
  readonly snmpNotifyFilterProfileStorType?: StorageType;
  readonly snmpNotifyFilterProfileRowStatus?: RowState;
};

/** A row of snmpNotifyFilterTable. */
export type FilterRow = {
  readonly snmpNotifyFilterProfileName: string;
  readonly snmpNotifyFilterSubtree: Oid;
  readonly snmpNotifyFilterMask: Uint8Array;
  readonly snmpNotifyFilterType: 'included' | 'excluded';
  readonly snmpNotifyFilterStorageType?: StorageType;
  readonly snmpNotifyFilterRowStatus?: RowState;
};

/** RFC 3413's tables of who is told, and of what, kept by the runtime. */
export class NotificationTables {
  readonly notifies = administered<NotifyRow>({}, faultOf);
  readonly profiles = administered<FilterProfileRow>();
  readonly filters = administered<FilterRow>();

  objects(): SubtreeObjects {
    return {
      snmpNotifyTable: this.notifies,
      snmpNotifyFilterProfileTable: this.profiles,
      snmpNotifyFilterTable: this.filters,
    };
  }
}

/** An active row of snmpNotifyTable: which addresses are told, and how. */
export interface NotifyEntry {
  readonly tag: string;
  readonly kind: 'trap' | 'inform';
}

/** An active row of snmpNotifyFilterProfileTable. */
export interface FilterProfile {
  /** A row of snmpTargetParamsTable. */
  readonly params: string;
  readonly filter: string;
}

/** An active row of snmpNotifyFilterTable. */
export interface FilterMember {
  readonly filter: string;
  readonly subtree: Oid;
  readonly mask: Uint8Array;
  readonly included: boolean;
}

/** What counts of these rows, in the order of their names: the active ones. */
export function notifyEntries(rows: Iterable<NotifyRow>): NotifyEntry[] {
  return inForce(rows, 'snmpNotifyRowStatus', [
    'snmpNotifyName',
    'snmpNotifyTag',
    'snmpNotifyType',
  ]).map((row) => ({ tag: row.snmpNotifyTag, kind: row.snmpNotifyType }));
}

/** What counts of these rows: the active ones. */
export function filterProfiles(rows: Iterable<FilterProfileRow>): FilterProfile[] {
  return inForce(rows, 'snmpNotifyFilterProfileRowStatus', [
    'snmpTargetParamsName',
    'snmpNotifyFilterProfileName',
  ]).map((row) => ({ params: row.snmpTargetParamsName, filter: row.snmpNotifyFilterProfileName }));
}

/** What counts of these rows: the active ones. */
export function filterMembers(rows: Iterable<FilterRow>): FilterMember[] {
  return inForce(rows, 'snmpNotifyFilterRowStatus', [
    'snmpNotifyFilterProfileName',
    'snmpNotifyFilterSubtree',
    'snmpNotifyFilterMask',
    'snmpNotifyFilterType',
  ]).map((row) => ({
    filter: row.snmpNotifyFilterProfileName,
    subtree: row.snmpNotifyFilterSubtree,
    mask: row.snmpNotifyFilterMask,
    included: row.snmpNotifyFilterType === 'included',
  }));
}

function faultOf({ snmpNotifyTag: tag = '' }: Partial<NotifyRow>): SetError<Refusal> | undefined {
  return isTag(tag) ? undefined : new SetError('wrongValue', 'snmpNotifyTag');
}
