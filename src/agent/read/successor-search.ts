import type { ManagedTable, NextAnswer, ReadAnswer } from '../../instrumentation/index.js';
import {
  compareOids,
  hasPrefix,
  isException,
  MAX_SUB_IDENTIFIER,
  MAX_SUB_IDENTIFIERS,
  type Oid,
  type SnmpValue,
} from '../../smi/index.js';
import type { SubtreeRef } from '../../subtree/index.js';
import type { Registration } from '../registrations.js';
import { canBeRead, interpretOutcome, NO_CALL, type ReadRequest } from './read-request.js';

/** What a search needs from outside before it can go on. */
export type Need =
  /** Foreign code of a table; searches that need the same row's successors share the call. */
  | {
      readonly kind: 'next';
      readonly object: ManagedTable;
      readonly owner: SubtreeRef;
      readonly rowIndex: Oid;
      readonly column: number;
    }
  | { readonly kind: 'wait'; readonly promise: Promise<unknown> }
  /** It has worked enough for one turn. */
  | { readonly kind: 'turn' };

export type Found =
  | { readonly kind: 'found'; readonly name: Oid; readonly value: SnmpValue }
  | { readonly kind: 'end' }
  | { readonly kind: 'fault'; readonly subtree: string; readonly reason: string };

/**
 * No literal, as V8 counts what survives of those of unoptimised code, and makes the ones of a
 * place in old space for good where nearly all do: also where it only was marking its heap, as after
 * a large table was filled, which keeps all that is stored anywhere meanwhile. From there each kept
 * its name and value through every scavenge, and a walk took twice as long (Node 20). What
 * a constructor makes is always young.
 */
class FoundInstance {
  readonly kind = 'found';
  readonly name: Oid;
  readonly value: SnmpValue;

  constructor(name: Oid, value: SnmpValue) {
    this.name = name;
    this.value = value;
  }
}

const END: Found = { kind: 'end' };
const TURN: Need = { kind: 'turn' };

/** After so many steps without a result a search lets others have a turn. */
const STEPS_PER_TURN = 512;

/**
 * The search for the lexicographic successor of one name (RFC 3416 4.2.2): over registrations in
 * order, past what cannot be read, what is outside the view, and, for SNMPv1, past Counter64
 * (RFC 3584 4.2.2.4). The cursor strictly increases, so it ends.
 */
export class SuccessorSearch {
  readonly #request: ReadRequest;
  #cursor: Oid;
  #found: Found | undefined;
  /** Position of the registration being looked at, for as long as the version holds. */
  #position = -1;
  #version = -1;

  constructor(request: ReadRequest, name: Oid) {
    this.#request = request;
    this.#cursor = name;
  }

  get found(): Found | undefined {
    return this.#found;
  }

  /** Searches on after what was found: for the next repetition of a GETBULK. */
  goOn(): void {
    const found = this.#found;
    if (found?.kind !== 'found') return;
    this.#cursor = found.name;
    this.#found = undefined;
  }

  /** Forgets what was found and searches from `name` again. */
  startAgain(name: Oid): void {
    this.#cursor = name;
    this.#found = undefined;
    this.#version = -1;
  }

  /** Goes on until there is a result (undefined) or something is needed. */
  advance(): Need | undefined {
    for (let steps = 0; this.#found === undefined; steps++) {
      if (steps === STEPS_PER_TURN) return TURN;
      const registration = this.#current();
      if (registration === undefined) {
        this.#found = END;
        return undefined;
      }
      const need =
        registration.object.kind === 'scalar'
          ? this.#visitScalar(registration)
          : this.#visitTable(registration, registration.object);
      if (need !== undefined) return need;
    }
    return undefined;
  }

  /** The answer to a `next` need. */
  accept(need: Need & { kind: 'next' }, answer: NextAnswer): void {
    switch (answer.type) {
      case 'fault':
        this.#fail(need.owner, answer.reason);
        return;
      case 'endOfTable':
        this.#skipPast();
        return;
      case 'cell':
        this.#meetCell(need, nameOf(need.object, answer.column, answer.rowIndex), answer.value);
    }
  }

  /** Ends a search that has no result yet. */
  giveUp(reason: string): void {
    this.#found ??= { kind: 'fault', subtree: '', reason };
  }

