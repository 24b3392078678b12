import { nextTurn } from '../../base/index.js';
import type { GetBulkPdu } from '../../message/index.js';
import { END_OF_MIB_VIEW, varBindSize, type Oid, type VarBind } from '../../smi/index.js';
import { watchAll } from './get-next.js';
import {
  MAX_READ_ATTEMPTS,
  TURN_BUDGET_MS,
  type ReadReply,
  type ReadRequest,
} from './read-request.js';
import { settleSearches } from './settle-searches.js';
import { SuccessorSearch } from './successor-search.js';

/** A GETBULK that takes longer answers with the repetitions it has (RFC 3416 4.2.3 (3)). */
const BULK_BUDGET_MS = 500;

/** Repetitions between two looks at the clock. */
const REPETITIONS_PER_LOOK = 16;

/**
 * GETBULK (RFC 3416 4.2.3): non-repeaters once, then repetitions in order, cut from the end to
 * what fits. Stops after a repetition that is all endOfMibView (BLK-011).
 *
 * @param maxVarBindOctets - what the VarBindList's content may take. An answer is the longest
 *   prefix that fits, down to none at all (BLK-013 to BLK-015).
 */
export function answerGetBulk(
  request: ReadRequest,
  pdu: GetBulkPdu,
  maxVarBindOctets: number,
): ReadReply | Promise<ReadReply> {
  return new BulkRead(request, pdu, maxVarBindOctets).run();
}

class BulkRead {
  readonly #request: ReadRequest;
  readonly #searches: readonly SuccessorSearch[];
  /** What stands before the value in case of endOfMibView: the last name found, or the asked. */
  readonly #names: Oid[];
  readonly #nonRepeaters: number;
  readonly #maxRepetitions: number;
  readonly #maxOctets: number;
  /** BOUNDED by maxOctets. */
  readonly #answers: VarBind[] = [];
  readonly #startMs: number;
  #turnStartMs: number;
  #octets = 0;
  #repetition = 0;
  #isFull = false;
  #attempts = 0;

  constructor(request: ReadRequest, pdu: GetBulkPdu, maxOctets: number) {
    this.#request = request;
    const { varBinds } = pdu;
    this.#nonRepeaters = Math.min(Math.max(pdu.nonRepeaters, 0), varBinds.length);
    this.#maxRepetitions = Math.max(pdu.maxRepetitions, 0);
    // What is not going to be answered is not looked for.
    const asked = this.#maxRepetitions === 0 ? varBinds.slice(0, this.#nonRepeaters) : varBinds;
    this.#searches = asked.map(({ name }) => new SuccessorSearch(request, name));
    this.#names = asked.map(({ name }) => name);
    this.#maxOctets = maxOctets;
    this.#startMs = request.clock.nowMs();
    this.#turnStartMs = this.#startMs;
  }

  run(): ReadReply | Promise<ReadReply> {
    if (this.#searches.length === 0) return { varBinds: [] };
    const pending = settleSearches(this.#request, this.#searches);
    if (pending !== undefined) return this.#runLater(pending);
    return this.#repeat();
  }

  /** Takes what was found, and goes on for as long as nothing has to be waited for. */
  #repeat(): ReadReply | Promise<ReadReply> {
    const repeaters = this.#searches.slice(this.#nonRepeaters);
    for (;;) {
      const failed = this.#take();
      if (failed !== undefined) return failed;
      this.#repetition += 1;
      if (this.#isOver(repeaters)) return { varBinds: this.#answers };
      if (this.#repetition % REPETITIONS_PER_LOOK === 0) {
        const nowMs = this.#request.clock.nowMs();
        if (nowMs - this.#startMs > BULK_BUDGET_MS) return { varBinds: this.#answers };
        if (nowMs - this.#turnStartMs > TURN_BUDGET_MS) return this.#runLater();
      }
      for (const search of repeaters) search.goOn();
      const pending = settleSearches(this.#request, repeaters);
      if (pending !== undefined) return this.#runLater(pending);
    }
  }

  #isOver(repeaters: readonly SuccessorSearch[]): boolean {
    return (
      this.#isFull ||
      repeaters.length === 0 ||
      this.#repetition >= this.#maxRepetitions ||
      repeaters.every((search) => search.found?.kind === 'end')
    );
  }

  /** @param pending - what the repetition waits for; absent where only the turn is used up. */
  async #runLater(pending?: Promise<void>): Promise<ReadReply> {
    // One response, one point in time: where a SET comes between two turns, what was found before
    // it is the answer, if there is any (RFC 3416 4.2.3 (3) allows to stop early).
    const watch = watchAll(this.#request);
    await pending;
    // An async function that has its answer at hand settles without a turn of the event loop.
    if (this.#request.clock.nowMs() - this.#turnStartMs > TURN_BUDGET_MS) {
      await nextTurn();
      this.#turnStartMs = this.#request.clock.nowMs();
    }
    if (watch.moved && this.#repetition > 0) return { varBinds: this.#answers };
    if (watch.moved) return this.#startAgain();
    if (this.#request.clock.nowMs() - this.#startMs > BULK_BUDGET_MS && this.#repetition > 0) {
      return { varBinds: this.#answers };
    }
    if (pending === undefined) {
      const repeaters = this.#searches.slice(this.#nonRepeaters);
      for (const search of repeaters) search.goOn();
      const more = settleSearches(this.#request, repeaters);
      if (more !== undefined) return this.#runLater(more);
    }
    return this.#repeat();
  }

  #startAgain(): ReadReply | Promise<ReadReply> {
    this.#attempts += 1;
    if (this.#attempts === MAX_READ_ATTEMPTS) return { status: 'genErr', index: 1 };
    for (const [i, search] of this.#searches.entries()) search.startAgain(this.#names[i] as Oid);
    return this.run();
  }

  /** Adds one repetition (with the first: the non-repeaters too); returns a failure's reply. */
  #take(): ReadReply | undefined {
    const from = this.#repetition === 0 ? 0 : this.#nonRepeaters;
    for (let i = from; i < this.#searches.length && !this.#isFull; i++) {
      const found = this.#searches[i]?.found;
      if (found === undefined || found.kind === 'fault') {
        if (found !== undefined) this.#request.faulted(found.subtree, found.reason);
        return { status: 'genErr', index: i + 1 };
      }
      let varBind: VarBind;
      if (found.kind === 'found') {
        this.#names[i] = found.name;
        varBind = found;
      } else {
        varBind = { name: this.#names[i] as Oid, value: END_OF_MIB_VIEW };
      }
      const octets = varBindSize(varBind);
      if (this.#octets + octets > this.#maxOctets) {
        this.#isFull = true;
        return undefined;
      }
      this.#octets += octets;
      this.#answers.push(varBind);
    }
    return undefined;
  }
}
