import { nextTurn } from '../../base/index.js';
import type { NextAnswer } from '../../instrumentation/index.js';
import { END_OF_MIB_VIEW } from '../../smi/index.js';
import { interpretOutcome, TURN_BUDGET_MS, type ReadRequest } from './read-request.js';
import type { Need, SuccessorSearch } from './successor-search.js';

type NextNeed = Need & { kind: 'next' };
type Asker = readonly [search: SuccessorSearch, need: NextNeed];

/** After so much time a search that still finds nothing is given up: genErr. */
export const SEARCH_BUDGET_MS = 2000;

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
  const needs = advanceAll(searches);
  if (needs.length === 0) return undefined;
  return runRounds(request, searches, needs, request.clock.nowMs());
}

type Needs = readonly (readonly [SuccessorSearch, Need])[];

const NOTHING: Needs = [];

function advanceAll(searches: readonly SuccessorSearch[]): Needs {
  let needs: [SuccessorSearch, Need][] | undefined;
  for (const search of searches) {
    if (search.found !== undefined) continue;
    const need = search.advance();
    if (need !== undefined) (needs ??= []).push([search, need]);
  }
  return needs ?? NOTHING;
}

/** Rounds until nothing is needed; synchronous for as long as nothing has to be waited for. */
function runRounds(
  request: ReadRequest,
  searches: readonly SuccessorSearch[],
  firstNeeds: Needs,
  startMs: number,
): Promise<void> | undefined {
  const turnStartMs = request.clock.nowMs();
  for (let needs = firstNeeds; needs.length > 0; needs = advanceAll(searches)) {
    const nowMs = request.clock.nowMs();
    if (nowMs - startMs > SEARCH_BUDGET_MS) {
      for (const search of searches) search.giveUp('nothing found within the budget');
      return undefined;
    }
    const pending = serve(request, needs);
    if (nowMs - turnStartMs > TURN_BUDGET_MS) pending.push(nextTurn());
    if (pending.length > 0) return runLater(request, searches, pending, startMs);
  }
  return undefined;
}

async function runLater(
  request: ReadRequest,
  searches: readonly SuccessorSearch[],
  pending: readonly Promise<unknown>[],
  startMs: number,
): Promise<void> {
  await Promise.all(pending);
  await runRounds(request, searches, advanceAll(searches), startMs);
}

function serve(request: ReadRequest, needs: Needs): Promise<unknown>[] {
  const pending: Promise<unknown>[] = [];
  /** BOUNDED by the varbinds of the request. */
  const calls = new Map<string, Asker[]>();
  for (const [search, need] of needs) {
    if (need.kind === 'wait') pending.push(need.promise);
    else if (need.kind === 'turn') pending.push(nextTurn());
    else {
      const key = `${need.object.definition.name}.${need.rowIndex.join('.')}`;
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
  const outcome = owner.read('getNext', request.requestId, request.requester, (context) =>
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
