import { listIn } from '../../base/index.js';
import { SECURITY_LEVELS, type SecurityLevel } from '../../message/index.js';
import type { Oid } from '../../smi/index.js';
import { isAtLeast } from '../usm/users.js';
import { MibView } from '../view.js';
import type { ViewFamily } from './family.js';
import {
  SECURITY_MODEL,
  type AccessEntry,
  type AccessTables,
  type SecurityModel,
} from './tables.js';

/** Who wants something, and where (RFC 3415 3: the parameters of isAccessAllowed). */
export interface AccessRequest {
  readonly model: SecurityModel;
  readonly securityName: string;
  readonly level: SecurityLevel;
  /** A context that exists. */
  readonly contextName: string;
}

export type ViewType = 'read' | 'write' | 'notify';

/** RFC 3415 3: what isAccessAllowed says. That there is no such context is found out before. */
export type AccessVerdict =
  | 'accessAllowed'
  | 'notInView'
  | 'noSuchView'
  | 'noAccessEntry'
  | 'noGroupName';

/** The entry that decides about a request, or why there is none. */
export type SelectedEntry = AccessEntry | 'noGroupName' | 'noAccessEntry';

/**
 * The decisions of RFC 3415 over one state of its tables. Pure: equal questions get equal answers;
 * where a table changes, another one is made.
 */
export class AccessDecisions {
  /** By model and securityName. BOUNDED by the rows of the tables, as are the others. */
  readonly #groups = new Map<string, string>();
  /** By group, the entry that is preferred first. */
  readonly #entries = new Map<string, AccessEntry[]>();
  readonly #families = new Map<string, ViewFamily[]>();
  readonly #views = new Map<string, MibView>();

  constructor({ members, entries, families }: AccessTables) {
    for (const { model, securityName, group } of members) {
      this.#groups.set(memberKey(model, securityName), group);
    }
    for (const entry of entries) listIn(this.#entries, entry.group).push(entry);
    for (const list of this.#entries.values()) list.sort(byPreference);
    for (const family of families) listIn(this.#families, family.view).push(family);
  }

  /** RFC 3415 3.2 steps 2 and 3. */
  select({ model, securityName, level, contextName }: AccessRequest): SelectedEntry {
    const group = this.#groups.get(memberKey(SECURITY_MODEL[model], securityName));
    if (group === undefined) return 'noGroupName';
    const entry = this.#entries
      .get(group)
      ?.find(
        (one) =>
          (one.model === SECURITY_MODEL.any || one.model === SECURITY_MODEL[model]) &&
          isAtLeast(level, one.level) &&
          fitsContext(one, contextName),
      );
    return entry ?? 'noAccessEntry';
  }

  /** Steps 4 and 5a: a view that has a name and any family; undefined is noSuchView. */
  view(name: string): MibView | undefined {
    const families = name === '' ? undefined : this.#families.get(name);
    if (families === undefined) return undefined;
    const known = this.#views.get(name);
    if (known !== undefined) return known;
    const view = new MibView(families);
    this.#views.set(name, view);
    return view;
  }

  /** RFC 3415 3.2 but for step 1. */
  isAccessAllowed(request: AccessRequest, viewType: ViewType, name: Oid): AccessVerdict {
    const selected = this.select(request);
    if (typeof selected === 'string') return selected;
    const view = this.view(selected[viewType]);
    if (view === undefined) return 'noSuchView';
    return view.includes(name) ? 'accessAllowed' : 'notInView';
  }
}

function memberKey(model: number, securityName: string): string {
  return `${model} ${securityName}`;
}

/** RFC 3415 vacmAccessContextMatch; octet by octet, which of UTF-8 is character by character. */
function fitsContext({ contextPrefix, isPrefix }: AccessEntry, contextName: string): boolean {
  return isPrefix ? contextName.startsWith(contextPrefix) : contextName === contextPrefix;
}

/**
 * RFC 3415 vacmAccessTable 2a to 2d: the model in use before any, then the longest prefix (the whole
 * name is the longest of all), then the highest level. Of the entries that fit a request none are
 * equal in all three, so that the first one that fits is the one.
 */
function byPreference(left: AccessEntry, right: AccessEntry): number {
  const isAny = ({ model }: AccessEntry): number => (model === SECURITY_MODEL.any ? 1 : 0);
  return (
    isAny(left) - isAny(right) ||
    octetsIn(right.contextPrefix) - octetsIn(left.contextPrefix) ||
    SECURITY_LEVELS.indexOf(right.level) - SECURITY_LEVELS.indexOf(left.level)
  );
}

function octetsIn(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
