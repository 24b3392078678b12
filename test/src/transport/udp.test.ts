import { createSocket, Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SimulatedClock } from '../../../src/base/index.js';
import { openUdp, type Peer, type Transport } from '../../../src/transport/index.js';

const ANY = { host: '127.0.0.1', port: 0, family: 4 } as const;
const DEADLINE_MS = 5000;

const opened: { close(): unknown }[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

/** A socket that keeps the first octets of what comes. */
async function listener(): Promise<{
  readonly peer: Peer;
  readonly heard: number[];
  readonly has: (count: number) => Promise<void>;
}> {
  const socket = createSocket('udp4');
  opened.push(socket);
  const heard: number[] = [];
  socket.on('message', (datagram) => heard.push(datagram[0] as number));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const has = (count: number): Promise<void> =>
    vi.waitFor(() => expect(heard.length).toBeGreaterThanOrEqual(count), { timeout: DEADLINE_MS });
  return { peer: socket.address(), heard, has };
}

async function transportOf(clock = new SimulatedClock()): Promise<Transport> {
  const transport = await openUdp(ANY, () => undefined, clock);
  opened.push(transport);
  return transport;
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const sends = () => vi.spyOn(Socket.prototype, 'send');

describe('what is sent soon', () => {
  it('goes out when the turn ends, in order, each to whom it is for', async () => {
    const [one, other] = [await listener(), await listener()];
    const transport = await transportOf();
    const sent = sends();
    for (const i of numbers(10)) transport.sendSoon(Uint8Array.of(i), (i % 2 ? one : other).peer);
    expect(sent).not.toHaveBeenCalled();
    await Promise.all([one.has(5), other.has(5)]);
    expect(one.heard).toEqual([1, 3, 5, 7, 9]);
    expect(other.heard).toEqual([0, 2, 4, 6, 8]);
  });

  it('is held for so many answers at most, and nothing is sent twice', async () => {
    const { peer, heard, has } = await listener();
    const transport = await transportOf();
    const sent = sends();
    for (const i of numbers(100)) transport.sendSoon(Uint8Array.of(i), peer);
    expect(sent.mock.calls.length).toBeGreaterThanOrEqual(64);
    await has(100);
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toEqual(numbers(100));
    expect(sent).toHaveBeenCalledTimes(100);
  });

  it('does not wait for what takes long in the same turn', async () => {
    const { peer } = await listener();
    const clock = new SimulatedClock();
    const transport = await transportOf(clock);
    const sent = sends();
    transport.sendSoon(Uint8Array.of(1), peer);
    clock.advance(5);
    transport.sendSoon(Uint8Array.of(2), peer);
    expect(sent).toHaveBeenCalledTimes(2);
  });

  it('goes out before the socket is closed, and not afterwards', async () => {
    const { peer, heard, has } = await listener();
    const transport = await transportOf();
    transport.sendSoon(Uint8Array.of(1), peer);
    const closed = transport.close();
    transport.sendSoon(Uint8Array.of(2), peer);
    await closed;
    await has(1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toEqual([1]);
  });

  it('is not sent to port 0, which asks for no answer (RFC 768)', async () => {
    const transport = await transportOf();
    const sent = sends();
    transport.sendSoon(Uint8Array.of(1), { address: '127.0.0.1', port: 0 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(sent).not.toHaveBeenCalled();
  });
});
