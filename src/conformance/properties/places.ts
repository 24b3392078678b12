import type { Arbitrary } from 'fast-check';
import { isOid, MAX_SUB_IDENTIFIERS, type Oid } from '../../smi/index.js';
import type { FastCheck } from '../fast-check.js';
import type { Facts } from '../survey/facts.js';

const FALLBACK: Oid = [1, 3];
const MAX_ARC = 0xffff_ffff;

/**
 * Names to start from: instances, what lies above them, between them and after them. Where the
 * survey's walk broke, those places first.
 */
export function places(fc: FastCheck, facts: Facts): Arbitrary<Oid> {
  const names = facts.found.map(({ name }) => name);
  const broken = facts.breaks.map(({ after }) => after);
  const instances = fc.constantFrom(...(names.length === 0 ? [FALLBACK] : names));
  const around = fc
    .tuple(instances, fc.nat({ max: 3 }), fc.constantFrom(0, -1, 1), fc.option(arcs(fc)))
    .map(([name, cut, shift, more]) => moved(name, cut, shift, more ?? []));
  const all = [
    { arbitrary: instances, weight: 3 },
    { arbitrary: around, weight: 3 },
  ];
  if (broken.length === 0) return fc.oneof({ withCrossShrink: true }, ...all);
  const atBreaks = { arbitrary: fc.constantFrom(...broken), weight: 4 };
  return fc.oneof({ withCrossShrink: true }, atBreaks, ...all);
}

function arcs(fc: FastCheck): Arbitrary<number[]> {
  return fc.array(fc.constantFrom(0, 1, 255, MAX_ARC), { minLength: 1, maxLength: 3 });
}

/** The name without its last arcs, the last of the rest shifted, and more behind it. */
function moved(name: Oid, cut: number, shift: number, more: readonly number[]): Oid {
  const rest = name.slice(0, Math.max(2, name.length - cut));
  const last = rest.at(-1) ?? 0;
  const shifted = [...rest.slice(0, -1), Math.min(MAX_ARC, Math.max(0, last + shift)), ...more];
  return isOid(shifted) && shifted.length < MAX_SUB_IDENTIFIERS ? shifted : name;
}
