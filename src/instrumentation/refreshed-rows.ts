import {
  callForeign,
  describeThrown,
  isPromiseLike,
  tamed,
  type Clock,
  type ForeignCall,
  type ForeignOutcome,
  type Logger,
} from '../base/index.js';
import { ForeignCallContext, type CallContext } from './call-context.js';
import type { ReadFault } from './managed-object.js';
import { readFault } from './read-interpretation.js';
import type { StoredRows } from './stored-rows.js';

type Eventually<Value> = Value | PromiseLike<Value>;

/** What reading came to: rows in order, or why they could not be found out. */
export type Taken<Row> = StoredRows<Row> | ReadFault;

/** How old rows may be, and what serves while they are read anew or cannot be. */
export interface RefreshTerms {
  /** The table's, for log lines. */
  readonly name: string;
  readonly maxAgeMs: number;
  readonly maxStaleMs: number;
  readonly onFailure: 'genErr' | 'keep';
  readonly refreshDeadlineMs: number;
}

/** The one reading that all who need rows at the same time share. */
interface Refresh<Row> {
  readonly taken: Promise<Taken<Row>>;
}

const ignore = (): void => undefined;

/**
 * The last rows of what is read from elsewhere, and the one refresh that is under way.
 *
 * A refresh that readers wait for without anything to fall back on has the context of the first of
 * them, and is given up with their deadlines. One that the last rows cover has a context and a
 * deadline of its own. What ends after `invalidate` or `forget` changes nothing here: it is not the
 * refresh that is under way any more.
 */
export class RefreshedRows<Row> {
  readonly #terms: RefreshTerms;
  readonly #take: (context: CallContext) => Eventually<Taken<Row>>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #rows: StoredRows<Row> | undefined;
  #takenMs = 0;
  /** When the last refresh failed, where the rows before it serve on. */
  #failedMs: number | undefined;
  #refresh: Refresh<Row> | undefined;
  /** Those with deadlines of their own. BOUNDED by the SETs within one such deadline. */
  readonly #underWay = new Set<ForeignCall>();

  /** @param take - foreign code, called within the gate of a read: it may throw and reject. */
  constructor(
    terms: RefreshTerms,
    take: (context: CallContext) => Eventually<Taken<Row>>,
    clock: Clock,
    logger: Logger,
  ) {
    this.#terms = terms;
    this.#take = take;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Calls `read` with rows by the terms, at once where they are there. Throws what `take` threw. */
  with<Answer>(
    context: CallContext,
    read: (taken: Taken<Row>) => Answer,
  ): Answer | PromiseLike<Answer> {
    const rows = this.#rows;
    if (rows !== undefined && !this.#isRefreshDue()) return read(rows);
    const stale = this.#isServedStale() ? rows : undefined;
    const refresh = this.#refresh ?? this.#begin(context, stale !== undefined);
    if (!('taken' in refresh)) return read(refresh);
    return stale === undefined ? refresh.taken.then(read) : read(stale);
  }

  /** What was read so far may not be true any more. Who waits for it has asked before. */
  invalidate(): void {
    this.#rows = undefined;
    this.#failedMs = undefined;
    this.#refresh = undefined;
  }

  /** As in the beginning: no rows, no timer, nothing under way. */
  forget(): void {
    this.invalidate();
    for (const call of this.#underWay) call.abort();
  }

  #isRefreshDue(): boolean {
    const { maxAgeMs } = this.#terms;
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#takenMs < maxAgeMs) return false;
    return this.#failedMs === undefined || nowMs - this.#failedMs >= maxAgeMs;
  }

  #isServedStale(): boolean {
    const { maxAgeMs, maxStaleMs } = this.#terms;
    return maxStaleMs > 0 && this.#clock.nowMs() - this.#takenMs <= maxAgeMs + maxStaleMs;
  }

  /** @returns what it came to where that is known at once; else it is under way now. */
  #begin(context: CallContext, isBackground: boolean): Taken<Row> | Refresh<Row> {
    const isCovered =
      this.#rows !== undefined && (isBackground || this.#terms.onFailure === 'keep');
    return isCovered ? this.#beginCovered(context) : this.#beginAwaited(context);
  }

