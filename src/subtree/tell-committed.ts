import type { ManagedObject, SetGroup } from '../instrumentation/index.js';

/** What objects that the runtime keeps tell the program once a SET is sure. */
interface Committed {
  committed(groups: readonly SetGroup[]): void;
}

/** Tells each of the objects that wants to know that its groups are set for good. */
export function tellCommitted(groups: readonly SetGroup[]): void {
  for (const object of new Set(groups.map((group) => group.object))) {
    if (wantsToKnow(object)) object.committed(groups.filter((group) => group.object === object));
  }
}

function wantsToKnow(object: ManagedObject): object is ManagedObject & Committed {
  return 'committed' in object;
}
