import { SnmpError } from './base/index.js';
import { isMibDefinition, moduleOf, type MibModule } from './mib/index.js';
import type { Supervisor } from '../supervisors/index.js';
import type { AccessControl } from './access-control.js';
import type { AgentObserver } from './agent-observer.js';
import type {
  LoadableModule,
  MibText,
  ModuleToLoad,
  ReloadOptions,
  SubtreeDefinition,
} from './agent-options.js';
import { missingObjects } from './missing-objects.js';
import { nameOf, type LoadedSubtree, type LoadedSubtrees } from './loaded-subtrees.js';
import type { MibDraft, MibLibrary } from './mib-library.js';
import { startFailure } from './start-failure.js';
import { Turns } from './turns.js';

interface Parts {
  readonly subtrees: LoadedSubtrees;
  readonly library: MibLibrary;
  readonly access: AccessControl;
  readonly observer: AgentObserver;
  /** The supervisor of the subtrees. @throws SnmpError SNMP_AGENT_STOPPED */
  readonly running: () => Supervisor;
}

/**
 * How subtrees come and go while requests are answered: what is done, and in which order. Under one
 * name one thing is done at a time; what is refused has changed nothing.
 */
export class SubtreeLoader {
  readonly #parts: Parts;
  readonly #turns = new Turns();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** SUP-029: all of it is there, or nothing. */
  async load(modules: readonly ModuleToLoad[]): Promise<void> {
    this.#parts.running();
    const { library, subtrees } = this.#parts;
    const draft = library.draft(modules.flatMap((one) => ('text' in one ? [one.text] : [])));
    const known = modules.map((one) => resolveModule(draft, one));
    const given = modules.map(({ instrumentation }) => listOf(instrumentation));
    const names = known.flatMap((module, i) =>
      (given[i] ?? []).map((definition) => nameOf(module, definition)),
    );
    await this.#inTurn(names, async () => {
      const bound = known.flatMap((module, i) => {
        const definitions = given[i] ?? [];
        if (modules[i]?.complete === true) refuseMissing(module, definitions);
        return subtrees.bind(module, definitions);
      });
      await this.#bringUp(bound);
      this.#learn(draft, known);
      subtrees.register(bound);
      for (const { ref, module } of bound) this.#parts.observer.loaded(ref.id, module.name);
    });
  }

  unload(name: string): Promise<void> {
    return this.#inTurn([name], async () => {
      const supervisor = this.#parts.running();
      const { ref, gone } = this.#parts.subtrees.remove(name);
      try {
        await ref.drain();
        await discard(supervisor, name);
      } finally {
        gone();
      }
      this.#parts.observer.unloaded(name);
    });
  }

  restart(name: string): Promise<void> {
    return this.#inTurn([name], async () => {
      const supervisor = this.#parts.running();
      const { subtrees } = this.#parts;
      const loaded = subtrees.get(name);
      // Before its supervisor is asked, which does one thing at a time: other subtrees, that the
      // SET under way may need, must be able to come up meanwhile.
      await loaded.ref.drain();
      // Of one that was given up nothing is left to terminate.
      await supervisor.terminateChild(name);
      const isBack = loaded.ref.isGone;
      if (isBack) subtrees.takePlaceAgain(loaded);
      else loaded.ref.comeBack();
      try {
        await supervisor.restartChild(name);
      } catch (cause) {
        subtrees.unregister(loaded.ref);
        throw startFailure(cause);
      }
      if (isBack) subtrees.reregister(loaded);
    });
  }

  /**
   * The new one is bound, and has its places, before the old one hears of it. Then the old one is
   * drained and hears `delete`; the new one takes over what the runtime keeps and hears `new`. If
   * that fails the old one hears `new` again, and serves on.
   */
  reload(
    name: string,
    replacement: SubtreeDefinition | undefined,
    options: ReloadOptions,
  ): Promise<void> {
    return this.#inTurn([name], async () => {
      const supervisor = this.#parts.running();
      const { library, observer, subtrees } = this.#parts;
      const old = subtrees.get(name);
      const draft = library.draft('text' in options ? [options.text] : []);
      const module = resolveModule(draft, { module: old.module, ...options });
      const { next, giveBack } = subtrees.bindSuccessor(old, module, replacement);
      old.ref.replacementBegins();
      try {
        await this.#exchange(supervisor, old, next, giveBack);
        this.#learn(draft, [module]);
        subtrees.replace(old, next);
      } finally {
        old.ref.replacementEnded();
      }
      observer.reloaded(name, module.name);
    });
  }

  async #inTurn<Result>(names: readonly string[], work: () => Promise<Result>): Promise<Result> {
    try {
      return await this.#turns.take(names, work);
    } catch (cause) {
      if (!(cause instanceof SnmpError) || cause.code !== 'SNMP_SUPERVISOR_STOPPED') throw cause;
      throw new SnmpError('SNMP_AGENT_STOPPED', 'the agent has stopped meanwhile', { cause });
    }
  }

  async #exchange(
    supervisor: Supervisor,
    old: LoadedSubtree,
    next: LoadedSubtree,
    giveBack: () => void,
  ): Promise<void> {
    const name = old.ref.id;
    let undo: (() => void) | undefined;
    try {
      await old.ref.drain();
      await supervisor.terminateChild(name);
      undo = this.#parts.subtrees.succeed(old, next);
      await supervisor.restartChild(name);
      this.#parts.running();
    } catch (cause) {
      undo?.();
      giveBack();
      if (old.ref.isGone) this.#parts.subtrees.unregister(old.ref);
      else await this.#serveOn(supervisor, old);
      throw startFailure(cause);
    }
  }

  /** Starts the one that was to be replaced again; where that fails too it is given up. */
  async #serveOn(supervisor: Supervisor, { ref }: LoadedSubtree): Promise<void> {
    ref.comeBack();
    try {
      await supervisor.restartChild(ref.id);
    } catch {
      this.#parts.subtrees.unregister(ref);
    }
  }

  /** Starts them in order; if one does not start, those before it go in reverse order. */
  async #bringUp(arriving: readonly LoadedSubtree[]): Promise<void> {
    const supervisor = this.#parts.running();
    const { subtrees } = this.#parts;
    const leaveAgain = subtrees.arrive(arriving);
    const started: string[] = [];
    try {
      for (const { ref } of arriving) {
        await supervisor.startChild(subtrees.spec(ref.id));
        started.push(ref.id);
      }
      this.#parts.running();
    } catch (cause) {
      for (const name of started.toReversed()) await discard(supervisor, name);
      leaveAgain();
      throw startFailure(cause);
    }
  }

  #learn(draft: MibDraft, modules: readonly MibModule[]): void {
    const { access, library } = this.#parts;
    draft.commit();
    for (const module of modules) library.learn(module);
    access.resolve(library);
  }
}

