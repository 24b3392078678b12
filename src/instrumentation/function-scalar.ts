import type { ScalarObject } from '../mib/index.js';
import { isException, toPlain, type Oid, type PlainValue } from '../smi/index.js';
import type { CallContext } from './call-context.js';
import type { KeptValue } from './durability.js';
import type { ScalarFunctions } from './functions.js';
import {
  OK_ANSWER,
  type ManagedScalar,
  type ReadAnswer,
  type SetAnswer,
  type SetGroup,
  type SetOperation,
} from './managed-object.js';
import { interpretReading } from './read-interpretation.js';
import { interpretSetAnswer } from './set-interpretation.js';
import { Restored, withBefore } from './restored.js';

/** A scalar behind the functions of its author. */
export class FunctionScalar implements ManagedScalar {
  readonly kind = 'scalar';
  readonly isStored = false;
  readonly isSetAtOnce = false;
  readonly isWritable: boolean;
  readonly definition: ScalarObject;
  readonly oid: Oid;
  readonly #functions: ScalarFunctions;
  readonly #readsFirst: boolean;

  /** @param keepsBefore - before-images are read in phase one for every rollback, to be kept. */
  constructor(definition: ScalarObject, functions: ScalarFunctions, keepsBefore = false) {
    this.#readsFirst =
      functions.restore === true || (keepsBefore && functions.rollback !== undefined);
    this.definition = definition;
    this.oid = definition.oid;
    this.#functions = functions;
    this.isWritable = functions.set !== undefined;
  }

  create(context: CallContext): unknown {
    return this.#functions.new?.(context);
  }

  destroy(context: CallContext): unknown {
    return this.#functions.delete?.(context);
  }

  read(context: CallContext): unknown {
    return this.#functions.get(context);
  }

  interpretRead(returned: unknown): ReadAnswer {
    return interpretReading(this.definition.name, this.definition.syntax, returned);
  }

  provides(operation: SetOperation): boolean {
    if (operation === 'rollback' && this.#functions.restore === true) return true;
    return this.#functions[operation] !== undefined;
  }

  operate(operation: SetOperation, group: SetGroup, context: CallContext): unknown {
    const functions = this.#functions;
    const value = group.changes[0]?.plain as PlainValue;
    const vote = (): unknown =>
      functions.isSetOk === undefined ? 'noError' : functions.isSetOk(value, context);
    switch (operation) {
      case 'isSetOk':
        if (!this.#readsFirst) return vote();
        return Restored.readFirst(
          group,
          context,
          () => functions.get(context),
          vote,
          functions.restore === true,
        );
      case 'set':
        return functions.set?.(value, context);
      case 'undo':
        return functions.undo === undefined ? 'noError' : functions.undo(value, context);
      case 'rollback':
        if (functions.rollback !== undefined) {
          return functions.rollback(value, withBefore(context, group));
        }
        return Restored.setBack(group, (old) => this.#setBack(old, context));
    }
  }

  interpret(operation: SetOperation, group: SetGroup, returned: unknown): SetAnswer {
    return returned === 'noError' ? OK_ANSWER : interpretSetAnswer(operation, group, returned);
  }

  beforeImage(group: SetGroup): readonly KeptValue[] | undefined {
    if (!(group.memo instanceof Restored)) return undefined;
    const answer = this.interpretRead(group.memo.before);
    return answer.type === 'fault' || isException(answer)
      ? undefined
      : [{ column: 0, value: answer }];
  }

  recall(group: SetGroup, before: readonly KeptValue[] | undefined): void {
    const value = before?.[0]?.value;
    if (value === undefined) return;
    group.memo = Restored.of(toPlain(this.definition.syntax, value));
  }

  #setBack(old: unknown, context: CallContext): unknown {
    // Only what was a value can be set back; noSuchInstance and what does not fit cannot.
    const value = this.interpretRead(old);
    if (value.type === 'fault' || isException(value)) return 'undoFailed';
    return this.#functions.set?.(old as PlainValue, context);
  }
}
