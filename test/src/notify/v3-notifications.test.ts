import { inspect } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../../src/base/index.js';
import { createCounters, V3Processing } from '../../../src/dispatch/index.js';
import {
  completeTargets,
  NotificationOriginator,
  NotifyTarget,
  type Delivery,
  type Notification,
  type NotifyTargetOptions,
} from '../../../src/notify/index.js';
import { UserTable, type SnmpEngine, type UsmUser } from '../../../src/security/index.js';
import { parseOid } from '../../../src/smi/index.js';
import type { Peer } from '../../../src/transport/index.js';
import { UserReader } from '../../../src/user-access.js';
import { toldReceivers } from '../../support/told-receivers.js';
import { decodeV3, encodeV3, testEngine, type V3Reply } from '../../support/v3-client.js';

const MANAGER: Peer = { address: '192.0.2.9', port: 162 };
const ANN = {
  name: 'ann',
  auth: 'sha256',
  authPassword: 'ann auth password',
  priv: 'aes128',
  privPassword: 'ann priv password',
} as const;
const TRAP: NotifyTargetOptions = { name: 'm', address: 'udp://192.0.2.9:162', user: ANN };
const INFORM: NotifyTargetOptions = { ...TRAP, inform: true, timeoutMs: 1000, retries: 2 };
const COLD_START: Notification = {
  name: 'coldStart',
  oid: parseOid('1.3.6.1.6.3.1.1.5.1'),
  varBinds: [],
};
const HOUR_MS = 3_600_000;

let clock: SimulatedClock;
let sent: Uint8Array[];
let told: Delivery[];
let engine: SnmpEngine;
let users: UserTable;
let originator: NotificationOriginator;
/** Users of usmUserTable with keys for other engines. */
let userAt: (engineId: Uint8Array, name: string) => UsmUser | undefined;

function begin(targets: readonly NotifyTargetOptions[], more: readonly NotifyTarget[] = []): void {
  engine = testEngine({ id: Buffer.from('80007ed90473656e646572', 'hex'), clock, boots: 8 });
  users = new UserTable();
  const receivers = [
    ...toldReceivers(targets),
    ...more.map((target) => ({ target, filter: undefined })),
  ];
  originator = new NotificationOriginator({
    mayTell: () => true,
    clock,
    receivers: () => receivers,
    channel: () => ({ send: (octets) => void sent.push(octets) }),
    upTimeCentiseconds: () => 77,
    agentAddress: () => Uint8Array.of(192, 0, 2, 1),
    maxSizeOctets: 1500,
    engine,
    users,
    userAt: (engineId, name) => userAt(engineId, name),
    maxPendingInforms: 10,
    delivered: (_notification, delivery) => void told.push(delivery),
  });
}

/** An engine that takes informs of ann, at a place of ours. */
class Receiver {
  readonly engine: SnmpEngine;
  readonly user: UsmUser;
  readonly #processing: V3Processing;

  constructor(id: string, started = clock) {
    this.engine = testEngine({ id: Buffer.from(id, 'hex'), boots: 3, clock: started });
    this.user = new UserReader(this.engine.id).read(ANN, 'ann').user;
    const known = new UserTable();
    known.add(this.user);
    this.#processing = new V3Processing(createCounters(), this.engine, known);
  }

  /** What the engine reports about the last message, if it is none that it takes. */
  report(): Buffer | undefined {
    const outcome = this.#processing.receive(sent.at(-1) ?? new Uint8Array());
    return outcome.kind === 'ended' ? outcome.report : undefined;
  }

