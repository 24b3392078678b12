import { inspect } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../../src/base/index.js';
import {
  decodeMessage,
  MessageEncoder,
  type CommunityMessage,
  type OutgoingPdu,
} from '../../../src/message/index.js';
import {
  completeTargets,
  NotificationOriginator,
  RateLimit,
  type Delivery,
  type Notification,
  type NotifyTargetOptions,
} from '../../../src/notify/index.js';
import { formatOid, parseOid, type VarBind } from '../../../src/smi/index.js';
import { UserTable } from '../../../src/security/index.js';
import type { Peer } from '../../../src/transport/index.js';
import { toldReceivers } from '../../support/told-receivers.js';
import { testEngine } from '../../support/v3-client.js';

const MANAGER: Peer = { address: '192.0.2.9', port: 162 };
const TRAP: NotifyTargetOptions = { address: 'udp://192.0.2.9:162', community: 'secret' };
const INFORM: NotifyTargetOptions = { ...TRAP, inform: true, timeoutMs: 100, retries: 2 };
const value: VarBind = { name: [1, 3, 6], value: { type: 'Integer32', value: 5 } };
const COLD_START: Notification = {
  name: 'coldStart',
  oid: parseOid('1.3.6.1.6.3.1.1.5.1'),
  varBinds: [value],
};

let clock: SimulatedClock;
let sent: { readonly octets: Uint8Array; readonly peer: Peer }[];
let told: Delivery[];
let isOpen: boolean;

beforeEach(() => {
  clock = new SimulatedClock();
  sent = [];
  told = [];
  isOpen = true;
});

function originator(
  targets: readonly NotifyTargetOptions[],
  maxPendingInforms = 10,
  maxSizeOctets = 1500,
): NotificationOriginator {
  const receivers = toldReceivers(targets);
  return new NotificationOriginator({
    mayTell: () => true,
    clock,
    receivers: () => receivers,
    channel: () =>
      isOpen ? { send: (octets, peer) => void sent.push({ octets, peer }) } : undefined,
    upTimeCentiseconds: () => 77,
    agentAddress: () => Uint8Array.of(192, 0, 2, 1),
    maxSizeOctets,
    engine: testEngine({ clock }),
    users: new UserTable(),
    userAt: () => undefined,
    maxPendingInforms,
    delivered: (_notification, delivery) => void told.push(delivery),
  });
}

function messageOf(octets: Uint8Array | undefined): CommunityMessage {
  const decoded = decodeMessage(octets ?? new Uint8Array());
  if (!decoded.ok) throw new Error(`not decoded: ${inspect(decoded.failure)}`);
  return decoded.message;
}

interface AnswerChanges {
  readonly requestId?: number;
  readonly community?: string;
  readonly version?: 'v1' | 'v2c';
  readonly type?: 'response' | 'report';
  readonly errorStatus?: number;
}

/** What a manager says to the last datagram. */
function answer(changes: AnswerChanges = {}): Buffer {
  const { pdu } = messageOf(sent.at(-1)?.octets);
  if (!('requestId' in pdu)) throw new Error('a trap is not answered');
  const response: OutgoingPdu = {
    type: changes.type ?? 'response',
    requestId: changes.requestId ?? pdu.requestId,
    errorStatus: changes.errorStatus ?? 0,
    errorIndex: 0,
    varBinds: pdu.varBinds,
  };
  const octets = new MessageEncoder().encode(
    {
      version: changes.version ?? 'v2c',
      community: Buffer.from(changes.community ?? 'secret'),
      pdu: response,
    },
    1500,
  );
  if (octets === undefined) throw new Error('too large');
  return octets;
}

