import { lookup } from 'node:dns/promises';
import { callForeign, type Clock } from '../base/index.js';

export interface HostAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** The addresses of a name, as the system gives them. May reject. */
export type ResolveHost = (
  host: string,
  family: 4 | 6 | undefined,
) => Promise<readonly HostAddress[]>;

export const systemResolveHost: ResolveHost = async (host, family) => {
  const found = await lookup(host, { all: true, ...(family === undefined ? {} : { family }) });
  return found.map(({ address, family: version }) => ({ address, family: version === 6 ? 6 : 4 }));
};

/** The system's resolver may wait for several servers. */
const LOOKUP_DEADLINE_MS = 15_000;
/** Long enough to poll by name, short enough for an agent that moves. */
const REMEMBERED_MS = 60_000;
const MAX_REMEMBERED = 10_000;

interface Remembered {
  readonly address: HostAddress;
  readonly untilMs: number;
}

export type HostFound =
  | { readonly ok: true; readonly address: HostAddress }
  | { readonly ok: false; readonly cause?: unknown };

/** Names of hosts to addresses: each is asked for once at a time, and remembered for a minute. */
export class HostLookup {
  readonly #resolve: ResolveHost;
  readonly #clock: Clock;
  /** BOUNDED by MAX_REMEMBERED; the one asked for longest ago goes. */
  readonly #remembered = new Map<string, Remembered>();
  /** BOUNDED by the requests that wait for them. */
  readonly #asking = new Map<string, ((found: HostFound) => void)[]>();

  constructor(resolve: ResolveHost, clock: Clock) {
    this.#resolve = resolve;
    this.#clock = clock;
  }

  /** Calls `done` once, now or by the deadline. */
  find(host: string, family: 4 | 6 | undefined, done: (found: HostFound) => void): void {
    const key = `${host}/${family ?? ''}`;
    const known = this.#remembered.get(key);
    if (known !== undefined && known.untilMs > this.#clock.nowMs()) {
      done({ ok: true, address: known.address });
      return;
    }
    const others = this.#asking.get(key);
    if (others !== undefined) {
      others.push(done);
      return;
    }
    const asking = [done];
    this.#asking.set(key, asking);
    callForeign(
      () => this.#resolve(host, family),
      LOOKUP_DEADLINE_MS,
      this.#clock,
      (outcome) => {
        this.#asking.delete(key);
        const found: HostFound =
          outcome.kind === 'returned'
            ? chosen(outcome.value)
            : outcome.kind === 'threw'
              ? { ok: false, cause: outcome.error }
              : { ok: false };
        if (found.ok) this.#remember(key, found.address);
        for (const one of asking) one(found);
      },
    );
  }

  #remember(key: string, address: HostAddress): void {
    this.#remembered.delete(key);
    for (const oldest of this.#remembered.keys()) {
      if (this.#remembered.size < MAX_REMEMBERED) break;
      this.#remembered.delete(oldest);
    }
    this.#remembered.set(key, { address, untilMs: this.#clock.nowMs() + REMEMBERED_MS });
  }
}

/** An address of version 4 where there is one: most agents listen there. */
function chosen(addresses: readonly HostAddress[]): HostFound {
  const address = addresses.find(({ family }) => family === 4) ?? addresses[0];
  return address === undefined ? { ok: false } : { ok: true, address };
}
