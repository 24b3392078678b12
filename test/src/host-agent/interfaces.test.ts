import { describe, expect, it } from 'vitest';
import { changeSource, withTexts } from '../host/fixture-source.js';
import { HostUnderTest, machine } from './host-under-test.js';

const DEV = '/proc/net/dev';
const busier = (text: string | undefined): string =>
  (text ?? '').replace('112613    1459', '112999    1460').replaceAll('4294967301', '4294967399');

describe('the interfaces of IF-MIB', () => {
  it('shows the interfaces of /proc/net/dev by the index of the kernel [RFC 2863]', async () => {
    await using host = await HostUnderTest.start();
    expect(await host.read('ifNumber.0')).toBe(7);
    const names = (await host.walk('ifDescr')).map(({ name, value }) => [
      name.at(-1),
      'value' in value && value.value instanceof Uint8Array && Buffer.from(value.value).toString(),
    ]);
    expect(names).toEqual([
      [1, 'lo'],
      [3, 'eth1'],
      [4, 'eth0'],
      [5, 'br0'],
      [6, 'bond0'],
      [7, 'eth0.100'],
      [9, 'tun0'],
    ]);
  });

  it('counts in 64 bits, and in 32 as RFC 2578 7.1.6 has it', async () => {
    await using host = await HostUnderTest.start();
    expect(await host.get('ifHCInOctets.4')).toEqual({ type: 'Counter64', value: 4294967301n });
    expect(await host.get('ifInOctets.4')).toEqual({ type: 'Counter32', value: 5 });
    expect(await host.get('ifHCOutOctets.4')).toEqual({
      type: 'Counter64',
      value: 18446744073709551615n,
    });
  });

  it('shows counters that are not older than a second', async () => {
    let isBusier = false;
    const source = changeSource(machine, {
      readText: async (path, maxOctets) => {
        const content = await machine.readText(path, maxOctets);
        return path === DEV && isBusier ? busier(content) : content;
      },
    });
    await using host = await HostUnderTest.start(source);
    expect(await host.read('ifInOctets.1')).toBe(112613);
    expect(await host.read('ifHCInOctets.4')).toBe(4294967301n);
    isBusier = true;
    await host.clock.advanceAsync(1000);
    expect(await host.read('ifInOctets.1')).toBe(112999);
    expect(await host.read('ifHCInOctets.4')).toBe(4294967399n);
  });

  it('reads the machine once for a walk of both tables', async () => {
    let readings = 0;
    const source = changeSource(machine, {
      readText: (path, maxOctets) => {
        if (path === DEV) readings += 1;
        return machine.readText(path, maxOctets);
      },
    });
    await using host = await HostUnderTest.start(source);
    await host.walk('ifTable');
    await host.walk('ifXTable');
    expect(readings).toBe(1);
  });

  it('tells when an interface came, and that the table changed then [RFC 2863]', async () => {
    let isGhostThere = false;
    const dev = (await machine.readText(DEV)) ?? '';
    const withGhost = withTexts(machine, { '/sys/class/net/ghost/ifindex': '12\n' });
    const source = changeSource(withGhost, {
      readText: async (path, maxOctets) =>
        path === DEV && !isGhostThere
          ? dev.replace(/^ ghost:.*$/m, '')
          : withGhost.readText(path, maxOctets),
    });
    await using host = await HostUnderTest.start(source);
    expect(await host.read('ifTableLastChange.0')).toBe(0);
    await host.clock.advanceAsync(7000);
    isGhostThere = true;
    expect(await host.read('ifNumber.0')).toBe(8);
    expect(await host.read('ifTableLastChange.0')).toBe(700);
    expect(await host.read('ifLastChange.12')).toBe(700);
    expect(await host.read('ifName.12')).toBe('ghost');
  });
});
