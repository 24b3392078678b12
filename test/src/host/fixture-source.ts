import { fileURLToPath } from 'node:url';
import {
  openHostSource,
  type FileSystemUsage,
  type HostSource,
  type OsFacts,
} from '../../../src/host/index.js';

/** What node would tell of a machine called "still": the same on every machine the tests run on. */
export const STILL_FACTS: OsFacts = {
  uname: () => ({
    type: 'Linux',
    hostname: 'still',
    release: '6.1.0',
    version: '#1 SMP',
    machine: 'x86_64',
  }),
  uptimeSeconds: () => 12.5,
  totalMemoryOctets: () => 8 * 1024 ** 3,
  freeMemoryOctets: () => 2 * 1024 ** 3,
  processors: () => [{ model: 'Apple M1', busyMs: 250, idleMs: 750 }],
  addresses: () => [
    { interfaceName: 'en0', macAddress: '0a:00:00:00:00:01', internal: false, scopeId: 0 },
    { interfaceName: 'lo0', macAddress: '00:00:00:00:00:00', internal: true, scopeId: 0 },
    { interfaceName: 'lo0', macAddress: '00:00:00:00:00:00', internal: true, scopeId: 1 },
  ],
  ownProcess: () => ({
    pid: 4242,
    execPath: '/opt/node/bin/node',
    parameters: ['agent.js', 'host'],
    cpuMicroseconds: 1_234_567,
    residentOctets: 50 * 1024 * 1024,
  }),
};

/** The machine whose root is test/fixtures/host/<name>. */
export function fixtureSource(name: string): HostSource {
  const root = fileURLToPath(new URL(`../../fixtures/host/${name}`, import.meta.url));
  return openHostSource(root, STILL_FACTS);
}

/** The same machine with other answers in some places. */
export function changeSource(source: HostSource, changed: Partial<HostSource>): HostSource {
  return {
    readText: (path, maxOctets) => source.readText(path, maxOctets),
    readBytes: (path, maxOctets) => source.readBytes(path, maxOctets),
    readDirectory: (path) => source.readDirectory(path),
    readLink: (path) => source.readLink(path),
    statFileSystem: (path) => source.statFileSystem(path),
    os: source.os,
    ...changed,
  };
}

/** The same machine with these texts instead of its files. */
export function withTexts(source: HostSource, texts: Readonly<Record<string, string>>): HostSource {
  return changeSource(source, {
    readText: async (path, maxOctets) => texts[path] ?? source.readText(path, maxOctets),
  });
}

/** The same machine with these file systems; all others may not be asked. */
export function withUsage(
  source: HostSource,
  usage: Readonly<Record<string, FileSystemUsage>>,
): HostSource {
  return changeSource(source, { statFileSystem: async (path) => usage[path] });
}
