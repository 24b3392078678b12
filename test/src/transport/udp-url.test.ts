import { describe, expect, it } from 'vitest';
import { parseUdpUrl } from '../../../src/transport/index.js';

describe('an address to listen on', () => {
  it('is an IPv4 or IPv6 address and a port', () => {
    expect(parseUdpUrl('udp://127.0.0.1:1161')).toEqual({
      host: '127.0.0.1',
      port: 1161,
      family: 4,
    });
    expect(parseUdpUrl('udp://localhost:0')).toEqual({ host: '127.0.0.1', port: 0, family: 4 });
    expect(parseUdpUrl('udp://[::1]:161')).toEqual({ host: '::1', port: 161, family: 6 });
    expect(parseUdpUrl('udp://[fe80::1%eth0]:65535')).toEqual({
      host: 'fe80::1%eth0',
      port: 65_535,
      family: 6,
    });
  });

  it('is refused otherwise, with what was expected', () => {
    for (const text of [
      '',
      '127.0.0.1:161',
      'tcp://127.0.0.1:161',
      'udp://127.0.0.1',
      'udp://127.0.0.1:65536',
      'udp://127.0.0.1:-1',
      'udp://::1:161',
      'udp://example.org:161',
      'udp://127.0.0.1:161/',
    ]) {
      expect(() => parseUdpUrl(text)).toThrow(
        expect.objectContaining({ code: 'SNMP_LISTEN_SYNTAX' }),
      );
    }
  });
});
