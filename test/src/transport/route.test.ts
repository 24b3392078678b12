import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { localAddressTowards } from '../../../src/transport/index.js';

describe('the address that a datagram leaves from', () => {
  it('is loopback to loopback', async () => {
    expect(await localAddressTowards({ host: '127.0.0.1', port: 162, family: 4 })).toBe(
      '127.0.0.1',
    );
    expect(await localAddressTowards({ host: '::1', port: 162, family: 6 })).toBe('::1');
  });

  it("is the interface's own, by the routes and not by chance [COX-015]", async () => {
    const own = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
    for (const { address, family } of own) {
      if (family !== 'IPv4') continue;
      expect(await localAddressTowards({ host: address, port: 162, family: 4 })).toBe(address);
    }
  });

  it('is none where there is no route', async () => {
    expect(
      await localAddressTowards({ host: '255.255.255.255', port: 162, family: 4 }),
    ).toBeUndefined();
  });
});
