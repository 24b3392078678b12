import { RecentMap, type Clock } from '../../base/index.js';
import { MAX_ENGINE_BOOTS, MAX_ENGINE_TIME_SECONDS, TIME_WINDOW_SECONDS } from '../engine.js';
import type { MessageTime } from './privacy.js';
import { PasswordKeys, type UnlocalizedUser } from './user-keys.js';
import type { UsmUser } from './users.js';

/**
 * An engine that answers us, and hence says what time it is: the local notion of its boots and time
 * (RFC 3414 2.3). Until something authentic was heard, what was merely said is good enough to ask
 * with: the engine refuses a wrong guess with an authentic report.
 */
export class RemoteEngine {
  readonly id: Uint8Array;
  readonly #clock: Clock;
  readonly #passwords: PasswordKeys;
  /** Localized. BOUNDED by the users that somebody still holds. */
  readonly #users = new WeakMap<UnlocalizedUser, UsmUser>();
  #boots = 0;
  #timeSeconds = 0;
  /** When it was that time there, by our clock. */
  #atMs: number;
  #latestTimeSeconds = 0;
  #isAuthentic = false;

  constructor(id: Uint8Array, clock: Clock, passwords: PasswordKeys) {
    this.id = id;
    this.#clock = clock;
    this.#passwords = passwords;
    this.#atMs = clock.nowMs();
  }

  /** What messages to it say that its time is. */
  get now(): MessageTime {
    return { engineBoots: this.#boots, engineTimeSeconds: this.#timeNow() };
  }

  /** The user with the keys that this engine knows it by. */
  userOf(keys: UnlocalizedUser): UsmUser {
    const known = this.#users.get(keys);
    if (known !== undefined) return known;
    const user = keys.localize(this.id, this.#passwords);
    this.#users.set(keys, user);
    return user;
  }

  /** A time that nobody vouches for: it counts until one comes that is authentic. */
  supposeTime(time: MessageTime): void {
    if (!this.#isAuthentic) this.#setTime(time);
  }

  /**
   * RFC 3414 3.2(7b) for the time of an authentic message: learns from it, and says whether it is
   * within the window. A message that is older than it may be is one that somebody kept.
   */
  isTimely(time: MessageTime): boolean {
    const { engineBoots, engineTimeSeconds } = time;
    if (!this.#isAuthentic) {
      // 2.3: as when nothing was known yet.
      this.#setTime({ engineBoots: 0, engineTimeSeconds: 0 });
      this.#isAuthentic = true;
    }
    if (
      engineBoots > this.#boots ||
      (engineBoots === this.#boots && engineTimeSeconds > this.#latestTimeSeconds)
    ) {
      this.#setTime(time);
      this.#latestTimeSeconds = engineTimeSeconds;
    }
    if (this.#boots === MAX_ENGINE_BOOTS || engineBoots < this.#boots) return false;
    return engineTimeSeconds >= this.#timeNow() - TIME_WINDOW_SECONDS;
  }

  #setTime({ engineBoots, engineTimeSeconds }: MessageTime): void {
    this.#boots = engineBoots;
    this.#timeSeconds = engineTimeSeconds;
    this.#atMs = this.#clock.nowMs();
  }

  #timeNow(): number {
    const elapsed = Math.floor((this.#clock.nowMs() - this.#atMs) / 1000);
    return Math.min(this.#timeSeconds + elapsed, MAX_ENGINE_TIME_SECONDS);
  }
}

/** A manager of ten thousand targets forgets none of them. */
const MAX_ENGINES = 50_000;

/** The engines that were found (RFC 3414 section 4), by their IDs and by where they answer. */
export class RemoteEngines {
  readonly #clock: Clock;
  readonly #passwords = new PasswordKeys();
  /** By ID as latin1: its time is the same wherever it is reached. BOUNDED by MAX_ENGINES. */
  readonly #byId = new RecentMap<string, RemoteEngine>(MAX_ENGINES);
  /** By place. BOUNDED by MAX_ENGINES. */
  readonly #byPlace = new RecentMap<string, RemoteEngine>(MAX_ENGINES);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Who answers at a place, as far as it is known. */
  at(place: string): RemoteEngine | undefined {
    return this.#byPlace.get(place);
  }

  /** Whoever answers there is found anew. What is known of the engine stays. */
  forgetAt(place: string): void {
    this.#byPlace.delete(place);
  }

  withId(id: Uint8Array): RemoteEngine {
    const key = Buffer.from(id).toString('latin1');
    const known = this.#byId.get(key);
    if (known !== undefined) return known;
    const engine = new RemoteEngine(Uint8Array.from(id), this.#clock, this.#passwords);
    this.#byId.set(key, engine);
    return engine;
  }

  /** That engine answers there now. */
  foundAt(place: string, id: Uint8Array): RemoteEngine {
    const engine = this.withId(id);
    this.#byPlace.set(place, engine);
    return engine;
  }
}
