import {
  bindObjects,
  CommandResponder,
  Contexts,
  type MasterAgent,
  type Registrations,
  type SubtreeObjects,
} from '../../src/agent/index.js';
import { silentLogger, SimulatedClock, type Clock } from '../../src/base/index.js';
import {
  createCounters,
  Dispatcher,
  V3Processing,
  type DispatchObserver,
  type SnmpCounters,
} from '../../src/dispatch/index.js';
import type { MibModule } from '../../src/mib/index.js';
import { ALL_VIEW, NO_SIZE_LIMIT, UserTable, type Principal } from '../../src/security/index.js';
import { SubtreeRef, type SubtreeObserver } from '../../src/subtree/index.js';
import { SnmpClient } from './snmp-client.js';
import { testEngine } from './v3-client.js';

const ignore = (): void => undefined;
const quiet: SubtreeObserver = {
  up: ignore,
  crashed: ignore,
  staleAnswer: ignore,
  deleteFailed: ignore,
  signalListenerFailed: ignore,
  illegalAnswer: ignore,
  undoFailed: ignore,
};

export interface StageOptions {
  readonly maxMessageSizeOctets?: number;
  readonly maxInFlight?: number;
  /** Communities are `public`, and whatever stands here. */
  readonly principals?: Readonly<Record<string, Principal>>;
  readonly clock?: Clock;
  /** Takes SETs. Default: nobody does. */
  readonly master?: MasterAgent;
  readonly deadlines?: { getMs: number; setMs: number; lifecycleMs: number };
}

export interface Stage {
  readonly client: SnmpClient;
  readonly counters: SnmpCounters;
  readonly dispatcher: Dispatcher;
  readonly registrations: Registrations;
  /** Why managers got genErr. */
  readonly faults: string[];
  readonly defects: unknown[];
}

/** One subtree to be served. */
export interface Part {
  readonly module: MibModule;
  readonly objects: SubtreeObjects;
}

/**
 * Dispatcher, responder and subtrees without an agent around them: no supervisor, no SETs, no
 * group about itself, and any message size, also below the 484 octets of a true agent.
 */
export function stage(parts: readonly Part[], options: StageOptions = {}): Stage {
  const clock = options.clock ?? new SimulatedClock();
  const contexts = new Contexts();
  const registrations = contexts.in('') as Registrations;
  for (const [i, { module, objects }] of parts.entries()) {
    const managed = bindObjects(module, objects, { clock, logger: silentLogger });
    const owner = new SubtreeRef(
      `part${i + 1}`,
      managed,
      options.deadlines ?? { getMs: 1000, setMs: 1000, lifecycleMs: 5000 },
      clock,
      quiet,
      true,
    );
    registrations.add(managed.map((object) => ({ oid: object.oid, object, owner })));
    owner.startIncarnation();
  }
  const counters = createCounters();
  const faults: string[] = [];
  const defects: unknown[] = [];
  const observer: DispatchObserver = {
    authenticationFailed: ignore,
    dropped: ignore,
    defect: (error) => void defects.push(error),
  };
  const maxMessageSizeOctets = options.maxMessageSizeOctets ?? 65_507;
  const responder = new CommandResponder({
    contexts,
    master: () => options.master,
    counters,
    clock,
    faulted: (_subtree, reason) => void faults.push(reason),
  });
  const principals = new Map<string, Principal>([
    ['public', { securityName: 'public', readView: ALL_VIEW }],
    ...Object.entries(options.principals ?? {}),
  ]);
  const dispatcher = new Dispatcher({
    counters,
    identification: {
      identify(community) {
        const principal = principals.get(Buffer.from(community).toString('latin1'));
        if (principal === undefined) return undefined;
        return { principal, contextName: '', maxMessageSizeOctets: NO_SIZE_LIMIT };
      },
      principalOf: ({ name }) => ({ securityName: name }),
    },
    v3: new V3Processing(counters, testEngine({ clock }), new UserTable()),
    // Requests of any size come in: the limit that is tried out is that of replies.
    respond: (request) => responder.respond({ ...request, maxReplyOctets: maxMessageSizeOctets }),
    limits: { maxMessageSizeOctets: 65_507, maxInFlight: options.maxInFlight ?? 1024 },
    observer,
  });
  const client = new SnmpClient(
    (octets) => dispatcher.handle(octets, { address: '192.0.2.9', port: 40_000 }),
    { community: 'public' },
  );
  return { client, counters, dispatcher, registrations, faults, defects };
}