  /** The inform as it came, and what acknowledges it. */
  acknowledgement(errorStatus = 0): { readonly inform: V3Reply; readonly octets: Buffer } {
    const inform = decodeV3(sent.at(-1), this.user);
    if (inform.pdu.type !== 'inform') throw new Error(`a ${inform.pdu.type} came`);
    const { octets } = encodeV3({
      user: this.user,
      level: inform.message.securityLevel ?? 'authPriv',
      engineId: this.engine.id,
      engineBoots: this.engine.boots,
      engineTimeSeconds: this.engine.timeSeconds,
      msgId: inform.message.msgId,
      contextEngineId: inform.contextEngineId,
      contextName: Buffer.from(inform.contextName).toString(),
      pdu: { ...inform.pdu, type: 'response', errorStatus, errorIndex: 0 },
    });
    return { inform, octets };
  }
}

beforeEach(() => {
  clock = new SimulatedClock();
  clock.advance(HOUR_MS);
  sent = [];
  told = [];
  userAt = () => undefined;
});

describe('traps of SNMPv3', () => {
  it('have this engine for authority, and keys for it [RFC 3414 1.5.1]', async () => {
    begin([{ ...TRAP, contextName: 'ctx' }]);
    clock.advance(90_000);
    expect(await originator.send(COLD_START)).toMatchObject([{ outcome: 'sent' }]);
    const { user } = new UserReader(engine.id).read(ANN, 'ann');
    const trap = decodeV3(sent[0], user);
    expect(trap.pdu.type).toBe('trap');
    expect(trap.message).toMatchObject({ securityLevel: 'authPriv', isReportable: false });
    expect(trap.parameters).toMatchObject({ engineBoots: 8, engineTimeSeconds: 90 });
    expect(Buffer.compare(trap.parameters.engineId, engine.id)).toBe(0);
    expect(Buffer.compare(trap.contextEngineId, engine.id)).toBe(0);
    expect(Buffer.from(trap.contextName).toString()).toBe('ctx');
  });

  it("may be those of one of the agent's users, with the keys of the day", async () => {
    begin([{ ...TRAP, user: 'ann' }]);
    const reader = new UserReader(engine.id);
    const last = async (): Promise<Delivery | undefined> => (await originator.send(COLD_START))[0];
    expect(await last()).toMatchObject({ outcome: 'notSent', reason: 'there is no such user' });
    for (const authPassword of ['one password', 'another password']) {
      const { user } = reader.read({ ...ANN, authPassword }, 'ann');
      users.put(user);
      expect(await last()).toMatchObject({ outcome: 'sent' });
      expect(decodeV3(sent.at(-1), user).pdu.type).toBe('trap');
    }
    users.put({ name: 'ann' });
    expect(await last()).toMatchObject({ outcome: 'sent' });
    expect(decodeV3(sent.at(-1), { name: 'ann' }).message.securityLevel).toBe('noAuthNoPriv');
    users.remove('ann');
    expect(await last()).toMatchObject({ outcome: 'notSent' });
  });

  it('need keys for the level that they are to have', async () => {
    begin([{ ...TRAP, user: 'ann', level: 'authPriv' }]);
    users.put({ name: 'ann' });
    expect(await originator.send(COLD_START)).toMatchObject([
      { outcome: 'notSent', reason: 'the user has no keys for authPriv' },
    ]);
  });
});

