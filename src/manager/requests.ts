import { SnmpError } from '../base/index.js';
import type { Version } from '../message/index.js';
import { NULL_VALUE, type SnmpValue, type VarBind } from '../smi/index.js';
import { CompiledVarBind } from './compiled-var-binds.js';
import { MibsError, type KnownMibs } from './known-mibs.js';
import { resolveReference, type Reference } from './references.js';
import { isTyped, valueToSend, type Validation, type ValueToSet } from './values-to-set.js';

/** A variable and what it shall become: by hand, or of `scalarsOf` and `cellsOf`. */
export type VarBindToSet =
  | CompiledVarBind
  | readonly [reference: Reference, value: ValueToSet]
  | { readonly name: Reference; readonly value: ValueToSet };

/** Variables as they are sent, and whether they were named or valued by the MIB. */
export interface Prepared {
  readonly varBinds: readonly VarBind[];
  readonly usesMib: boolean;
}

/** What is wrong with one variable of a request; `varBindIndex` is 1-based, as errorIndex is. */
export class VarBindError extends SnmpError {
  readonly varBindIndex: number;

  constructor(varBindIndex: number, { code, message, cause }: SnmpError) {
    super(
      code as `SNMP_${string}`,
      `variable ${varBindIndex}: ${message}`,
      cause === undefined ? {} : { cause },
    );
    this.name = 'VarBindError';
    this.varBindIndex = varBindIndex;
  }
}

/** @throws VarBindError with the codes of `resolveReference`. */
export function prepareNames(references: readonly Reference[], mibs: KnownMibs): Prepared {
  requireList(references);
  let usesMib = false;
  const varBinds = references.map((reference, i) =>
    atIndex(i, () => {
      const { name, isSymbolic } = resolveReference(reference, mibs);
      usesMib ||= isSymbolic;
      return { name, value: NULL_VALUE };
    }),
  );
  return { varBinds, usesMib };
}

/** @throws VarBindError with the codes of `resolveReference` and `valueToSend`. */
export function prepareValues(
  varBindsToSet: readonly VarBindToSet[],
  mibs: KnownMibs,
  version: Version | 'v3',
  validation: Validation,
): Prepared {
  requireList(varBindsToSet);
  let usesMib = false;
  const varBinds = varBindsToSet.map((one, i) =>
    atIndex(i, () => {
      if (one instanceof CompiledVarBind) {
        mibs.learn(one.definition);
        usesMib = true;
        return { name: one.name, value: inVersion(version, one.value) };
      }
      const [reference, value] = partsOf(one);
      const { name, isSymbolic } = resolveReference(reference, mibs);
      usesMib ||= isSymbolic || !isTyped(value);
      const sent = valueToSend(name, value, () => mibs.mib, validation);
      return { name, value: inVersion(version, sent) };
    }),
  );
  return { varBinds, usesMib };
}

function inVersion(version: Version | 'v3', value: SnmpValue): SnmpValue {
  if (version === 'v1' && value.type === 'Counter64') {
    // RFC 3584 4.2.2.
    throw new SnmpError('SNMP_VALUE_SYNTAX', 'SNMPv1 has no Counter64');
  }
  return value;
}

function partsOf(one: VarBindToSet): readonly [Reference, ValueToSet] {
  if (Array.isArray(one) && one.length === 2) return one as readonly [Reference, ValueToSet];
  if (typeof one === 'object' && one !== null && 'name' in one && 'value' in one) {
    return [one.name, one.value];
  }
  throw new SnmpError('SNMP_OPTION_INVALID', 'expected [name, value] or { name, value }');
}

function requireList(list: readonly unknown[]): void {
  if (Array.isArray(list)) return;
  throw new SnmpError('SNMP_OPTION_INVALID', 'expected an array of variables');
}

function atIndex<Value>(i: number, prepare: () => Value): Value {
  try {
    return prepare();
  } catch (error) {
    if (!(error instanceof SnmpError) || error instanceof MibsError) throw error;
    throw new VarBindError(i + 1, error);
  }
}
