import type { Arbitrary } from 'fast-check';
import { toV1ErrorStatus, type ErrorStatus, type Syntax } from '../../smi/index.js';
import type { Version } from '../../message/index.js';
import type { FastCheck } from '../fast-check.js';
import type { Facts } from '../survey/facts.js';
import type { Change } from '../trial.js';
import { illegalValues, type IllegalValue } from '../values/illegal-values.js';
import { legalValues } from '../values/legal-values.js';
import type { Instance } from '../survey/instance.js';

export const needsWritable = ({ writable }: Facts): string | undefined =>
  writable.length === 0 ? 'nothing that may be written was found' : undefined;

/** A legal value for one of the instances that may be written. */
export function legalChange(fc: FastCheck, { writable }: Facts): Arbitrary<Change> {
  /** BOUNDED by the instances that may be written. */
  const perSyntax = new Map<Syntax, Arbitrary<Change['value']>>();
  const arbitraries = writable.map((instance) => {
    const { syntax } = instance.object;
    const values = perSyntax.get(syntax) ?? legalValues(fc, syntax);
    perSyntax.set(syntax, values);
    return values.map((value): Change => ({ instance, value }));
  });
  return fc.oneof({ withCrossShrink: true }, ...arbitraries);
}

/** Legal values for different instances. */
export function legalChanges(
  fc: FastCheck,
  facts: Facts,
  { minLength = 1, maxLength = 5 } = {},
): Arbitrary<Change[]> {
  return fc.uniqueArray(legalChange(fc, facts), {
    minLength: Math.min(minLength, facts.writable.length),
    maxLength: Math.min(maxLength, facts.writable.length),
    selector: ({ instance }) => instance.name.join('.'),
    size: 'max',
  });
}

export interface IllegalChange extends IllegalValue {
  readonly instance: Instance;
}

/** A value outside the SYNTAX for one of the instances that may be written. */
export function illegalChange(fc: FastCheck, { writable }: Facts): Arbitrary<IllegalChange> {
  return fc.oneof(
    { withCrossShrink: true },
    ...writable.map((instance) =>
      illegalValues(fc, instance.object.syntax).map((illegal): IllegalChange => ({
        ...illegal,
        instance,
      })),
    ),
  );
}

/** The error-status as a manager of this version gets it (RFC 3584 4.4). */
export function asSeenBy(version: Version, status: ErrorStatus): ErrorStatus {
  return version === 'v1' ? toV1ErrorStatus(status) : status;
}
