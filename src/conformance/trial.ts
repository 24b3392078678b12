import { invariant } from '../base/index.js';
import { equalOids, isException, type Oid, type SnmpValue, type VarBind } from '../smi/index.js';
import type { FastCheck } from './fast-check.js';
import { Restorer } from './restorer.js';
import { Session, type Answer } from './session.js';
import type { Subject } from './subject.js';
import type { Facts } from './survey/facts.js';
import {
  instanceOf,
  isWritableObject,
  labelOf,
  objectAt,
  type Instance,
} from './survey/instance.js';
import type { Scope } from './survey/scope.js';
import { sameValue } from './values/same-value.js';
import { showValue } from './values/show-value.js';
import { undecided, violated } from './violation.js';

/** A value for an instance. */
export interface Change {
  readonly instance: Instance;
  readonly value: SnmpValue;
}

/** What every property works with: the agent, what is known of it, and leave to write. */
export class Trial {
  readonly fc: FastCheck;
  readonly subject: Subject;
  readonly session: Session;
  readonly restorer: Restorer;
  readonly scope: Scope;
  readonly facts: Facts;
  /** How often each class of cases was reached. BOUNDED by the labels in the properties. */
  #coverage = new Map<string, number>();

  constructor(
    fc: FastCheck,
    subject: Subject,
    session: Session,
    restorer: Restorer,
    scope: Scope,
    facts: Facts,
  ) {
    this.fc = fc;
    this.subject = subject;
    this.session = session;
    this.restorer = restorer;
    this.scope = scope;
    this.facts = facts;
  }

  get coverage(): ReadonlyMap<string, number> {
    return this.#coverage;
  }

  /** Before a property's first case. */
  beginProperty(): void {
    this.#coverage = new Map();
  }

  /** The case at hand is one of this class. */
  reach(label: string): void {
    this.#coverage.set(label, (this.#coverage.get(label) ?? 0) + 1);
  }

  label(name: Oid): string {
    const { saboteur } = this.subject;
    if (saboteur !== undefined && equalOids(name, saboteur.name)) return saboteur.label;
    return labelOf(this.subject.mib, name);
  }

  /** Values of instances that must be there: where one is gone, the case decides nothing. */
  async readAll(instances: readonly Instance[]): Promise<SnmpValue[]> {
    const values = await this.session.read(instances.map(({ name }) => name));
    for (const [i, value] of values.entries()) {
      if (isException(value)) undecided(`${instances[i]?.label} is not there any more`);
    }
    return values;
  }

  /**
   * A SET within the scope. Besides what may be written it can hold varbinds that every agent must
   * refuse: those have to be named.
   */
  async set(varBinds: readonly VarBind[], mustBeRefused: readonly VarBind[] = []): Promise<Answer> {
    const own = varBinds.filter((varBind) => !mustBeRefused.includes(varBind));
    for (const { name } of own) {
      invariant(this.scope.allows(name), `the kit would write to ${this.label(name)}`);
    }
    await this.restorer.remember(
      varBinds.map(({ name }) => name).filter((name) => this.#canChange(name)),
    );
    return this.session.set(varBinds);
  }

  /** Whether two values of an instance are the same to a manager. */
  isSame({ object }: Instance, left: SnmpValue, right: SnmpValue): boolean {
    return sameValue(object.syntax, left, right);
  }

  /** Violated where one of the instances does not read as it did before. */
  async unchanged(
    instances: readonly Instance[],
    before: readonly SnmpValue[],
    what: string,
  ): Promise<void> {
    const after = await this.session.read(instances.map(({ name }) => name));
    for (const [i, instance] of instances.entries()) {
      const [was, is] = [before[i], after[i]];
      if (was === undefined || is === undefined) continue;
      if (sameValue(instance.object.syntax, was, is)) continue;
      violated(`${what}, and yet ${this.#changed(instance, was, is)}`);
    }
  }

  /** The varbind's value for people, with the labels of its enumeration. */
  show(varBind: VarBind): string {
    const syntax = instanceOf(this.subject.mib, varBind)?.object.syntax;
    return `${this.label(varBind.name)} = ${showValue(varBind.value, syntax)}`;
  }

  #canChange(name: Oid): boolean {
    const object = objectAt(this.subject.mib, name);
    return object !== undefined && isWritableObject(object) && this.scope.allows(name);
  }

  #changed({ label, object }: Instance, was: SnmpValue, is: SnmpValue): string {
    return `${label} went from ${showValue(was, object.syntax)} to ${showValue(is, object.syntax)}`;
  }
}

export function varBindOf({ instance, value }: Change): VarBind {
  return { name: instance.name, value };
}
