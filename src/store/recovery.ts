import type { ManagedObject, SetGroup } from '../instrumentation/index.js';
import { equalOids, toPlain, type PlainValue } from '../smi/index.js';
import type { UnfinishedSet } from './durable-state.js';
import type { PreparedGroup } from './prepared-sets.js';

/** A group that is to hear rollback, and who is to know that it did. */
export interface Recovered {
  readonly group: SetGroup;
  readonly contextName: string;
  /** It answered noError: nothing is left to be put back. */
  done(): void;
}

/**
 * SETs that an earlier process died in, until the functions they touched have rolled them back. A
 * set is forgotten with its last group: what is not loaded, or failed, has the next start.
 */
export class Recovery {
  /** BOUNDED by the SETs that ran when the process died. */
  readonly #open: { readonly set: UnfinishedSet; readonly left: Set<PreparedGroup> }[];

  /** @param unfinished - in the order in which they are to be rolled back. */
  constructor(unfinished: readonly UnfinishedSet[]) {
    this.#open = unfinished.map((set) => ({ set, left: new Set(set.groups) }));
  }

  /** What is to be rolled back of these objects, in order: newest SET first, last group first. */
  groupsOf(objects: readonly ManagedObject[], contexts: readonly string[]): readonly Recovered[] {
    return this.#open.flatMap(({ set, left }) =>
      [...left].toReversed().flatMap((prepared) => {
        if (!contexts.includes(prepared.contextName)) return [];
        const object = objects.find(({ oid }) => equalOids(oid, prepared.oid));
        if (object === undefined || !object.provides('rollback')) return [];
        const done = (): void => {
          left.delete(prepared);
          if (left.size === 0) set.forget();
        };
        const { contextName } = prepared;
        return [{ group: toGroup(object, prepared), contextName, done }];
      }),
    );
  }
}

function toGroup(object: ManagedObject, { rowIndex, values, before }: PreparedGroup): SetGroup {
  const changes = values.flatMap(({ column, value }) => {
    const definition = object.kind === 'scalar' ? object.definition : object.columns.get(column);
    if (definition === undefined) return [];
    const plain = toPlain(definition.syntax, value) as PlainValue;
    return [{ column, name: definition.name, wire: value, plain, position: 1 }];
  });
  const siblings: SetGroup[] = [];
  const group: SetGroup = {
    object,
    rowIndex,
    changes,
    firstPosition: 1,
    siblings,
    memo: undefined,
  };
  siblings.push(group);
  object.recall?.(group, before);
  return group;
}
