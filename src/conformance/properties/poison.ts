import type { Arbitrary } from 'fast-check';
import type { ErrorStatus, Oid, SnmpValue, VarBind } from '../../smi/index.js';
import type { FastCheck } from '../fast-check.js';
import type { Subject } from '../subject.js';
import type { Facts } from '../survey/facts.js';
import { showValue } from '../values/show-value.js';
import type { Trial } from '../trial.js';
import { illegalChange } from './changes.js';

/** A varbind that makes the SET it is part of fail. */
export interface Poison {
  readonly name: Oid;
  /** For people: why no agent may accept it. */
  readonly why: string;
  /** The statuses that are right for it; empty where several are. */
  readonly statuses: readonly ErrorStatus[];
  value(trial: Trial): Promise<SnmpValue>;
}

export async function varBindOfPoison(poison: Poison, trial: Trial): Promise<VarBind> {
  return { name: poison.name, value: await poison.value(trial) };
}

/** An arc that no module uses. */
const UNUSED_ARC = 9999;

/** Refused before any instrumentation is asked: by the SYNTAX, the access, or the name. */
export function plainPoison(fc: FastCheck, facts: Facts): Arbitrary<Poison> {
  const illegal = illegalChange(fc, facts).map(({ instance, value, why }): Poison => ({
    name: instance.name,
    why: `${instance.label} = ${showValue(value)}: ${why}`,
    statuses: [],
    value: () => Promise.resolve(value),
  }));
  const unknown = fc.constantFrom(...facts.writable).map(({ object }): Poison => ({
    name: [...object.oid.slice(0, -1), UNUSED_ARC, 0],
    why: 'there is no such object',
    statuses: [],
    value: () => Promise.resolve({ type: 'Integer32', value: 1 }),
  }));
  if (facts.readOnly.length === 0) return fc.oneof(illegal, unknown);
  const readOnly = fc.constantFrom(...facts.readOnly).map(({ name, label, value }): Poison => ({
    name,
    why: `${label} is read-only`,
    statuses: [],
    value: () => Promise.resolve(value),
  }));
  return fc.oneof(illegal, unknown, readOnly);
}

const CREATE_AND_GO: SnmpValue = { type: 'Integer32', value: 4 };
const MAX_INTEGER_32 = 0x7fff_ffff;

/** Kinds of poison that only the instrumentation can refuse: the others have voted yes then. */
export function deepPoisons(facts: Facts, { saboteur }: Subject): readonly Poison[] {
  const locks = facts.locks.map(({ name, label }): Poison => ({
    name,
    why: `${label} is a TestAndIncr and has another value`,
    statuses: ['inconsistentValue'],
    async value(trial) {
      const [now] = await trial.session.read([name]);
      const held = now?.type === 'Integer32' ? now.value : 0;
      return { type: 'Integer32', value: held === MAX_INTEGER_32 ? 0 : held + 1 };
    },
  }));
  const rows = facts.rowStatuses.map(({ name, label }): Poison => ({
    name,
    why: `${label}: the row is there already`,
    statuses: ['inconsistentValue'],
    value: () => Promise.resolve(CREATE_AND_GO),
  }));
  if (saboteur === undefined) return [...locks, ...rows];
  const votesNo: Poison = {
    name: saboteur.name,
    why: 'the saboteur of the kit votes no',
    statuses: ['inconsistentValue'],
    value: () => Promise.resolve(saboteur.votesNo),
  };
  // First: counterexamples shrink to it.
  return [votesNo, ...locks, ...rows];
}
