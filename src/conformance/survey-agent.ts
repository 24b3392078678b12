import type { Mib } from '../mib/index.js';
import { hasPrefix, type ErrorStatus, type Oid, type VarBind } from '../smi/index.js';
import type { FastCheck } from './fast-check.js';
import type { Restorer } from './restorer.js';
import { makeRows } from './scaffold.js';
import type { Session } from './session.js';
import { factsOf, type Facts } from './survey/facts.js';
import { labelOf, type Instance } from './survey/instance.js';
import { rowTables, type RowTable } from './survey/row-table.js';
import type { Scope } from './survey/scope.js';
import { walk } from './survey/walk.js';
import { tolerant } from './violation.js';

const DEFAULT_MAX_INSTANCES = 20_000;

export interface Survey {
  readonly facts: Facts;
  /** What reports should tell. */
  readonly notes: readonly string[];
}

/** Walks the agent, and makes a row in each table that may be written and has none. */
export async function surveyAgent(
  fc: FastCheck,
  session: Session,
  restorer: Restorer,
  mib: Mib,
  scope: Scope,
  options: {
    readonly seed: number;
    readonly maxInstances?: number;
    readonly signal?: AbortSignal;
  },
): Promise<Survey> {
  const limit = options.maxInstances ?? DEFAULT_MAX_INSTANCES;
  const walked = await walk(session, mib, scope.subtree, limit, options.signal);
  const tables = rowTables(mib, scope);
  const empty = tables.filter((table) => !hasRows(table, walked.found));
  const { cells, failed } =
    options.signal?.aborted === true
      ? { cells: [], failed: empty }
      : await makeRows(fc, session, restorer, empty, options.seed);
  // A table in which no row could be made may not be served at all: nothing is asked of it.
  const served = tables.filter((table) => !failed.includes(table));
  const facts = factsOf(mib, walked, cells, served, scope);
  const writable = await acceptedOf(session, restorer, facts.writable);
  const refused = facts.writable.filter((instance) => !writable.includes(instance));
  return {
    facts: { ...facts, writable },
    notes: [
      ...(walked.isCut ? [`the walk was cut after ${limit} instances`] : []),
      ...walked.breaks.map(({ after, what }) => `after ${labelOf(mib, after)}: ${what}`),
      ...failed
        .filter(({ table }) => isServed(mib, table.oid, walked.found))
        .map(({ table }) => `no row could be made in ${table.name}: it is not tried`),
      ...refused.map(({ label }) => `${label} cannot be written here, its MAX-ACCESS says it can`),
    ],
  };
}

/** What an agent answers that implements an object with less than its MAX-ACCESS (RFC 2580 6.5). */
const LESS_ACCESS: readonly ErrorStatus[] = ['notWritable', 'noAccess', 'noSuchName', 'readOnly'];

/** The instances that the agent lets be written: each is given the value that it has. */
async function acceptedOf(
  session: Session,
  restorer: Restorer,
  instances: readonly Instance[],
): Promise<readonly Instance[]> {
  const accepted: Instance[] = [];
  for (const instance of instances) {
    const { name, value } = instance;
    const answer = await tolerant(async () => {
      await restorer.remember([name]);
      return session.set([{ name, value }]);
    });
    if (answer === undefined || !LESS_ACCESS.includes(answer.errorStatus)) accepted.push(instance);
  }
  await restorer.restore();
  return accepted;
}

function hasRows({ table }: RowTable, found: readonly VarBind[]): boolean {
  return found.some(({ name }) => hasPrefix(name, table.oid));
}

/** Whether the agent has anything of the module: then a table without rows is worth a word. */
function isServed(mib: Mib, table: Oid, found: readonly VarBind[]): boolean {
  const module = mib.nearest(table)?.module;
  return found.some(({ name }) => mib.nearest(name)?.module === module);
}
