import type * as fastCheck from 'fast-check';
import { SnmpError } from '../base/index.js';

/** The library as the kit uses it: an optional peer, hence handed from hand to hand. */
export type FastCheck = typeof fastCheck.default;

/**
 * Loads fast-check.
 *
 * @throws SnmpError SNMP_CONFORMANCE_NO_FAST_CHECK where it is not installed.
 */
export async function loadFastCheck(
  load: () => Promise<{ readonly default: FastCheck }> = () => import('fast-check'),
): Promise<FastCheck> {
  try {
    return (await load()).default;
  } catch (cause) {
    throw new SnmpError(
      'SNMP_CONFORMANCE_NO_FAST_CHECK',
      'the conformance kit makes its cases with fast-check, which is not installed: npm install --save-dev fast-check',
      { cause },
    );
  }
}