describe('traps', () => {
  it('begin with sysUpTime.0 and snmpTrapOID.0 (RFC 3416 4.2.6)', async () => {
    expect(await originator([TRAP]).send(COLD_START)).toEqual([
      { target: 'udp://192.0.2.9:162', outcome: 'sent' },
    ]);
    expect(sent[0]?.peer).toEqual(MANAGER);
    const { version, community, pdu } = messageOf(sent[0]?.octets);
    expect([version, Buffer.from(community).toString(), pdu.type]).toEqual([
      'v2c',
      'secret',
      'trap',
    ]);
    expect(pdu.varBinds.map(({ name, value: { type } }) => `${formatOid(name)} ${type}`)).toEqual([
      '1.3.6.1.2.1.1.3.0 TimeTicks',
      '1.3.6.1.6.3.1.1.4.1.0 ObjectIdentifier',
      '1.3.6 Integer32',
    ]);
  });

  it('to an SNMPv1 target are Trap-PDUs without the two, also where informs are asked for [COX-016, COX-018]', async () => {
    const deliveries = await originator([{ ...INFORM, version: 'v1' }]).send(COLD_START);
    expect(deliveries.map(({ outcome }) => outcome)).toEqual(['sent']);
    const { version, pdu } = messageOf(sent[0]?.octets);
    expect(version).toBe('v1');
    expect(pdu).toMatchObject({ type: 'trapV1', timestampCentiseconds: 77, varBinds: [value] });
    expect(clock.pendingTimers).toBe(0);
  });

  it('with a Counter64 reach everybody but SNMPv1 [COX-017]', async () => {
    const counter: VarBind = { name: [1, 3, 6], value: { type: 'Counter64', value: 1n } };
    const deliveries = await originator([{ ...TRAP, version: 'v1', name: 'old' }, TRAP]).send({
      ...COLD_START,
      varBinds: [counter],
    });
    expect(deliveries.map(({ outcome }) => outcome)).toEqual(['notSent', 'sent']);
    expect(sent).toHaveLength(1);
  });

  it('that are too large are not sent, and said not to be', async () => {
    const deliveries = await originator([TRAP], 10, 60).send(COLD_START);
    expect(deliveries).toEqual([
      {
        target: 'udp://192.0.2.9:162',
        outcome: 'notSent',
        code: 'SNMP_NOTIFY_SIZE',
        reason: 'larger than 60 octets',
      },
    ]);
  });

  it('to a thousand targets leave turns to requests [LIM-014]', async () => {
    const targets = Array.from({ length: 1000 }, (_, i) => ({ ...TRAP, name: `t${i}` }));
    const sending = originator(targets).send(COLD_START);
    const afterOneTurn = sent.length;
    expect(afterOneTurn).toBeGreaterThan(0);
    expect(afterOneTurn).toBeLessThan(200);
    expect(await sending).toHaveLength(1000);
    expect(new Set(told.map(({ target }) => target)).size).toBe(1000);
  });
});

