import { didYouMean, nearestNames, SnmpError, type Clock, type Logger } from './base/index.js';
import {
  bindObjects,
  Contexts,
  DEFAULT_CONTEXT,
  type Capabilities,
  type PlacedRegistration,
} from './agent/index.js';
import type { KeptObjects, ManagedObject } from './instrumentation/index.js';
import type { MibModule } from './mib/index.js';
import { compareOids, formatOid, hasPrefix, type Oid } from './smi/index.js';
import type { Recovery } from './store/index.js';
import { SubtreeRef, type Deadlines, type SubtreeObserver } from './subtree/index.js';
import type { ChildSpec, Started } from '../supervisors/index.js';
import { subtreeSpec, type SubtreePolicy } from '../supervisors/trees/index.js';
import { completeDeadlines, splitDefinition, type SubtreeDefinition } from './agent-options.js';
import { requireKnownTerms } from './option-keys.js';
import { startCell } from './cell-handle.js';

/** A subtree that was loaded: its stable side, how it is supervised, and what it was made from. */
export interface LoadedSubtree {
  readonly ref: SubtreeRef;
  readonly module: MibModule;
  readonly definition: SubtreeDefinition;
  readonly policy: SubtreePolicy;
  /** Where it serves. */
  readonly contexts: readonly string[];
}

/** What an agent with a state directory has besides. */
export interface StateParts {
  readonly kept: KeptObjects;
  readonly recovery: Recovery;
}

/** Timers take no more than 2^31 - 1 milliseconds. */
const LONGEST_WAIT_MS = 2_000_000_000;

interface Parts {
  /** Absent: what is stored ends with the process. */
  readonly state: () => StateParts | undefined;
  readonly contexts: Contexts;
  readonly capabilities: Capabilities;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly observer: SubtreeObserver;
  readonly deadlines: Partial<Deadlines> | undefined;
  readonly readsWait: boolean;
}

/** The name that a definition gives its subtree. */
export function nameOf(module: MibModule, { name, subtree }: SubtreeDefinition): string {
  return name ?? subtree ?? module.name;
}

