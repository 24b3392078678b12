import type { Mib } from '../../mib/index.js';
import { compareOids, hasPrefix, type Oid, type VarBind } from '../../smi/index.js';
import type { Session } from '../session.js';
import { Violation } from '../violation.js';

/** Where a walk could not go on as it should. */
export interface WalkBreak {
  /** The name that GETNEXT was asked for. */
  readonly after: Oid;
  readonly what: string;
}

export interface Walk {
  /** Ascending. BOUNDED by the caller's limit. */
  readonly found: readonly VarBind[];
  /** BOUNDED by MAX_BREAKS. */
  readonly breaks: readonly WalkBreak[];
  /** The limit was reached before the end. */
  readonly isCut: boolean;
}

const MAX_BREAKS = 20;
const ROWS_AT_ONCE = 20;

/**
 * All that lies below `root`. Where the agent fails or goes backwards, the place is noted and the
 * walk goes on at the next object that the modules know.
 */
export async function walk(
  session: Session,
  mib: Mib,
  root: Oid,
  limit: number,
  signal?: AbortSignal,
): Promise<Walk> {
  const found: VarBind[] = [];
  const breaks: WalkBreak[] = [];
  const objects = objectsBelow(mib, root);
  let at: Oid | undefined = root;
  while (at !== undefined && signal?.aborted !== true) {
    if (found.length >= limit) return { found, breaks, isCut: true };
    const page: VarBind[] | string = await pageAfter(session, at);
    const step = typeof page === 'string' ? page : takeAscending(page, root, at, found);
    if (typeof step === 'string') {
      const stuck: Oid = found.at(-1)?.name ?? root;
      const last: Oid = compareOids(stuck, at) > 0 ? stuck : at;
      breaks.push({ after: last, what: step });
      at = breaks.length < MAX_BREAKS ? nextObject(objects, last) : undefined;
    } else {
      at = step.goOn;
    }
  }
  return { found, breaks, isCut: false };
}

/** Adds what is below the root; `goOn` is undefined where the walk is over, text where it broke. */
function takeAscending(
  page: readonly VarBind[],
  root: Oid,
  after: Oid,
  found: VarBind[],
): { readonly goOn: Oid | undefined } | string {
  let at = after;
  for (const varBind of page) {
    const { name, value } = varBind;
    if (value.type === 'endOfMibView') return { goOn: undefined };
    if (compareOids(name, at) <= 0) return 'the next name is not greater';
    if (!hasPrefix(name, root)) return { goOn: undefined };
    found.push(varBind);
    at = name;
  }
  return page.length === 0 ? 'an answer without variable bindings' : { goOn: at };
}

/** By GETBULK where there is one, and by GETNEXT where that does not go. */
async function pageAfter(session: Session, at: Oid): Promise<VarBind[] | string> {
  try {
    if (session.version !== 'v1') {
      const { errorStatus, varBinds } = await session.getBulk(0, ROWS_AT_ONCE, [at]);
      if (errorStatus === 'noError' && varBinds.length > 0) return [...varBinds];
    }
    return [await session.next(at)];
  } catch (error) {
    if (error instanceof Violation) return error.message;
    throw error;
  }
}

function objectsBelow(mib: Mib, root: Oid): readonly Oid[] {
  const objects: Oid[] = [];
  for (const { nodes } of mib.modules.values()) {
    for (const node of nodes.values()) {
      if (node.kind !== 'scalar' && node.kind !== 'column') continue;
      if (hasPrefix(node.oid, root)) objects.push(node.oid);
    }
  }
  return objects.sort(compareOids);
}

/** The first object after a name that is not the name's own. */
function nextObject(objects: readonly Oid[], name: Oid): Oid | undefined {
  return objects.find((oid) => compareOids(oid, name) > 0 && !hasPrefix(name, oid));
}
