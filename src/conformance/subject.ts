import type { Version } from '../message/index.js';
import type { Mib } from '../mib/index.js';
import type { Oid, SnmpValue } from '../smi/index.js';

/** What came back for a request. */
export interface Exchanged {
  /** The response message; undefined where none came in time. */
  readonly reply: Uint8Array | undefined;
  /** How often the request was sent: 1 where nothing was lost. */
  readonly attempts: number;
}

/** A part of the agent that can be made to crash, or at least to start anew. */
export interface CrashPoint {
  readonly name: string;
  /** Resolves when that part answers again. */
  crash(): Promise<void>;
}

/**
 * An object of the kit's own inside the agent that makes the SET it is part of fail: so that what
 * the others voted yes to is undone, or what they did is rolled back.
 */
export interface Saboteur {
  readonly name: Oid;
  /** `tcSaboteur.0`. */
  readonly label: string;
  /** Written: it votes no (inconsistentValue), so the others hear `undo`. */
  readonly votesNo: SnmpValue;
  /** Written: it votes yes and answers commitFailed, so the others hear `rollback`. */
  readonly failsCommit: SnmpValue;
}

/** A thing that answers SNMP: all that the properties know of an agent. */
export interface Subject {
  /** How reports call it. */
  readonly name: string;
  /** `HOST:PORT` as net-snmp's commands take it; absent where no socket is open. */
  readonly address?: string;
  readonly version: Version;
  readonly community: string;
  /** What is known of its objects. */
  readonly mib: Mib;
  /** What may be written where the options do not say. */
  readonly writableByDefault: 'all' | 'none';
  /** BOUNDED by the subtrees that were named. */
  readonly crashPoints: readonly CrashPoint[];
  readonly saboteur?: Saboteur;
  /**
   * Sends one message and waits for the response with this request-id, not longer than the
   * subject's deadline.
   */
  exchange(request: Uint8Array, requestId: number): Promise<Exchanged>;
  /** Gives back what the subject holds. */
  close(): Promise<void>;
}
