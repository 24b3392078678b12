import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { nextTurn } from '../../../src/base/index.js';
import { community, orThrow, type Target } from '../../../src/manager/index.js';
import { FakeNetwork, responseTo } from './fake-network.js';

const AGENT = { address: '192.0.2.10', port: 161 };
const target: Target = {
  host: '192.0.2.10',
  auth: community('private'),
  timeoutMs: 100,
  retries: 2,
};
const NAME = '1.3.6.1.2.1.1.5.0';
const TEXT = { type: 'OctetString', value: 'edge-1' } as const;

async function settled(network: FakeNetwork, forMs = 1000): Promise<void> {
  await network.clock.advanceAsync(forMs);
}

test('a result is four parts in order, and the same with names', async () => {
  const network = new FakeNetwork();
  network.agent = ({ message }) => responseTo(message);
  const manager = network.manager();
  const result = await manager.set(target, [[NAME, TEXT]]);
  const [errorIndication, errorStatus, errorIndex, varBinds] = result;
  expect([errorIndication, errorStatus, errorIndex]).toEqual([null, 'noError', 0]);
  expect(result).toMatchObject({ kind: 'ok', errorStatus, errorIndex, isMismatched: false });
  expect(varBinds).toBe(result.varBinds);
  expect(varBinds.map(String)).toEqual(['.1.3.6.1.2.1.1.5.0 = STRING: "edge-1"']);
  expect(result.stats).toEqual({ attempts: 1, rttMs: 0, discarded: {} });
  expect(network.clock.pendingTimers).toBe(0);
  expect(manager.metrics).toEqual({ inFlight: 0, waiting: 0, discarded: {} });
});

test('an attempt without response is repeated with the same octets, retries times [RFC 3413 3.1] [rule 5]', async () => {
  const network = new FakeNetwork();
  const asking = network.manager().set(target, [[NAME, TEXT]]);
  await settled(network);
  const result = await asking;
  expect(result).toMatchObject({ kind: 'engineError', errorIndication: 'requestTimedOut' });
  expect([...result]).toEqual(['requestTimedOut', 'noError', 0, []]);
  expect(result.stats).toEqual({ attempts: 3, discarded: {} });
  expect(network.sent.map(({ atMs }) => atMs)).toEqual([0, 100, 200]);
  expect(new Set(network.sent.map(({ octets }) => octets.toString('hex'))).size).toBe(1);
});

test('a response to a later attempt ends the request, and its round trip is of that attempt', async () => {
  const network = new FakeNetwork();
  const asking = network.manager().get(target, [NAME]);
  await network.clock.advanceAsync(130);
  const [first] = network.asked;
  network.reply(responseTo(first!.message), AGENT);
  await settled(network);
  expect((await asking).stats).toEqual({ attempts: 2, rttMs: 30, discarded: {} });
  expect(network.sent).toHaveLength(2);
});

test('what is not the reply that was asked for is counted, and the request waits on [RFC 3413 3.1] [rule 3]', async () => {
  const network = new FakeNetwork();
  const manager = network.manager();
  const asking = manager.get(target, [NAME]);
  await nextTurn();
  const asked = network.asked[0]!.message;
  const elsewhere = { ...AGENT, address: '192.0.2.11' };
  network.reply(responseTo(asked), elsewhere);
  network.reply(responseTo(asked), { ...AGENT, port: 162 });
  network.reply({ ...responseTo(asked), version: 'v1' }, AGENT);
  network.reply({ ...responseTo(asked), community: Buffer.from('public') }, AGENT);
  network.deliver(network.sent[0]!.octets, AGENT);
  network.reply(
    responseTo(asked, {
      requestId: 1 + (network.asked[0]!.message.pdu as { requestId: number }).requestId,
    }),
    AGENT,
  );
  network.deliver(Buffer.from('3000', 'hex'), AGENT);
  network.deliver(Buffer.from('3000', 'hex'), elsewhere);
  await settled(network);
  const result = await asking;
  expect(result.errorIndication).toBe('requestTimedOut');
  const discarded = {
    wrongSource: 2,
    wrongVersion: 1,
    wrongCommunity: 1,
    wrongPduType: 1,
    unknownRequestId: 1,
  };
  expect(result.stats.discarded).toEqual({ ...discarded, notParsed: 1 });
  expect(manager.metrics.discarded).toEqual({ ...discarded, notParsed: 2 });
});

