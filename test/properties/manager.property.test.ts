import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextTurn } from '../../src/base/index.js';
import {
  community,
  RequestError,
  type RequestResult,
  type Target,
} from '../../src/manager/index.js';
import type { OutgoingMessage } from '../../src/message/index.js';
import { compareOids, hasPrefix, type Oid, type VarBind } from '../../src/smi/index.js';
import { FakeNetwork, responseTo } from '../src/manager/fake-network.js';
import { anyOid, anyValue, runs, v1Value } from '../support/arbitraries.js';

const ROOT: Oid = [1, 3, 6, 1];
const PORT = 1161;

interface Reply {
  /** Which request it answers. */
  readonly of: number;
  readonly isFromThere: boolean;
  readonly port: number;
  readonly version: 'v1' | 'v2c';
  readonly community: string;
  readonly requestIdOffset: number;
  readonly type: 'response' | 'get' | 'set' | 'inform' | 'report';
}

const rightMostly = <Value>(right: Value, ...wrong: Value[]): fc.Arbitrary<Value> =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(right) }, ...wrong.map((one) => fc.constant(one)));

const REQUESTS = 3;

const anyReply: fc.Arbitrary<Reply> = fc.record({
  of: fc.nat(REQUESTS - 1),
  isFromThere: rightMostly(true, false),
  port: rightMostly(PORT, PORT + 1),
  version: rightMostly<'v1' | 'v2c'>('v2c', 'v1'),
  community: rightMostly('public', 'Public', 'publi', ''),
  requestIdOffset: rightMostly(0, 1_000_000, -1_000_000),
  type: rightMostly<Reply['type']>('response', 'get', 'set', 'inform'),
});

function isAsAsked(reply: Reply): boolean {
  return (
    reply.isFromThere &&
    reply.port === PORT &&
    reply.version === 'v2c' &&
    reply.community === 'public' &&
    reply.requestIdOffset === 0 &&
    reply.type === 'response'
  );
}

test('a request takes the first reply that is as asked in every respect, and no other [RFC 3413 3.1]', async () => {
  const seen = { answered: 0, silent: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(anyReply, { maxLength: 12 }), async (replies) => {
      const network = new FakeNetwork();
      const manager = network.manager();
      const targets = Array.from({ length: REQUESTS }, (_, i): Target => ({
        host: `192.0.2.${i + 1}`,
        port: PORT,
        auth: community('public'),
        retries: 0,
      }));
      const asking = targets.map((target) => manager.get(target, [ROOT]));
      await nextTurn();
      for (const [i, reply] of replies.entries()) {
        const asked = network.asked[reply.of]!;
        const requestId = (asked.message.pdu as { requestId: number }).requestId;
        const varBinds = [{ name: ROOT, value: { type: 'Integer32', value: i } as const }];
        const message: OutgoingMessage = {
          ...responseTo(asked.message, {
            type: reply.type as 'response',
            requestId: Math.min(0x7fff_ffff, Math.max(-1, requestId + reply.requestIdOffset)),
            varBinds,
          }),
          version: reply.version,
          community: Buffer.from(reply.community),
        };
        const address = reply.isFromThere ? asked.peer.address : '198.51.100.1';
        network.reply(message, { address, port: reply.port });
      }
      await network.clock.advanceAsync(1000);
      for (const [i, asked] of asking.entries()) {
        const result = await asked;
        const first = replies.findIndex((reply) => reply.of === i && isAsAsked(reply));
        if (first === -1) {
          seen.silent += 1;
          expect(result.errorIndication).toBe('requestTimedOut');
        } else {
          seen.answered += 1;
          expect(result.varBinds[0]?.plain).toBe(first);
        }
      }
      const { inFlight, waiting, discarded } = manager.metrics;
      const taken = (await Promise.all(asking)).filter(({ kind }) => kind === 'ok').length;
      const counted = Object.values(discarded).reduce((sum, count) => sum + count, 0);
      expect({ inFlight, waiting, counted }).toEqual({
        inFlight: 0,
        waiting: 0,
        counted: replies.length - taken,
      });
      expect(network.clock.pendingTimers).toBe(0);
    }),
    runs(),
  );
  expect(seen.answered).toBeGreaterThan(100);
  expect(seen.silent).toBeGreaterThan(100);
});

interface Answer {
  readonly errorStatus: number;
  readonly errorIndex: number;
  readonly varBinds: readonly VarBind[];
}

/** Names under the root and elsewhere, so that lies are told in the right place too. */
const anyName = fc.oneof(
  fc.array(fc.nat(3), { minLength: 1, maxLength: 4 }).map((rest): Oid => [...ROOT, ...rest]),
  anyOid,
);

function answersOf(value: typeof anyValue): fc.Arbitrary<Answer | 'silence'> {
  return fc.oneof(
    {
      weight: 12,
      arbitrary: fc.record({
        errorStatus: rightMostly(0, 0, 0, 1, 2, 5, 16, 99, -1),
        errorIndex: fc.constantFrom(0, 1, -1, 7),
        varBinds: fc.array(fc.record({ name: anyName, value }), { maxLength: 4 }),
      }),
    },
    fc.constant('silence' as const),
  );
}

