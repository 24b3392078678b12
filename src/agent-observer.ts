import { describeThrown, Emitter, type Logger } from './base/index.js';
import type { MasterObserver } from './agent/index.js';
import type { DispatchObserver } from './dispatch/index.js';
import type { Outcome, TransactionFacts } from './set/index.js';
import type { SubtreeObserver } from './subtree/index.js';
import type { Peer } from './transport/index.js';
import type { AgentEvents } from './agent-events.js';

/**
 * Where everything that happens in an agent comes together: counted, logged, and told to the
 * program's listeners.
 */
export class AgentObserver implements SubtreeObserver, MasterObserver, DispatchObserver {
  readonly events: Emitter<AgentEvents>;
  readonly sets = { committed: 0, refused: 0, rolledBack: 0, inDoubt: 0 };
  readonly counts = {
    crashes: 0,
    quarantined: 0,
    undoFailures: 0,
    deleteFailures: 0,
    illegalAnswers: 0,
    staleAnswers: 0,
    signalListenerFailures: 0,
    readFailures: 0,
    dropped: 0,
  };
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
    this.events = new Emitter(logger);
  }

  up(subtree: string, incarnation: number): void {
    this.#logger.info({ subtree, incarnation }, 'subtree is up');
    this.events.emit('subtree:up', { subtree, incarnation });
  }

  crashed(subtree: string, incarnation: number, operation: string, error: unknown): void {
    this.counts.crashes += 1;
    this.#logger.error(
      { subtree, incarnation, operation, error: describeThrown(error) },
      'subtree crashed',
    );
    this.events.emit('subtree:crashed', { subtree, incarnation, operation, error });
  }

  quarantined(subtree: string, restarts: number): void {
    this.counts.quarantined += 1;
    this.#logger.error({ subtree, restarts }, 'subtree given up: it is unregistered until restart');
    this.events.emit('subtree:quarantined', { subtree, restarts });
  }

  staleAnswer(subtree: string): void {
    this.counts.staleAnswers += 1;
    this.#logger.warn({ subtree }, 'an answer came too late and was dropped');
  }

  signalListenerFailed(subtree: string, error: unknown): void {
    this.counts.signalListenerFailures += 1;
    this.#logger.error(
      { subtree, error: describeThrown(error) },
      "a listener of a function's signal failed",
    );
  }

  illegalAnswer(subtree: string, operation: string, reason: string): void {
    this.counts.illegalAnswers += 1;
    this.#logger.warn({ subtree, operation, reason }, 'an illegal answer of instrumentation');
    this.events.emit('answer:illegal', { subtree, operation, reason });
  }

  readFailed(subtree: string, reason: string): void {
    this.counts.readFailures += 1;
    this.#logger.warn({ subtree, reason }, 'a read failed: genErr');
    this.events.emit('read:failed', { subtree, reason });
  }

  undoFailed(subtree: string, operation: 'undo' | 'rollback'): void {
    this.counts.undoFailures += 1;
    this.#logger.error({ subtree, operation }, 'undo or rollback failed');
    this.events.emit('undo:failed', { subtree, operation });
  }

  deleteFailed(subtree: string, object: string, error: unknown): void {
    this.counts.deleteFailures += 1;
    this.#logger.error({ subtree, object, error: describeThrown(error) }, 'delete failed');
    this.events.emit('delete:failed', { subtree, object, error });
  }

  loaded(subtree: string, module: string): void {
    this.#logger.info({ subtree, module }, 'subtree loaded');
    this.events.emit('subtree:loaded', { subtree, module });
  }

  reloaded(subtree: string, module: string): void {
    this.#logger.info({ subtree, module }, 'subtree reloaded');
    this.events.emit('subtree:reloaded', { subtree, module });
  }

  unloaded(subtree: string): void {
    this.#logger.info({ subtree }, 'subtree unloaded');
    this.events.emit('subtree:unloaded', { subtree });
  }

  setFinished({ id }: TransactionFacts, outcome: Outcome): void {
    this.sets[outcome.word] += 1;
    const failure =
      outcome.word === 'committed' ? { status: 'noError' as const, position: 0 } : outcome.failure;
    this.events.emit('set:finished', {
      transaction: id,
      outcome: outcome.word,
      errorStatus: failure.status,
      errorIndex: failure.position,
    });
  }

  authenticationFailed({ address, port }: Peer): void {
    this.events.emit('authentication:failed', { address, port });
  }

  dropped({ address, port }: Peer): void {
    this.counts.dropped += 1;
    this.events.emit('request:dropped', { address, port });
  }

  defect(error: unknown): void {
    this.#logger.error({ error: describeThrown(error) }, 'defect: please report it');
    this.events.emit('agent:defect', { error });
  }
}
