import { Emitter, isPromiseLike, requireKnownKeys, SnmpError, tamed } from '../base/index.js';
import type { ScalarFunctions } from './functions.js';
import type { ScalarObject } from '../mib/index.js';
import {
  checkValue,
  expectation,
  toPlain,
  type Oid,
  type PlainValue,
  type SnmpValue,
} from '../smi/index.js';
import { isSetError, type ScalarSetAnswer, type ScalarVote } from './answers.js';
import type { CallContext } from './call-context.js';
import {
  OK_ANSWER,
  type ManagedObject,
  type ManagedScalar,
  type ReadAnswer,
  type SetAnswer,
  type SetGroup,
  type SetOperation,
  type SetTarget,
} from './managed-object.js';
import type { DurableChange, DurableWrite, KeptRow } from './durability.js';
import type { BindingEnvironment, TypedScalarSpec } from './object-spec.js';
import { KeptGate } from './kept-gate.js';
import { ReplacedContent } from './replaced-content.js';
import { interpretSetAnswer } from './set-interpretation.js';
import {
  defaultValueOf,
  hasConvention,
  incremented,
  isKeptAlike,
  storedValue,
  typeDefault,
} from './stored-value.js';
import { isWritable } from './table-columns.js';

type Eventually<Value> = Value | PromiseLike<Value>;

export interface StoredScalarOptions<Value extends PlainValue = PlainValue> {
  /** What it starts with; else the DEFVAL, else a default of the type (see `typeDefault`). */
  readonly value?: Value;
  /** Whether the value outlives the process. Default: where the agent has a state directory. */
  readonly durable?: boolean;
  /**
   * Phase one: vote on a manager's value, which fits the SYNTAX. Nothing, or noError, is yes. What
   * it throws, other than a SetError, crashes the subtree's actor.
   */
  isSetOk?(value: Value, context: CallContext): Eventually<ScalarVote | void>;
  /**
   * Phase two: make the device do what is now stored. Called again with the old value where the
   * SET is rolled back. An answer other than noError says that nothing was changed, and the stored
   * value is put back.
   */
  onSet?(value: Value, context: CallContext): Eventually<ScalarSetAnswer | void>;
}

export interface StoredScalarEvents<Value> {
  /** A manager's SET was committed. */
  change: [value: Value, previous: Value];
}

/**
 * A scalar that the runtime keeps: what `scalar.stored` returns. To be given to `agent.load`; once
 * that has bound it, the program may read and change the value too.
 */
export interface StoredScalar<
  in out Value extends PlainValue = PlainValue,
> extends TypedScalarSpec<Value> {
  /** @throws SnmpError SNMP_STORED_UNBOUND before the module is loaded; as `set`. */
  readonly value: Value;
  /**
   * The program's own change: held to the SYNTAX, not to MAX-ACCESS; asks no isSetOk and calls
   * no onSet. A TestAndIncr becomes `value`.
   *
   * @throws SnmpError SNMP_STORED_VALUE
   */
  set(value: NoInfer<Value>): void;
  on(event: 'change', listener: (value: Value, previous: Value) => unknown): () => void;
}

const OPTIONS = ['value', 'durable', 'isSetOk', 'onSet'];

class StoredScalarSpec<Value extends PlainValue> implements StoredScalar<Value> {
  readonly kind = 'scalarSpec';
  readonly #options: StoredScalarOptions<Value>;
  readonly #events = new Emitter<StoredScalarEvents<Value>>();
  #bound: StoredScalarObject | undefined;

  constructor(options: StoredScalarOptions<Value>) {
    requireKnownKeys('scalar.stored', options, OPTIONS);
    this.#options = options;
  }

  get value(): Value {
    return this.#object().plain as Value;
  }

  set(value: Value): void {
    const object = this.#object();
    object.store(storedValue(object.definition, value));
  }

  on(event: 'change', listener: (value: Value, previous: Value) => unknown): () => void {
    return this.#events.on(event, listener);
  }

  /** @throws SnmpError SNMP_STORED_VALUE where the initial value does not fit the SYNTAX. */
  bind(definition: ScalarObject, environment: BindingEnvironment): ManagedScalar {
    const { value, durable } = this.#options;
    const keptOid = environment.keptAs?.(definition.oid) ?? definition.oid;
    const kept =
      durable === false || environment.kept === undefined
        ? undefined
        : new KeptGate(environment.kept, keptOid);
    const isLock = hasConvention(definition.syntax, 'TestAndIncr');
    const found = keptValueOf(definition, kept, keptOid);
    const initial =
      (found !== undefined && isLock ? increment(found) : found) ??
      (value === undefined
        ? (defaultValueOf(definition) ?? typeDefault(definition.syntax))
        : storedValue(definition, value));
    const object = new StoredScalarObject(
      definition,
      initial,
      this.#options,
      { kept, keptOid },
      {
        attach: (object) => this.#attach(object),
        changed: (now, before) => this.#events.emit('change', now as Value, before as Value),
      },
    );
    // RFC 2579: at the next start it is to be one more than now, whether a SET came or not.
    if (isLock) object.store(initial);
    // Bound again it speaks of the one that is served, until the new one is sure to be.
    this.#bound ??= object;
    return object;
  }

