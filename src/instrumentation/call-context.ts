import { guardedAbort } from '../base/index.js';

/** Who asks, as far as instrumentation needs to know. Never carries a community or a key. */
export interface Requester {
  readonly version: 'v1' | 'v2c' | 'v3';
  /** The name the configuration gives to these credentials (RFC 3411 securityName). */
  readonly securityName: string;
  /** Of SNMPv3: how well the request was protected. Absent otherwise. */
  readonly securityLevel?: 'noAuthNoPriv' | 'authNoPriv' | 'authPriv';
  readonly address: string;
  readonly port: number;
}

/** A request, as far as those who serve it need to know. */
export interface RequestFacts {
  readonly requestId: number;
  /** RFC 3411 contextName; '' is the default context. */
  readonly contextName: string;
  /** Undefined where the program itself asks: an import. */
  readonly requester: Requester | undefined;
}

/** What every instrumentation function is told besides its arguments. */
export interface CallContext {
  readonly requestId: number;
  /** RFC 3411 contextName; '' is the default context. */
  readonly contextName: string;
  /** Absent where the runtime itself calls: new, delete, a rollback after a restart. */
  readonly requester?: Requester;
  /**
   * Aborts at the deadline, or when the actor that runs the function goes down. A listener that
   * throws is counted and logged.
   */
  readonly signal: AbortSignal;
  /**
   * Of a rollback where the agent has a state directory: what `get` answered before the SET, for
   * a table in the order of the columns. Also after a crash of the process (docs/set.md 5).
   */
  readonly before?: unknown;
}

const ignore = (): void => undefined;

/**
 * The context of one call. The signal costs a microsecond, and most functions never look at it:
 * it is made when it is first asked for.
 */
export class ForeignCallContext implements CallContext {
  readonly requestId: number;
  readonly contextName: string;
  readonly requester?: Requester;
  readonly #listenerFailed: (error: unknown) => void;
  #controller: AbortController | undefined;
  #ended = false;

  /** @param listenerFailed - told when a listener of the signal throws or rejects. */
  constructor(
    requestId: number,
    requester: Requester | undefined,
    listenerFailed: (error: unknown) => void = ignore,
    contextName = '',
  ) {
    this.requestId = requestId;
    this.#listenerFailed = listenerFailed;
    this.contextName = contextName;
    if (requester !== undefined) this.requester = requester;
  }

  get signal(): AbortSignal {
    this.#controller ??= guardedAbort(this.#listenerFailed);
    if (this.#ended) this.#controller.abort();
    return this.#controller.signal;
  }

  /** Nobody waits for this call any more. */
  end(): void {
    this.#ended = true;
    this.#controller?.abort();
  }
}
