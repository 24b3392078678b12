import {
  decodeRowIndex,
  isWritable,
  type GroupChange,
  type ManagedObject,
  type SetGroup,
} from '../instrumentation/index.js';
import type { ColumnObject, ScalarObject } from '../mib/index.js';
import type { MibView } from '../security/index.js';
import type { Failure, Share } from '../set/index.js';
import {
  checkWrittenValue,
  equalValues,
  fromPlain,
  isException,
  toPlain,
  type Oid,
  type PlainValue,
  type SnmpValue,
  type VarBind,
} from '../smi/index.js';
import type { SubtreeRef } from '../subtree/index.js';
import type { Registration, Registrations } from './registrations.js';

/** What a SET comes down to: who is asked about what, or why nobody is. */
export type SetPlan =
  | { readonly kind: 'refused'; readonly failure: Failure }
  | { readonly kind: 'planned'; readonly shares: readonly PlannedShare[] };

export interface PlannedShare extends Share {
  readonly participant: SubtreeRef;
}

/** A varbind that passed every check that needs no instrumentation. */
interface Planned {
  readonly registration: Registration;
  readonly definition: ScalarObject | ColumnObject;
  /** The column in groups of the registration's table; 0 for a scalar. */
  readonly column: number;
  readonly rowIndex: Oid;
  readonly value: SnmpValue;
  readonly position: number;
}

/**
 * The checks before any instrumentation is asked (docs/set.md 1.3 to 1.5), and the
 * grouping: one group per scalar, one per row with its columns ascending, one share per subtree.
 *
 * The refusal is the first failing varbind's in request order. Two varbinds that name one
 * instance (RFC 3416 4.2.5 leaves that open): equal values count once, different ones are
 * inconsistentName at the second.
 */
export function planSet(
  registrations: Registrations,
  writeView: MibView,
  varBinds: readonly VarBind[],
): SetPlan {
  for (const [i, { name }] of varBinds.entries()) {
    if (!writeView.includes(name)) return refused('noAccess', i + 1);
  }
  const planned: Planned[] = [];
  /** By instance. BOUNDED by the varbinds of one PDU. */
  const seen = new Map<string, SnmpValue>();
  for (const [i, varBind] of varBinds.entries()) {
    const checked = checkVarBind(registrations, varBind, i + 1);
    if (typeof checked === 'string') return refused(checked, i + 1);
    const instance = varBind.name.join('.');
    const earlier = seen.get(instance);
    if (earlier === undefined) {
      seen.set(instance, checked.value);
      planned.push(checked);
    } else if (!equalValues(earlier, checked.value)) {
      return refused('inconsistentName', i + 1);
    }
  }
  return { kind: 'planned', shares: toShares(planned) };
}

function refused(status: Failure['status'], position: number): SetPlan {
  return { kind: 'refused', failure: { status, position } };
}

/** RFC 3416 4.2.5 (2) to (7) as far as they are the agent's. */
function checkVarBind(
  registrations: Registrations,
  { name, value }: VarBind,
  position: number,
): Planned | Failure['status'] {
  const registration = registrations.find(name);
  if (registration === undefined) return 'notWritable';
  const { object } = registration;
  const definition = definitionAt(object, name);
  if (definition === undefined || !object.isWritable || !isWritable(definition.access)) {
    return 'notWritable';
  }
  const fault = checkWrittenValue(definition.syntax, value);
  if (fault !== undefined) return fault;
  const rowIndex = rowIndexOf(object, name);
  if (rowIndex === undefined || !mayExist(object, rowIndex)) return 'noCreation';
  const place = placeOf(registrations, registration, definition);
  if (place === undefined) return 'notWritable';
  return {
    registration: place.registration,
    column: place.column,
    definition,
    rowIndex,
    value: canonical(definition, value),
    position,
  };
}

/**
 * Whom a varbind goes to: who has the rows, which of a table that augments another is that one (RFC
 * 2578 7.8); undefined while nobody serves it.
 */
