import type { SecurityLevel } from '../../message/index.js';
import type { ViewFamily } from './family.js';

/** RFC 3411 SnmpSecurityModel: those that this engine has, and the one that stands for all. */
export const SECURITY_MODEL = { any: 0, v1: 1, v2c: 2, usm: 3 } as const;

/** By what a request was let in: never `any`. */
export type SecurityModel = Exclude<keyof typeof SECURITY_MODEL, 'any'>;

/** An active row of vacmSecurityToGroupTable. */
export interface GroupMember {
  /** RFC 3411 SnmpSecurityModel. */
  readonly model: number;
  readonly securityName: string;
  readonly group: string;
}

/** An active row of vacmAccessTable. Views are named; the empty name is no view. */
export interface AccessEntry {
  readonly group: string;
  readonly contextPrefix: string;
  /** Whether contexts that only begin with the prefix match, too. */
  readonly isPrefix: boolean;
  /** RFC 3411 SnmpSecurityModel; 0 for any. */
  readonly model: number;
  /** The least level that it gives anything to. */
  readonly level: SecurityLevel;
  readonly read: string;
  readonly write: string;
  readonly notify: string;
}

/** An active row of vacmViewTreeFamilyTable. */
export interface ViewMember extends ViewFamily {
  readonly view: string;
}

/** What access is decided by: the active rows of RFC 3415's tables. */
export interface AccessTables {
  readonly members: Iterable<GroupMember>;
  readonly entries: Iterable<AccessEntry>;
  readonly families: Iterable<ViewMember>;
}
