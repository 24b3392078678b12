import type { Actor, AnyActorLogic, OutputFrom, Snapshot } from 'xstate';
import { InvariantViolation } from '../../src/base/index.js';
import { ExitSignal, type ChildHandle, type ExitListener } from './child-handle.js';
import { KILLED, NORMAL, type ExitReason } from './exit-reason.js';

export interface ActorChildOptions<Logic extends AnyActorLogic> {
  /**
   * Returns a fresh root actor, not yet started. `signal` is for the asynchronous work of its
   * shell: it fires on every way out, before the exit is told.
   */
  readonly create: (signal: AbortSignal) => Actor<Logic>;
  /** The exit reason that a final output stands for. Default: `normal`. */
  readonly reasonOf?: (output: OutputFrom<Logic>) => ExitReason;
  /**
   * Asks the actor to reach a final state, by an event; its output then gives the reason. Without
   * it a stop is immediate, and its reason is the one that was asked for.
   */
  readonly requestStop?: (actor: Actor<Logic>, reason: ExitReason) => void;
  readonly label?: string;
}

/**
 * An XState root actor as a child.
 *
 * Final state -> the reason of its output. A throw inside the machine -> `defect`. Stopped behind
 * the kernel's back -> `killed`. The actor must not have XState children: when it throws, those
 * would go on running with nobody to stop them; one that shows up is a defect.
 */
export class ActorChild<Logic extends AnyActorLogic> implements ChildHandle {
  readonly actor: Actor<Logic>;
  readonly label?: string;
  readonly #abort: AbortController;
  readonly #options: ActorChildOptions<Logic>;
  readonly #exit = new ExitSignal();
  #reasonToStop: ExitReason = KILLED;

  private constructor(options: ActorChildOptions<Logic>) {
    this.#options = options;
    this.#abort = new AbortController();
    if (options.label !== undefined) this.label = options.label;
    this.actor = options.create(this.#abort.signal);
    // A listener that throws would end the process (XState reports it in the next macrotask);
    // none of these can.
    this.actor.subscribe({
      next: (snapshot: unknown) => {
        if (hasChildren(snapshot)) this.#refuseChildren();
      },
      error: (error: unknown) => this.#end({ kind: 'defect', error }),
      complete: () => this.#end(this.#reasonAtEnd()),
    });
    this.actor.start();
  }

  /** @throws what the machine threw while it was started: then there is no child. */
  static start<Logic extends AnyActorLogic>(options: ActorChildOptions<Logic>): ActorChild<Logic> {
    const child = new ActorChild(options);
    const { reason } = child.#exit;
    if (reason?.kind === 'defect') throw reason.error;
    return child;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  stop(reason: ExitReason): void {
    if (this.#options.requestStop === undefined) this.#stopNow(reason);
    else this.#options.requestStop(this.actor, reason);
  }

  kill(): void {
    this.#stopNow(KILLED);
  }

  onExit(listener: ExitListener): () => void {
    return this.#exit.onExit(listener);
  }

  #stopNow(reason: ExitReason): void {
    this.#reasonToStop = reason;
    this.actor.stop();
    // On the actor's own stack XState stops it only after the event at hand.
    this.#end(reason);
  }

  #end(reason: ExitReason): void {
    if (this.#exit.reason !== undefined) return;
    this.#abort.abort();
    this.#exit.fire(reason);
  }

  #refuseChildren(): void {
    const error = new InvariantViolation('a supervised actor has no XState children');
    this.#stopNow({ kind: 'defect', error });
  }

  #reasonAtEnd(): ExitReason {
    const snapshot: Snapshot<OutputFrom<Logic>> = this.actor.getSnapshot();
    if (snapshot.status !== 'done') return this.#reasonToStop;
    try {
      return this.#options.reasonOf?.(snapshot.output) ?? NORMAL;
    } catch (error) {
      return { kind: 'defect', error };
    }
  }
}

function hasChildren(snapshot: unknown): boolean {
  const { children } = snapshot as { readonly children?: object };
  return children !== undefined && Object.keys(children).length > 0;
}
