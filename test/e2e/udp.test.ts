import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agent.js';
import { openUdp, parseUdpUrl } from '../../src/transport/index.js';
import {
  asked,
  decodeAnswer,
  integer,
  SnmpClient,
  status,
  statusPdu,
  values,
} from '../support/snmp-client.js';
import { targetOf, UdpClient } from '../support/udp-client.js';
import { mibText } from '../support/mib-fixtures.js';
import { agentPackage } from './built-package.js';

const { scalar, startAgent } = agentPackage;
const manager = new SnmpClient(() => undefined, { community: 'private' });
const get = (...names: readonly string[]): Buffer => manager.encode(statusPdu('get', asked(names)));

let agent: Agent;
beforeAll(async () => {
  agent = await startAgent({
    listen: ['udp://127.0.0.1:0', 'udp://127.0.0.2:0', 'udp://[::1]:0'],
    access: { communities: { private: 'write' } },
  });
  await agent.loadText(mibText('CONF-MIB'), {
    name: 'conf',
    roInt: { get: () => 17 },
    anyInt: { get: () => Promise.resolve(18) },
    rwInt: scalar.stored({ value: 50 }),
    bigText: { get: () => Buffer.alloc(60_000) },
  });
});
afterAll(() => agent.stop());

describe('an agent on several addresses', () => {
  it('answers each request from the address and port that was asked [ENC-041, LIM-020]', async () => {
    await using v4 = await UdpClient.open(4);
    await using v6 = await UdpClient.open(6);
    expect(agent.addresses).toHaveLength(3);
    for (const url of agent.addresses) {
      const target = targetOf(url);
      const client = target.host === '::1' ? v6 : v4;
      for (const name of ['roInt.0', 'anyInt.0']) {
        const { octets, from } = await client.exchange(get(name), target);
        expect({ host: from.address, port: from.port }).toEqual(target);
        expect(status(decodeAnswer(octets))).toBe('noError/0');
      }
    }
  });

  it('reads and writes [V1-014, GET-001]', async () => {
    await using client = await UdpClient.open();
    const target = targetOf(agent.addresses[0] as string);
    for (const version of ['v1', 'v2c'] as const) {
      const set = manager
        .as({ version })
        .encode(
          statusPdu('set', [{ name: asked(['rwInt.0'])[0]?.name ?? [], value: integer(51) }]),
        );
      expect(status(decodeAnswer((await client.exchange(set, target)).octets))).toBe('noError/0');
    }
    const { octets } = await client.exchange(get('rwInt.0', 'roInt.0', 'anyInt.0'), target);
    expect(values(decodeAnswer(octets))).toEqual(['Integer32:51', 'Integer32:17', 'Integer32:18']);
  });

  it('sends answers of up to 65 507 octets, and tooBig for larger ones [LIM-001]', async () => {
    await using client = await UdpClient.open();
    const target = targetOf(agent.addresses[0] as string);
    const large = await client.exchange(get('bigText.0'), target);
    expect(large.octets.length).toBeGreaterThan(60_000);
    const tooBig = await client.exchange(get('bigText.0', 'bigText.0'), target);
    expect(status(decodeAnswer(tooBig.octets))).toBe('tooBig/0');
  });

  it('answers a burst of 500 requests from each of 4 sources, each to its own [LIM-006, MIB-026]', async () => {
    const target = targetOf(agent.addresses[0] as string);
    const clients = await Promise.all(Array.from({ length: 4 }, () => UdpClient.open()));
    await Promise.all(
      clients.map(async (client, c) => {
        const ids = Array.from({ length: 500 }, (_, i) => 1_000_000 * (c + 1) + i);
        for (const id of ids) {
          await client.send(manager.encode(statusPdu('get', asked(['roInt.0']), id)), target);
        }
        const answered = new Set<number>();
        while (answered.size < ids.length) {
          answered.add(decodeAnswer((await client.receive()).octets).requestId);
        }
        expect([...answered].sort((a, b) => a - b)).toEqual(ids);
      }),
    );
    await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
  });
});

describe('a UDP transport', () => {
  it('sends nothing to port 0, which asks for no reply (RFC 768), and lives on', async () => {
    const transport = await openUdp(parseUdpUrl('udp://127.0.0.1:0'), () => undefined);
    expect(() => transport.send(Buffer.of(1), { address: '127.0.0.1', port: 0 })).not.toThrow();
    await using client = await UdpClient.open();
    transport.send(Buffer.of(2), { address: '127.0.0.1', port: client.port });
    expect((await client.receive()).octets).toEqual(Buffer.of(2));
    await transport.close();
    await transport.close();
    transport.send(Buffer.of(3), { address: '127.0.0.1', port: client.port });
  });

  it('survives a destination that the system refuses', async () => {
    const failures: Error[] = [];
    const transport = await openUdp(parseUdpUrl('udp://127.0.0.1:0'), () => undefined);
    transport.onFailure((error) => void failures.push(error));
    for (const address of ['255.255.255.255', '0.0.0.0', '203.0.113.1']) {
      transport.send(Buffer.alloc(65_508), { address, port: 9 });
      transport.send(Buffer.of(1), { address, port: 9 });
    }
    await using client = await UdpClient.open();
    transport.send(Buffer.of(2), { address: '127.0.0.1', port: client.port });
    expect((await client.receive()).octets).toEqual(Buffer.of(2));
    expect(failures).toEqual([]);
    await transport.close();
  });

  it("that is taken is refused with the system's reason", async () => {
    const [taken = ''] = agent.addresses;
    for (const listen of [taken, 'udp://192.0.2.1:0']) {
      const failure: unknown = await startAgent({ listen }).catch((error: unknown) => error);
      expect(codesOf(failure)).toContain('SNMP_LISTEN_FAILED');
    }
    await expect(startAgent({ listen: 'nonsense' })).rejects.toMatchObject({
      code: 'SNMP_LISTEN_SYNTAX',
    });
  });
});

/** The codes of an error and of its causes. */
function codesOf(failure: unknown): string[] {
  const codes: string[] = [];
  for (let cause = failure; cause instanceof Error; cause = cause.cause) {
    codes.push(String((cause as { code?: unknown }).code));
  }
  return codes;
}
