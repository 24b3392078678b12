import { describe, expect, it } from 'vitest';
import {
  createCounters,
  Dispatcher,
  V3Processing,
  type Responder,
} from '../../../src/dispatch/index.js';
import { NO_SIZE_LIMIT, UserTable } from '../../../src/security/index.js';
import { asked, SnmpClient, statusPdu } from '../../support/snmp-client.js';
import { testEngine } from '../../support/v3-client.js';

const PEER = { address: '192.0.2.1', port: 4000 };
const get = (): Buffer =>
  new SnmpClient(() => undefined).encode(statusPdu('get', asked(['1.3.6'])));

function dispatcherWith(respond: Responder): {
  dispatcher: Dispatcher;
  defects: unknown[];
  dropped: unknown[];
} {
  const defects: unknown[] = [];
  const dropped: unknown[] = [];
  const counters = createCounters();
  const dispatcher = new Dispatcher({
    counters,
    identification: {
      identify: () => ({
        principal: { securityName: 'x' },
        contextName: '',
        maxMessageSizeOctets: NO_SIZE_LIMIT,
      }),
      principalOf: ({ name }) => ({ securityName: name }),
    },
    v3: new V3Processing(counters, testEngine(), new UserTable()),
    respond,
    limits: { maxMessageSizeOctets: 484, maxInFlight: 2 },
    observer: {
      authenticationFailed: () => undefined,
      dropped: (peer) => void dropped.push(peer),
      defect: (error) => void defects.push(error),
    },
  });
  return { dispatcher, defects, dropped };
}

describe('the dispatcher', () => {
  it('loses one datagram, and nothing else, to a bug of its own [SUP-018]', async () => {
    const bug = new Error('a bug');
    const throwing = dispatcherWith(() => {
      throw bug;
    });
    expect(throwing.dispatcher.handle(get(), PEER)).toBeUndefined();
    expect(throwing.defects).toEqual([bug]);
    const rejecting = dispatcherWith(() => Promise.reject(bug));
    expect(await rejecting.dispatcher.handle(get(), PEER)).toBeUndefined();
    expect(rejecting.defects).toEqual([bug]);
    expect(rejecting.dispatcher.inFlight).toBe(0);
  });

  it('answers in the same turn where that is possible', () => {
    const { dispatcher } = dispatcherWith(() => Buffer.of(1));
    expect(dispatcher.handle(get(), PEER)).toEqual(Buffer.of(1));
    expect(dispatcher.inFlight).toBe(0);
  });

  it('is idle when the last answer is there; closed, it takes nothing more [SUP-030]', async () => {
    const resolvers: (() => void)[] = [];
    const { dispatcher, dropped } = dispatcherWith(
      () => new Promise((resolve) => resolvers.push(() => resolve(Buffer.of(1)))),
    );
    await dispatcher.idle();
    const replies = [dispatcher.handle(get(), PEER), dispatcher.handle(get(), PEER)];
    expect(dispatcher.handle(get(), PEER)).toBeUndefined();
    expect(dropped).toEqual([PEER]);
    let idle = false;
    const waiting = dispatcher.idle().then(() => {
      idle = true;
    });
    dispatcher.close();
    resolvers[0]?.();
    await replies[0];
    expect(idle).toBe(false);
    expect(dispatcher.inFlight).toBe(1);
    resolvers[1]?.();
    await waiting;
    expect(await replies[1]).toEqual(Buffer.of(1));
    expect(dispatcher.handle(get(), PEER)).toBeUndefined();
    expect(dropped).toHaveLength(2);
  });

  it('hands on who asks, from where, and the octets as they came', () => {
    let seen: unknown;
    const { dispatcher } = dispatcherWith((request) => {
      seen = request;
      return undefined;
    });
    const datagram = get();
    expect(dispatcher.handle(datagram, PEER)).toBeUndefined();
    expect(seen).toMatchObject({
      requester: { ...PEER, version: 'v2c', securityName: 'x' },
      pdu: { type: 'get' },
      identity: datagram,
      maxReplyOctets: 484,
    });
  });
});
