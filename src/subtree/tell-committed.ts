import type { SetGroup } from '../instrumentation/index.js';

/** Tells each of the objects that wants to know that its groups are set for good. */
export function tellCommitted(groups: readonly SetGroup[]): void {
  for (const object of new Set(groups.map((group) => group.object))) {
    object.committed?.(groups.filter((group) => group.object === object));
  }
}
