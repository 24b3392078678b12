import {
  completeTargets,
  type NotifyTargetOptions,
  type Receiver,
} from '../../src/notify/index.js';

/** Targets of a configuration, told of everything. */
export function toldReceivers(targets: readonly NotifyTargetOptions[]): Receiver[] {
  return completeTargets(targets, 'notify.targets').map((target) => ({
    target,
    filter: undefined,
  }));
}