describe('informs', () => {
  it('are sent again, octet by octet the same, until somebody answers', async () => {
    const sender = originator([INFORM]);
    const sending = sender.send(COLD_START);
    clock.advance(100);
    clock.advance(99);
    expect(sent).toHaveLength(2);
    expect(sent[1]).toEqual(sent[0]);
    expect(messageOf(sent[0]?.octets).pdu.type).toBe('inform');
    sender.receive(answer(), MANAGER);
    expect(await sending).toEqual([{ target: 'udp://192.0.2.9:162', outcome: 'acknowledged' }]);
    expect([sender.pendingInforms, clock.pendingTimers]).toEqual([0, 0]);
  });

  it('are given up after the last retry', async () => {
    const sender = originator([INFORM]);
    const sending = sender.send(COLD_START);
    clock.advance(10_000);
    expect((await sending)[0]?.outcome).toBe('unanswered');
    expect(sent).toHaveLength(3);
    expect([sender.pendingInforms, clock.pendingTimers]).toEqual([0, 0]);
  });

  it('say so where the answer is an error', async () => {
    const sender = originator([INFORM]);
    const sending = sender.send(COLD_START);
    sender.receive(answer({ errorStatus: 5 }), MANAGER);
    expect((await sending)[0]).toMatchObject({ outcome: 'refused', reason: 'genErr' });
  });

  it.each([
    ['another request-id', { requestId: 1_234_567 }, MANAGER],
    ['another community', { community: 'guess' }, MANAGER],
    ['another version', { version: 'v1' }, MANAGER],
    ['another kind of PDU', { type: 'report' }, MANAGER],
    ['another address', {}, { ...MANAGER, address: '192.0.2.8' }],
    ['another port', {}, { ...MANAGER, port: 163 }],
  ] as const)('are not acknowledged by %s', (_what, changes, peer) => {
    const sender = originator([INFORM]);
    void sender.send(COLD_START);
    sender.receive(answer(changes), peer);
    sender.receive(Buffer.from('garbage'), MANAGER);
    expect(sender.pendingInforms).toBe(1);
    sender.receive(answer(), MANAGER);
    expect(sender.pendingInforms).toBe(0);
  });

  it('are bounded: the oldest makes room, and is told to be dropped [LIM-015]', async () => {
    const sender = originator([INFORM], 3);
    const sendings = Array.from({ length: 5 }, () => sender.send(COLD_START));
    expect(sender.pendingInforms).toBe(3);
    expect((await Promise.all(sendings.slice(0, 2))).flat().map(({ outcome }) => outcome)).toEqual([
      'dropped',
      'dropped',
    ]);
    clock.advance(10_000);
    expect(sender.counts).toMatchObject({ dropped: 2, unanswered: 3 });
    expect(clock.pendingTimers).toBe(0);
  });

  it('outlive the socket: the next try takes the new one [SUP-019]', async () => {
    const sender = originator([INFORM]);
    isOpen = false;
    const sending = sender.send(COLD_START);
    expect(sent).toHaveLength(0);
    isOpen = true;
    clock.advance(100);
    expect(sent).toHaveLength(1);
    sender.receive(answer(), MANAGER);
    expect((await sending)[0]?.outcome).toBe('acknowledged');
  });

  it('are dropped when the agent stops, and none is begun after that', async () => {
    const sender = originator([INFORM, TRAP]);
    const sending = sender.send(COLD_START);
    sender.stop();
    expect((await sending).map(({ outcome }) => outcome)).toEqual(['dropped', 'sent']);
    expect((await sender.send(COLD_START)).map(({ outcome }) => outcome)).toEqual([
      'dropped',
      'dropped',
    ]);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('targets', () => {
  it.each([
    [{ ...TRAP, community: '' }, /notify.targets\[0\].community/],
    [{ ...TRAP, address: 'udp://192.0.2.9:0' }, /notify.targets\[0\].address/],
    [{ ...TRAP, address: 'somewhere' }, /not an address/],
    [{ ...TRAP, version: 'v9' as 'v1' }, /notify.targets\[0\].version/],
    [{ ...TRAP, timeoutMs: 0 }, /notify.targets\[0\].timeoutMs/],
    [{ ...TRAP, retries: 256 }, /notify.targets\[0\].retries/],
  ])('are checked (%#)', (target, message) => {
    expect(() => completeTargets([target], 'notify.targets')).toThrow(message);
  });

  it('do not show their community', () => {
    const shown = inspect(completeTargets([TRAP], 'x'), { depth: 9, showHidden: true });
    expect(shown).not.toContain('secret');
    expect(shown).not.toContain('73 65 63 72 65 74');
  });

  it('compare addresses as the system writes them', async () => {
    const sender = originator([{ ...INFORM, address: 'udp://[2001:db8:0:0:0::1]:162' }]);
    void sender.send(COLD_START);
    expect(sent[0]?.peer.address).toBe('2001:db8::1');
    sender.receive(answer(), { address: '2001:db8::1', port: 162 });
    expect(sender.pendingInforms).toBe(0);
  });
});

describe('a rate limit', () => {
  it('lets a burst through, then one at a time, and saves up no more than a burst', () => {
    const limit = new RateLimit(clock, 3, 1000);
    const taken = (): number =>
      Array.from({ length: 10 }, () => limit.take()).filter(Boolean).length;
    expect(taken()).toBe(3);
    clock.advance(999);
    expect(taken()).toBe(0);
    clock.advance(1);
    expect(taken()).toBe(1);
    clock.advance(1_000_000);
    expect(taken()).toBe(3);
  });
});
