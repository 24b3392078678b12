import { readFileSync } from 'node:fs';
import type { Oid } from '../../../src/smi/index.js';
import { moduleFromText } from '../../support/mib-fixtures.js';

const TEXT = new URL('OTP-PEER-MIB.mib', import.meta.url);

export const OTP_PEER_MIB = moduleFromText('OTP-PEER-MIB', readFileSync(TEXT, 'utf8'));

/** Descriptors of what is no object of the module: a place in `left`, a column, and far outside. */
const NOWHERE: Readonly<Record<string, Oid>> = {
  leftNothing: [1, 3, 6, 1, 4, 1, 32_473, 79, 1, 99],
  leftNoColumn: [1, 3, 6, 1, 4, 1, 32_473, 79, 1, 11, 1, 9],
  outside: [1, 3, 6, 1, 4, 1, 32_473, 80, 1],
};

/** One object instance: `{ object: 'leftX', suffix: [3] }`. */
export interface Instance {
  readonly object: string;
  readonly suffix: readonly number[];
}

export function nameOf({ object, suffix }: Instance): Oid {
  const oid = NOWHERE[object] ?? OTP_PEER_MIB.nodes.get(object)?.oid;
  if (oid === undefined) throw new Error(`there is no ${object}`);
  return [...oid, ...suffix];
}

export const keyOf = ({ object, suffix }: Instance): string => [object, ...suffix].join('.');

/** The table and the number of a column; undefined for a scalar. */
export function columnOf(object: string): { table: string; column: number } | undefined {
  const match = /^(left|right)(X|Y|Name)$/.exec(object);
  const column = { X: 2, Y: 3, Name: 4 }[match?.[2] ?? ''];
  return column === undefined ? undefined : { table: `${match?.[1]}Table`, column };
}

/** What is set in one call: `leftA`, or `leftTable.3` for a row. */
export function groupOf({ object, suffix }: Instance): string {
  const place = columnOf(object);
  return place === undefined ? object : [place.table, ...suffix].join('.');
}

export const columnName = (table: string, column: number): string =>
  `${table.replace('Table', '')}${['X', 'Y', 'Name'][column - 2]}`;

/** What there is before a SET; everything else has no instance. */
export const BEFORE: ReadonlyMap<string, number> = new Map([
  ['leftA.0', 1],
  ['leftB.0', 2],
  ['leftBare.0', 3],
  ['rightA.0', 4],
  ['rightB.0', 5],
  ['leftX.1', 6],
  ['leftY.1', 7],
  ['rightX.1', 8],
]);