  #attach(object: StoredScalarObject): () => void {
    const before = this.#bound === object ? undefined : this.#bound;
    this.#bound = object;
    return () => {
      if (this.#bound === object) this.#bound = before;
    };
  }

  #object(): StoredScalarObject {
    if (this.#bound === undefined) {
      throw new SnmpError(
        'SNMP_STORED_UNBOUND',
        'a stored scalar has no value before it is loaded',
      );
    }
    return this.#bound;
  }
}

/** What was kept of it, where the SYNTAX still allows that. */
function keptValueOf(
  { syntax }: ScalarObject,
  kept: KeptGate | undefined,
  keptOid: Oid,
): SnmpValue | undefined {
  for (const { values } of kept?.kept(keptOid) ?? []) {
    const value = values[0]?.value;
    if (value !== undefined && checkValue(syntax, value) === undefined) return value;
  }
  return undefined;
}

/** A group's ticket: what `set` found and what it left, from that moment on. */
interface Applied {
  readonly before: SnmpValue;
  readonly after: SnmpValue;
}

/** What the bound scalar tells the program's side of it. */
interface ProgramSide {
  attach(object: StoredScalarObject): () => void;
  changed(now: PlainValue, before: PlainValue): void;
}

/** Where the value outlives the process, if it does, and under which OID. */
interface Keeping {
  readonly kept: KeptGate | undefined;
  readonly keptOid: Oid;
}

/** The bound scalar, as the runtime sees it. */
export class StoredScalarObject implements ManagedScalar {
  readonly kind = 'scalar';
  readonly isStored = true;
  readonly isSetAtOnce: boolean;
  readonly isWritable: boolean;
  readonly definition: ScalarObject;
  readonly oid: Oid;
  readonly #options: StoredScalarOptions;
  readonly #kept: KeptGate | undefined;
  readonly #keptOid: Oid;
  readonly #program: ProgramSide;
  readonly #isLock: boolean;
  #wire: SnmpValue;

  constructor(
    definition: ScalarObject,
    initial: SnmpValue,
    options: StoredScalarOptions,
    { kept, keptOid }: Keeping,
    program: ProgramSide,
  ) {
    this.definition = definition;
    this.oid = definition.oid;
    this.isWritable = isWritable(definition.access);
    this.isSetAtOnce = options.isSetOk === undefined && options.onSet === undefined;
    this.#isLock = hasConvention(definition.syntax, 'TestAndIncr');
    this.#wire = initial;
    this.#options = options;
    this.#kept = kept;
    this.#keptOid = keptOid;
    this.#program = program;
  }

  get plain(): PlainValue {
    return this.#plainOf(this.#wire);
  }

  store(value: SnmpValue): void {
    this.#wire = value;
    this.#kept?.write([this.#toWrite(value)]);
  }

