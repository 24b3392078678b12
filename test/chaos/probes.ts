import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { systemClock, type Clock, type Logger, type Timer } from '../../src/base/index.js';
import type { Chance } from './chance.js';

/** The machine's clock, which knows what is still to fire. */
export class TrackedClock implements Clock {
  /** BOUNDED by what waits in the agent: that is what it is there to show. */
  readonly #pending = new Set<object>();

  get pendingTimers(): number {
    return this.#pending.size;
  }

  nowMs(): number {
    return systemClock.nowMs();
  }

  wallTimeMs(): number {
    return systemClock.wallTimeMs();
  }

  startTimer(delayMs: number, fire: () => void): Timer {
    const entry = {};
    this.#pending.add(entry);
    const timer = systemClock.startTimer(delayMs, () => {
      this.#pending.delete(entry);
      fire();
    });
    return {
      cancel: () => {
        this.#pending.delete(entry);
        timer.cancel();
      },
    };
  }
}

/** A logger that fails now and then, as one does whose disk is full. */
export class FailingLogger implements Logger {
  readonly #chance: Chance;
  failures = 0;
  lines = 0;
  readonly debug = (): void => this.#log();
  readonly info = (): void => this.#log();
  readonly warn = (): void => this.#log();
  readonly error = (): void => this.#log();

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  #log(): void {
    this.lines += 1;
    if (!this.#chance.is(0.3)) return;
    this.failures += 1;
    throw new Error('the disk is full');
  }
}

/** Catches what would end the process, and what Node warns of: a leak of listeners, for one. */
export class Escapes implements Disposable {
  readonly #note = (kind: string) => (error: unknown) => {
    this.#violated(`${kind}: ${error instanceof Error ? (error.stack ?? '') : String(error)}`);
  };
  readonly #violated: (what: string) => void;
  readonly #uncaught = this.#note('uncaught exception');
  readonly #unhandled = this.#note('unhandled rejection');
  readonly #warned = this.#note('warning');

  constructor(violated: (what: string) => void) {
    this.#violated = violated;
    process.on('uncaughtException', this.#uncaught);
    process.on('unhandledRejection', this.#unhandled);
    process.on('warning', this.#warned);
  }

  [Symbol.dispose](): void {
    process.off('uncaughtException', this.#uncaught);
    process.off('unhandledRejection', this.#unhandled);
    process.off('warning', this.#warned);
  }
}

const RESOURCES = ['UDPWRAP', 'UDPSendWrap', 'Timeout', 'Immediate'] as const;

/** What holds the process open, by kind. */
export function openResources(): ReadonlyMap<string, number> {
  const active = process.getActiveResourcesInfo();
  return new Map(RESOURCES.map((kind) => [kind, active.filter((one) => one === kind).length]));
}

/** What is more than before; '' for nothing. */
export function resourcesLeft(before: ReadonlyMap<string, number>): string {
  return [...openResources()]
    .filter(([kind, count]) => count > (before.get(kind) ?? 0))
    .map(([kind, count]) => `${kind}: ${count} of ${before.get(kind) ?? 0}`)
    .join(', ');
}

/** Octets of the heap that are in use when everything that can be is collected. */
export async function usedHeapOctets(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let i = 0; i < 3; i++) {
    collect();
    // Finalizers and the promises that they hold have their turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed;
}

/** Polls, for things that happen by themselves. @returns whether it became true in time. */
export async function eventually(isTrue: () => boolean, deadlineMs: number): Promise<boolean> {
  const untilMs = performance.now() + deadlineMs;
  while (!isTrue()) {
    if (performance.now() > untilMs) return false;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return true;
}