describe('informs of SNMPv3', () => {
  it('find the engine that receives them, and are acknowledged by it alone [USM-017, MPD-018]', async () => {
    begin([INFORM]);
    const receiver = new Receiver('80007ed904726563656976');
    clock.advance(5000);
    const sending = originator.send(COLD_START);
    const report = receiver.report();
    expect(report).toBeDefined();
    // From anywhere else it is nobody's.
    originator.receive(report ?? Buffer.of(), { address: '192.0.2.66', port: 162 });
    expect(sent).toHaveLength(1);
    originator.receive(report ?? Buffer.of(), MANAGER);
    expect(sent).toHaveLength(2);
    const { inform, octets } = receiver.acknowledgement();
    expect(inform.message.securityLevel).toBe('authPriv');
    expect(inform.parameters).toMatchObject({ engineBoots: 3, engineTimeSeconds: 5 });
    expect(Buffer.compare(inform.contextEngineId, engine.id)).toBe(0);
    for (const at of [octets.length - 1, octets.indexOf(Buffer.from('ann')) + 12]) {
      const changed = Buffer.from(octets);
      changed[at] = (changed[at] as number) ^ 1;
      originator.receive(changed, MANAGER);
    }
    expect(told).toEqual([]);
    originator.receive(octets, MANAGER);
    expect(await sending).toMatchObject([{ outcome: 'acknowledged' }]);
    // Nothing waits for anything any more.
    originator.receive(octets, MANAGER);
    clock.advance(HOUR_MS);
    expect(sent).toHaveLength(2);
    // The next one knows where to go, and what time it is there.
    const next = originator.send(COLD_START);
    originator.receive(receiver.acknowledgement().octets, MANAGER);
    expect(await next).toMatchObject([{ outcome: 'acknowledged' }]);
    expect(sent).toHaveLength(3);
  });

  it('are sent anew each time nobody answers, each a message of its own [MPD-023]', async () => {
    begin([INFORM]);
    const receiver = new Receiver('80007ed904726563656976');
    const sending = originator.send(COLD_START);
    originator.receive(receiver.report() ?? Buffer.of(), MANAGER);
    const messages = [receiver.acknowledgement()];
    clock.advance(1000);
    messages.push(receiver.acknowledgement());
    expect(new Set(messages.map(({ inform }) => inform.message.msgId)).size).toBe(2);
    expect(
      new Set(messages.map(({ inform }) => (inform.pdu as { requestId: number }).requestId)).size,
    ).toBe(1);
    clock.advance(10_000);
    expect(await sending).toMatchObject([{ outcome: 'unanswered' }]);
    expect(originator.pendingInforms).toBe(0);
  });

  it('learn the time when it was wrong, and end where the receiver says why not', async () => {
    begin([INFORM]);
    const receiver = new Receiver('80007ed904726563656976');
    const first = originator.send(COLD_START);
    originator.receive(receiver.report() ?? Buffer.of(), MANAGER);
    originator.receive(receiver.acknowledgement(5).octets, MANAGER);
    expect(await first).toMatchObject([{ outcome: 'refused', reason: 'genErr' }]);
    // It has begun anew: the same engine, another time.
    const later = new SimulatedClock();
    const restarted = new Receiver('80007ed904726563656976', later);
    clock.advance(200_000);
    Object.defineProperty(restarted.engine, 'boots', { value: 4 });
    const second = originator.send(COLD_START);
    originator.receive(restarted.report() ?? Buffer.of(), MANAGER);
    originator.receive(restarted.acknowledgement().octets, MANAGER);
    expect(await second).toMatchObject([{ outcome: 'acknowledged' }]);
    // Somebody else with the same password, who knows another user.
    const stranger = new Receiver('80007ed9046f74686572');
    const third = originator.send(COLD_START);
    originator.receive(stranger.report() ?? Buffer.of(), MANAGER);
    originator.receive(stranger.acknowledgement().octets, MANAGER);
    expect(await third).toMatchObject([{ outcome: 'acknowledged' }]);
  });
});

