import { nextTurn } from '../../base/index.js';
import type { NextAnswer } from '../../instrumentation/index.js';
import { END_OF_MIB_VIEW, formatOid } from '../../smi/index.js';
import { interpretOutcome, TURN_BUDGET_MS, type ReadRequest } from './read-request.js';
import type { Need, SuccessorSearch } from './successor-search.js';

type NextNeed = Need & { kind: 'next' };
type Asker = readonly [search: SuccessorSearch, need: NextNeed];

/** After so much time a search that still finds nothing is given up: genErr. */
export const SEARCH_BUDGET_MS = 2000;

/** Searches between two looks at the clock. */
const SEARCHES_PER_LOOK = 4;

/**
 * Brings every search to a result. Searches that need successors in the same row of a table share
 * one call of its function (OTP-023).
 *
 * @returns undefined where it was all done in this turn.
 */
export function settleSearches(
  request: ReadRequest,
  searches: readonly SuccessorSearch[],
): Promise<void> | undefined {
  // The common case, without a clock: everything asked for is kept by the runtime.
  const needs = advanceAll(request, searches);
  if (needs.length === 0) return undefined;
  const startMs = request.clock.nowMs();
  const times = { startMs, turnStartMs: startMs };
  const pending = runRounds(request, searches, needs, times);
  return pending === undefined ? undefined : runLater(request, searches, pending, times);
}

/** When the search began, and the turn of the event loop that it is in. */
interface Times {
  readonly startMs: number;
  turnStartMs: number;
}

type Needs = readonly (readonly [SuccessorSearch, Need])[];

const NOTHING: Needs = [];

/**
 * Advances every search until it is done or needs something. Where that takes too long for one
 * turn the rest is left for the next one.
 */
function advanceAll(request: ReadRequest, searches: readonly SuccessorSearch[]): Needs {
  let needs: [SuccessorSearch, Need][] | undefined;
  let advanced = 0;
  let startMs = 0;
  for (const search of searches) {
    if (search.found !== undefined) continue;
    if (advanced > 0 && advanced % SEARCHES_PER_LOOK === 0) {
      const nowMs = request.clock.nowMs();
      if (advanced === SEARCHES_PER_LOOK) startMs = nowMs;
      else if (nowMs - startMs > TURN_BUDGET_MS) {
        (needs ??= []).push([search, { kind: 'turn' }]);
        return needs;
      }
    }
    advanced += 1;
    const need = search.advance();
    if (need !== undefined) (needs ??= []).push([search, need]);
  }
  return needs ?? NOTHING;
}

/**
 * Rounds for as long as nothing has to be waited for.
 *
 * @returns what is to be waited for, which is nothing where only the turn is used up; undefined
 *   where every search has its result.
 */
function runRounds(
  request: ReadRequest,
  searches: readonly SuccessorSearch[],
  firstNeeds: Needs,
  times: Times,
): readonly Promise<unknown>[] | undefined {
  for (let needs = firstNeeds; needs.length > 0; needs = advanceAll(request, searches)) {
    const nowMs = request.clock.nowMs();
    if (nowMs - times.startMs > SEARCH_BUDGET_MS) {
      for (const search of searches) search.giveUp('nothing found within the budget');
      return undefined;
    }
    const pending = serve(request, needs);
    if (pending.length > 0 || nowMs - times.turnStartMs > TURN_BUDGET_MS) return pending;
  }
  return undefined;
}

async function runLater(
  request: ReadRequest,
  searches: readonly SuccessorSearch[],
  first: readonly Promise<unknown>[],
  times: Times,
): Promise<void> {
  let pending: readonly Promise<unknown>[] | undefined = first;
  while (pending !== undefined) {
    await Promise.all(pending);
    // An async function that has its answer at hand settles without a turn of the event loop.
    if (request.clock.nowMs() - times.turnStartMs > TURN_BUDGET_MS) {
      await nextTurn();
      times.turnStartMs = request.clock.nowMs();
    }
    pending = runRounds(request, searches, advanceAll(request, searches), times);
  }
}

function serve(request: ReadRequest, needs: Needs): Promise<unknown>[] {
  const pending: Promise<unknown>[] = [];
  /** BOUNDED by the varbinds of the request. */
  const calls = new Map<string, Asker[]>();
  for (const [search, need] of needs) {
    if (need.kind === 'wait') pending.push(need.promise);
    else if (need.kind === 'turn') pending.push(nextTurn());
    else {
      const key = `${formatOid(need.object.oid)}.${formatOid(need.rowIndex)}`;
      const askers = calls.get(key);
      if (askers === undefined) calls.set(key, [[search, need]]);
      else askers.push([search, need]);
    }
  }
  for (const askers of calls.values()) {
    const waiting = callNext(request, askers);
    if (waiting !== undefined) pending.push(waiting);
  }
  return pending;
}

function callNext(request: ReadRequest, askers: readonly Asker[]): Promise<void> | undefined {
  const need = (askers[0] as Asker)[1];
  const { object, owner, rowIndex } = need;
  const columns = [...new Set(askers.map(([, { column }]) => column))].sort((a, b) => a - b);
  const outcome = owner.read('getNext', request, (context) =>
    object.readNext(rowIndex, columns, context),
  );
  const settle = (settled: Awaited<typeof outcome>): void => {
    let answers: readonly NextAnswer[] = [];
    const whole = interpretOutcome(settled, (returned) => {
      answers = object.interpretNext(returned, rowIndex, columns);
      return END_OF_MIB_VIEW;
    });
    for (const [search, asked] of askers) {
      const answer = whole.type === 'fault' ? whole : answers[columns.indexOf(asked.column)];
      search.accept(asked, answer ?? { type: 'fault', reason: 'no answer for a column' });
    }
  };
  if (outcome instanceof Promise) return outcome.then(settle);
  settle(outcome);
  return undefined;
}