test('a reply that came twice settles once and counts as unknown the second time', async () => {
  const network = new FakeNetwork();
  const manager = network.manager();
  const asking = manager.get(target, [NAME]);
  await nextTurn();
  const reply = responseTo(network.asked[0]!.message);
  network.reply(reply, AGENT);
  network.reply(reply, AGENT);
  expect((await asking).kind).toBe('ok');
  expect(manager.metrics.discarded).toEqual({ unknownRequestId: 1 });
});

test('an error-index out of range is delivered as it came, with nothing as failed [rule 4]', async () => {
  for (const errorIndex of [0, 2, -1, 2_147_483_647]) {
    const network = new FakeNetwork();
    network.agent = ({ message }) => responseTo(message, { errorStatus: 17, errorIndex });
    const result = await network.manager().set(target, [[NAME, TEXT]]);
    expect(result).toMatchObject({
      kind: 'agentError',
      errorStatus: 'notWritable',
      errorStatusCode: 17,
      errorIndex,
      failed: null,
    });
  }
});

test('an error-index names the variable of the request, though the response has none', async () => {
  const network = new FakeNetwork();
  network.agent = ({ message }) =>
    responseTo(message, { errorStatus: 17, errorIndex: 2, varBinds: [] });
  const result = await network.manager().set(target, [
    ['1.3.6.1.2.1.1.4.0', TEXT],
    [NAME, TEXT],
  ]);
  expect(result.kind === 'agentError' && result.failed?.label).toBe('.1.3.6.1.2.1.1.5.0');
  expect(() => orThrow(result)).toThrow('the agent answered notWritable at .1.3.6.1.2.1.1.5.0');
});

test('an error-status of no RFC is delivered by its number [rule 4]', async () => {
  const network = new FakeNetwork();
  network.agent = ({ message }) => responseTo(message, { errorStatus: 99 });
  const result = await network.manager().get(target, [NAME]);
  expect(result).toMatchObject({ kind: 'agentError', errorStatus: 'unknown(99)' });
});

test('variables that were not asked for are delivered, and said to be [rule 9]', async () => {
  const network = new FakeNetwork();
  network.agent = ({ message }) =>
    responseTo(message, { varBinds: [{ name: [1, 3, 6, 9], value: { type: 'Null' } }] });
  const result = await network.manager().get(target, [NAME]);
  expect(result).toMatchObject({ kind: 'ok', isMismatched: true });
});

test('a request that is aborted is sent no more, and rejects with the reason [rule 5]', async () => {
  const network = new FakeNetwork();
  const manager = network.manager();
  const controller = new AbortController();
  const asking = manager.set(target, [[NAME, TEXT]], { signal: controller.signal });
  await nextTurn();
  controller.abort(new Error('enough'));
  await expect(asking).rejects.toThrow('enough');
  await settled(network);
  expect(network.sent).toHaveLength(1);
  expect(manager.metrics).toMatchObject({ inFlight: 0, waiting: 0 });
  await expect(
    manager.get(target, [NAME], { signal: AbortSignal.abort(new Error('before')) }),
  ).rejects.toThrow('before');
  expect(network.sent).toHaveLength(1);
});

test('a deadline ends a request before its attempts are used up', async () => {
  const network = new FakeNetwork();
  const asking = network.manager().get(target, [NAME], { deadlineMs: 150 });
  await settled(network);
  expect((await asking).errorIndication).toBe('deadlineExpired');
  expect(network.sent).toHaveLength(2);
  expect(network.clock.pendingTimers).toBe(0);
});

test('closing settles what is under way, what waits and what comes after [rule 5]', async () => {
  const network = new FakeNetwork();
  const manager = network.manager({ maxInFlight: 1 });
  const asking = [manager.get(target, [NAME]), manager.get(target, [NAME])];
  await nextTurn();
  expect(manager.metrics).toMatchObject({ inFlight: 1, waiting: 1 });
  await manager.close();
  for (const one of [...asking, manager.get(target, [NAME])]) {
    expect((await one).errorIndication).toBe('managerClosed');
  }
  expect(network.sent).toHaveLength(1);
  expect(network.closed).toEqual([4]);
  expect(network.clock.pendingTimers).toBe(0);
});

