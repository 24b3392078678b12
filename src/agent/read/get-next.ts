import { END_OF_MIB_VIEW, type VarBind } from '../../smi/index.js';
import {
  ChangeWatch,
  MAX_READ_ATTEMPTS,
  type ReadReply,
  type ReadRequest,
} from './read-request.js';
import { settleSearches } from './settle-searches.js';
import { SuccessorSearch } from './successor-search.js';

/**
 * GETNEXT (RFC 3416 4.2.2): each name's successor in the view with its value, or endOfMibView with
 * the name as requested.
 */
export function answerGetNext(
  request: ReadRequest,
  varBinds: readonly VarBind[],
): ReadReply | Promise<ReadReply> {
  const searches = varBinds.map(({ name }) => new SuccessorSearch(request, name));
  const pending = settleSearches(request, searches);
  if (pending === undefined) return reply(request, varBinds, searches);
  return finishLater(request, varBinds, searches, pending);
}

async function finishLater(
  request: ReadRequest,
  varBinds: readonly VarBind[],
  first: readonly SuccessorSearch[],
  firstPending: Promise<void>,
): Promise<ReadReply> {
  let searches = first;
  let pending: Promise<void> | undefined = firstPending;
  for (let attempt = 1; pending !== undefined; attempt++) {
    const watch = watchAll(request);
    await pending;
    if (!watch.moved) break;
    if (attempt === MAX_READ_ATTEMPTS) return { status: 'genErr', index: 1 };
    searches = varBinds.map(({ name }) => new SuccessorSearch(request, name));
    pending = settleSearches(request, searches);
  }
  return reply(request, varBinds, searches);
}

/** A successor may come out of any subtree: all of them are watched. */
export function watchAll({ registrations }: ReadRequest): ChangeWatch {
  const watch = new ChangeWatch();
  for (let i = 0; i < registrations.size; i++) {
    const registration = registrations.at(i);
    if (registration !== undefined) watch.watch(registration.owner);
  }
  return watch;
}

function reply(
  request: ReadRequest,
  varBinds: readonly VarBind[],
  searches: readonly SuccessorSearch[],
): ReadReply {
  const answers: VarBind[] = [];
  for (const [i, search] of searches.entries()) {
    const { found } = search;
    if (found === undefined || found.kind === 'fault') {
      if (found !== undefined) request.faulted(found.subtree, found.reason);
      return { status: 'genErr', index: i + 1 };
    }
    answers.push(
      found.kind === 'found'
        ? { name: found.name, value: found.value }
        : { name: (varBinds[i] as VarBind).name, value: END_OF_MIB_VIEW },
    );
  }
  return { varBinds: answers };
}
