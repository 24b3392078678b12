import { expect, test } from 'vitest';
import { nextTurn } from '../../../src/base/index.js';
import { community, RequestError, type Target } from '../../../src/manager/index.js';
import type { CommunityMessage } from '../../../src/message/index.js';
import type { Oid, SnmpValue, VarBind } from '../../../src/smi/index.js';
import { FakeNetwork, responseTo } from './fake-network.js';

// What users of pysnmp met, seen in its source, run, or told in its issues. What is not here is in
// the tests of requests, names and walks beside this one.

const AGENT = { address: '192.0.2.10', port: 161 };
const target: Target = {
  host: AGENT.address,
  auth: community('private'),
  timeoutMs: 100,
  retries: 1,
};
const SYSTEM: Oid = [1, 3, 6, 1, 2, 1, 1];
const NAME: Oid = [...SYSTEM, 5, 0];
const TEXT = { type: 'OctetString', value: 'edge-1' } as const;

const text = (value: string): SnmpValue => ({ type: 'OctetString', value: Buffer.from(value) });

/** A response to the one request that was sent, as octets, with the value of its variable changed. */
function responseWith(network: FakeNetwork, value: string): Buffer {
  const [asked] = network.asked;
  const octets = Buffer.from(network.encode(responseTo(asked!.message, { varBinds: [NULL_AT] })));
  expect(octets.subarray(-2).toString('hex')).toBe('0500');
  const longer = Buffer.concat([octets.subarray(0, -2), Buffer.from(value, 'hex')]);
  const added = longer.length - octets.length;
  // Message, PDU, list and variable: each of their lengths is of one octet.
  for (const tag of [0, octets.indexOf(0xa2), octets.length - 16, octets.length - 14]) {
    longer[tag + 1] = (longer[tag + 1] as number) + added;
  }
  return longer;
}

const NULL_AT: VarBind = { name: [...SYSTEM, 100, 0], value: { type: 'Null' } };

test.each([
  ['a value of a type that there is not', '7f00'],
  ['a counter below zero [etingof/pysnmp#114]', '4104ffffffff00'],
  ['an address of five octets', '4005c000020a01'],
  ['an INTEGER of nine octets', '0209010203040506070809'],
  ['a value that is cut', '0405616263'],
])('a reply with %s is counted, and the request waits on', async (_, value) => {
  const network = new FakeNetwork();
  const asking = network.manager().get(target, [NAME]);
  await nextTurn();
  network.deliver(responseWith(network, value), AGENT);
  network.reply(responseTo(network.asked[0]!.message), AGENT);
  const result = await asking;
  expect(result.kind).toBe('ok');
  expect(result.stats.discarded).toEqual({ notParsed: 1 });
});

test('a reply that is well but for its value is made as those that are not', async () => {
  const network = new FakeNetwork();
  const asking = network.manager().get(target, [NAME]);
  await nextTurn();
  network.deliver(responseWith(network, '41017f'), AGENT);
  expect((await asking).varBinds[0]?.value).toEqual({ type: 'Counter32', value: 127 });
});

test('two messages in a datagram, or octets after one, are no reply', async () => {
  const network = new FakeNetwork();
  const asking = network.manager().get(target, [NAME]);
  await nextTurn();
  const reply = Buffer.from(network.encode(responseTo(network.asked[0]!.message)));
  network.deliver(Buffer.concat([reply, reply]), AGENT);
  network.deliver(Buffer.concat([reply, Buffer.of(0)]), AGENT);
  network.deliver(reply.subarray(0, -1), AGENT);
  network.deliver(Buffer.alloc(0), AGENT);
  await network.clock.advanceAsync(1000);
  const result = await asking;
  expect(result.errorIndication).toBe('requestTimedOut');
  expect(result.stats.discarded).toEqual({ notParsed: 4 });
});