/** The subtrees of an agent by name: made from definitions, registered, and made into child specs. */
export class LoadedSubtrees {
  readonly #parts: Parts;
  /** In order of loading. UNBOUNDED because the program decides what it loads. */
  readonly #loaded = new Map<string, LoadedSubtree>();
  /** Those whose `new` functions run, before they are loaded or reloaded. UNBOUNDED as #loaded. */
  readonly #arriving = new Map<string, LoadedSubtree>();
  /** Unregistered, and not yet gone. BOUNDED by the unloads under way. */
  readonly #leaving = new Set<LoadedSubtree>();
  /** The places of those that are registered, will be, or have not heard `delete` yet. */
  readonly #places: Contexts;
  /** Rows of sysORTable by module. BOUNDED by the modules that are loaded. */
  readonly #announced = new Map<string, { readonly row: number; readonly identity: Oid }>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#places = new Contexts(parts.contexts.names.slice(1));
  }

  get(name: string): LoadedSubtree {
    const loaded = this.#loaded.get(name);
    if (loaded !== undefined) return loaded;
    const near = didYouMean(nearestNames(name, [...this.#loaded.keys()]));
    throw new SnmpError(
      'SNMP_SUBTREE_UNKNOWN',
      `no subtree ${JSON.stringify(name)} is loaded${near}`,
    );
  }

  get size(): number {
    return this.#loaded.size;
  }

  has(name: string): boolean {
    return this.#loaded.has(name);
  }

  /** How long what is under way anywhere may take, by the deadlines. */
  get drainMs(): number {
    return Math.max(0, ...[...this.#loaded.values(), ...this.#leaving].map(drainMsOf));
  }

  /** Who is served, by the OIDs that their objects are kept under. */
  servedAs(): ReadonlyMap<string, { readonly object: ManagedObject; readonly owner: SubtreeRef }> {
    const served = new Map<string, { object: ManagedObject; owner: SubtreeRef }>();
    for (const { ref, contexts } of this.#loaded.values()) {
      if (ref.isGone) continue;
      const toKept = keptAs(contexts);
      for (const object of ref.objects) {
        served.set(formatOid(toKept(object.oid)), { object, owner: ref });
      }
    }
    return served;
  }

  specs(): readonly ChildSpec[] {
    return [...this.#loaded.keys()].map((name) => this.spec(name));
  }

  /** Starts whatever has the name at that time: a reload puts another one there. */
  spec(name: string): ChildSpec {
    const current = (): LoadedSubtree => this.#arriving.get(name) ?? this.get(name);
    return subtreeSpec(
      name,
      () => this.#startCell(current()),
      () => ({ policy: current().policy, ...lifecycleOf(current()) }),
    );
  }

  /**
   * Binds definitions of one module. Nothing else knows of them yet.
   *
   * @throws SnmpError SNMP_LOAD_*
   */
  bind(module: MibModule, definitions: readonly SubtreeDefinition[]): readonly LoadedSubtree[] {
    const nameless = definitions.some(({ name, subtree }) => name === undefined && !subtree);
    if (definitions.length > 1 && nameless) {
      throw new SnmpError(
        'SNMP_LOAD_NAME_MISSING',
        `several subtrees of ${module.name}: each needs a \`name\` or a \`subtree\``,
      );
    }
    const bound = definitions.map((definition) => this.#bind(module, definition));
    // What an earlier process died in is rolled back at the first start, not at a reload.
    for (const { ref, contexts } of bound) {
      const groups = this.#parts.state()?.recovery.groupsOf(ref.objects, contexts);
      if (groups !== undefined) ref.recover(groups);
    }
    return bound;
  }

  /**
   * They are about to start: takes their names and their places, of all of them or of none. Nothing
   * is routed to them before `register`.
   *
   * @returns undoes it, for a load that is refused after all.
   * @throws SnmpError SNMP_SUBTREE_NAME_TAKEN, SNMP_OID_CONFLICT
   */
  arrive(subtrees: readonly LoadedSubtree[]): () => void {
    const names = new Set<string>([...this.#loaded.keys(), ...this.#arriving.keys()]);
    for (const { ref } of subtrees) {
      if (names.has(ref.id)) {
        throw new SnmpError(
          'SNMP_SUBTREE_NAME_TAKEN',
          `a subtree ${JSON.stringify(ref.id)} is loaded already: give another \`name\``,
        );
      }
      names.add(ref.id);
    }
    this.#places.add(subtrees.flatMap(registrationsOf));
    for (const subtree of subtrees) this.#arriving.set(subtree.ref.id, subtree);
    const detach = subtrees.map(attachObjects);
    return () => {
      for (const undo of detach.toReversed()) undo();
      for (const { ref } of subtrees) {
        this.#arriving.delete(ref.id);
        this.#places.removeOwner(ref);
      }
    };
  }

  /** They are up: from now on they are routed to, all at once. Who has gone since is not. */
  register(subtrees: readonly LoadedSubtree[]): void {
    const held = subtrees.filter(({ ref }) => !ref.isGone);
    this.#parts.contexts.add(held.flatMap(registrationsOf));
    for (const subtree of subtrees) {
      this.#arriving.delete(subtree.ref.id);
      this.#loaded.set(subtree.ref.id, subtree);
      for (const object of subtree.ref.objects) object.served?.();
      this.#announce(subtree.module);
    }
  }

  /** Takes a subtree out for good. Its place stays taken until it is `gone`: `delete` is to run yet. */
  remove(name: string): { readonly ref: SubtreeRef; readonly gone: () => void } {
    const leaving = this.get(name);
    const { ref, module } = leaving;
    this.#parts.contexts.removeOwner(ref);
    ref.leave();
    this.#loaded.delete(name);
    this.#leaving.add(leaving);
    this.#renounce(module);
    return {
      ref,
      gone: () => {
        this.#leaving.delete(leaving);
        this.#places.removeOwner(ref);
        rest(ref);
        release(ref);
      },
    };
  }

  /** Given up: nobody is routed to it, nobody waits for it, and its place is free. */
  unregister(ref: SubtreeRef): void {
    this.#parts.contexts.removeOwner(ref);
    this.#places.removeOwner(ref);
    ref.leave();
    rest(ref);
  }

  /**
   * Prepares one that was given up for another life; `reregister` is to follow.
   *
   * @throws SnmpError SNMP_OID_CONFLICT where somebody else has its place by now.
   */
  takePlaceAgain(loaded: LoadedSubtree): void {
    this.#places.add(registrationsOf(loaded));
    loaded.ref.comeBack();
  }

  /** It is up again; where it has gone since, nobody is routed to it. */
  reregister(loaded: LoadedSubtree): void {
    if (loaded.ref.isGone) return;
    this.#parts.contexts.add(registrationsOf(loaded));
    for (const object of loaded.ref.objects) object.served?.();
  }

  /**
   * Binds what is to replace a subtree, the same definition anew where there is no other, and takes its place beside that one's.
   *
   * @returns the successor, and what gives its place back.
   * @throws SnmpError SNMP_LOAD_*, SNMP_OID_CONFLICT
   */
  bindSuccessor(
    old: LoadedSubtree,
    module: MibModule,
    replacement: SubtreeDefinition | undefined,
  ): { readonly next: LoadedSubtree; readonly giveBack: () => void } {
    const name = old.ref.id;
    if (replacement?.name !== undefined && replacement.name !== name) {
      throw new SnmpError(
        'SNMP_LOAD_NAME_CHANGED',
        `subtree ${name} cannot be reloaded as ${replacement.name}: leave \`name\` out`,
      );
    }
    const next = this.#bind(module, { ...(replacement ?? old.definition), name });
    const mine = old.ref.isGone ? [] : registrationsOf(old);
    // Where the successor does not come up, the old one must still have its place.
    const both = [...registrationsOf(next), ...mine.map((one) => ({ ...one, owner: next.ref }))];
    this.#places.replaceOwner(old.ref, outermost(both));
    return { next, giveBack: () => this.#places.replaceOwner(next.ref, mine) };
  }

  /**
   * The old one has stopped: its successor takes over what the runtime keeps, and is what starts by
   * this name.
   *
   * @returns undoes it.
   */
  succeed(old: LoadedSubtree, next: LoadedSubtree): () => void {
    for (const object of next.ref.objects) {
      const predecessor = old.ref.objects.find(
        ({ definition }) => definition.name === object.definition.name,
      );
      if (predecessor !== undefined) object.inherit?.(predecessor);
    }
    const detach = attachObjects(next);
    this.#arriving.set(next.ref.id, next);
    return () => {
      detach();
      this.#arriving.delete(next.ref.id);
    };
  }

  /** The successor is up: it is routed to from now on, with no moment in between. */
  replace(old: LoadedSubtree, next: LoadedSubtree): void {
    const name = next.ref.id;
    this.#places.replaceOwner(next.ref, registrationsOf(next));
    this.#parts.contexts.replaceOwner(old.ref, registrationsOf(next));
    this.#arriving.delete(name);
    this.#loaded.set(name, next);
    for (const object of next.ref.objects) object.served?.();
    old.ref.replaced();
    rest(old.ref);
    release(old.ref);
    this.#renounce(old.module);
    this.#announce(next.module);
  }

  /** The agent stops: nobody waits for any of them any longer. */
  leaveAll(): void {
    for (const { ref } of this.#loaded.values()) ref.leave();
  }

  /**
   * One incarnation as its supervisor holds it. Where that has itself been started again this is a
   * fresh start, also of one that had been given up: it is served again, if its place is free.
   */
  #startCell(loaded: LoadedSubtree): Started | Promise<Started> {
    const { ref } = loaded;
    if (!ref.isGone || this.#loaded.get(ref.id) !== loaded) return startCell(ref);
    try {
      this.takePlaceAgain(loaded);
    } catch {
      return 'ignore';
    }
    const fail = (cause: unknown): never => {
      this.unregister(ref);
      throw cause;
    };
    const serve = (started: Started): Started => {
      this.reregister(loaded);
      return started;
    };
    try {
      const started = startCell(ref);
      return started instanceof Promise ? started.then(serve, fail) : serve(started);
    } catch (cause) {
      return fail(cause);
    }
  }

  #bind(module: MibModule, definition: SubtreeDefinition): LoadedSubtree {
    const { terms, objects } = splitDefinition(definition);
    const name = nameOf(module, definition);
    requireKnownTerms(name, terms);
    const { clock, logger } = this.#parts;
    const state = this.#parts.state();
    const contexts = this.#contextsOf(name, terms.contexts);
    const managed = bindObjects(module, objects, {
      clock,
      logger,
      ...(state === undefined ? {} : { kept: state.kept }),
      keptAs: keptAs(contexts),
    });
    if (managed.length === 0) {
      throw new SnmpError('SNMP_LOAD_EMPTY', `subtree ${name}: no scalar or table is given`);
    }
    if (terms.subtree !== undefined) {
      const root = module.nodes.get(terms.subtree)?.oid;
      if (root === undefined) {
        const near = didYouMean(nearestNames(terms.subtree, [...module.nodes.keys()]));
        throw new SnmpError(
          'SNMP_LOAD_UNKNOWN_OBJECT',
          `${module.name} does not define ${terms.subtree}${near}`,
        );
      }
      const stray = managed.find(({ oid }) => !hasPrefix(oid, root));
      if (stray !== undefined) {
        throw new SnmpError(
          'SNMP_LOAD_OUTSIDE_SUBTREE',
          `${stray.definition.name} does not lie below ${terms.subtree}`,
        );
      }
    }
    const ref = new SubtreeRef(
      name,
      managed,
      completeDeadlines(this.#parts.deadlines, terms.deadlines),
      this.#parts.clock,
      this.#parts.observer,
      this.#parts.readsWait,
    );
    return { ref, module, definition, policy: terms.supervise ?? {}, contexts };
  }

  /** @throws SnmpError SNMP_LOAD_UNKNOWN_CONTEXT */
  #contextsOf(name: string, given: readonly string[] = [DEFAULT_CONTEXT]): readonly string[] {
    const { contexts } = this.#parts;
    const unknown = given.find((context) => !contexts.has(context));
    if (given.length > 0 && unknown === undefined) return given;
    const near = unknown === undefined ? '' : didYouMean(nearestNames(unknown, contexts.names));
    throw new SnmpError(
      'SNMP_LOAD_UNKNOWN_CONTEXT',
      unknown === undefined
        ? `subtree ${name}: \`contexts\` is empty: it would be served nowhere`
        : `subtree ${name}: the agent has no context ${JSON.stringify(unknown)}${near}`,
    );
  }

  /** RFC 3418 sysORTable: the module is something this agent supports from now on. */
  #announce(module: MibModule): void {
    const { name, identity } = module;
    const shown = this.#announced.get(name);
    if (formatOid(shown?.identity ?? []) === formatOid(identity ?? [])) return;
    // A later text of the module has another identity: it is no longer the one that was shown.
    if (shown !== undefined) this.#parts.capabilities.remove(shown.row);
    this.#announced.delete(name);
    if (identity === undefined) return;
    if (this.#parts.capabilities.isFull) {
      // The program's own rows fill it: no reason not to serve the module.
      this.#parts.logger.warn({ module: name }, 'sysORTable is full: a module is not shown');
      return;
    }
    const row = this.#parts.capabilities.add(identity, `The MIB module ${name}`);
    this.#announced.set(name, { row, identity });
  }

  /** And no longer, with its last subtree. */
  #renounce({ name }: MibModule): void {
    const announced = this.#announced.get(name);
    if (announced === undefined) return;
    if ([...this.#loaded.values()].some(({ module }) => module.name === name)) return;
    this.#announced.delete(name);
    this.#parts.capabilities.remove(announced.row);
  }
}

/** Nothing runs in it any more: what the runtime keeps for it leaves no timer behind. */
function rest(ref: SubtreeRef): void {
  for (const object of ref.objects) object.rest?.();
}

/** It never comes back: what the program does to its objects by handles of before is not kept. */
function release(ref: SubtreeRef): void {
  for (const object of ref.objects) object.release?.();
}

/** What the program holds of its objects speaks of these from now on. @returns undoes that. */
function attachObjects({ ref }: LoadedSubtree): () => void {
  const undo = ref.objects.map((object) => object.attach?.());
  return () => {
    for (const detach of undo.toReversed()) detach?.();
  };
}

/** A start may run every `new`, and take down with every `delete` what did not succeed. */
function lifecycleOf({ ref }: LoadedSubtree): {
  readonly startMs: number;
  readonly stopMs: number;
} {
  const onceMs = ref.objects.length * ref.deadlines.lifecycleMs;
  return {
    startMs: Math.min(2 * onceMs, LONGEST_WAIT_MS),
    stopMs: Math.min(onceMs + drainMsOf({ ref }), LONGEST_WAIT_MS),
  };
}

/** In each context without those that lie below another, or where another is. */
function outermost(registrations: readonly PlacedRegistration[]): PlacedRegistration[] {
  const names = new Set(registrations.flatMap(({ contexts }) => contexts));
  return [...names].flatMap((context) => {
    const kept: PlacedRegistration[] = [];
    const here = registrations.filter(({ contexts }) => contexts.includes(context));
    for (const one of here.toSorted((a, b) => compareOids(a.oid, b.oid))) {
      const before = kept.at(-1);
      if (before !== undefined && hasPrefix(one.oid, before.oid)) continue;
      kept.push({ ...one, contexts: [context] });
    }
    return kept;
  });
}

/** Vote, set and rollback, one after another, and a read that waits for them. */
function drainMsOf({ ref }: Pick<LoadedSubtree, 'ref'>): number {
  return 3 * ref.deadlines.setMs + ref.deadlines.getMs;
}

function registrationsOf({ ref, contexts }: LoadedSubtree): PlacedRegistration[] {
  return ref.objects.map((object) => ({ oid: object.oid, object, owner: ref, contexts }));
}

/**
 * What is stored in the default context is kept under its own OID. Elsewhere another subtree may have
 * the same object: there the context's name follows, behind a 0, which no object's OID has there.
 */
function keptAs(contexts: readonly string[]): (oid: Oid) => Oid {
  if (contexts.includes(DEFAULT_CONTEXT)) return (oid) => oid;
  const [first = DEFAULT_CONTEXT] = contexts.toSorted();
  const suffix = [0, ...Buffer.from(first, 'utf8')];
  return (oid) => [...oid, ...suffix];
}
