import type { MibDefinition, ReadableScalar, ScalarObject, ValueOf } from '../mib/index.js';
import { equalOids, type Oid, type PlainValue } from '../smi/index.js';
import { RequestError, type RequestResult } from './result.js';
import { checkedPlain, type TellUnfit } from './unfit-values.js';

/** Scalars by descriptor, as far as the agent has them. */
export type ScalarValues<
  Definition extends MibDefinition,
  Name extends ReadableScalar<Definition>,
> = { readonly [Each in Name]?: ValueOf<Definition, Each> | undefined };

/**
 * The values of scalars, of one response. In SNMPv1 an agent without one of them answers nothing but
 * that (RFC 1157 4.1.2): the others are asked for again.
 *
 * @throws RequestError
 */
export async function readScalars(
  ask: (instances: readonly Oid[]) => Promise<RequestResult>,
  scalars: readonly ScalarObject[],
  isV1: boolean,
  tell: TellUnfit,
): Promise<Readonly<Record<string, PlainValue>>> {
  let wanted = scalars;
  while (wanted.length > 0) {
    const result = await ask(wanted.map(({ oid }) => [...oid, 0]));
    if (result.kind === 'ok') return Object.freeze(valuesIn(result, wanted, tell));
    const absent = isV1 && result.errorStatus === 'noSuchName' ? result.errorIndex : 0;
    if (wanted[absent - 1] === undefined) throw new RequestError(result);
    wanted = wanted.filter((_, i) => i !== absent - 1);
  }
  return Object.freeze({});
}

function valuesIn(
  { varBinds }: RequestResult,
  scalars: readonly ScalarObject[],
  tell: TellUnfit,
): Record<string, PlainValue> {
  const values: Record<string, PlainValue> = {};
  for (const scalar of scalars) {
    const varBind = varBinds.find(({ name }) => equalOids(name, [...scalar.oid, 0]));
    const plain = varBind === undefined ? undefined : checkedPlain(scalar, varBind, tell);
    if (plain !== undefined) values[scalar.name] = plain;
  }
  return values;
}
