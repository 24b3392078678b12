import { compareOids, hasPrefix, type Oid } from '../smi/index.js';
import type { ErrorIndication } from './error-indication.js';
import type { ReceivedVarBind } from './received-var-bind.js';
import { engineError, RequestError, type RequestResult } from './result.js';

export interface WalkLimits {
  /** What lies below the root only; `false`: to the end of what the agent has. Default true. */
  readonly subtree?: boolean;
  /** The walk is over after so many variables. Default: as many as there are. */
  readonly maxRows?: number;
  /**
   * More requests are not sent: the walk fails as tooManyRequests. Default 1 000 000. An agent that
   * makes up ever greater names would never come to an end.
   */
  readonly maxRequests?: number;
  /** Take names that are not after the one before, from agents that cannot do better. */
  readonly allowNonIncreasing?: boolean;
}

export const DEFAULT_MAX_REQUESTS = 1_000_000;

/** Asks for what comes after a name: one variable or several. */
export type AskAfter = (name: Oid) => Promise<RequestResult>;

type Step = IteratorResult<ReceivedVarBind, void>;
const DONE: Step = Object.freeze({ done: true, value: undefined });

/**
 * What comes after `root`, variable by variable, ascending. Ends with the subtree, at endOfMibView
 * or, in SNMPv1, noSuchName (RFC 3416 4.2.2, RFC 1157 4.1.3); and against any agent by
 * `maxRequests`.
 *
 * As a generator's, `next` rejects with RequestError, once, where the agent refuses or does not
 * answer, answers a name that is not after the one before (oidNotIncreasing), or no variable
 * (emptyResponse). No generator: what one of these does for each value costs as much as to decode it.
 */
export class Walk implements AsyncGenerator<ReceivedVarBind, void, undefined> {
  readonly #ask: AskAfter;
  readonly #root: Oid;
  readonly #isV1: boolean;
  readonly #limits: WalkLimits;
  #last: RequestResult | undefined;
  /** BOUNDED by what one response holds. */
  #received: readonly ReceivedVarBind[] = [];
  #next = 0;
  #at: Oid;
  #rows = 0;
  #requests = 0;
  #isOver = false;
  /** What was called for and is not settled, in order; or undefined. */
  #pending: Promise<unknown> | undefined;

  constructor(ask: AskAfter, root: Oid, isV1: boolean, limits: WalkLimits) {
    this.#ask = ask;
    this.#root = root;
    this.#at = root;
    this.#isV1 = isV1;
    this.#limits = limits;
  }

  next(): Promise<Step> {
    if (this.#pending !== undefined) return this.#inTurn(() => this.#step());
    if (this.#isOver || this.#next < this.#received.length) return this.#step();
    return this.#inTurn(() => this.#step());
  }

  return(): Promise<Step> {
    return this.#inTurn(() => this.#end());
  }

  throw(error: unknown): Promise<Step> {
    return this.#inTurn(async () => {
      await this.#end();
      throw error;
    });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  /** As a generator: one call after the other. */
  #inTurn(step: () => Promise<Step>): Promise<Step> {
    const before = this.#pending;
    const own = before === undefined ? step() : before.then(step, step);
    this.#pending = own;
    const settled = (): void => {
      if (this.#pending === own) this.#pending = undefined;
    };
    own.then(settled, settled);
    return own;
  }

  #end(): Promise<Step> {
    this.#isOver = true;
    this.#received = [];
    return Promise.resolve(DONE);
  }

  #step(): Promise<Step> {
    if (this.#isOver || this.#rows >= (this.#limits.maxRows ?? Infinity)) return this.#end();
    const varBind = this.#received[this.#next];
    if (varBind === undefined) return this.#askForMore();
    const { name, value } = varBind;
    if (value.type === 'endOfMibView') return this.#end();
    if (this.#limits.allowNonIncreasing !== true && compareOids(name, this.#at) <= 0) {
      return this.#fail(unfinished('oidNotIncreasing', this.#last));
    }
    if (this.#limits.subtree !== false && !hasPrefix(name, this.#root)) return this.#end();
    this.#next += 1;
    this.#rows += 1;
    this.#at = name;
    return Promise.resolve({ done: false, value: varBind });
  }

  async #askForMore(): Promise<Step> {
    if (this.#requests >= (this.#limits.maxRequests ?? DEFAULT_MAX_REQUESTS)) {
      return this.#fail(unfinished('tooManyRequests'));
    }
    this.#requests += 1;
    const result = await this.#asked();
    this.#last = result;
    if (result.kind === 'agentError' && this.#isV1 && result.errorStatus === 'noSuchName') {
      return this.#end();
    }
    if (result.kind !== 'ok') return this.#fail(new RequestError(result));
    if (result.varBinds.length === 0) return this.#fail(unfinished('emptyResponse', result));
    this.#received = result.varBinds;
    this.#next = 0;
    return this.#step();
  }

  async #asked(): Promise<RequestResult> {
    try {
      return await this.#ask(this.#at);
    } catch (error) {
      // An aborted signal, or a module that is nowhere: as a generator, it is over.
      this.#isOver = true;
      throw error;
    }
  }

  #fail(error: RequestError): Promise<Step> {
    this.#isOver = true;
    return Promise.reject(error);
  }
}

/** A walk that ends before its end, and not by an answer to the last request. */
export function unfinished(indication: ErrorIndication, last?: RequestResult): RequestError {
  const stats = last?.stats ?? { attempts: 0, discarded: {} };
  return new RequestError(engineError(indication, last?.request ?? [], stats));
}
