import type { ScalarObject } from '../mib/index.js';
import { fromPlain, type Oid, type PlainValue } from '../smi/index.js';
import type { CallContext } from './call-context.js';
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
import { Restored } from './restored.js';

/** A scalar behind the functions of its author. */
export class FunctionScalar implements ManagedScalar {
  readonly kind = 'scalar';
  readonly isStored = false;
  readonly isWritable: boolean;
  readonly definition: ScalarObject;
  readonly oid: Oid;
  readonly #functions: ScalarFunctions;

  constructor(definition: ScalarObject, functions: ScalarFunctions) {
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
        if (functions.restore === true) {
          return Restored.readFirst(group, () => functions.get(context), vote);
        }
        return vote();
      case 'set':
        return functions.set?.(value, context);
      case 'undo':
        return functions.undo === undefined ? 'noError' : functions.undo(value, context);
      case 'rollback':
        if (functions.rollback !== undefined) return functions.rollback(value, context);
        return Restored.setBack(group, (old) => this.#setBack(old, context));
    }
  }

  interpret(operation: SetOperation, group: SetGroup, returned: unknown): SetAnswer {
    return returned === 'noError' ? OK_ANSWER : interpretSetAnswer(operation, group, returned);
  }

  #setBack(old: unknown, context: CallContext): unknown {
    // Only what was a value can be set back; noSuchInstance and faults cannot.
    const value = fromPlain(this.definition.syntax, old);
    if (value.type === 'notConvertible') return 'undoFailed';
    return this.#functions.set?.(old as PlainValue, context);
  }
}
