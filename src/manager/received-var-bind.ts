import { inspect } from 'node:util';
import {
  decodeInstance,
  formatName,
  formatValue,
  type ColumnObject,
  type Mib,
  type ScalarObject,
} from '../mib/index.js';
import {
  checkValue,
  formatOid,
  isException,
  toPlain,
  type Oid,
  type PlainValue,
  type SnmpValue,
  type Syntax,
  type VarBind,
} from '../smi/index.js';

/**
 * A name and its value as they came, and what the MIB says of them where it was asked (`lookupMib`):
 * found out when it is looked at. Whatever an agent answers can be looked at: nothing here throws.
 */
export class ReceivedVarBind implements VarBind {
  readonly name: Oid;
  readonly value: SnmpValue;
  readonly #mib: Mib | undefined;

  constructor({ name, value }: VarBind, mib: Mib | undefined) {
    this.name = name;
    this.value = value;
    this.#mib = mib;
  }

  /** `IF-MIB::ifDescr.2`; without a MIB, or where it knows nothing of it, `.1.3.6.1...`. */
  get label(): string {
    return this.#mib === undefined ? `.${formatOid(this.name)}` : formatName(this.#mib, this.name);
  }

  /** The object that this is an instance of, where it is known. */
  get object(): ScalarObject | ColumnObject | undefined {
    const node = this.#mib?.nearest(this.name);
    return node?.kind === 'scalar' || node?.kind === 'column' ? node : undefined;
  }

  /** The INDEX values, as a program has them; empty for a scalar and where nothing is known. */
  get index(): readonly (PlainValue | undefined)[] {
    if (this.#mib === undefined) return [];
    const { index } = decodeInstance(this.#mib, this.name);
    return index.map(({ item, value }) => toPlain(item.syntax, value));
  }

  /**
   * The value as a program has it: by its SYNTAX, or by its type where that is not known or does
   * not fit. undefined for NULL and the exceptions (noSuchObject and its like).
   */
  get plain(): PlainValue | undefined {
    return plainOf(this.object?.syntax, this.value);
  }

  /** As net-snmp prints it: `INTEGER: up(1)`, `STRING: edge-1`. */
  get text(): string {
    const mib = this.#mib;
    return formatValue(this.value, mib === undefined ? {} : { mib, object: this.object });
  }

  /** Why the value is none that its object has, or undefined. It is as it came. */
  get resolutionError(): string | undefined {
    const { object } = this;
    if (object === undefined || isException(this.value) || this.value.type === 'Null') {
      return undefined;
    }
    return checkValue(object.syntax, this.value);
  }

  /** `SNMPv2-MIB::sysName.0 = STRING: edge-1`. */
  toString(): string {
    return `${this.label} = ${this.text}`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** By its SYNTAX, or by its type where that is not known or does not fit. */
export function plainOf(syntax: Syntax | undefined, value: SnmpValue): PlainValue | undefined {
  if (syntax !== undefined && checkValue(syntax, value) === undefined) {
    return toPlain(syntax, value);
  }
  return 'value' in value ? value.value : undefined;
}
