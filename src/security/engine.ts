import type { Clock, Random } from '../base/index.js';
import { Salts } from './usm/salts.js';

/** RFC 3414 2.2.2: boots that got there stay there, and nothing authenticated is taken any more. */
export const MAX_ENGINE_BOOTS = 2_147_483_647;
/** What snmpEngineTime comes to; a second later it begins again, and boots grow. */
export const MAX_ENGINE_TIME_SECONDS = 2_147_483_647;
/** RFC 3414 2.2.3: how old a message may be. */
export const TIME_WINDOW_SECONDS = 150;
const TIME_PERIOD_SECONDS = MAX_ENGINE_TIME_SECONDS + 1;

export interface EngineParts {
  /** As `parseEngineId` gives it. */
  readonly id: Uint8Array;
  /** For this life: 1..2147483647. Whoever keeps it has counted this one already. */
  readonly boots: number;
  readonly maxMessageSizeOctets: number;
  readonly clock: Clock;
  readonly random: Random;
}

/** An SNMP engine as messages see it: RFC 3411 section 3.1, RFC 3414 2.2. */
export class SnmpEngine {
  readonly id: Uint8Array;
  readonly maxMessageSizeOctets: number;
  readonly salts: Salts;
  readonly #firstBoots: number;
  readonly #clock: Clock;
  readonly #startedMs: number;

  constructor({ id, boots, maxMessageSizeOctets, clock, random }: EngineParts) {
    this.id = id;
    this.maxMessageSizeOctets = maxMessageSizeOctets;
    this.salts = new Salts(random);
    this.#firstBoots = boots;
    this.#clock = clock;
    this.#startedMs = clock.nowMs();
  }

  /** snmpEngineBoots. */
  get boots(): number {
    const periods = Math.floor(this.#elapsedSeconds() / TIME_PERIOD_SECONDS);
    return Math.min(this.#firstBoots + periods, MAX_ENGINE_BOOTS);
  }

  /** snmpEngineTime: by the monotonic clock, whatever becomes of the date (USM-054). */
  get timeSeconds(): number {
    return this.#elapsedSeconds() % TIME_PERIOD_SECONDS;
  }

  #elapsedSeconds(): number {
    return Math.floor((this.#clock.nowMs() - this.#startedMs) / 1000);
  }
}
