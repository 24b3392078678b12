import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { user, type Target } from '../../src/manager/index.js';
import { decodeV3Message } from '../../src/message/index.js';
import { generateEngineId, passwordToKey, type UserSecrets } from '../../src/security/index.js';
import { FakeNetwork } from '../src/manager/fake-network.js';
import { runs } from '../support/arbitraries.js';
import { statusPdu } from '../support/snmp-client.js';
import { encodeV3 } from '../support/v3-client.js';
import { V3Responder } from '../support/v3-responder.js';

const RETRIES = 2;
const TIMEOUT_MS = 100;
const NAME = '1.3.6.1.2.1.1.5.0';
const PASSWORDS = { authPassword: 'correct horse', privPassword: 'battery staple' };
const SIGNED = { name: 'signed', auth: 'sha1' } as const;
const SECRET = { name: 'secret', auth: 'sha1', priv: 'aes128' } as const;
const USERS: readonly UserSecrets[] = [
  { ...SIGNED, authPassword: PASSWORDS.authPassword },
  { ...SECRET, ...PASSWORDS },
];
/** By keys: each run would make them of the passwords again, which takes milliseconds. */
const master = (password: string): string =>
  Buffer.from(passwordToKey('sha1', Buffer.from(password))).toString('hex');
const KEYS = {
  authKey: master(PASSWORDS.authPassword),
  privKey: master(PASSWORDS.privPassword),
  keyType: 'master',
} as const;
const { privKey: _privKey, ...AUTH_KEY } = KEYS;
const ASKERS = [user({ ...SIGNED, ...AUTH_KEY }), user({ ...SECRET, ...KEYS })];

/** Messages of one request at most: who answers, what time it is, and twice again for another one. */
const MOST_MESSAGES = (RETRIES + 1) * 6;

const idOf = (last: number): Uint8Array =>
  generateEngineId((octets) => new Uint8Array(octets).fill(last));

/** What becomes of one datagram on its way, and what else happens then. */
type Incident =
  | { readonly kind: 'pass' | 'loseRequest' | 'loseReply' | 'twice' | 'replay' }
  | { readonly kind: 'flip'; readonly at: number }
  | {
      readonly kind: 'forge';
      readonly arc: number;
      readonly engine: number;
      readonly boots: number;
      readonly before: boolean;
    }
  | { readonly kind: 'restart' | 'replace' };

const incident: fc.Arbitrary<Incident> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('pass', 'loseRequest', 'loseReply', 'twice', 'replay'),
  }),
  fc.record({ kind: fc.constant('flip'), at: fc.nat(200) }),
  fc.record({
    kind: fc.constant('forge'),
    arc: fc.integer({ min: 1, max: 6 }),
    engine: fc.nat(3),
    boots: fc.oneof(fc.nat(9), fc.constant(2_147_483_647)),
    before: fc.boolean(),
  }),
  fc.record({ kind: fc.constantFrom('restart', 'replace') }),
);

/** An agent whose every answer is a value that it gave never before, and somebody on the path. */
class Path {
  readonly network = new FakeNetwork();
  readonly answered = new Set<number>();
  #agent: V3Responder;
  #boots = 1;
  #id = 10;
  #given = 0;
  readonly #recorded: Uint8Array[] = [];
  #incidents: readonly Incident[] = [];