test('a walk ends against any agent, and gives names of the subtree in their order only', async () => {
  const ends = new Map<string, number>();
  const MAX_REQUESTS = 12;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('v1' as const, 'v2c' as const).chain((version) =>
        fc.record({
          version: fc.constant(version),
          answers: fc.array(answersOf(version === 'v1' ? v1Value : anyValue), {
            minLength: 1,
            maxLength: 8,
          }),
          isBulk: fc.boolean(),
          allowNonIncreasing: fc.boolean(),
        }),
      ),
      async ({ version, answers, isBulk, allowNonIncreasing }) => {
        const network = new FakeNetwork();
        network.agent = ({ message }) => {
          const answer = answers[(network.sent.length - 1) % answers.length]!;
          return answer === 'silence' ? undefined : responseTo(message, answer);
        };
        const manager = network.manager();
        const target: Target = {
          host: '192.0.2.1',
          auth: community('public', { version }),
          retries: 0,
        };
        const limits = { maxRequests: MAX_REQUESTS, allowNonIncreasing };
        const walk = isBulk
          ? manager.bulkWalk(target, ROOT, { ...limits, maxRepetitions: 4 })
          : manager.walk(target, ROOT, limits);
        const found: VarBind[] = [];
        const walking = (async (): Promise<string> => {
          try {
            for await (const varBind of walk) found.push(varBind);
            return 'end';
          } catch (error) {
            if (!(error instanceof RequestError)) throw error;
            return error.result.errorIndication ?? 'refused';
          }
        })();
        let end: string | undefined;
        void walking.then((how) => (end = how));
        for (let turn = 0; turn < 40 && end === undefined; turn++) {
          await network.clock.advanceAsync(turn % 8 === 7 ? 1000 : 0);
        }
        ends.set(end ?? 'never', (ends.get(end ?? 'never') ?? 0) + 1);
        expect(end).toBeDefined();
        // A page that was too big is asked for again: once per halving of four.
        expect(network.sent.length).toBeLessThanOrEqual(MAX_REQUESTS + 2);
        for (const [i, { name }] of found.entries()) {
          expect(hasPrefix(name, ROOT)).toBe(true);
          const before = found[i - 1];
          if (allowNonIncreasing || before === undefined) continue;
          expect(compareOids(before.name, name)).toBeLessThan(0);
        }
        expect(manager.metrics).toMatchObject({ inFlight: 0, waiting: 0 });
      },
    ),
    runs(400),
  );
  for (const end of ['end', 'refused', 'oidNotIncreasing', 'emptyResponse', 'requestTimedOut']) {
    expect([end, (ends.get(end) ?? 0) > 5]).toEqual([end, true]);
  }
});

type Step =
  | { readonly kind: 'ask'; readonly host: number }
  | { readonly kind: 'abort'; readonly which: number }
  | { readonly kind: 'reply'; readonly which: number }
  | { readonly kind: 'pass'; readonly ms: number };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('ask' as const), host: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('abort' as const), which: fc.nat(20) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('reply' as const), which: fc.nat(40) }),
  },
  fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(150) }),
);

test('whatever is asked, answered, aborted and closed when: all settle once, within the bounds', async () => {
  const MAX_IN_FLIGHT = 3;
  const WINDOW = 2;
  const ends = { ok: 0, engineError: 0, aborted: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(anyStep, { minLength: 1, maxLength: 40 }),
      async (scheduler, steps) => {
        const network = new FakeNetwork();
        const manager = network.manager({
          maxInFlight: MAX_IN_FLIGHT,
          maxWaiting: 6,
          resolveHost: async (host) => {
            await scheduler.schedule(Promise.resolve(), `look up ${host}`);
            return [{ address: `192.0.2.${host.slice(1)}`, family: 4 }];
          },
        });
        const asking: Promise<RequestResult | 'aborted'>[] = [];
        const controllers: AbortController[] = [];
        for (const step of steps) {
          switch (step.kind) {
            case 'ask': {
              const controller = new AbortController();
              controllers.push(controller);
              const target = {
                host: step.host === 0 ? '192.0.2.100' : `h${step.host}`,
                auth: community('public'),
                window: WINDOW,
                timeoutMs: 100,
                retries: 1,
              };
              asking.push(
                manager
                  .get(target, [ROOT], { signal: controller.signal, deadlineMs: 180 })
                  .catch(() => 'aborted' as const),
              );
              break;
            }
            case 'abort':
              controllers.at(-1 - (step.which % 4))?.abort();
              break;
            case 'reply': {
              // Mostly of what is under way; now and then of what is over.
              await nextTurn();
              const asked = network.asked.at(-1 - (step.which % 4));
              if (asked !== undefined) network.reply(responseTo(asked.message), asked.peer);
              break;
            }
            case 'pass':
              if (scheduler.count() > 0) await scheduler.waitOne();
              await network.clock.advanceAsync(step.ms);
          }
          expect(manager.metrics.inFlight).toBeLessThanOrEqual(MAX_IN_FLIGHT);
          expect(manager.metrics.waiting).toBeLessThanOrEqual(6);
        }
        await manager.close();
        for (const result of await Promise.all(asking)) {
          if (result === 'aborted') ends.aborted += 1;
          else if (result.kind !== 'agentError') ends[result.kind] += 1;
        }
        const sentBefore = network.sent.length;
        await scheduler.waitAll();
        await network.clock.advanceAsync(30_000);
        expect(network.sent).toHaveLength(sentBefore);
        expect(network.clock.pendingTimers).toBe(0);
        expect(manager.metrics).toMatchObject({ inFlight: 0, waiting: 0 });
      },
    ),
    runs(),
  );
  for (const [end, count] of Object.entries(ends)) expect([end, count > 20]).toEqual([end, true]);
});