type Source = { readonly module: LoadableModule } | { readonly text: MibText };

function resolveModule(draft: MibDraft, source: Source): MibModule {
  if ('text' in source) {
    const name = draft.nameIn(source.text);
    if (name !== undefined) return draft.module(name);
    throw new SnmpError('SNMP_MIB_UNKNOWN', 'the text holds no MIB module');
  }
  const { module } = source;
  if (typeof module === 'string') return draft.module(module);
  return isMibDefinition(module) ? moduleOf(module) : module;
}

function refuseMissing(module: MibModule, definitions: readonly SubtreeDefinition[]): void {
  const missing = missingObjects(module, definitions);
  if (missing.length === 0) return;
  const shown = missing.slice(0, 40).join(', ');
  throw new SnmpError('SNMP_LOAD_INCOMPLETE', `${module.name}: nothing is given for ${shown}`);
}

function listOf(instrumentation: ModuleToLoad['instrumentation']): readonly SubtreeDefinition[] {
  return Array.isArray(instrumentation)
    ? (instrumentation as readonly SubtreeDefinition[])
    : [instrumentation as SubtreeDefinition];
}

/** Ends a subtree and forgets it. Of a supervisor that has ended meanwhile nothing is left. */
async function discard(supervisor: Supervisor, name: string): Promise<void> {
  try {
    await supervisor.terminateChild(name);
    await supervisor.deleteChild(name);
  } catch (error) {
    if (!(error instanceof SnmpError) || error.code !== 'SNMP_SUPERVISOR_STOPPED') throw error;
  }
}