  constructor() {
    this.#agent = this.#start();
    this.network.responder = (octets, peer) => {
      const [next = { kind: 'pass' } as const, ...rest] = this.#incidents;
      this.#incidents = rest;
      const deliver = (reply: Uint8Array): void => this.network.deliver(reply, peer);
      if (next.kind === 'restart') this.#restart();
      if (next.kind === 'replace') this.#replace();
      if (next.kind === 'loseRequest') return undefined;
      if (next.kind === 'forge' && next.before) deliver(forged(octets, next, this.#agent));
      if (next.kind === 'replay') for (const one of this.#recorded) deliver(one);
      const reply = this.#agent.receive(octets);
      if (reply === undefined || next.kind === 'loseReply') return undefined;
      this.#recorded.push(reply);
      if (next.kind === 'flip') return flipped(reply, next.at);
      if (next.kind === 'twice') deliver(reply);
      deliver(reply);
      if (next.kind === 'forge') deliver(forged(octets, next, this.#agent));
      return undefined;
    };
  }

  set incidents(incidents: readonly Incident[]) {
    this.#incidents = incidents;
  }

  #start(): V3Responder {
    const { clock } = this.network;
    const agent = new V3Responder(USERS, { clock, boots: this.#boots, id: idOf(this.#id) });
    agent.answer = ({ varBinds }) => {
      const value = ++this.#given;
      this.answered.add(value);
      const [first] = varBinds;
      return { varBinds: [{ name: first?.name ?? [1, 3], value: { type: 'Integer32', value } }] };
    };
    return agent;
  }

  #restart(): void {
    this.#boots += 1;
    this.#agent = this.#start();
  }

  #replace(): void {
    this.#id += 1;
    this.#boots = 1;
    this.#agent = this.#start();
  }
}

function flipped(reply: Uint8Array, at: number): Uint8Array {
  const octets = Buffer.from(reply);
  const place = at % octets.length;
  octets[place] = (octets[place] as number) ^ 0x10;
  return octets;
}

/** A Report that nobody signed, with the msgID of what was just sent. */
function forged(
  sent: Uint8Array,
  { arc, engine, boots }: Extract<Incident, { kind: 'forge' }>,
  agent: V3Responder,
): Uint8Array {
  const decoded = decodeV3Message(sent);
  const name = [1, 3, 6, 1, 6, 3, 15, 1, 1, arc, 0];
  return encodeV3({
    user: { name: '' },
    level: 'noAuthNoPriv',
    msgId: decoded.ok ? decoded.value.msgId : 1,
    engineId: engine === 0 ? agent.engine.id : idOf(100 + engine),
    engineBoots: boots,
    engineTimeSeconds: boots,
    pdu: statusPdu('report', [{ name, value: { type: 'Counter32', value: 1 } }], 0),
  }).octets;
}

test('whatever is lost, repeated, kept or forged on the path: a signed request settles, only with what the agent answered it, and the next one is as if nothing had been', async () => {
  const seen = { ok: 0, failed: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          incidents: fc.array(incident, { maxLength: 8 }),
          pauseMs: fc.oneof(fc.constant(0), fc.nat(400_000)),
        }),
        { minLength: 1, maxLength: 5 },
      ),
      fc.nat(1),
      async (rounds, who) => {
        const path = new Path();
        const { network } = path;
        const manager = network.manager();
        const auth = ASKERS[who] as Target['auth'];
        const to = { host: '192.0.2.1', auth, timeoutMs: TIMEOUT_MS, retries: RETRIES };
        const ask = async (incidents: readonly Incident[]) => {
          path.incidents = incidents;
          network.sent.length = 0;
          const before = new Set(path.answered);
          const asking = manager.get(to, [NAME]);
          await network.clock.advanceAsync(TIMEOUT_MS * MOST_MESSAGES);
          const result = await asking;
          expect(network.sent.length).toBeLessThanOrEqual(MOST_MESSAGES);
          if (result.kind === 'ok') {
            const { plain } = result.varBinds[0] ?? {};
            // Its own answer: of this request, and not of one before.
            expect(path.answered.has(plain as number) && !before.has(plain as number)).toBe(true);
          }
          return result;
        };
        for (const { incidents, pauseMs } of rounds) {
          const { kind } = await ask(incidents);
          seen[kind === 'ok' ? 'ok' : 'failed'] += 1;
          await network.clock.advanceAsync(pauseMs);
        }
        expect((await ask([])).kind).toBe('ok');
        expect(network.clock.pendingTimers).toBe(0);
        await manager.close();
      },
    ),
    runs(),
  );
  expect(seen.ok).toBeGreaterThan(100);
  expect(seen.failed).toBeGreaterThan(30);
});