test('a value longer or larger than its SYNTAX has it is delivered [lextudio/pysnmp#357]', async () => {
  const network = new FakeNetwork();
  const values = [text('x'.repeat(300)), { type: 'Integer32', value: 200 } as const];
  network.agent = ({ message }) =>
    responseTo(message, {
      varBinds: message.pdu.varBinds.map(({ name }, i) => ({ name, value: values[i]! })),
    });
  const { varBinds } = await network.manager().get(target, ['sysDescr.0', 'sysServices.0']);
  expect(varBinds.map(({ value }) => value)).toEqual(values);
  expect(varBinds.map(({ resolutionError }) => resolutionError)).toEqual([
    'wrongLength',
    'wrongValue',
  ]);
});

test('a plain value for an object by number is sent, whatever was named before [etingof/pysnmp#132]', async () => {
  const network = new FakeNetwork();
  network.agent = ({ message }) => responseTo(message);
  const result = await network.manager().set(target, [[NAME, 'edge-1']]);
  expect(result.request).toEqual([{ name: NAME, value: text('edge-1') }]);
});

test('names by number read no module, so that nothing blocks [home-assistant/core#118426]', async () => {
  const network = new FakeNetwork();
  network.agent = ({ message }) => responseTo(message);
  const manager = network.manager({ mibs: { modules: ['ABSENT-MIB'], directories: [] } });
  expect((await manager.get(target, [NAME])).kind).toBe('ok');
  const options = { lookupMib: false } as const;
  expect((await manager.set(target, [[NAME, TEXT]], options)).kind).toBe('ok');
  // Not the variable's fault: the module was named for all of them.
  await expect(manager.get(target, ['sysName.0'])).rejects.toMatchObject({
    code: 'SNMP_MIB_UNKNOWN',
    message: expect.stringMatching(/^no MIB module ABSENT-MIB/) as string,
  });
});

test('a request of no variable is sent as one', async () => {
  const network = new FakeNetwork();
  network.agent = ({ message }) => responseTo(message);
  const result = await network.manager().get(target, []);
  expect(network.asked[0]?.message.pdu.varBinds).toEqual([]);
  expect(result).toMatchObject({ kind: 'ok', varBinds: [], isMismatched: false });
});

test('what is aborted while it waits is never sent, and what waits behind it is', async () => {
  const network = new FakeNetwork();
  const manager = network.manager();
  const one = { ...target, window: 1 };
  const controller = new AbortController();
  const first = manager.get(one, [NAME]);
  const second = manager.set(one, [[NAME, TEXT]], { signal: controller.signal });
  const third = manager.getNext(one, [NAME]);
  await nextTurn();
  controller.abort(new Error('enough'));
  await expect(second).rejects.toThrow('enough');
  network.reply(responseTo(network.asked[0]!.message), AGENT);
  expect((await first).kind).toBe('ok');
  expect(network.asked.map(({ message }) => message.pdu.type)).toEqual(['get', 'getNext']);
  await manager.close();
  expect((await third).errorIndication).toBe('managerClosed');
});

test('the late reply to an aborted request is taken by nobody, and the next has an id of its own', async () => {
  const network = new FakeNetwork();
  const manager = network.manager();
  const controller = new AbortController();
  const left = manager.get(target, [NAME], { signal: controller.signal });
  await nextTurn();
  controller.abort(new Error('enough'));
  await expect(left).rejects.toThrow('enough');
  const asking = manager.get(target, [NAME]);
  await nextTurn();
  const [before, after] = network.asked.map(({ message }) => message);
  expect(requestIdOf(after)).not.toBe(requestIdOf(before));
  network.reply(responseTo(before!, { varBinds: [{ name: NAME, value: text('late') }] }), AGENT);
  network.reply(responseTo(after!, { varBinds: [{ name: NAME, value: text('now') }] }), AGENT);
  const result = await asking;
  expect(result.varBinds[0]?.value).toEqual(text('now'));
  expect(result.stats.discarded).toEqual({ unknownRequestId: 1 });
});

function requestIdOf(message: CommunityMessage | undefined): number | undefined {
  return message?.pdu.type === 'trapV1' ? undefined : message?.pdu.requestId;
}

