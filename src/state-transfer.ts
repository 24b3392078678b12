import { requireKnownKeys, SnmpError } from './base/index.js';
import type { MasterAgent, PlannedShare, SetPlan } from './agent/index.js';
import { groupOf, type SetGroup } from './instrumentation/index.js';
import type { LoadedSubtrees } from './loaded-subtrees.js';
import { formatOid } from './smi/index.js';
import { readStateExport, type DurableState, type StateExport } from './store/index.js';
import type { SubtreeRef } from './subtree/index.js';

export interface StateImportOptions {
  /**
   * What becomes of objects in the export that nothing durable is loaded for: `refuse` (default)
   * imports nothing at all; `leave` imports the others, and leaves those as they are.
   */
  readonly notServed?: 'refuse' | 'leave';
}

/** All keys: one that is missing here, or one too many, does not compile. */
const OPTIONS: Readonly<Record<keyof StateImportOptions, true>> = { notServed: true };

export interface StateImportResult {
  /** Scalars and tables that are now as in the export. */
  readonly objects: number;
  /** Rows of these, a scalar being one. */
  readonly rows: number;
  /** OIDs of those that were left. */
  readonly notServed: readonly string[];
}

interface Parts {
  readonly servedAs: () => ReturnType<LoadedSubtrees['servedAs']>;
  /** Changes whenever somebody else may be served. */
  readonly version: () => number;
  readonly master: () => MasterAgent | undefined;
  readonly state: () => DurableState | undefined;
}

interface Plan {
  readonly shares: readonly PlannedShare[];
  readonly result: StateImportResult;
}

/** Backup and restore of a running agent: an export of one moment, an import as one SET. */
export class StateTransfer {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async export(): Promise<StateExport> {
    const state = this.#state();
    await state.flush();
    return state.export();
  }

  import(content: unknown, options: StateImportOptions): Promise<StateImportResult> {
    return new Promise((resolve, reject) => {
      requireKnownKeys('import', options, Object.keys(OPTIONS));
      this.#state();
      const { version, master } = this.#parts;
      const { objects } = readStateExport(content);
      let plannedAt = version();
      let plan = this.#plan(objects, options);
      let failure: unknown;
      if (plan.shares.length === 0) {
        resolve(plan.result);
        return;
      }
      const lookAgain = (): SetPlan | undefined => {
        if (version() === plannedAt) return undefined;
        plannedAt = version();
        try {
          plan = this.#plan(objects, options);
          return { kind: 'planned', shares: plan.shares };
        } catch (error) {
          failure = error;
          return { kind: 'refused', failure: { status: 'genErr', position: 1 } };
        }
      };
      const current = master();
      if (current === undefined) throw stopped();
      current.requestSet(
        plan.shares,
        { requestId: 0, contextName: '', requester: undefined },
        (refusal) => {
          if (refusal === undefined) resolve(plan.result);
          else reject(failure instanceof SnmpError ? failure : notDone(refusal.status));
        },
        lookAgain,
      );
    });
  }

  /** @throws SnmpError SNMP_STATE_IMPORT */
  #plan(objects: ReturnType<typeof readStateExport>['objects'], options: StateImportOptions): Plan {
    /** BOUNDED by the subtrees, each by its objects. */
    const groups = new Map<SubtreeRef, SetGroup[]>();
    const notServed: string[] = [];
    let count = 0;
    let rowCount = 0;
    const served = this.#parts.servedAs();
    for (const { oid, rows } of objects) {
      const found = served.get(formatOid(oid));
      const target = found?.object.replacement?.(rows);
      if (found === undefined || target === undefined) {
        notServed.push(formatOid(oid));
        continue;
      }
      const owned = groups.get(found.owner) ?? [];
      owned.push(groupOf(target));
      groups.set(found.owner, owned);
      count += 1;
      rowCount += rows.filter(
        ({ rowIndex }) => target.kind === 'scalar' || rowIndex.length > 0,
      ).length;
    }
    if (notServed.length > 0 && options.notServed !== 'leave') {
      throw new SnmpError(
        'SNMP_STATE_IMPORT',
        `nothing durable is loaded for ${notServed.join(', ')}: load it first, or leave it out by \`notServed: 'leave'\``,
      );
    }
    return {
      shares: [...groups].map(([participant, owned]) => ({ participant, groups: owned })),
      result: { objects: count, rows: rowCount, notServed },
    };
  }

  #state(): DurableState {
    const state = this.#parts.state();
    if (state !== undefined) return state;
    throw new SnmpError('SNMP_STATE_NONE', 'the agent keeps nothing: start it with `state`');
  }
}

function stopped(): SnmpError {
  return new SnmpError('SNMP_AGENT_STOPPED', 'the agent is not running');
}

function notDone(status: string): SnmpError {
  return new SnmpError('SNMP_STATE_IMPORT', `nothing was imported: ${status}`);
}