  /** The registration that the cursor is in, else the first one after it. */
  #current(): Registration | undefined {
    const { registrations } = this.#request;
    if (this.#version !== registrations.version) {
      this.#version = registrations.version;
      this.#position = registrations.floor(this.#cursor);
      const covering = registrations.at(this.#position);
      if (covering === undefined || !hasPrefix(this.#cursor, covering.oid)) this.#position += 1;
    }
    return registrations.at(this.#position);
  }

  #visitScalar({ object, owner }: Registration): Need | undefined {
    const instance = [...object.oid, 0];
    if (
      object.kind !== 'scalar' ||
      !canBeRead(object) ||
      compareOids(instance, this.#cursor) <= 0 ||
      this.#isHidden(object.definition.syntax.base)
    ) {
      this.#skipPast();
      return undefined;
    }
    if (!this.#isVisible(instance)) return undefined;
    if (object.isStored && owner.isReadable) {
      this.#take(owner, instance, object.interpretRead(object.read(NO_CALL)));
      return undefined;
    }
    const outcome = owner.read('get', this.#request, (context) => object.read(context));
    const settle = (settled: Awaited<typeof outcome>): void =>
      this.#take(
        owner,
        instance,
        interpretOutcome(settled, (returned) => object.interpretRead(returned)),
      );
    if (outcome instanceof Promise) return { kind: 'wait', promise: outcome.then(settle) };
    settle(outcome);
    return undefined;
  }

  #visitTable({ owner }: Registration, object: ManagedTable): Need | undefined {
    const place = placeIn(object, this.#cursor);
    if (place === undefined) {
      this.#skipPast();
      return undefined;
    }
    const { view } = this.#request;
    if (!view.isAll && !view.overlaps(object.oid)) {
      this.#skipPast();
      return undefined;
    }
    if (object.cells === undefined) return { kind: 'next', object, owner, ...place };
    if (!owner.isReadable) return this.#waitFor(owner);
    const cell = object.cells.next(place.column, place.rowIndex);
    if (cell === undefined) this.#skipPast();
    else this.#meet(object, nameOf(object, cell.column, cell.rowIndex), cell.value);
    return undefined;
  }

  #waitFor(owner: SubtreeRef): Need {
    return {
      kind: 'wait',
      promise: owner.whenReadable().then((readable) => {
        if (!readable) this.#fail(owner, 'the subtree is down');
      }),
    };
  }

  /** What a function answered may be longer than any name. */
  #meetCell({ object, owner }: Need & { kind: 'next' }, name: Oid, value: SnmpValue): void {
    if (name.length <= MAX_SUB_IDENTIFIERS) this.#meet(object, name, value);
    else this.#fail(owner, `${object.definition.name}: a row index too long for a name`);
  }

  /** An instance that exists: taken, unless it is not for this request. */
  #meet(object: ManagedTable, name: Oid, value: SnmpValue): void {
    if (value.type === 'Counter64' && this.#request.version === 'v1') {
      // RFC 3584 4.2.2.4: no instance of this object can be shown; the next object follows it.
      this.#moveTo(lastBelow(name.slice(0, object.oid.length + 2)));
      return;
    }
    if (!this.#isVisible(name)) return;
    // The function says that there is no value here after all: search on (OTP-014).
    if (isException(value)) this.#moveTo(name);
    else this.#found = new FoundInstance(name, value);
  }

  #take(owner: SubtreeRef, instance: Oid, answer: ReadAnswer): void {
    if (answer.type === 'fault') this.#fail(owner, answer.reason);
    else if (isException(answer)) this.#moveTo(instance);
    else this.#found = new FoundInstance(instance, answer);
  }

  #fail(owner: SubtreeRef, reason: string): void {
    this.#found = { kind: 'fault', subtree: owner.id, reason };
  }

  #isHidden(base: string): boolean {
    return base === 'Counter64' && this.#request.version === 'v1';
  }

  /** Whether `name` is in the view; where not, the cursor is set before what next may be. */
  #isVisible(name: Oid): boolean {
    const { view } = this.#request;
    if (view.includes(name)) return true;
    const next = view.nextVisible(name);
    if (next === undefined) this.#found = END;
    else this.#jumpBefore(next);
    return false;
  }

  /** On within the same registration. */
  #moveTo(name: Oid): void {
    this.#cursor = name;
  }

  /** On to whatever registration holds what follows `name`. */
  #jumpBefore(name: Oid): void {
    const before = predecessor(name);
    if (compareOids(before, this.#cursor) > 0) this.#cursor = before;
    this.#version = -1;
  }

  /** On to the next registration. The cursor may stay: whatever is found there comes after it. */
  #skipPast(): void {
    this.#position += 1;
  }
}

/** Where a cursor stands in a table: the column (0: before the first) and row index after which. */
function placeIn(object: ManagedTable, cursor: Oid): { column: number; rowIndex: Oid } | undefined {
  const at = object.oid.length;
  if (!hasPrefix(cursor, object.oid)) return { column: 0, rowIndex: [] };
  const entry = cursor[at];
  if (entry === undefined || entry === 0) return { column: 0, rowIndex: [] };
  if (entry > 1) return undefined;
  return { column: cursor[at + 1] ?? 0, rowIndex: cursor.slice(at + 2) };
}

function nameOf(object: ManagedTable, column: number, rowIndex: Oid): Oid {
  const name = object.oid.slice();
  name.push(1, column);
  for (let i = 0; i < rowIndex.length; i++) name.push(rowIndex[i] as number);
  return name;
}

/** The largest possible name in a subtree. */
function lastBelow(root: Oid): Oid {
  const last = [...root];
  while (last.length < MAX_SUB_IDENTIFIERS) last.push(MAX_SUB_IDENTIFIER);
  return last;
}

/** The largest possible name that sorts before `name`. */
function predecessor(name: Oid): Oid {
  const last = name.at(-1) ?? 0;
  const parent = name.slice(0, -1);
  return last === 0 ? parent : lastBelow([...parent, last - 1]);
}