  durableChanges(group: SetGroup): readonly DurableChange[] {
    const applied = group.memo as Applied | undefined;
    if (this.#kept === undefined || applied === undefined) return [];
    return [{ before: this.#toWrite(applied.before), after: this.#toWrite(this.#wire) }];
  }

  /** A TestAndIncr goes one further than it is, so that no manager's value of before matches. */
  replacement(rows: readonly KeptRow[]): SetTarget | undefined {
    if (this.#kept === undefined) return undefined;
    const { name, syntax } = this.definition;
    const [{ value } = {}, ...more] = rows.flatMap(({ values }) => values);
    if (value === undefined || more.length > 0 || checkValue(syntax, value) !== undefined) {
      throw new SnmpError('SNMP_STATE_IMPORT', `${name}: expected ${expectation(syntax)}`);
    }
    let before = this.#wire;
    let after = value;
    return new ReplacedContent(this.oid, 'scalar', {
      put: () => {
        before = this.#wire;
        after = this.#isLock ? increment(before) : value;
        this.#wire = after;
      },
      takeBack: () => {
        if (this.#wire === after) this.#wire = before;
      },
      changes: () => [{ before: this.#toWrite(before), after: this.#toWrite(after) }],
    });
  }

  #toWrite(value: SnmpValue): DurableWrite {
    return { oid: this.#keptOid, rowIndex: [], values: [{ column: 0, value }] };
  }

  attach(): () => void {
    return this.#program.attach(this);
  }

  served(): void {
    if (this.#kept?.open() === true) this.store(this.#wire);
  }

  rest(): void {
    this.#kept?.pause();
  }

  release(): void {
    this.#kept?.close();
  }

  inherit(predecessor: ManagedObject): void {
    if (!(predecessor instanceof StoredScalarObject)) return;
    if (isKeptAlike(predecessor.definition, this.definition)) this.store(predecessor.#wire);
  }

  create(): void {
    // The value outlives every actor: there is nothing to make.
  }

  destroy(): void {
    // And nothing to take down.
  }

  read(): SnmpValue {
    return this.#wire;
  }

  interpretRead(returned: unknown): ReadAnswer {
    return returned as SnmpValue;
  }

  provides(): boolean {
    return true;
  }

  operate(operation: SetOperation, group: SetGroup, context: CallContext): unknown {
    switch (operation) {
      case 'isSetOk':
        return this.#vote(group, context);
      case 'set':
        return this.#apply(group, context);
      case 'undo':
        return 'noError';
      case 'rollback':
        return this.#rollBack(group, context);
    }
  }

  interpret(operation: SetOperation, group: SetGroup, returned: unknown): SetAnswer {
    return returned === undefined ? OK_ANSWER : interpretSetAnswer(operation, group, returned);
  }

  /**
   * To be called when the SET is sure, after the last `set`: tells the program. Not a phase; it
   * cannot fail.
   */
  committed(groups: readonly SetGroup[]): void {
    for (const group of groups) {
      const applied = group.memo as Applied | undefined;
      group.memo = undefined;
      if (applied === undefined) continue;
      this.#program.changed(this.#plainOf(applied.after), this.#plainOf(applied.before));
    }
  }

  #vote(group: SetGroup, context: CallContext): unknown {
    const change = group.changes[0];
    if (change === undefined) return 'noError';
    if (this.#isLock && !this.#matches(change.wire)) return 'inconsistentValue';
    return this.#options.isSetOk?.(change.plain, context);
  }

  #apply(group: SetGroup, context: CallContext): unknown {
    const change = group.changes[0];
    if (change === undefined) return 'noError';
    // The program may have moved the lock since the vote: then this value is stale after all.
    if (this.#isLock && !this.#matches(change.wire)) return 'commitFailed';
    const before = this.#wire;
    const after = this.#isLock ? increment(change.wire) : change.wire;
    const applied: Applied = { before, after };
    group.memo = applied;
    this.#wire = after;
    if (this.#options.onSet === undefined) return 'noError';
    const finish = (answer: unknown): unknown => {
      // By value it says that nothing was changed. After a crash or an illegal answer nobody knows:
      // then the runtime asks for a rollback, which tells onSet the old value. An answer that comes
      // after that is none: other SETs may have been here since.
      if (group.memo === applied && this.interpret('set', group, answer).kind === 'error') {
        this.#takeBack(group, applied);
      }
      return answer;
    };
    const fail = (error: unknown): never => {
      if (isSetError(error)) finish(error);
      throw error;
    };
    try {
      const returned: unknown = this.#options.onSet(this.plain, context);
      return isPromiseLike(returned) ? tamed(returned).then(finish, fail) : finish(returned);
    } catch (error) {
      return fail(error);
    }
  }

  /** What the program has set since stands. */
  #takeBack(group: SetGroup, { before, after }: Applied): void {
    if (this.#wire === after) this.#wire = before;
    group.memo = undefined;
  }

  #rollBack(group: SetGroup, context: CallContext): unknown {
    const applied = group.memo as Applied | undefined;
    if (applied === undefined) return 'noError';
    this.#takeBack(group, applied);
    return this.#options.onSet?.(this.plain, context);
  }

  #matches(value: SnmpValue): boolean {
    return numberOf(value) === numberOf(this.#wire);
  }

  #plainOf(value: SnmpValue): PlainValue {
    return toPlain(this.definition.syntax, value) as PlainValue;
  }
}

function numberOf(value: SnmpValue): number {
  return value.type === 'Integer32' ? value.value : Number.NaN;
}

function increment(value: SnmpValue): SnmpValue {
  return { type: 'Integer32', value: incremented(numberOf(value)) };
}

/** Scalars: behind functions, or kept by the runtime. */
export const scalar = {
  /**
   * Gives functions their types: for TypeScript, which cannot tell a scalar from a table here.
   * `scalar.functions<number>({ get: () => level, set: (value) => ... })`.
   */
  functions<Value extends PlainValue = PlainValue>(
    functions: ScalarFunctions<Value>,
  ): ScalarFunctions {
    // The value has been checked against the SYNTAX that Value stands for.
    return functions;
  },
  /**
   * A scalar whose value is kept by the runtime: TestAndIncr semantics, rollback and, where a
   * crash happened meanwhile, the old value are the runtime's business.
   *
   * Value is not guessed from the initial value, which would make it the type of that one only:
   * `scalar.stored<'up' | 'down'>({ value: 'up' })`.
   */
  stored<Value extends PlainValue = PlainValue>(
    options: StoredScalarOptions<NoInfer<Value>> = {},
  ): StoredScalar<Value> {
    return new StoredScalarSpec<Value>(options);
  },
};