test('a walk under way when the manager is closed ends, as does one begun after [etingof/pysnmp#17]', async () => {
  const network = new FakeNetwork();
  const manager = network.manager();
  const walk = manager.bulkWalk(target, SYSTEM);
  const step = walk.next();
  await nextTurn();
  await Promise.all([manager.close(), manager.close()]);
  const closed = { result: { errorIndication: 'managerClosed' } };
  await expect(step).rejects.toMatchObject(closed);
  expect(await walk.next()).toEqual({ done: true, value: undefined });
  await expect(manager.walk(target, SYSTEM).next()).rejects.toMatchObject(closed);
  expect(network.clock.pendingTimers).toBe(0);
});

test('closing settles what waits for the address of its host, and for its socket', async () => {
  const network = new FakeNetwork();
  let opened: (() => void) | undefined;
  const closes: string[] = [];
  const manager = network.manager({
    resolveHost: () => new Promise(() => undefined),
    openChannel: () =>
      new Promise((resolve) => {
        const send = (): void => void closes.push('sent');
        const close = async (): Promise<void> => void closes.push('closed');
        opened = () => resolve({ send, close, onFailure: () => undefined });
      }),
  });
  const asking = [manager.get({ ...target, host: 'router' }, [NAME]), manager.get(target, [NAME])];
  await nextTurn();
  const closing = manager.close();
  opened?.();
  await closing;
  for (const one of asking) expect((await one).errorIndication).toBe('managerClosed');
  // The socket that came too late is closed, and nothing was sent from it.
  expect(closes).toEqual(['closed']);
});

test('names that do not increase within one response end a walk by GETBULK [lextudio/pysnmp#66]', async () => {
  const network = new FakeNetwork();
  const at = (arc: number): VarBind => ({ name: [...SYSTEM, arc, 0], value: text(`${arc}`) });
  network.agent = ({ message }) => responseTo(message, { varBinds: [at(1), at(3), at(2)] });
  const seen: string[] = [];
  const walk = async (): Promise<void> => {
    for await (const { label } of network.manager().bulkWalk(target, SYSTEM)) seen.push(label);
  };
  const failing = walk();
  await expect(failing).rejects.toBeInstanceOf(RequestError);
  await expect(failing).rejects.toMatchObject({ result: { errorIndication: 'oidNotIncreasing' } });
  expect(seen).toEqual(['.1.3.6.1.2.1.1.1.0', '.1.3.6.1.2.1.1.3.0']);
  expect(network.sent).toHaveLength(1);
});

test('an agent whose names increase for ever ends a walk by the number of its requests', async () => {
  const network = new FakeNetwork();
  network.agent = ({ message }) => {
    const name = [...(message.pdu.varBinds[0]?.name ?? []), 1].slice(0, 100);
    const last = name.length - 1;
    if (name.length === 100) name[last] = (name[last] as number) + network.sent.length;
    return responseTo(message, { varBinds: [{ name, value: text('more') }] });
  };
  const walk = network.manager().bulkWalk(target, SYSTEM, { maxRequests: 300 });
  const all = async (): Promise<void> => {
    for await (const one of walk) expect(one.value.type).toBe('OctetString');
  };
  await expect(all()).rejects.toMatchObject({ result: { errorIndication: 'tooManyRequests' } });
  expect(network.sent).toHaveLength(300);
});

test('calls for the next of a walk are answered in order, though none waits for the one before', async () => {
  const network = new FakeNetwork();
  const at = (arc: number): VarBind => ({ name: [...SYSTEM, arc, 0], value: text(`${arc}`) });
  network.agent = ({ message }) => {
    const arc = (message.pdu.varBinds[0]?.name[7] ?? 0) + 1;
    const found = arc > 4 ? [{ name: [1, 3, 7], value: text('') }] : [at(arc), at(arc + 1)];
    return responseTo(message, { varBinds: found });
  };
  const walk = network.manager().bulkWalk(target, SYSTEM);
  const steps = await Promise.all(Array.from({ length: 6 }, () => walk.next()));
  expect(steps.map(({ value }) => value?.name[7])).toEqual([1, 2, 3, 4, undefined, undefined]);
  expect(network.sent).toHaveLength(3);
  const left = network.manager().walk(target, SYSTEM);
  const [first, , after] = await Promise.all([left.next(), left.return(), left.next()]);
  expect([first.done, after.done]).toEqual([false, true]);
});
