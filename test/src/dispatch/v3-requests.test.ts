import { beforeEach, describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../../src/base/index.js';
import {
  V3Requests,
  type AskedPdu,
  type Asker,
  type Heard,
  type V3Conversation,
} from '../../../src/dispatch/index.js';
import {
  decodeUsmParameters,
  decodeV3Message,
  type OutgoingPdu,
} from '../../../src/message/index.js';
import {
  generateEngineId,
  PasswordKeys,
  UserKeys,
  type UserSecrets,
} from '../../../src/security/index.js';
import { statusPdu } from '../../support/snmp-client.js';
import { encodeV3, type V3Request } from '../../support/v3-client.js';
import { V3Responder } from '../../support/v3-responder.js';

const PLACE = '192.0.2.1 161';
const ZERO = (octets: number): Uint8Array => new Uint8Array(octets);
const passwords = { authPassword: 'correct horse', privPassword: 'battery staple' };
const OPEN = { name: 'open' } as const satisfies UserSecrets;
const SIGNED = { name: 'signed', auth: 'sha256', authPassword: passwords.authPassword } as const;
const SECRET = { name: 'secret', auth: 'sha1', priv: 'aes128', ...passwords } as const;
const USERS: readonly UserSecrets[] = [OPEN, SIGNED, SECRET];
const PDU: AskedPdu = { type: 'get', requestId: 7, errorStatus: 0, errorIndex: 0, varBinds: [] };

function asker(secrets: UserSecrets, more: Partial<Asker> = {}): Asker {
  const keys = new UserKeys(secrets, 'user');
  return {
    keys,
    level: keys.highestLevel,
    engineId: undefined,
    contextEngineId: undefined,
    contextName: ZERO(0),
    ...more,
  };
}

const idOf = (last: number): Uint8Array =>
  generateEngineId((octets) => new Uint8Array(octets).fill(last));

const UNKNOWN_ENGINE = 4;
const NOT_IN_TIME_WINDOW = 2;
const WRONG_DIGEST = 5;

function report(usmStatsArc: number): OutgoingPdu {
  const name = [1, 3, 6, 1, 6, 3, 15, 1, 1, usmStatsArc, 0];
  return statusPdu('report', [{ name, value: { type: 'Counter32', value: 1 } }], 0);
}

/** What the agent, or somebody who would pass for it, sends back. */
function crafted(secrets: UserSecrets, given: Partial<V3Request> & Pick<V3Request, 'pdu'>): Buffer {
  const keys = new UserKeys(secrets, 'user');
  const engineId = given.engineId ?? agent.engine.id;
  const { octets } = encodeV3({
    user: keys.localize(engineId, passwordKeys),
    level: keys.highestLevel,
    engineId,
    engineBoots: agent.engine.boots,
    engineTimeSeconds: agent.engine.timeSeconds,
    isReportable: false,
    ...given,
  });
  return octets;
}

const passwordKeys = new PasswordKeys();
let clock: SimulatedClock;
let requests: V3Requests<string>;
let agent: V3Responder;

beforeEach(() => {
  clock = new SimulatedClock();
  requests = new V3Requests({ clock, random: ZERO, maxMessageSizeOctets: 65_507 });
  agent = new V3Responder(USERS, { clock, boots: 3 });
});

const begin = (who: Asker, pdu = PDU): V3Conversation<string> =>
  requests.begin('us', PLACE, who, pdu);

/** The next message, and what its answer means. */
function exchange(conversation: V3Conversation<string>, to = agent): Heard | 'silence' {
  const sent = conversation.next(65_507);
  const reply = to.receive(sent?.octets ?? ZERO(0));
  return reply === undefined ? 'silence' : requests.receive(reply, PLACE).heard;
}

/** Until it is worth it no more. */
function converse(who: Asker, to = agent): { heard: Heard | 'silence'; messages: number } {
  const conversation = begin(who);
  for (let messages = 1; ; messages++) {
    const heard = exchange(conversation, to);
    if (heard === 'silence' || heard.kind !== 'again') {
      conversation.end();
      return { heard, messages };
    }
  }
}

function parameters(octets: Uint8Array) {
  const message = decodeV3Message(octets);
  if (!message.ok) throw new Error('no message');
  const parsed = decodeUsmParameters(message.value);
  if (!parsed.ok) throw new Error('no parameters');
  return { ...parsed.value, ...message.value };
}

describe('a request of SNMPv3', () => {
  it('finds who answers with one message more, and that only the first time [RFC 3414 4]', () => {
    for (const user of USERS) {
      requests = new V3Requests({ clock, random: ZERO, maxMessageSizeOctets: 65_507 });
      expect(converse(asker(user))).toMatchObject({ heard: { kind: 'response' }, messages: 2 });
      expect(converse(asker(user))).toMatchObject({ heard: { kind: 'response' }, messages: 1 });
    }
    expect(agent.asked).toHaveLength(6);
    expect(requests.openMessages).toBe(0);
  });

  it('asks who answers without a user, an engine, a time or a variable [RFC 3414 4]', () => {
    const { octets, isRequest } = begin(asker(SECRET)).next(65_507)!;
    expect(isRequest).toBe(false);
    expect(parameters(octets)).toMatchObject({
      engineId: Buffer.alloc(0),
      engineBoots: 0,
      engineTimeSeconds: 0,
      userName: Buffer.alloc(0),
      securityLevel: 'noAuthNoPriv',
      isReportable: true,
    });
  });

  it('learns the time from an engine that does not say it to strangers [USM-034, NOT-031]', () => {
    const conversation = begin(asker(SIGNED));
    const { msgId } = parameters(conversation.next(65_507)!.octets);
    // As OTP's agent has it: zeros.
    const found = crafted(OPEN, {
      msgId,
      pdu: report(UNKNOWN_ENGINE),
      userName: '',
      engineBoots: 0,
    });
    expect(requests.receive(found, PLACE).heard).toEqual({ kind: 'again' });
    expect(exchange(conversation)).toEqual({ kind: 'again' });
    expect(exchange(conversation)).toMatchObject({ kind: 'response' });
  });

  it('has a msgID of its own and the time of now in each repetition, and the same request-id [MPD-023]', () => {
    converse(asker(SIGNED));
    const conversation = begin(asker(SIGNED));
    const first = conversation.next(65_507)!.octets;
    clock.advance(100_000);
    const second = conversation.next(65_507)!.octets;
    const [one, two] = [parameters(first), parameters(second)];
    expect(one.msgId).not.toBe(two.msgId);
    expect([one.engineTimeSeconds, two.engineTimeSeconds]).toEqual([0, 100]);
    // The answer to either is the answer.
    agent.receive(second);
    const late = agent.receive(first)!;
    expect(requests.receive(late, PLACE)).toMatchObject({
      owner: 'us',
      heard: { kind: 'response', pdu: { requestId: 7 } },
    });
  });

  it('forgets all but the last repetitions, and all when it has ended [MPD-017]', () => {
    converse(asker(OPEN));
    const conversation = begin(asker(OPEN));
    const replies = Array.from({ length: 50 }, () =>
      agent.receive(conversation.next(65_507)!.octets),
    );
    expect(requests.openMessages).toBe(8);
    const unknown = { owner: undefined, heard: { kind: 'discarded', fault: 'unknownMsgId' } };
    expect(requests.receive(replies[41]!, PLACE)).toEqual(unknown);
    expect(requests.receive(replies[42]!, PLACE).heard.kind).toBe('response');
    conversation.end();
    expect(requests.receive(replies[49]!, PLACE)).toEqual(unknown);
    expect(requests.openMessages).toBe(0);
  });

  it('does not notice that the engine began again, or is another one [NOT-032]', () => {
    for (const user of USERS) {
      const who = asker(user);
      converse(who);
      clock.advance(1000_000);
      const restarted = new V3Responder(USERS, { clock, boots: 4 });
      expect(converse(who, restarted).heard).toMatchObject({ kind: 'response' });
      const other = new V3Responder(USERS, { clock, boots: 1, id: idOf(9) });
      expect(converse(who, other)).toMatchObject({ heard: { kind: 'response' }, messages: 2 });
      expect(converse(who, other)).toMatchObject({ heard: { kind: 'response' }, messages: 1 });
      requests = new V3Requests({ clock, random: ZERO, maxMessageSizeOctets: 65_507 });
    }
  });

  it('is not sent again and again to engines that take turns, or to one that is never content', () => {
    const conversation = begin(asker(SIGNED));
    const heard: unknown[] = [];
    for (let last = 1; last < 6; last++) {
      const other = new V3Responder(USERS, { clock, id: idOf(last) });
      const one = exchange(conversation, other);
      heard.push(one === 'silence' ? one : 'indication' in one ? one.indication : one.kind);
    }
    expect(heard.slice(0, 3)).toEqual(['again', 'again', 'unknownEngineID']);
    // One whose boots are at their end takes nothing authenticated [USM-015].
    const ended = new V3Responder(USERS, { clock, boots: 2_147_483_647 });
    expect(converse(asker(SIGNED, { engineId: ended.engine.id }), ended)).toMatchObject({
      heard: { kind: 'discarded', fault: 'notInTimeWindow' },
      messages: 1,
    });
  });

  it('follows a Report that comes twice, or to an earlier repetition as well, once', () => {
    converse(asker(SIGNED));
    clock.advance(1000_000);
    agent = new V3Responder(USERS, { clock, boots: 4 });
    const conversation = begin(asker(SIGNED));
    const reports = [1, 2].map(() => agent.receive(conversation.next(65_507)!.octets)!);
    const heard = [...reports, reports[0]!].map((one) => requests.receive(one, PLACE).heard.kind);
    expect(heard).toEqual(['again', 'discarded', 'discarded']);
    expect(exchange(conversation)).toMatchObject({ kind: 'response' });
  });

  it('is told what is wrong with it, by the names that pysnmp has', () => {
    const stranger = { ...SIGNED, name: 'stranger' };
    const wrong = { ...SIGNED, authPassword: 'another password' };
    const tooHigh = { ...SECRET, name: 'signed', auth: 'sha256' } as const;
    const told = (who: Asker): unknown => {
      const { heard } = converse(who);
      return heard === 'silence' ? heard : 'indication' in heard ? heard.indication : heard;
    };
    expect(told(asker(stranger))).toBe('unknownUserName');
    expect(told(asker(wrong))).toBe('wrongDigest');
    expect(told(asker(tooHigh))).toBe('unsupportedSecurityLevel');
    expect(told(asker(SIGNED, { engineId: idOf(5) }))).toBe('unknownEngineID');
    expect(told(asker(OPEN, { contextEngineId: idOf(5) }))).toBe('unknownPDUHandler');
    expect(told(asker(OPEN, { contextName: Buffer.from('elsewhere') }))).toBe('unknownContext');
    expect(told(asker({ ...SECRET, privPassword: 'another password' }))).toBe('silence');
  });
});

describe('a reply', () => {
  /** A conversation whose request was answered, and the answer before it was heard. */
  function answered(
    who: Asker,
    to = agent,
  ): { conversation: V3Conversation<string>; reply: Buffer } {
    converse(who, to);
    const conversation = begin(who);
    const reply = to.receive(conversation.next(65_507)!.octets);
    return { conversation, reply: Buffer.from(reply!) };
  }
  const fault = (reply: Uint8Array, place = PLACE): unknown => {
    const { heard } = requests.receive(reply, place);
    return heard.kind === 'discarded' ? heard.fault : heard.kind;
  };

  it('with a bit that is not as it was is not taken, wherever the bit is [USM-058]', () => {
    for (const user of [SIGNED, SECRET]) {
      const { reply } = answered(asker(user));
      for (let at = 0; at < reply.length; at++) {
        const flipped = Buffer.from(reply);
        flipped[at] = (flipped[at] as number) ^ 0x01;
        expect(fault(flipped), `octet ${at}`).not.toBe('response');
      }
      expect(fault(reply)).toBe('response');
    }
  });

  it('comes from where it was asked, at its level, for its user, in its context [MPD-018]', () => {
    const { conversation, reply } = answered(asker(SIGNED));
    const { msgId } = parameters(conversation.next(65_507)!.octets);
    const response = statusPdu('response', [], 7);
    const answer = { msgId, pdu: response };
    expect(fault(reply, '192.0.2.2 161')).toBe('wrongSource');
    expect(fault(crafted(OPEN, answer))).toBe('wrongLevel');
    expect(fault(crafted(SECRET, answer))).toBe('wrongUser');
    expect(fault(crafted({ ...SECRET, name: 'signed' }, answer))).toBe('wrongLevel');
    const otherKey = { ...SIGNED, authPassword: 'another password' };
    expect(fault(crafted(otherKey, answer))).toBe('wrongDigest');
    expect(fault(crafted(SIGNED, { ...answer, engineId: idOf(9) }))).toBe('wrongEngine');
    expect(fault(crafted(SIGNED, { ...answer, contextEngineId: idOf(9) }))).toBe('wrongContext');
    expect(fault(crafted(SIGNED, { ...answer, contextName: 'other' }))).toBe('wrongContext');
    const foreign = { ...answer, pdu: statusPdu('response', [], 8) };
    expect(fault(crafted(SIGNED, foreign))).toBe('unknownRequestId');
    const echo = { ...answer, pdu: statusPdu('get', [], 7) };
    expect(fault(crafted(SIGNED, echo))).toBe('wrongPduType');
    expect(fault(crafted(SIGNED, answer))).toBe('response');
  });

  it('may come from elsewhere where that is said, of an agent with many addresses', () => {
    converse(asker(SIGNED));
    const conversation = requests.begin('us', PLACE, asker(SIGNED), PDU, 'any');
    const reply = agent.receive(conversation.next(65_507)!.octets)!;
    expect(fault(reply, '192.0.2.2 161')).toBe('response');
  });

  it('to a request that was encrypted is encrypted, and not only signed [MPD-018]', () => {
    const { conversation } = answered(asker(SECRET));
    const { msgId } = parameters(conversation.next(65_507)!.octets);
    const answer = { msgId, pdu: statusPdu('response', [], 7) };
    expect(fault(crafted(SECRET, { ...answer, level: 'authNoPriv' }))).toBe('wrongLevel');
    expect(fault(crafted(SECRET, answer))).toBe('response');
  });

  it('that is encrypted with another key is none [USM-022]', () => {
    const { conversation } = answered(asker(SECRET));
    const { msgId } = parameters(conversation.next(65_507)!.octets);
    const otherKey = { ...SECRET, privPassword: 'another password' };
    const answer = { msgId, pdu: statusPdu('response', [], 7) };
    expect(fault(crafted(otherKey, answer))).toBe('notDecrypted');
    expect(fault(crafted(SECRET, answer))).toBe('response');
  });

  it('that was kept from an earlier life of the engine, or for too long, is refused [USM-017, USM-018]', () => {
    const { reply } = answered(asker(SIGNED));
    clock.advance(150_000);
    const { reply: fresh } = answered(asker(SIGNED));
    clock.advance(1000);
    expect(fault(reply)).toBe('notInTimeWindow');
    expect(fault(fresh)).toBe('response');
    const before = answered(asker(SIGNED));
    converse(asker(SIGNED), new V3Responder(USERS, { clock, boots: 4 }));
    expect(fault(before.reply)).toBe('notInTimeWindow');
  });

  it('without a signature can name another engine, or end the request, and teaches no time', () => {
    converse(asker(SIGNED));
    const lies = (pdu: OutgoingPdu): [V3Conversation<string>, unknown] => {
      const conversation = begin(asker(SIGNED));
      const { msgId } = parameters(conversation.next(65_507)!.octets);
      return [conversation, fault(crafted(OPEN, { msgId, pdu, engineBoots: 99 }))];
    };
    // Whoever can say that the time is wrong can sign it.
    const [late, fault1] = lies(report(NOT_IN_TIME_WINDOW));
    expect(fault1).toBe('wrongLevel');
    expect(exchange(late)).toMatchObject({ kind: 'response' });
    // It is the engine that was asked.
    expect(lies(report(UNKNOWN_ENGINE))[1]).toBe('reported');
    expect(lies(report(WRONG_DIGEST))[1]).toBe('reported');
    expect(lies(statusPdu('response', [], 7))[1]).toBe('wrongLevel');
    // And no time was learned of all this.
    expect(converse(asker(SIGNED))).toMatchObject({ heard: { kind: 'response' }, messages: 1 });
    const conversation = begin(asker(SIGNED));
    const { msgId } = parameters(conversation.next(65_507)!.octets);
    const lie = { msgId, pdu: report(UNKNOWN_ENGINE), engineId: idOf(9), engineBoots: 99 };
    expect(fault(crafted(OPEN, lie))).toBe('again');
    // The true engine sets it right.
    expect(exchange(conversation)).toEqual({ kind: 'again' });
    expect(exchange(conversation)).toMatchObject({ kind: 'response' });
  });

  it('never throws, whatever it is', () => {
    const { reply } = answered(asker(SECRET));
    for (let length = 0; length < reply.length; length++) {
      expect(fault(reply.subarray(0, length))).not.toBe('response');
    }
  });
});
