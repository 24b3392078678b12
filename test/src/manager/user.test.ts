import { inspect } from 'node:util';
import { beforeEach, describe, expect, it, test } from 'vitest';
import { nextTurn } from '../../../src/base/index.js';
import { orThrow, user, type Target, type UserOptions } from '../../../src/manager/index.js';
import { decodeUsmParameters, decodeV3Message, type Pdu } from '../../../src/message/index.js';
import { generateEngineId, type UserSecrets } from '../../../src/security/index.js';
import { V3Responder } from '../../support/v3-responder.js';
import { FakeNetwork } from './fake-network.js';

const AGENT = { address: '192.0.2.10', port: 161 };
const NAME = '1.3.6.1.2.1.1.5.0';
const TEXT = { type: 'OctetString', value: 'edge-1' } as const;
const passwords = { authPassword: 'correct horse', privPassword: 'battery staple' };
const OPEN = { name: 'open' } as const satisfies UserSecrets;
const SIGNED = { name: 'signed', auth: 'sha256', authPassword: passwords.authPassword } as const;
const SECRET = { name: 'secret', auth: 'sha1', priv: 'aes128', ...passwords } as const;
const USERS: readonly UserSecrets[] = [OPEN, SIGNED, SECRET];

const idOf = (last: number): Uint8Array =>
  generateEngineId((octets) => new Uint8Array(octets).fill(last));

function target(options: UserOptions, more: Partial<Target> = {}): Target {
  return { host: AGENT.address, auth: user(options), timeoutMs: 100, retries: 2, ...more };
}

let network: FakeNetwork;
let agent: V3Responder;

beforeEach(() => {
  network = new FakeNetwork();
  agent = new V3Responder(USERS, { clock: network.clock, boots: 3 });
  network.responder = (octets) => agent.receive(octets);
});

function header(octets: Uint8Array) {
  const message = decodeV3Message(octets);
  if (!message.ok) throw new Error('what was sent is no message');
  const parsed = decodeUsmParameters(message.value);
  if (!parsed.ok) throw new Error('what was sent has no parameters');
  return { ...message.value, ...parsed.value };
}

