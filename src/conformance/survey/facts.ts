import { compareOids, type Oid, type VarBind } from '../../smi/index.js';
import type { Mib } from '../../mib/index.js';
import { instanceOf, isWritableObject, type Instance } from './instance.js';
import type { RowTable } from './row-table.js';
import type { Scope } from './scope.js';
import type { Walk, WalkBreak } from './walk.js';

/** What is known of the agent when the properties begin. */
export interface Facts {
  /** All that the walk found, ascending. BOUNDED by the walk's limit, as are the other lists. */
  readonly found: readonly VarBind[];
  readonly breaks: readonly WalkBreak[];
  /** Those of objects that the modules describe. */
  readonly known: readonly Instance[];
  /** Ordinary values that may be written: at most three of an object, at most 300 in all. */
  readonly writable: readonly Instance[];
  /** That nobody may write. Empty where nothing may be written at all. */
  readonly readOnly: readonly Instance[];
  /** TestAndIncr that may be written. */
  readonly locks: readonly Instance[];
  readonly rowTables: readonly RowTable[];
  /** Status columns of rows that are there. */
  readonly rowStatuses: readonly Instance[];
}

const INSTANCES_PER_OBJECT = 3;
const MAX_WRITABLE = 300;
const MAX_READ_ONLY = 300;

export function factsOf(
  mib: Mib,
  { found, breaks }: Pick<Walk, 'found' | 'breaks'>,
  rows: readonly VarBind[],
  tables: readonly RowTable[],
  scope: Scope,
): Facts {
  const all = rows.length === 0 ? found : merge(found, rows);
  const known = all
    .map((varBind) => instanceOf(mib, varBind))
    .filter((instance) => instance !== undefined);
  const allowed = known.filter(
    ({ object, name }) => isWritableObject(object) && scope.allows(name),
  );
  const writable = sample(
    allowed.filter(({ role }) => role === 'value'),
    MAX_WRITABLE,
  );
  return {
    found: all,
    breaks,
    known,
    writable,
    readOnly:
      allowed.length === 0
        ? []
        : sample(
            known.filter(({ object }) => object.access === 'read-only'),
            MAX_READ_ONLY,
          ),
    locks: allowed.filter(({ role }) => role === 'lock'),
    rowTables: tables,
    rowStatuses: sample(
      allowed.filter(({ role }) => role === 'rowStatus'),
      MAX_WRITABLE,
    ),
  };
}

function merge(found: readonly VarBind[], rows: readonly VarBind[]): readonly VarBind[] {
  const names = new Set(rows.map(({ name }) => name.join('.')));
  return [...found.filter(({ name }) => !names.has(name.join('.'))), ...rows].sort((left, right) =>
    compareOids(left.name, right.name),
  );
}

/** The first, a middle and the last instance of each object. */
function sample(instances: readonly Instance[], limit: number): readonly Instance[] {
  /** By dotted OID. BOUNDED by the objects that the modules describe. */
  const byObject = new Map<string, Instance[]>();
  for (const instance of instances) {
    const key = instance.object.oid.join('.');
    const list = byObject.get(key);
    if (list === undefined) byObject.set(key, [instance]);
    else list.push(instance);
  }
  return [...byObject.values()].flatMap(spread).slice(0, limit);
}

function spread(list: readonly Instance[]): readonly Instance[] {
  if (list.length <= INSTANCES_PER_OBJECT) return list;
  const chosen = [0, list.length >> 1, list.length - 1];
  return chosen.map((i) => list[i]).filter((instance) => instance !== undefined);
}

/** The greatest name that the walk found before this one. */
export function nameBefore(facts: Facts, name: Oid): Oid | undefined {
  let [low, high] = [0, facts.found.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareOids(facts.found[middle]?.name ?? [], name) < 0) low = middle + 1;
    else high = middle;
  }
  return facts.found[low - 1]?.name;
}