describe('informs of SNMPv3 that rows select', () => {
  const byRow = (level: 'authNoPriv' | 'authPriv' = 'authPriv'): NotifyTarget =>
    new NotifyTarget({
      name: 'row',
      address: { host: '192.0.2.9', port: 162, family: 4 },
      kind: 'inform',
      timeoutMs: 1000,
      retries: 2,
      security: { version: 'v3', user: 'ann', level, contextName: new Uint8Array() },
      maxSizeOctets: Infinity,
      tells: undefined,
    });

  it('have the keys that usmUserTable has for the engine that receives them [NOT-031, NOT-035]', async () => {
    begin([], [byRow()]);
    const receiver = new Receiver('80007ed904726563656976');
    userAt = (engineId, name) =>
      name === 'ann' && Buffer.compare(engineId, receiver.engine.id) === 0
        ? receiver.user
        : undefined;
    const sending = originator.send(COLD_START);
    originator.receive(receiver.report() ?? Buffer.of(), MANAGER);
    expect(sent).toHaveLength(2);
    const { inform, octets } = receiver.acknowledgement();
    expect(inform.message.securityLevel).toBe('authPriv');
    originator.receive(octets, MANAGER);
    expect(await sending).toEqual([{ target: 'row', outcome: 'acknowledged' }]);
  });

  it.each([
    ['nobody has the name there', undefined, 'SNMP_NOTIFY_NO_USER'],
    ['there are no keys for the level', { name: 'ann' }, 'SNMP_NOTIFY_LEVEL'],
  ] as const)('are not sent where %s', async (_why, user, code) => {
    begin([], [byRow('authNoPriv')]);
    const receiver = new Receiver('80007ed904726563656976');
    userAt = () => user;
    const first = originator.send(COLD_START);
    originator.receive(receiver.report() ?? Buffer.of(), MANAGER);
    clock.advance(HOUR_MS);
    expect(await first).toMatchObject([{ outcome: 'notSent', code }]);
    expect(sent).toHaveLength(1);
    expect([originator.pendingInforms, clock.pendingTimers]).toEqual([0, 0]);
  });

  it('ask again who receives them where nobody has the name: it may be another engine by now', async () => {
    begin([], [byRow()]);
    const receiver = new Receiver('80007ed904726563656976');
    userAt = (engineId) =>
      Buffer.compare(engineId, receiver.engine.id) === 0 ? receiver.user : undefined;
    const stranger = new Receiver('80007ed9046f74686572');
    const first = originator.send(COLD_START);
    originator.receive(stranger.report() ?? Buffer.of(), MANAGER);
    expect(await first).toMatchObject([{ outcome: 'notSent', code: 'SNMP_NOTIFY_NO_USER' }]);
    const second = originator.send(COLD_START);
    // A question alone: nothing goes out in the clear to whoever that was.
    const coldStart = Buffer.from([0x2b, 6, 1, 6, 3, 1, 1, 5, 1]);
    expect(Buffer.from(sent.at(-1) ?? []).includes(coldStart)).toBe(false);
    originator.receive(receiver.report() ?? Buffer.of(), MANAGER);
    originator.receive(receiver.acknowledgement().octets, MANAGER);
    expect(await second).toMatchObject([{ outcome: 'acknowledged' }]);
    // Who has keys there is told at once.
    const third = originator.send(COLD_START);
    originator.receive(receiver.acknowledgement().octets, MANAGER);
    expect(await third).toMatchObject([{ outcome: 'acknowledged' }]);
    expect(sent).toHaveLength(4);
  });
});

describe('targets of SNMPv3', () => {
  it.each<readonly [Partial<NotifyTargetOptions>, RegExp]>([
    [{ user: undefined as never, version: 'v3' }, /\.user: expected a user/],
    [{ user: 'ann', inform: true }, /\.user: expected a user with passwords or keys/],
    [{ community: 'c' }, /\.community: there is none in v3/],
    [{ level: 'high' as never }, /\.level: expected noAuthNoPriv/],
    [{ user: { name: 'ann' }, level: 'authPriv' }, /\.level: the user has no keys/],
    [{ user: { ...ANN, authPassword: 'short' } }, /\.user\.authPassword: a password has 8/],
    [{ version: 'v2c', community: 'c' }, /user, level and contextName are of v3/],
  ])('are refused where they are none: %j', (changed, reason) => {
    const options = { ...TRAP, ...changed } as NotifyTargetOptions;
    expect(() => completeTargets([options], 'notify.targets')).toThrow(reason);
  });

  it('show no secret when they are looked at [USM-055]', () => {
    const shown = inspect(completeTargets([TRAP, INFORM], 't'), { depth: 9, showHidden: true });
    expect(shown).not.toMatch(/password/);
  });
});