describe('a request in SNMPv3', () => {
  it('is answered at each level, and who answers is found once', async () => {
    const manager = network.manager();
    for (const [i, one] of USERS.entries()) {
      const result = await manager.set(target(one), [[NAME, TEXT]]);
      const [errorIndication, errorStatus, errorIndex, varBinds] = result;
      expect([errorIndication, errorStatus, errorIndex]).toEqual([null, 'noError', 0]);
      expect(varBinds.map(String)).toEqual(['.1.3.6.1.2.1.1.5.0 = STRING: "edge-1"']);
      expect(result.stats).toEqual({ attempts: 1, rttMs: 0, discarded: {} });
      expect(network.sent).toHaveLength(i + 2);
    }
    expect(network.clock.pendingTimers).toBe(0);
    expect(manager.metrics).toEqual({ inFlight: 0, waiting: 0, discarded: {} });
  });

  it('that has no answer is sent again with the same request-id and another msgID [MPD-023] [rule 5]', async () => {
    const manager = network.manager();
    await manager.get(target(SECRET), [NAME]);
    network.sent.length = 0;
    agent.asked.length = 0;
    agent.answer = () => undefined;
    const asking = manager.set(target(SECRET), [[NAME, TEXT]]);
    await network.clock.advanceAsync(1000);
    const result = await asking;
    expect([...result]).toEqual(['requestTimedOut', 'noError', 0, []]);
    expect(result.stats).toEqual({ attempts: 3, discarded: {} });
    expect(network.sent.map(({ atMs }) => atMs)).toEqual([0, 100, 200]);
    expect(new Set(network.sent.map(({ octets }) => header(octets).msgId)).size).toBe(3);
    const requestIds = agent.asked.map((pdu: Pdu) => 'requestId' in pdu && pdu.requestId);
    expect(new Set(requestIds).size).toBe(1);
  });

  it('to nobody is given up as the question who is there: no request was sent', async () => {
    network.responder = undefined;
    const asking = network.manager().get(target(SIGNED), [NAME]);
    await network.clock.advanceAsync(1000);
    expect(await asking).toMatchObject({
      errorIndication: 'requestTimedOut',
      stats: { attempts: 0 },
    });
    expect(network.sent.map(({ octets }) => header(octets).userName.length)).toEqual([0, 0, 0]);
  });

  it('has its retries anew when something was learned', async () => {
    let lost = 0;
    network.responder = (octets) => (++lost % 3 === 0 ? agent.receive(octets) : undefined);
    const asking = network.manager().get(target(SIGNED), [NAME]);
    await network.clock.advanceAsync(1000);
    expect((await asking).kind).toBe('ok');
    expect(network.sent.map(({ atMs }) => atMs)).toEqual([0, 100, 200, 200, 300, 400]);
  });

  it('does not fail where the agent began again, or another one took its place', async () => {
    for (const one of USERS) {
      const manager = network.manager();
      agent = new V3Responder(USERS, { clock: network.clock, boots: 3 });
      await manager.get(target(one), [NAME]);
      await network.clock.advanceAsync(400_000);
      agent = new V3Responder(USERS, { clock: network.clock, boots: 4 });
      expect((await manager.get(target(one), [NAME])).kind).toBe('ok');
      agent = new V3Responder(USERS, { clock: network.clock, id: idOf(7) });
      const result = await manager.get(target(one), [NAME]);
      expect(result).toMatchObject({ kind: 'ok', stats: { attempts: 2 } });
      expect((await manager.get(target(one), [NAME])).stats.attempts).toBe(1);
    }
  });

  it('is not answered by an engine whose boots went back: it may be one that was recorded', async () => {
    const manager = network.manager();
    await manager.get(target(SIGNED), [NAME]);
    await network.clock.advanceAsync(400_000);
    agent = new V3Responder(USERS, { clock: network.clock, boots: 2 });
    const asking = manager.get(target(SIGNED), [NAME]);
    await network.clock.advanceAsync(1000);
    expect(await asking).toMatchObject({
      errorIndication: 'requestTimedOut',
      stats: { attempts: 3, discarded: { notInTimeWindow: 3 } },
    });
  });

  it('is told by name what the agent finds wrong with it, at once [rule 2]', async () => {
    const told = async (options: UserOptions) => {
      const result = await network.manager().get(target(options), [NAME]);
      return [result.errorIndication, result.stats.attempts];
    };
    expect(await told({ ...SIGNED, name: 'nobody' })).toEqual(['unknownUserName', 1]);
    expect(await told({ ...SIGNED, authPassword: 'tr0ub4dor' })).toEqual(['wrongDigest', 1]);
    expect(await told({ ...SIGNED, auth: 'md5' })).toEqual(['wrongDigest', 1]);
    const more = { priv: 'aes128', privPassword: passwords.privPassword } as const;
    expect(await told({ ...SIGNED, ...more })).toEqual(['unsupportedSecurityLevel', 1]);
    expect(await told({ ...OPEN, contextName: 'vlan-1' })).toEqual(['unknownContext', 1]);
    const elsewhere = Buffer.from(idOf(3)).toString('hex');
    expect(await told({ ...SIGNED, engineId: elsewhere })).toEqual(['unknownEngineID', 1]);
    expect(await told({ ...SIGNED, contextEngineId: elsewhere })).toEqual(['unknownPDUHandler', 1]);
    expect(network.clock.pendingTimers).toBe(0);
  });

  it('with the engine given asks nobody who is there', async () => {
    const engineId = Buffer.from(agent.engine.id).toString('hex');
    const result = await network.manager().get(target({ ...SIGNED, engineId }), [NAME]);
    expect(result.kind).toBe('ok');
    // The time is not known yet.
    expect(result.stats.attempts).toBe(2);
    expect(network.sent.every(({ octets }) => header(octets).engineId.length > 0)).toBe(true);
  });

  it('at a level below what the keys allow is at that level', async () => {
    await network.manager().get(target({ ...SECRET, level: 'authNoPriv' }), [NAME]);
    expect(header(network.sent[1]!.octets).securityLevel).toBe('authNoPriv');
  });

  it('is made with master or localized keys as with passwords', async () => {
    const engine = { id: Buffer.from('000000000000000000000002', 'hex'), clock: network.clock };
    const keyed = { name: 'ann', auth: 'sha1', priv: 'aes128' } as const;
    // RFC 3414 A.3.2.
    const syrup = { authPassword: 'maplesyrup', privPassword: 'maplesyrup' };
    agent = new V3Responder([{ ...keyed, ...syrup }], engine);
    const localized = '6695febc9288e36282235fc7151f128497b38f3f';
    const master = '9fb5cc0381497b3793528939ff788d5d79145211';
    const given: UserOptions[] = [
      { ...keyed, ...syrup },
      { ...keyed, authKey: localized, privKey: localized.slice(0, 32) },
      { ...keyed, authKey: master, privKey: `0x${master}`, keyType: 'master' },
    ];
    for (const options of given) {
      expect((await network.manager().get(target(options), [NAME])).errorIndication).toBe(null);
    }
  });

  it('resolves names and holds values to their SYNTAX, where they are known [rule 6] [rule 7]', async () => {
    const manager = network.manager();
    const to = target(SECRET);
    const [named, plain] = await Promise.all([
      manager.set(to, [['SNMPv2-MIB::sysName.0', 'edge-1']]),
      manager.set(to, [['SNMPv2-MIB::sysName.0', 'edge-1']], { lookupMib: false }),
    ]);
    expect(String(named.varBinds[0])).toBe('SNMPv2-MIB::sysName.0 = STRING: edge-1');
    expect(String(plain.varBinds[0])).toBe('.1.3.6.1.2.1.1.5.0 = STRING: "edge-1"');
    network.sent.length = 0;
    const number = { type: 'Integer32', value: 1 } as const;
    const long = { type: 'OctetString', value: 'x'.repeat(256) } as const;
    for (const value of [number, long]) {
      const setting = manager.set(to, [['SNMPv2-MIB::sysName.0', value]]);
      await expect(setting).rejects.toMatchObject({ varBindIndex: 1 });
    }
    expect(network.sent).toEqual([]);
  });

  it('whose answer is of another type than its object is delivered as it came [rule 8]', async () => {
    const value = { type: 'Integer32', value: 7 } as const;
    agent.answer = ({ varBinds }) => ({ varBinds: varBinds.map(({ name }) => ({ name, value })) });
    const result = await network.manager().get(target(SECRET), ['SNMPv2-MIB::sysName.0']);
    expect(result.varBinds[0]?.value).toEqual(value);
    expect(result.varBinds[0]?.resolutionError).toBeDefined();
  });

  it('has the keys of its own credentials, whoever asked before under that name', async () => {
    const manager = network.manager();
    const told = async (options: UserOptions) =>
      (await manager.get(target(options), [NAME])).errorIndication;
    expect(await told({ ...SIGNED, authPassword: 'the old password' })).toBe('wrongDigest');
    expect(await told(SIGNED)).toBe(null);
    expect(await told({ ...SIGNED, authPassword: 'the old password' })).toBe('wrongDigest');
  });

  it('of one user goes to any number of engines over one socket, a message more for each', async () => {
    const agents = Array.from(
      { length: 64 },
      (_, i) => new V3Responder([SIGNED], { clock: network.clock, id: idOf(i) }),
    );
    network.responder = (octets, { address }) =>
      agents[Number(address.split('.')[3])]?.receive(octets);
    const manager = network.manager();
    const { auth } = target(SIGNED);
    for (const messages of [2, 1]) {
      network.sent.length = 0;
      const results = await Promise.all(
        agents.map((_, i) => manager.get({ host: `192.0.2.${i}`, auth }, [NAME])),
      );
      expect(results.every(({ kind }) => kind === 'ok')).toBe(true);
      expect(network.sent).toHaveLength(messages * agents.length);
    }
    await manager.close();
    expect(network.closed).toEqual([4]);
  });

  it('many at once have their own answers each', async () => {
    const manager = network.manager();
    const names = Array.from({ length: 50 }, (_, i) => `1.3.6.1.2.1.1.${i}.0`);
    const results = await Promise.all(names.map((name) => manager.get(target(SECRET), [name])));
    expect(results.map(({ varBinds }) => varBinds[0]?.label)).toEqual(
      names.map((one) => `.${one}`),
    );
  });

  it('larger than the target takes is not sent', async () => {
    const long = { ...TEXT, value: 'x'.repeat(450) };
    const small = target(SECRET, { maxMessageSizeOctets: 484 });
    const options = { validate: 'untyped' } as const;
    const result = await network.manager().set(small, [[NAME, long]], options);
    expect(result).toMatchObject({ errorIndication: 'tooBig', stats: { attempts: 0 } });
    expect(network.clock.pendingTimers).toBe(0);
  });
});