function placeOf(
  registrations: Registrations,
  registration: Registration,
  definition: ScalarObject | ColumnObject,
): Pick<Planned, 'registration' | 'column'> | undefined {
  if (definition.kind === 'scalar') return { registration, column: 0 };
  const { object } = registration;
  const augmented = object.kind === 'table' ? object.augments : undefined;
  if (augmented === undefined) return { registration, column: definition.column };
  const table = augmented.table();
  const base = registrations.find(table.oid);
  if (base?.object !== table) return undefined;
  return { registration: base, column: augmented.columnIn(definition.column) };
}

function definitionAt(object: ManagedObject, name: Oid): ScalarObject | ColumnObject | undefined {
  if (object.kind === 'scalar') return object.definition;
  const at = object.oid.length;
  return name[at] === 1 ? object.columns.get(name[at + 1] ?? -1) : undefined;
}

/** The instance part; undefined where no such instance can ever be (SET-023, SET-024). */
function rowIndexOf(object: ManagedObject, name: Oid): Oid | undefined {
  if (object.kind === 'scalar') {
    const suffix = name.slice(object.oid.length);
    return suffix.length === 1 && suffix[0] === 0 ? [] : undefined;
  }
  const rowIndex = name.slice(object.oid.length + 2);
  return decodeRowIndex(object.definition.index, rowIndex) === undefined ? undefined : rowIndex;
}

/**
 * False for a row that is not there where managers cannot make any (SET-025), as far as that can
 * be known without asking instrumentation: in a table that the runtime keeps.
 */
function mayExist(object: ManagedObject, rowIndex: Oid): boolean {
  if (object.kind === 'scalar' || object.createsRows || object.cells === undefined) return true;
  const { cells, readable } = object;
  return readable.some((column) => !isException(cells.get(column, rowIndex)));
}

/** BITS with their padding cleared (RFC 3417 8(3)); everything else as it came. */
function canonical({ syntax }: ScalarObject | ColumnObject, value: SnmpValue): SnmpValue {
  if (syntax.bits === undefined) return value;
  const cleared = fromPlain(syntax, toPlain(syntax, value));
  return cleared.type === 'notConvertible' ? value : cleared;
}

interface OpenGroup {
  readonly object: ManagedObject;
  readonly owner: SubtreeRef;
  readonly rowIndex: Oid;
  readonly changes: GroupChange[];
  readonly firstPosition: number;
}

function toShares(planned: readonly Planned[]): PlannedShare[] {
  const groups = new Map<string, OpenGroup>();
  for (const { registration, definition, column, rowIndex, value, position } of planned) {
    const { object, owner } = registration;
    const key = `${definitionKey(object)}.${rowIndex.join('.')}`;
    let group = groups.get(key);
    if (group === undefined) {
      group = { object, owner, rowIndex, changes: [], firstPosition: position };
      groups.set(key, group);
    }
    group.changes.push({
      column,
      name: definition.name,
      wire: value,
      plain: toPlain(definition.syntax, value) as PlainValue,
      position,
    });
  }
  return [...shareOut(groups.values())];
}

function definitionKey(object: ManagedObject): string {
  return object.oid.join('.');
}

function shareOut(groups: Iterable<OpenGroup>): PlannedShare[] {
  const byOwner = new Map<SubtreeRef, SetGroup[]>();
  const byObject = new Map<ManagedObject, SetGroup[]>();
  for (const { object, owner, rowIndex, changes, firstPosition } of groups) {
    changes.sort((left, right) => left.column - right.column);
    const siblings = byObject.get(object) ?? [];
    byObject.set(object, siblings);
    const group: SetGroup = { object, rowIndex, changes, firstPosition, siblings, memo: undefined };
    siblings.push(group);
    const owned = byOwner.get(owner);
    if (owned === undefined) byOwner.set(owner, [group]);
    else owned.push(group);
  }
  return [...byOwner].map(([participant, owned]) => ({ participant, groups: owned }));
}
