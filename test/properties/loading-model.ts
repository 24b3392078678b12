/**
 * What loads, unloads, reloads, restarts and crashes come to, written down from the rules: which
 * `new` and `delete` are called, in which order, and who answers afterwards. Knows nothing of the
 * runtime.
 */

/** How a `new` or a `delete` goes. */
export type Way = 'at once' | 'later' | 'throws' | 'rejects' | 'silent';

export interface ObjectGiven {
  readonly object: string;
  readonly create: Way;
  readonly destroy: Way;
}

/** Instrumentation of one subtree. `version` is what its objects read. */
export interface Given {
  readonly name: string;
  readonly version: number;
  /** In the order in which they are given. */
  readonly objects: readonly ObjectGiven[];
  /** Whether the first crash is the last one. */
  readonly isFragile: boolean;
}

export interface Expected {
  /** `ok`, or the code of the error. */
  readonly result: string;
  /** Calls of `new` and `delete`, in order: `new 3 s1A`. */
  readonly calls: readonly string[];
}

interface Held {
  readonly given: Given;
  readonly isServed: boolean;
}

const succeeds = ({ create }: ObjectGiven): boolean => create === 'at once' || create === 'later';

const said = (what: string, { version }: Given, objects: readonly ObjectGiven[]): string[] =>
  objects.map(({ object }) => `${what} ${version} ${object}`);

const destroyed = (given: Given, objects = given.objects): string[] =>
  said('delete', given, objects.toReversed());

/** @returns the calls of a start, and whether it succeeded. */
function started(given: Given): { readonly calls: string[]; readonly isUp: boolean } {
  const failing = given.objects.findIndex((object) => !succeeds(object));
  if (failing === -1) return { calls: said('new', given, given.objects), isUp: true };
  const calls = said('new', given, given.objects.slice(0, failing + 1));
  return { calls: [...calls, ...destroyed(given, given.objects.slice(0, failing))], isUp: false };
}

export class LoadingModel {
  readonly #held = new Map<string, Held>();

  get names(): readonly string[] {
    return [...this.#held.keys()];
  }

  /** By object: who answers. */
  get served(): ReadonlyMap<string, number> {
    return new Map(
      [...this.#held.values()]
        .filter(({ isServed }) => isServed)
        .flatMap(({ given }) =>
          given.objects.map(({ object }) => [object, given.version] as const),
        ),
    );
  }

  load(list: readonly Given[]): Expected {
    const names = list.map(({ name }) => name);
    if (new Set(names).size < names.length || names.some((name) => this.#held.has(name))) {
      return { result: 'SNMP_SUBTREE_NAME_TAKEN', calls: [] };
    }
    if (this.#conflicts(list)) return { result: 'SNMP_OID_CONFLICT', calls: [] };
    const calls: string[] = [];
    for (const [i, given] of list.entries()) {
      const start = started(given);
      calls.push(...start.calls);
      if (!start.isUp) {
        const before = list.slice(0, i).toReversed();
        calls.push(...before.flatMap((one) => destroyed(one)));
        return { result: 'SNMP_SUBTREE_START', calls };
      }
    }
    for (const given of list) this.#held.set(given.name, { given, isServed: true });
    return { result: 'ok', calls };
  }

  unload(name: string): Expected {
    const held = this.#held.get(name);
    if (held === undefined) return { result: 'SNMP_SUBTREE_UNKNOWN', calls: [] };
    this.#held.delete(name);
    return { result: 'ok', calls: held.isServed ? destroyed(held.given) : [] };
  }

  restart(name: string): Expected {
    const held = this.#held.get(name);
    if (held === undefined) return { result: 'SNMP_SUBTREE_UNKNOWN', calls: [] };
    if (!held.isServed && this.#conflicts([held.given], name)) {
      return { result: 'SNMP_OID_CONFLICT', calls: [] };
    }
    this.#held.set(name, { ...held, isServed: true });
    const calls = held.isServed ? destroyed(held.given) : [];
    return { result: 'ok', calls: [...calls, ...started(held.given).calls] };
  }

  reload(given: Given): Expected {
    const { name } = given;
    const held = this.#held.get(name);
    if (held === undefined) return { result: 'SNMP_SUBTREE_UNKNOWN', calls: [] };
    if (this.#conflicts([given], name)) return { result: 'SNMP_OID_CONFLICT', calls: [] };
    const start = started(given);
    const calls = [...(held.isServed ? destroyed(held.given) : []), ...start.calls];
    if (start.isUp) {
      this.#held.set(name, { given, isServed: true });
      return { result: 'ok', calls };
    }
    // The old one serves on, or stays given up.
    const back = held.isServed ? started(held.given).calls : [];
    return { result: 'SNMP_SUBTREE_START', calls: [...calls, ...back] };
  }

  /** A read of `object` throws. */
  crash(object: string): Expected {
    const held = [...this.#held.values()].find(
      ({ given, isServed }) => isServed && given.objects.some((one) => one.object === object),
    );
    if (held === undefined) return { result: 'noSuchObject', calls: [] };
    const { given } = held;
    if (!given.isFragile) return { result: 'genErr/1', calls: started(given).calls };
    this.#held.set(given.name, { given, isServed: false });
    return { result: 'genErr/1', calls: [] };
  }

  #conflicts(list: readonly Given[], except?: string): boolean {
    const places = [...this.#held.entries()]
      .filter(([name, { isServed }]) => isServed && name !== except)
      .flatMap(([, { given }]) => given.objects);
    const all = [...places, ...list.flatMap(({ objects }) => objects)].map(({ object }) => object);
    return new Set(all).size < all.length;
  }
}
