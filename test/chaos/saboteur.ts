import type { CallContext } from '../../src/instrumentation/index.js';
import type { Chance } from './chance.js';

/** The deadlines of the subtrees, in milliseconds: short, so that many are missed in a minute. */
export const DEADLINES = { getMs: 60, setMs: 40, lifecycleMs: 60 } as const;

/** How a call goes wrong. */
export const FAULTS = [
  'throws',
  'throwsNoError',
  'rejects',
  'hangs',
  'answersLate',
  'answersRubbish',
  'promisesRubbish',
  'refuses',
  'listensBadly',
] as const;
export type Fault = (typeof FAULTS)[number];

/** One call of a function, as the saboteur needs to know it. */
export interface Call {
  readonly subtree: string;
  readonly operation: string;
  readonly context: CallContext;
  /** Does what the function is for, if anything. */
  readonly effect?: () => void;
  /** The true answer, when the effect is there. */
  readonly answer: () => unknown;
  /** Answers that are legal and are no success: refusals, failures, genErr. */
  readonly refusals?: readonly unknown[];
}

/** What no function of any kind may throw, and some do. */
const THROWN: readonly (() => unknown)[] = [
  () => undefined,
  () => null,
  () => 'a string',
  () => 42n,
  () => Symbol('thrown'),
  () => Object.freeze({ toString: 5 }),
  () => revoked(),
  () => hostile(),
];

/** Answers that are legal nowhere: neither a value of an INTEGER, nor a status, nor rows. */
const RUBBISH: readonly (() => unknown)[] = [
  () => undefined,
  () => null,
  () => Number.NaN,
  () => -1,
  () => 2 ** 31,
  () => 1.5,
  () => 'rubbish',
  () => true,
  () => Symbol('answered'),
  () => () => 1,
  () => ({ error: 'tooBig', column: 77 }),
  () => ({ noValue: 'endOfMibView' }),
  () => [{}, {}, {}, {}, {}],
  () => [Number.NaN],
  () => new Date(),
  () => revoked(),
  () => hostile(),
];

/** Promises as no promise should be. */
const PROMISES: readonly (() => unknown)[] = [
  () => Promise.reject(undefined),
  () => Promise.resolve(hostile()),
  () => ({
    // oxlint-disable-next-line unicorn/no-thenable -- what a hostile program may answer
    then: () => {
      throw new Error('then throws');
    },
  }),
  () => ({
    // oxlint-disable-next-line unicorn/no-thenable -- what a hostile program may answer
    then: (resolve: (value: unknown) => void, reject: (error: unknown) => void) => {
      reject(new Error('first'));
      resolve('noError');
      throw new Error('and again');
    },
  }),
  () => ({
    // oxlint-disable-next-line unicorn/no-thenable -- what a hostile program may answer
    then: (resolve: (value: unknown) => void) => {
      resolve(Number.NaN);
      resolve('twice');
    },
  }),
];

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function hostile(): unknown {
  const fail = (): never => {
    throw new Error('do not look at me');
  };
  return new Proxy({}, { get: fail, has: fail, getPrototypeOf: fail, ownKeys: fail });
}

/**
 * Decides how every call of a function goes. Most go well, at once or a little later; some do not,
 * by the choices of one seed. What is done late, or after an abort, is not done: as a good author's
 * function leaves the device alone when nobody waits for it.
 */
export class Saboteur {
  /** By subtree: how many of its calls go wrong, as a part of 1. */
  readonly #severity: ReadonlyMap<string, number>;
  readonly #chances = new Map<string, Chance>();
  readonly #chance: Chance;
  /** Its own timers. BOUNDED by the calls under way, and the late ones. */
  readonly #timers = new Set<NodeJS.Timeout>();
  /** How often each fault was put in. */
  readonly faults = new Map<Fault, number>();
  isAtPeace = false;

  constructor(chance: Chance, severity: ReadonlyMap<string, number>) {
    this.#chance = chance;
    this.#severity = severity;
  }

  /** Whether nothing of it is under way any more. */
  get isIdle(): boolean {
    return this.#timers.size === 0;
  }

  /** One call of a function of the subtrees: returns or throws what the function does. */
  perform(call: Call): unknown {
    const chance = this.#chanceOf(call.subtree);
    const goesWrong = chance.is(this.#severity.get(call.subtree) ?? 0);
    const fault = chance.pick(FAULTS);
    const isEarly = chance.is(0.5);
    if (this.isAtPeace) {
      call.effect?.();
      return call.answer();
    }
    if (!goesWrong) return this.#succeed(call, chance);
    this.faults.set(fault, (this.faults.get(fault) ?? 0) + 1);
    // What a refusal by value says must be true: nothing was changed.
    if (isEarly && fault !== 'refuses' && fault !== 'listensBadly') call.effect?.();
    return this.#fail(fault, call, chance);
  }

  #succeed(call: Call, chance: Chance): unknown {
    const act = (): unknown => {
      if (call.context.signal.aborted) return 'too late';
      call.effect?.();
      return call.answer();
    };
    const manner = chance.next();
    if (manner < 0.6) {
      call.effect?.();
      return call.answer();
    }
    if (manner < 0.8) return Promise.resolve().then(act);
    return this.#later(chance.integer(0, 8), act);
  }

  #fail(fault: Fault, call: Call, chance: Chance): unknown {
    switch (fault) {
      case 'throws':
        throw new Error(`sabotage of ${call.operation}`);
      case 'throwsNoError':
        throw chance.pick(THROWN)();
      case 'rejects':
        return this.#later(chance.integer(0, 8), () => {
          throw chance.pick(THROWN)();
        });
      case 'hangs':
        return new Promise(() => undefined);
      case 'answersLate':
        return this.#later(chance.integer(DEADLINES.setMs + 5, 3 * DEADLINES.setMs), () =>
          chance.is(0.5) ? call.answer() : chance.pick(call.refusals ?? [undefined]),
        );
      case 'answersRubbish':
        return chance.pick(RUBBISH)();
      case 'promisesRubbish':
        return chance.pick(PROMISES)();
      case 'refuses':
        return call.refusals === undefined
          ? this.#succeed(call, chance)
          : this.#later(chance.integer(0, 3), () => chance.pick(call.refusals ?? []));
      case 'listensBadly':
        call.context.signal.addEventListener('abort', () => {
          throw new Error('sabotage of an abort listener');
        });
        return chance.is(0.5) ? new Promise(() => undefined) : this.#succeed(call, chance);
    }
  }

  #later(delayMs: number, act: () => unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        try {
          resolve(act());
        } catch (error) {
          reject(error);
        }
      }, delayMs);
      this.#timers.add(timer);
    });
  }

  #chanceOf(subtree: string): Chance {
    let chance = this.#chances.get(subtree);
    if (chance === undefined) {
      chance = this.#chance.fork(subtree);
      this.#chances.set(subtree, chance);
    }
    return chance;
  }
}