test('a manager that goes out of scope is closed', async () => {
  const network = new FakeNetwork();
  let asking;
  {
    await using manager = network.manager();
    asking = manager.get(target, [NAME]);
    await nextTurn();
  }
  expect((await asking).errorIndication).toBe('managerClosed');
});

test('one socket serves all targets of a family, another those of the other', async () => {
  const network = new FakeNetwork();
  network.agent = ({ message }) => responseTo(message);
  const manager = network.manager();
  const hosts = ['192.0.2.1', '192.0.2.2', '2001:db8::1', '2001:DB8:0:0::0002'];
  const results = await Promise.all(hosts.map((host) => manager.get({ ...target, host }, [NAME])));
  expect(results.map(({ kind }) => kind)).toEqual(['ok', 'ok', 'ok', 'ok']);
  expect(network.sent.map(({ family, peer }) => [family, peer.address])).toEqual([
    [4, '192.0.2.1'],
    [4, '192.0.2.2'],
    [6, '2001:db8::1'],
    [6, '2001:db8::2'],
  ]);
  await manager.close();
  expect(network.closed).toEqual([4, 6]);
});

test('a window bounds what is under way at one address, and others go on beside it', async () => {
  const network = new FakeNetwork();
  const manager = network.manager();
  const slow = { ...target, window: 2, retries: 0 };
  const asking = Array.from({ length: 5 }, () => manager.get(slow, [NAME]));
  const other = manager.get({ ...target, host: '192.0.2.99' }, [NAME]);
  await nextTurn();
  expect(network.sent.map(({ peer }) => peer.address)).toEqual([
    '192.0.2.10',
    '192.0.2.10',
    '192.0.2.99',
  ]);
  network.reply(responseTo(network.asked[0]!.message), AGENT);
  expect(network.sent).toHaveLength(4);
  await settled(network);
  const kinds = (await Promise.all(asking)).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'ok')).toHaveLength(1);
  await manager.close();
  await other;
});

test('of 10 000 targets no more are asked at once than may be, and each in its turn', async () => {
  const network = new FakeNetwork();
  let most = 0;
  const manager = network.manager({ maxInFlight: 100 });
  network.agent = ({ message }) => {
    most = Math.max(most, manager.metrics.inFlight);
    return responseTo(message);
  };
  const hosts = Array.from({ length: 10_000 }, (_, i) => `10.0.${i >> 8}.${i & 255}`);
  const results = await Promise.all(hosts.map((host) => manager.get({ ...target, host }, [NAME])));
  expect(results.every(({ kind }) => kind === 'ok')).toBe(true);
  expect(most).toBe(100);
  expect(network.sent).toHaveLength(10_000);
  expect(manager.metrics).toEqual({ inFlight: 0, waiting: 0, discarded: {} });
});

test('where too many wait already, one more is told so at once', async () => {
  const network = new FakeNetwork();
  const manager = network.manager({ maxInFlight: 1, maxWaiting: 2 });
  const asking = Array.from({ length: 4 }, () => manager.get(target, [NAME]));
  expect((await asking[3])?.errorIndication).toBe('queueFull');
  await manager.close();
});

test('a request larger than the target takes is not sent', async () => {
  const network = new FakeNetwork();
  const small = { ...target, maxMessageSizeOctets: 484 };
  const long = { ...TEXT, value: 'x'.repeat(500) };
  const result = await network.manager().set(small, [[NAME, long]], { validate: 'untyped' });
  expect(result.errorIndication).toBe('tooBig');
  expect(network.sent).toEqual([]);
});

test('to SNMPv1 a GETBULK goes out as GETNEXT with error-status and error-index 0 [COX-022]', async () => {
  const network = new FakeNetwork();
  network.agent = ({ message }) => responseTo(message);
  const v1 = { ...target, auth: community('public', { version: 'v1' }) };
  await network.manager().getBulk(v1, [NAME], { nonRepeaters: 1, maxRepetitions: 7 });
  const { version, pdu } = network.asked[0]!.message;
  expect(version).toBe('v1');
  expect(pdu).toMatchObject({ type: 'getNext', errorStatus: 0, errorIndex: 0 });
});

test('a GETBULK carries its numbers', async () => {
  const network = new FakeNetwork();
  network.agent = ({ message }) => responseTo(message);
  await network.manager().getBulk(target, [NAME], { nonRepeaters: 1, maxRepetitions: 7 });
  expect(network.asked[0]!.message.pdu).toMatchObject({
    type: 'getBulk',
    nonRepeaters: 1,
    maxRepetitions: 7,
  });
});

