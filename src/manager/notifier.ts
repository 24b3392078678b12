import { requireInteger, SnmpError, requireKnownKeys } from '../base/index.js';
import type { RequestPdu } from './exchange.js';
import type { Exchanges } from './exchanges.js';
import type { KnownMibs } from './known-mibs.js';
import {
  PreparedNotification,
  type NotificationOptions,
  type NotificationToSend,
} from './notification.js';
import type { VarBindToSet } from './requests.js';
import { engineError, sentResult, type RequestResult } from './result.js';
import { addresseeOf, type Addressee, type Patience, type Target } from './target.js';
import { Traps, type TrapsParts } from './traps.js';

/** Patience, signal and the like as of a request. */
export interface InformOptions extends Omit<NotificationOptions, 'agentAddress'>, Patience {
  readonly signal?: AbortSignal;
  /** From the call to the settlement, waiting for its turn and all attempts included. */
  readonly deadlineMs?: number;
}

/** RFC 3417 3.2: where notifications are listened to. */
const DEFAULT_PORT = 162;
const MAX_INTEGER = 2_147_483_647;
const TRAP_KEYS = ['upTimeCentiseconds', 'agentAddress', 'validate'];
const INFORM_KEYS = [
  'upTimeCentiseconds',
  'validate',
  'timeoutMs',
  'retries',
  'signal',
  'deadlineMs',
];

/** Traps and informs of a manager; informs are requests among the others. */
export class Notifier {
  readonly #traps: Traps;
  readonly #exchanges: Exchanges;
  readonly #mibs: KnownMibs;
  readonly #upTimeMs: () => number;

  /** @throws SnmpError SNMP_OPTION_INVALID, SNMP_ENGINE_ID_INVALID */
  constructor(parts: TrapsParts, exchanges: Exchanges, mibs: KnownMibs) {
    const { clock } = parts;
    this.#traps = new Traps(parts);
    this.#exchanges = exchanges;
    this.#mibs = mibs;
    const startedMs = clock.nowMs();
    this.#upTimeMs = () => clock.nowMs() - startedMs;
  }

  async trap(
    target: Target,
    notification: NotificationToSend,
    varBinds: readonly VarBindToSet[],
    options: NotificationOptions,
  ): Promise<RequestResult> {
    requireKnownKeys('options', options, TRAP_KEYS);
    const addressee = addresseeOf(target, {}, DEFAULT_PORT);
    this.#traps.requireEngineFor(addressee);
    const prepared = this.#prepare(addressee, notification, varBinds, options);
    const outcome = await this.#traps.send(addressee, prepared);
    if (outcome.kind === 'sent') return sentResult(prepared.varBinds);
    const stats = { attempts: 0, discarded: {} };
    return engineError(outcome.indication, prepared.varBinds, stats, outcome.cause);
  }

  async inform(
    target: Target,
    notification: NotificationToSend,
    varBinds: readonly VarBindToSet[],
    options: InformOptions,
  ): Promise<RequestResult> {
    requireKnownKeys('options', options, INFORM_KEYS);
    const { signal, deadlineMs, timeoutMs, retries, ...telling } = options;
    const addressee = addresseeOf(target, { timeoutMs, retries }, DEFAULT_PORT);
    if (addressee.auth.version === 'v1') {
      throw new SnmpError('SNMP_OPTION_INVALID', 'SNMPv1 has no informs');
    }
    if (deadlineMs !== undefined) requireInteger('deadlineMs', deadlineMs, 0, MAX_INTEGER);
    const prepared = this.#prepare(addressee, notification, varBinds, telling);
    const pdu: RequestPdu = { type: 'inform', varBinds: prepared.allVarBinds };
    const mib = prepared.usesMib ? this.#mibs.mib : undefined;
    return await this.#exchanges.ask({ addressee, pdu, deadlineMs, signal, mib });
  }

  close(): Promise<void> {
    return this.#traps.close();
  }

  #prepare(
    { auth }: Addressee,
    notification: NotificationToSend,
    varBinds: readonly VarBindToSet[],
    options: NotificationOptions,
  ): PreparedNotification {
    const upTimeCentiseconds = Math.floor(this.#upTimeMs() / 10) % 2 ** 32;
    const given = { upTimeCentiseconds, ...options };
    return new PreparedNotification(notification, varBinds, given, auth.version, this.#mibs);
  }
}
