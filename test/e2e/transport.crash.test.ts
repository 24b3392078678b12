import diagnosticsChannel from 'node:diagnostics_channel';
import type { Socket } from 'node:dgram';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agent.js';
import {
  asked,
  decodeAnswer,
  SnmpClient,
  status,
  statusPdu,
  values,
} from '../support/snmp-client.js';
import { mibText } from '../support/mib-fixtures.js';
import { targetOf, UdpClient } from '../support/udp-client.js';
import { agentPackage } from './built-package.js';

/*
 * Real sockets that break under an agent: Node tells of every UDP socket that is made, so the one
 * that the agent listens with can be made to fail as the system would.
 */

const sockets: Socket[] = [];
const madeOne = (message: unknown): void => {
  sockets.push((message as { readonly socket: Socket }).socket);
};
beforeAll(() => diagnosticsChannel.subscribe('udp.socket', madeOne));
afterAll(() => void diagnosticsChannel.unsubscribe('udp.socket', madeOne));

/** The latest one that listens there. */
function socketOf(url: string): Socket {
  const { host, port } = targetOf(url);
  const found = sockets.findLast((socket) => {
    try {
      const bound = socket.address();
      return bound.port === port && bound.address === host;
    } catch {
      return false; // closed
    }
  });
  if (found === undefined) throw new Error(`no socket listens on ${url}`);
  return found;
}

/** As the system's refusal to receive surfaces in Node. */
const broken = (): Error => Object.assign(new Error('recvmsg EBADF'), { code: 'EBADF' });

const DEADLINE_MS = 5000;

/** Resolves with the address when a transport has come up again. */
function comesUp(agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no transport came up')), DEADLINE_MS);
    const off = agent.on('transport:up', ({ url }) => {
      clearTimeout(timer);
      off();
      resolve(url);
    });
  });
}

const manager = new SnmpClient(() => undefined, { community: 'private' });

async function get(client: UdpClient, url: string): Promise<string> {
  const request = manager.encode(statusPdu('get', asked(['roInt.0'])));
  const { octets, from } = await client.exchange(request, targetOf(url));
  expect(from.port).toBe(targetOf(url).port);
  const answer = decodeAnswer(octets);
  return `${status(answer)} ${values(answer).join(' ')}`;
}

async function openAgent(): Promise<Agent> {
  const agent = await agentPackage.startAgent({
    listen: ['udp://127.0.0.1:0', 'udp://127.0.0.2:0'],
    access: { communities: { private: 'write' } },
  });
  await agent.loadText(mibText('CONF-MIB'), { name: 'conf', roInt: { get: () => 17 } });
  return agent;
}

describe('a transport whose socket breaks', () => {
  it('is closed, listens on the same port again, and answers, time after time [SUP-018]', async () => {
    await using agent = await openAgent();
    await using client = await UdpClient.open();
    const [first = '', second = ''] = agent.addresses;
    expect(await get(client, first)).toBe('noError/0 Integer32:17');
    for (let time = 1; time <= 3; time++) {
      const socket = socketOf(first);
      // Not by `once` of node:events: to that, the error is a failure of the waiting.
      const isClosed = new Promise<void>((resolve) => socket.once('close', resolve));
      const isUp = comesUp(agent);
      socket.emit('error', broken());
      await isClosed;
      expect(await isUp).toBe(first);
      expect(socketOf(first)).not.toBe(socket);
      expect(await get(client, first)).toBe('noError/0 Integer32:17');
      expect(agent.addresses).toEqual([first, second]);
      // Counters are the agent's, not the socket's.
      expect(agent.metrics().snmp['snmpInPkts']).toBe(2 * time);
      expect(await get(client, second)).toBe('noError/0 Integer32:17');
    }
    const transports = agent.tree().children?.find(({ id }) => id === 'transports');
    expect(transports?.children).toMatchObject([
      { id: 'udp-1', state: 'running', restarts: 3, incarnation: 4 },
      { id: 'udp-2', state: 'running', restarts: 0, incarnation: 1 },
    ]);
  });

  it('and tells so twice is replaced once; the other one goes on meanwhile', async () => {
    await using agent = await openAgent();
    await using client = await UdpClient.open();
    const [first = '', second = ''] = agent.addresses;
    const other = socketOf(second);
    const socket = socketOf(first);
    const isUp = comesUp(agent);
    socket.emit('error', broken());
    socket.emit('error', broken());
    expect(await get(client, second)).toBe('noError/0 Integer32:17');
    await isUp;
    expect(await get(client, first)).toBe('noError/0 Integer32:17');
    expect(socketOf(second)).toBe(other);
    const transports = agent.tree().children?.find(({ id }) => id === 'transports');
    expect(transports?.children?.[0]).toMatchObject({ id: 'udp-1', restarts: 1 });
  });

  it('with a request under way is replaced all the same; its answer is lost, and no other', async () => {
    let answer: (value: number) => void = () => undefined;
    await using agent = await openAgent();
    await using client = await UdpClient.open();
    const [first = '', second = ''] = agent.addresses;
    await agent.load('CONF-MIB', {
      name: 'slow',
      anyInt: { get: () => new Promise<number>((resolve) => (answer = resolve)) },
    });
    await client.send(manager.encode(statusPdu('get', asked(['anyInt.0']))), targetOf(first));
    // The request after it has been answered: so it is under way.
    expect(await get(client, first)).toBe('noError/0 Integer32:17');
    const isUp = comesUp(agent);
    socketOf(first).emit('error', broken());
    await isUp;
    answer(1);
    expect(await get(client, first)).toBe('noError/0 Integer32:17');
    expect(await get(client, second)).toBe('noError/0 Integer32:17');
    expect(agent.metrics().requestsInFlight).toBe(0);
  });
});
