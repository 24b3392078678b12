import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { AuthKey } from '../../../src/security/index.js';
import { Hmac } from '../../../src/security/usm/hmac.js';
import type { Peer } from '../../../src/transport/index.js';
import type { ConfAgent } from '../../support/conf-agent.js';
import { asked, integer, statusPdu } from '../../support/snmp-client.js';
import type { V3Request } from '../../support/v3-client.js';
import { V3Manager, v3Agent } from '../../support/v3-manager.js';

const ENABLE_AUTHEN_TRAPS = [1, 3, 6, 1, 2, 1, 11, 30, 0];
const ENABLED = integer(1);
const WRONG = { name: 'signed', auth: new AuthKey('sha256', Buffer.alloc(32, 1)) };
const GET = () => statusPdu('get', asked([[1, 3, 6, 1, 2, 1, 1, 3, 0]]));

let conf: ConfAgent;
beforeAll(async () => {
  // Nobody listens there, and nobody need.
  const notify = { targets: [{ address: 'udp://127.0.0.1:9', community: 'c' }] };
  conf = await v3Agent(undefined, { notify });
});
afterAll(() => conf[Symbol.asyncDispose]());
afterEach(() => vi.restoreAllMocks());

/** Another one each time. */
function stranger(i: number): Peer {
  return { address: `198.51.${i >> 8}.${i & 255}`, port: 1024 + (i % 60_000) };
}

const WAYS: readonly ((i: number) => Partial<V3Request>)[] = [
  (i) => ({ engineId: Buffer.from(`80007ed904${(0x1000_0000 + i).toString(16)}`, 'hex') }),
  (i) => ({ userName: `stranger${i}` }),
  (i) => ({ level: 'noAuthNoPriv', engineId: Buffer.alloc(0), msgId: i + 1 }),
  (i) => ({ engineTimeSeconds: 10_000 + i }),
  (i) => ({ contextName: `context${i}` }),
  (i) => ({ contextEngineId: Buffer.from(`80007ed904${(0x2000_0000 + i).toString(16)}`, 'hex') }),
];

/** The sizes of all maps and sets that were written to while something was done. */
async function sizesOfWritten(work: () => Promise<void>): Promise<readonly number[]> {
  const written = new Set<Map<unknown, unknown> | Set<unknown>>();
  type Method = (this: unknown, ...given: unknown[]) => unknown;
  const set = Reflect.get(Map.prototype, 'set') as Method;
  const add = Reflect.get(Set.prototype, 'add') as Method;
  let isOn = true;
  const watched = (method: Method): Method =>
    function watching(this: unknown, ...given) {
      if (isOn) Reflect.apply(add, written, [this]);
      return Reflect.apply(method, this, given);
    };
  Reflect.set(Map.prototype, 'set', watched(set));
  Reflect.set(Set.prototype, 'add', watched(add));
  try {
    await work();
  } finally {
    isOn = false;
    Reflect.set(Map.prototype, 'set', set);
    Reflect.set(Set.prototype, 'add', add);
  }
  return [...written].map(({ size }) => size);
}

describe('whoever asks', () => {
  it('leaves nothing behind: no engine, no user, no address, no context [LIM-009]', async () => {
    const manager = new V3Manager(conf, 'signed');
    const before = conf.agent.metrics().snmp;
    const MESSAGES = 1200;
    const sizes = await sizesOfWritten(async () => {
      for (let i = 0; i < MESSAGES; i++) {
        const way = WAYS[i % WAYS.length] as (typeof WAYS)[number];
        const { octets } = manager.encode(GET(), way(i));
        const reply = await conf.agent.inject(octets, stranger(i));
        expect(reply).toBeDefined();
      }
    });
    // What is kept of requests that were taken is bounded by far less than what came.
    for (const size of sizes) expect(size).toBeLessThan(MESSAGES / WAYS.length);
    const after = conf.agent.metrics().snmp;
    const grown = ['usmStatsUnknownEngineIDs', 'usmStatsUnknownUserNames', 'snmpUnknownContexts'];
    for (const name of grown) {
      expect((after[name] ?? 0) - (before[name] ?? 0), name).toBeGreaterThanOrEqual(MESSAGES / 6);
    }
  });

  it.each<readonly [string, Partial<V3Request>, number]>([
    ['nothing for an engine that is not ours', { engineId: Buffer.from('80007ed90478', 'hex') }, 0],
    ['nothing for a user that is not there', { userName: 'nobody' }, 0],
    ['nothing for a level without keys', { userName: 'open' }, 0],
    ['nothing for a digest of another length', { userName: 'aes', level: 'authNoPriv' }, 0],
    ['one digest for a wrong password', { user: WRONG }, 1],
    ['a second one for a wrong time, whose report is signed', { engineTimeSeconds: 9999 }, 2],
    ['two for an answer', {}, 2],
  ])('costs %s [LIM-008, USM-006]', async (_what, changed, digests) => {
    const { octets } = new V3Manager(conf, 'signed').encode(GET(), changed);
    const digest = vi.spyOn(Hmac.prototype, 'digest');
    expect(await conf.agent.inject(octets)).toBeDefined();
    expect(digest).toHaveBeenCalledTimes(digests);
  });

  it('with wrong passwords is told of, at most ten times at once [LIM-007, LIM-008]', async () => {
    const manager = new V3Manager(conf, 'signed');
    const enable = [{ name: ENABLE_AUTHEN_TRAPS, value: ENABLED }];
    expect((await manager.send(statusPdu('set', enable)))?.pdu).toMatchObject({ errorStatus: 0 });
    const told = (): number => {
      const { sent, notSent } = conf.agent.metrics().notifications;
      return sent + notSent;
    };
    const failures = conf.counter('usmStatsWrongDigests');
    const before = told();
    const { octets } = manager.encode(GET(), { user: WRONG });
    for (let i = 0; i < 50; i++) await conf.agent.inject(octets, stranger(i));
    expect(conf.counter('usmStatsWrongDigests')).toBe(failures + 50);
    expect(told() - before).toBe(10);
  });
});
