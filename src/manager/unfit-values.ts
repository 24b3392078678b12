import type { ColumnObject, ScalarObject } from '../mib/index.js';
import {
  checkValue,
  toPlain,
  wireType,
  type PlainValue,
  type Syntax,
  type ValueFault,
  type ValueType,
  type VarBind,
} from '../smi/index.js';

/** A variable that an agent answered, which is none that its object has. */
export interface UnfitValue {
  /** The descriptor of the object; of a row whose index is wrong, that of the table. */
  readonly object: string;
  /** As it came; of a row whose index is wrong, the first. */
  readonly varBind: VarBind;
  readonly fault: ValueFault | 'wrongIndex';
  /** It is not in the result: its type is none that the program was promised. */
  readonly isLeftOut: boolean;
}

export type TellUnfit = (unfit: UnfitValue) => void;

/**
 * A value of the type that a program was promised, or undefined. What only has a length or a number
 * that the SYNTAX does not allow is of that type still. Either is told.
 */
export function checkedPlain(
  { name, syntax }: ScalarObject | ColumnObject,
  varBind: VarBind,
  tell: TellUnfit,
): PlainValue | undefined {
  const { value } = varBind;
  if (!('value' in value)) return undefined;
  const plain = toPlain(syntax, value);
  const isPromised = hasPromisedType(syntax, value.type, plain);
  const fault = checkValue(syntax, value) ?? (isPromised ? undefined : 'wrongValue');
  if (fault !== undefined) tell({ object: name, varBind, fault, isLeftOut: !isPromised });
  return isPromised ? plain : undefined;
}

/** What a program has of the types on the wire. */
const SHAPES: Readonly<Record<ValueType, string>> = {
  Integer32: 'number',
  Counter32: 'number',
  Gauge32: 'number',
  TimeTicks: 'number',
  Counter64: 'bigint',
  OctetString: 'octets or text',
  Opaque: 'octets',
  IpAddress: 'dotted',
  ObjectIdentifier: 'numbers',
  Null: 'nothing',
  noSuchObject: 'nothing',
  noSuchInstance: 'nothing',
  endOfMibView: 'nothing',
};

/** RFC 2579 RowStatus: actions, which no row is in. */
const ROW_ACTIONS: readonly unknown[] = ['createAndGo', 'createAndWait', 'destroy'];

function hasPromisedType(syntax: Syntax, type: ValueType, plain: PlainValue | undefined): boolean {
  if (SHAPES[type] !== SHAPES[wireType(syntax.base)]) return false;
  if (syntax.enums !== undefined && typeof plain !== 'string') return false;
  return !(syntax.conventions.includes('RowStatus') && ROW_ACTIONS.includes(plain));
}