test('a host by name is looked up once, and asked where it is found', async () => {
  const network = new FakeNetwork();
  network.agent = ({ message }) => responseTo(message);
  const asked: unknown[] = [];
  const manager = network.manager({
    resolveHost: async (...call) => {
      asked.push(call);
      return [
        { address: '2001:db8::7', family: 6 },
        { address: '192.0.2.7', family: 4 },
      ];
    },
  });
  const named = { ...target, host: 'router' };
  await Promise.all([manager.get(named, [NAME]), manager.get(named, [NAME])]);
  await manager.get(named, [NAME]);
  expect(asked).toEqual([['router', undefined]]);
  expect(new Set(network.sent.map(({ peer }) => peer.address))).toEqual(new Set(['192.0.2.7']));
  await network.clock.advanceAsync(60_000);
  await manager.get(named, [NAME]);
  expect(asked).toHaveLength(2);
});

test('a host that is not found, or not in time, is a result and no rejection [rule 2]', async () => {
  const network = new FakeNetwork();
  const cause = new Error('ENOTFOUND');
  const named = { ...target, host: 'router' };
  const failing = network.manager({ resolveHost: () => Promise.reject(cause) });
  expect(await failing.get(named, [NAME])).toMatchObject({
    kind: 'engineError',
    errorIndication: 'hostNotFound',
    cause,
  });
  const silent = network.manager({ resolveHost: () => new Promise(() => undefined) });
  const asking = silent.get(named, [NAME]);
  await settled(network, 15_000);
  expect((await asking).errorIndication).toBe('hostNotFound');
});

test('a socket that cannot be opened is a result, and the next request tries again', async () => {
  const network = new FakeNetwork();
  const cause = new Error('EMFILE');
  let opened = 0;
  const manager = network.manager({
    openChannel: () => {
      opened += 1;
      return Promise.reject(cause);
    },
  });
  for (const times of [1, 2]) {
    const result = await manager.get(target, [NAME]);
    expect(result).toMatchObject({ errorIndication: 'transportFailed', cause });
    expect(opened).toBe(times);
  }
});

test('faults of the caller reject before anything is sent [rule 1]', async () => {
  const network = new FakeNetwork();
  const manager = network.manager();
  const rejected: [Promise<unknown>, string][] = [
    [manager.get({ ...target, retries: -1 }, [NAME]), 'retries: expected an integer'],
    [manager.get({ ...target, timeoutMs: 0 }, [NAME]), 'timeoutMs: expected an integer'],
    [manager.get({ ...target, host: '' }, [NAME]), 'target.host: expected a name or an address'],
    [manager.get({ ...target, family: 6 }, [NAME]), 'target.family: expected 4'],
    [manager.get({ ...target, retrys: 3 } as Target, [NAME]), 'did you mean retries?'],
    [manager.get(target, [NAME], { lookupMibs: true } as object), 'did you mean lookupMib?'],
    [manager.get(target, NAME as never), 'expected an array of variables'],
    [manager.get(target, ['1']), 'variable 1: expected an OID of 2 to 128'],
    [manager.get(target, [NAME], { deadlineMs: -1 }), 'deadlineMs'],
    [manager.getBulk(target, [NAME], { maxRepetitions: -1 }), 'maxRepetitions'],
    [manager.set(target, [[NAME] as never]), 'expected [name, value]'],
  ];
  for (const [asking, message] of rejected) await expect(asking).rejects.toThrow(message);
  await expect(manager.get({ ...target, auth: 'private' as never }, [NAME])).rejects.not.toThrow(
    'private',
  );
  expect(network.sent).toEqual([]);
});

test('a community shows nowhere [rule 10]', async () => {
  const network = new FakeNetwork();
  network.agent = ({ message }) => responseTo(message, { errorStatus: 5, errorIndex: 1 });
  const manager = network.manager();
  const result = await manager.get(target, [NAME]);
  const shown = [target, result, manager, (await manager.get(target, [NAME])).stats];
  for (const one of shown) {
    expect(inspect(one, { depth: 9 })).not.toContain('private');
    expect(JSON.stringify(one)).not.toContain('private');
  }
});
