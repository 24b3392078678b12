import { assertNever, describeThrown } from '../../src/base/index.js';

/**
 * Why a child ended. Exactly one reason per incarnation.
 *
 * - `normal`: its work is done.
 * - `shutdown`: it was asked to go, or it goes for a reason its supervisor shall not repair.
 * - `error`: it could not go on; the cause is in the world (device, peer, foreign code).
 * - `defect`: it threw where nothing may throw; the cause is in our own code.
 * - `killed`: it was not asked, or did not obey in time.
 */
export type ExitReason =
  | { readonly kind: 'normal' }
  | { readonly kind: 'shutdown'; readonly detail?: unknown }
  | { readonly kind: 'error'; readonly error: unknown }
  | { readonly kind: 'defect'; readonly error: unknown }
  | { readonly kind: 'killed' };

export const NORMAL: ExitReason = { kind: 'normal' };
export const SHUTDOWN: ExitReason = { kind: 'shutdown' };
export const KILLED: ExitReason = { kind: 'killed' };

/** OTP's rule for transient children: normal, shutdown and {shutdown, Term} are no failures. */
export function isAbnormal(reason: ExitReason): boolean {
  return reason.kind !== 'normal' && reason.kind !== 'shutdown';
}

/** Text for logs. */
export function describeExit(reason: ExitReason): string {
  switch (reason.kind) {
    case 'normal':
    case 'killed':
      return reason.kind;
    case 'shutdown':
      return reason.detail === undefined
        ? 'shutdown'
        : `shutdown: ${describeThrown(reason.detail)}`;
    case 'error':
    case 'defect':
      return `${reason.kind}: ${describeThrown(reason.error)}`;
    default:
      return assertNever(reason);
  }
}
