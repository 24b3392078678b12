import type { Delivery, DeliveryCounts } from './notify/index.js';
import type { ErrorStatus } from './smi/index.js';

/** What an agent tells its program, as it happens. */
export interface AgentEvents {
  'subtree:up': [event: { readonly subtree: string; readonly incarnation: number }];
  /** A function threw, stayed silent, or could not undo; the supervisor restarts the actor. */
  'subtree:crashed': [
    event: {
      readonly subtree: string;
      readonly incarnation: number;
      /** The function that did it. */
      readonly operation: string;
      readonly error: unknown;
    },
  ];
  /** More restarts than its intensity: unregistered until `restart`. */
  'subtree:quarantined': [event: { readonly subtree: string; readonly restarts: number }];
  /** It was loaded, and is served. */
  'subtree:loaded': [event: { readonly subtree: string; readonly module: string }];
  /** Its instrumentation was replaced by `reload`, and the new one is served. */
  'subtree:reloaded': [event: { readonly subtree: string; readonly module: string }];
  'subtree:unloaded': [event: { readonly subtree: string }];
  /** The `delete` of an object threw or stayed silent; what was to end has ended all the same. */
  'delete:failed': [
    event: { readonly subtree: string; readonly object: string; readonly error: unknown },
  ];
  /** A function answered what is no legal answer; the manager got genErr or commitFailed. */
  'answer:illegal': [
    event: { readonly subtree: string; readonly operation: string; readonly reason: string },
  ];
  /** A read failed: the manager got genErr. */
  'read:failed': [event: { readonly subtree: string; readonly reason: string }];
  /** An undo or rollback did not say noError; the actor is restarted. */
  'undo:failed': [event: { readonly subtree: string; readonly operation: 'undo' | 'rollback' }];
  'set:finished': [
    event: {
      readonly transaction: number;
      readonly outcome: 'committed' | 'refused' | 'rolledBack' | 'inDoubt';
      readonly errorStatus: ErrorStatus;
      readonly errorIndex: number;
    },
  ];
  'authentication:failed': [event: { readonly address: string; readonly port: number }];
  /** A request was dropped because too many were under way. */
  'request:dropped': [event: { readonly address: string; readonly port: number }];
  /** A target did not get, or did not acknowledge, a notification. */
  'notification:failed': [event: { readonly notification: string } & Delivery];
  /** What the program changed could not be written to the state directory; it is tried again. */
  'state:failed': [event: { readonly error: unknown }];
  'transport:up': [event: { readonly url: string }];
  /** Our own bug; please report it. */
  'agent:defect': [event: { readonly error: unknown }];
  /** The agent has stopped, by itself (`reason`) or in order. */
  'agent:stopped': [event: { readonly reason: string }];
}

/** What an agent has counted besides the objects of the snmp group. */
export interface AgentMetrics {
  /** The counters of the snmp group, by descriptor. */
  readonly snmp: Readonly<Record<string, number>>;
  readonly requestsInFlight: number;
  readonly requestsDropped: number;
  readonly setsRunning: number;
  readonly setsWaiting: number;
  /** SETs by the word in which they ended. */
  readonly sets: Readonly<Record<'committed' | 'refused' | 'rolledBack' | 'inDoubt', number>>;
  /** SETs recognised as sent again, and answered with the first one's response. */
  readonly setsRepeated: number;
  /** Subtrees that are loaded, those that were given up included. */
  readonly subtreesLoaded: number;
  readonly subtreeCrashes: number;
  readonly subtreesQuarantined: number;
  readonly undoFailures: number;
  readonly deleteFailures: number;
  readonly illegalAnswers: number;
  /** Answers that came after their deadline, or out of an incarnation that was gone. */
  readonly staleAnswers: number;
  readonly readFailures: number;
  /** Deliveries by how they ended, one per notification and target; informs that still wait. */
  readonly notifications: DeliveryCounts & { readonly pending: number };
  /** Changes of the program's own that are not in the state directory yet. */
  readonly stateWritesPending: number;
  /** Listeners of events, and of the signals that functions are given, which threw or rejected. */
  readonly listenerFailures: number;
  /** Lines that the program's logger threw at; they are lost. */
  readonly loggerFailures: number;
}
