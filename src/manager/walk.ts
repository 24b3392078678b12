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

/**
 * What comes after `root`, variable by variable, ascending. Ends with the subtree, at endOfMibView
 * or, in SNMPv1, noSuchName (RFC 3416 4.2.2, RFC 1157 4.1.3); and against any agent by
 * `maxRequests`.
 *
 * @throws RequestError where the agent refuses or does not answer, answers a name that is not after
 *   the one before (oidNotIncreasing), or no variable (emptyResponse).
 */
export async function* walkNames(
  ask: AskAfter,
  root: Oid,
  isV1: boolean,
  limits: WalkLimits,
): AsyncGenerator<ReceivedVarBind, void, undefined> {
  const { subtree = true, maxRows = Infinity, maxRequests = DEFAULT_MAX_REQUESTS } = limits;
  let at = root;
  let rows = 0;
  for (let requests = 0; rows < maxRows; requests++) {
    if (requests >= maxRequests) throw unfinished('tooManyRequests');
    const result = await ask(at);
    if (result.kind === 'agentError' && isV1 && result.errorStatus === 'noSuchName') return;
    if (result.kind !== 'ok') throw new RequestError(result);
    if (result.varBinds.length === 0) throw unfinished('emptyResponse', result);
    for (const varBind of result.varBinds) {
      if (varBind.value.type === 'endOfMibView') return;
      if (limits.allowNonIncreasing !== true && compareOids(varBind.name, at) <= 0) {
        throw unfinished('oidNotIncreasing', result);
      }
      if (subtree && !hasPrefix(varBind.name, root)) return;
      at = varBind.name;
      yield varBind;
      rows += 1;
      if (rows >= maxRows) return;
    }
  }
}

/** A walk that ends before its end, and not by an answer to the last request. */
export function unfinished(indication: ErrorIndication, last?: RequestResult): RequestError {
  const stats = last?.stats ?? { attempts: 0, discarded: {} };
  return new RequestError(engineError(indication, last?.request ?? [], stats));
}
