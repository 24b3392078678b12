import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Manager, RequestResult, Target } from '../../src/manager/index.js';
import { managerPackage } from './built-package.js';

/** `npm run soak -- --only manager` asks ten thousand for minutes. */
const TARGETS = Number(process.env['TRELLIS_MANAGER_TARGETS'] ?? 300);
const SECONDS = Number(process.env['TRELLIS_MANAGER_SECONDS'] ?? 0);
const FEWEST_ROUNDS = 4;
/** Of the first rounds, in which code is compiled and tables grow. */
const WARM_UP_ROUNDS = 2;
/** So that no process needs more descriptors than are usual. */
const AGENTS_OF_A_PROCESS = 2500;
const WINDOW = 2;
const REQUESTS_OF_A_TARGET = 3;
const NAME = '1.3.6.1.2.1.1.7.0';
const MIB = 1024 * 1024;

type Kind = 'good' | 'silent' | 'slow' | 'twice' | 'nonsense';

const children: ChildProcess[] = [];
const kinds: Kind[] = [];
const targets: Target[] = [];

beforeAll(async () => {
  const script = fileURLToPath(new URL('many-agents.mjs', import.meta.url));
  const auth = managerPackage.community('public');
  for (let left = TARGETS; left > 0; left -= AGENTS_OF_A_PROCESS) {
    const child = fork(script, [String(Math.min(left, AGENTS_OF_A_PROCESS))]);
    children.push(child);
    const [bound] = (await once(child, 'message')) as [{ kinds: Kind[]; ports: number[] }];
    for (const [i, port] of bound.ports.entries()) {
      const kind = bound.kinds[i] ?? 'good';
      const patience =
        kind === 'silent' ? { timeoutMs: 100, retries: 0 } : { timeoutMs: 1000, retries: 5 };
      kinds.push(kind);
      targets.push({ host: '127.0.0.1', port, auth, window: WINDOW, ...patience });
    }
  }
});

afterAll(async () => {
  for (const child of children) {
    const gone = once(child, 'exit');
    child.disconnect();
    await gone;
  }
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapOctets(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

const descriptors = (): number => readdirSync('/proc/self/fd').length;

/** Every target several times at once; of each request, what came of it. */
async function round(manager: Manager): Promise<Map<string, number>> {
  const told = new Map<string, number>();
  const asking = targets.flatMap((target, i) =>
    Array.from({ length: REQUESTS_OF_A_TARGET }, async (_, nth) => {
      // Of the silent ones, the last is given up by its caller while it waits or is under way.
      const isLeft = kinds[i] === 'silent' && nth === REQUESTS_OF_A_TARGET - 1;
      const options = isLeft ? { signal: AbortSignal.timeout(50) } : {};
      const outcome = await manager.get(target, [NAME], options).then(
        (result) => `${kinds[i]}: ${tell(result, target)}`,
        (reason: Error) => `${kinds[i]}: ${reason.name}`,
      );
      told.set(outcome, (told.get(outcome) ?? 0) + 1);
    }),
  );
  await Promise.all(asking);
  return told;
}

function tell(result: RequestResult, { port }: Target): string {
  if (result.kind !== 'ok') return result.errorIndication ?? result.errorStatus;
  return result.varBinds[0]?.plain === port ? 'its own answer' : 'the answer of another one';
}

/**
 * Each of the agents has its socket; the manager has one for all. Backpressure: what is under way
 * stays within maxInFlight, and within the window of each target, whatever waits. Memory is that of
 * the rounds before, after any number of rounds.
 */
it(`of ${TARGETS} targets each is asked in its turn, over one socket and with the memory of one round`, async () => {
  const maxInFlight = Math.ceil(TARGETS / 4);
  const before = descriptors();
  const manager = new managerPackage.Manager({ maxInFlight });
  let [mostInFlight, mostWaiting] = [0, 0];
  const look = setInterval(() => {
    const { inFlight, waiting } = manager.metrics;
    mostInFlight = Math.max(mostInFlight, inFlight);
    mostWaiting = Math.max(mostWaiting, waiting);
  }, 1);
  const silent = kinds.filter((kind) => kind === 'silent').length;
  const each = (kind: Kind): number =>
    kinds.filter((one) => one === kind).length * REQUESTS_OF_A_TARGET;
  const due = new Map([
    ['good: its own answer', each('good')],
    ['slow: its own answer', each('slow')],
    ['twice: its own answer', each('twice')],
    ['nonsense: its own answer', each('nonsense')],
    ['silent: requestTimedOut', silent * (REQUESTS_OF_A_TARGET - 1)],
    ['silent: TimeoutError', silent],
  ]);
  const heap: number[] = [];
  const end = performance.now() + SECONDS * 1000;
  try {
    while (heap.length < FEWEST_ROUNDS + WARM_UP_ROUNDS || performance.now() < end) {
      expect(await round(manager)).toEqual(due);
      expect(manager.metrics).toMatchObject({ inFlight: 0, waiting: 0 });
      expect(descriptors()).toBe(before + 1);
      heap.push(heapOctets());
    }
    const { discarded } = manager.metrics;
    expect(discarded.notParsed).toBeGreaterThan(0);
    expect(discarded.unknownRequestId).toBeGreaterThan(0);
  } finally {
    clearInterval(look);
    await manager.close();
  }
  expect(mostInFlight).toBeLessThanOrEqual(maxInFlight);
  expect(mostWaiting).toBeGreaterThan(maxInFlight);
  expect(descriptors()).toBe(before);
  const [first = 0, ...later] = heap.slice(WARM_UP_ROUNDS);
  expect((Math.max(...later) - first) / MIB).toBeLessThan(1);
  for (const child of children) {
    child.send('most');
    const [{ most }] = (await once(child, 'message')) as [{ most: number }];
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(WINDOW);
  }
});