  #beginAwaited(context: CallContext): Taken<Row> | Refresh<Row> {
    const taking = this.#take(context);
    if (!isPromiseLike(taking)) return this.#keep(taking);
    const refresh: Refresh<Row> = {
      taken: tamed(taking).then(
        (taken) => (this.#end(refresh) ? this.#keep(taken) : taken),
        (error: unknown) => {
          this.#end(refresh);
          throw error;
        },
      ),
    };
    this.#refresh = refresh;
    return refresh;
  }

  #beginCovered({ requestId, contextName }: CallContext): Taken<Row> | Refresh<Row> {
    const failed = (error: unknown): void => {
      const { name } = this.#terms;
      const fields = { table: name, error: describeThrown(error) };
      this.#logger.warn(fields, 'a listener of a refresh failed');
    };
    const own = new ForeignCallContext(requestId, undefined, failed, contextName);
    let taking: Eventually<Taken<Row>>;
    try {
      taking = this.#take(own);
    } catch (error) {
      own.end();
      return this.#settle({ kind: 'threw', error });
    }
    if (!isPromiseLike(taking)) {
      own.end();
      return this.#settle({ kind: 'returned', value: taking });
    }
    const refresh: Refresh<Row> = {
      taken: new Promise((resolve) => {
        const call = callForeign(
          () => taking,
          this.#terms.refreshDeadlineMs,
          this.#clock,
          (outcome) => {
            this.#underWay.delete(call);
            own.end();
            resolve(this.#conclude(refresh, outcome));
          },
        );
        this.#underWay.add(call);
      }),
    };
    // There may be no reader left to hear that it failed.
    refresh.taken.catch(ignore);
    this.#refresh = refresh;
    return refresh;
  }

  /** At once, though what it throws is for those who wait. */
  async #conclude(refresh: Refresh<Row>, outcome: ForeignOutcome<Taken<Row>>): Promise<Taken<Row>> {
    return this.#end(refresh) ? this.#settle(outcome) : this.#told(outcome);
  }

  /** Ends a refresh. @returns whether it still counts. */
  #end(refresh: Refresh<Row>): boolean {
    if (this.#refresh !== refresh) return false;
    this.#refresh = undefined;
    return true;
  }

  /** A failure is not kept: the next read tries again. */
  #keep(taken: Taken<Row>): Taken<Row> {
    if (isFault(taken)) return taken;
    this.#rows = taken;
    this.#takenMs = this.#clock.nowMs();
    this.#failedMs = undefined;
    return taken;
  }

  /** The end of a refresh that the last rows cover. Those serve on, or are gone, by the terms. */
  #settle(outcome: ForeignOutcome<Taken<Row>>): Taken<Row> {
    const rows = this.#rows;
    const { name, onFailure } = this.#terms;
    if (outcome.kind === 'returned' && !isFault(outcome.value)) return this.#keep(outcome.value);
    const isKept = onFailure === 'keep' && rows !== undefined;
    const fields = { table: name, error: describeFailure(outcome) };
    if (isKept) {
      this.#logger.warn(fields, 'rows could not be read anew: the last ones serve on');
      this.#failedMs = this.#clock.nowMs();
      return rows;
    }
    this.#logger.warn(fields, 'rows could not be read anew: the next read waits for new ones');
    this.#rows = undefined;
    return this.#told(outcome);
  }

  /** What readers are told who wait for it. */
  #told(outcome: ForeignOutcome<Taken<Row>>): Taken<Row> {
    if (outcome.kind === 'returned') return outcome.value;
    if (outcome.kind === 'threw') throw outcome.error;
    const { name, refreshDeadlineMs } = this.#terms;
    return outcome.kind === 'deadline'
      ? readFault(`${name}: rows did not come within ${refreshDeadlineMs} ms`)
      : readFault(`${name}: its actor went while rows were read`);
  }
}

function describeFailure(outcome: ForeignOutcome<object>): string {
  if (outcome.kind === 'threw') return describeThrown(outcome.error);
  return outcome.kind === 'returned' ? 'genErr' : outcome.kind;
}

export function isFault<Row>(taken: Taken<Row>): taken is ReadFault {
  return 'type' in taken;
}