describe('what was found of pysnmp, in SNMPv3', () => {
  it('an aborted request is sent no more, and one that the manager closes settles [rule 5]', async () => {
    network.responder = undefined;
    const manager = network.manager();
    const controller = new AbortController();
    const aborted = manager.get(target(SIGNED), [NAME], { signal: controller.signal });
    const closed = manager.get(target(SECRET), [NAME]);
    await nextTurn();
    controller.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
    await manager.close();
    expect((await closed).errorIndication).toBe('managerClosed');
    await network.clock.advanceAsync(1000);
    expect(network.sent).toHaveLength(2);
    expect(network.clock.pendingTimers).toBe(0);
  });

  it('a deadline ends finding, asking and repeating together', async () => {
    network.responder = (octets) =>
      header(octets).userName.length === 0 ? agent.receive(octets) : undefined;
    const asking = network.manager().get(target(SIGNED), [NAME], { deadlineMs: 150 });
    await network.clock.advanceAsync(1000);
    expect((await asking).errorIndication).toBe('deadlineExpired');
    expect(network.clock.pendingTimers).toBe(0);
  });

  it('an error-index out of range and an error-status of no RFC are delivered [rule 4]', async () => {
    agent.answer = () => ({ errorStatus: 99, errorIndex: 7 });
    const result = await network.manager().set(target(SECRET), [[NAME, TEXT]]);
    expect(result).toMatchObject({
      kind: 'agentError',
      errorStatus: 'unknown(99)',
      errorIndex: 7,
      failed: null,
    });
  });

  it('variables that were not asked for are said to be [rule 9]', async () => {
    agent.answer = () => ({ varBinds: [{ name: [1, 3, 6, 9], value: { type: 'Null' } }] });
    const result = await network.manager().get(target(SECRET), [NAME]);
    expect(result).toMatchObject({ kind: 'ok', isMismatched: true });
  });

  it('an echo of the request, an answer from elsewhere, or in another version is none [rule 3]', async () => {
    const elsewhere = { ...AGENT, port: 162 };
    network.responder = (octets, peer) => {
      const reply = agent.receive(octets);
      if (header(octets).userName.length > 0 && reply !== undefined) {
        network.deliver(octets, peer);
        network.deliver(reply, elsewhere);
        network.deliver(reply.subarray(0, 40), peer);
        return undefined;
      }
      return reply;
    };
    const manager = network.manager();
    const asking = manager.get(target(SIGNED, { retries: 0 }), [NAME]);
    await nextTurn();
    const [asked] = agent.asked;
    const requestId = asked !== undefined && 'requestId' in asked ? asked.requestId : 0;
    const v2c = { version: 'v2c', community: Buffer.from('public') } as const;
    const status = { errorStatus: 0, errorIndex: 0, varBinds: [] };
    network.reply({ ...v2c, pdu: { type: 'response', requestId, ...status } }, AGENT);
    await network.clock.advanceAsync(1000);
    const discarded = { wrongPduType: 1, wrongSource: 1, notParsed: 1, wrongVersion: 1 };
    expect(await asking).toMatchObject({
      errorIndication: 'requestTimedOut',
      stats: { attempts: 1, discarded },
    });
    expect(manager.metrics.discarded).toEqual(discarded);
  });

  it('a walk goes on as in the other versions, by GETBULK too', async () => {
    agent.answer = (pdu) => {
      const [first] = pdu.varBinds;
      const next = (first?.name.at(-1) ?? 0) + 1;
      const value = { type: 'Integer32', value: next } as const;
      const name = [1, 3, 6, 1, 2, 1, 1, next];
      const end = { name: first?.name ?? [1, 3], value: { type: 'endOfMibView' } } as const;
      return { varBinds: next > 4 ? [end] : [{ name, value }] };
    };
    const manager = network.manager();
    for (const walk of ['walk', 'bulkWalk'] as const) {
      const found: number[] = [];
      for await (const { name } of manager[walk](target(SECRET), '1.3.6.1.2.1.1')) {
        found.push(name.at(-1) ?? 0);
      }
      expect(found).toEqual([2, 3, 4]);
    }
    expect(agent.asked.map(({ type }) => type)).toContain('getBulk');
  });

  it('faults of the caller are told before anything is sent [rule 1]', () => {
    const faults: [UserOptions, string][] = [
      [{ ...SIGNED, privPassword: 'something' }, 'no `priv`'],
      [{ ...SIGNED, authPassword: 'short' }, 'authPassword: a password has 8 octets'],
      [{ ...SIGNED, level: 'authPriv' }, 'user.level: authPriv needs keys'],
      [{ ...SIGNED, level: 'high' as never }, 'user.level: expected one of'],
      [{ ...OPEN, name: '' }, 'user.name'],
      [{ ...OPEN, engineId: '00' }, 'engine ID'],
      [{ ...OPEN, contextEngineId: 'zz' }, 'engine ID'],
      [{ ...OPEN, contextName: 'x'.repeat(33) }, 'user.contextName'],
      [{ ...OPEN, keyType: 'plain' as never }, 'user.keyType'],
      [{ ...OPEN, passphrase: 'x' } as UserOptions, 'no option passphrase'],
    ];
    for (const [options, message] of faults) expect(() => user(options)).toThrow(message);
  });
});

test('passwords and keys show nowhere [USM-055] [rule 10]', async () => {
  agent.answer = () => ({ errorStatus: 5, errorIndex: 1 });
  const manager = network.manager();
  const asked = target(SECRET);
  const results = [
    await manager.get(asked, [NAME]),
    await manager.get(target({ ...SECRET, authPassword: 'tr0ub4dor3' }), [NAME]),
  ];
  const errors: unknown[] = [];
  for (const result of results) {
    try {
      orThrow(result);
    } catch (error) {
      errors.push(error);
    }
  }
  expect(errors).toHaveLength(2);
  expect(String(asked.auth)).toBe('user secret at authPriv');
  const key = 'tr0ub4dor3';
  const shown = [asked, asked.auth, manager, manager.metrics, ...results, ...errors]
    .map((one) => inspect(one, { depth: 20, showHidden: true }) + JSON.stringify(one))
    .join('\n');
  for (const secret of [SECRET.authPassword, SECRET.privPassword, key]) {
    expect(shown).not.toContain(secret);
    expect(shown).not.toContain(Buffer.from(secret).toString('hex'));
    expect(shown).not.toContain(
      Buffer.from(secret).toString('hex').replaceAll(/(..)/g, '$1 ').trim(),
    );
  }
});
