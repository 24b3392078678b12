import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Agent } from '../../src/index.js';
import { decodeMessage, type Pdu } from '../../src/message/index.js';
import { PROJECT_ROOT } from '../support/child.js';
import { agentPackage } from './built-package.js';

const CLI = join(PROJECT_ROOT, 'dist/src/cli/main.js');
const SECRET = 'correct horse';
const OTHER = 'battery staple';

let agent: Agent;
let address: string;
let receiver: Socket;

beforeAll(async () => {
  const user = { name: 'ann', auth: 'sha256', priv: 'aes256', write: 'all' } as const;
  agent = await agentPackage.startAgent({
    listen: 'udp://127.0.0.1:0',
    access: { users: [{ ...user, authPassword: SECRET, privPassword: OTHER }] },
  });
  address = (agent.addresses[0] as string).replace('udp://', '');
  receiver = createSocket('udp4').bind(0, '127.0.0.1');
  await once(receiver, 'listening');
});
afterAll(async () => {
  await agent.stop();
  receiver.close();
});

interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

function trellis(...args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [CLI, ...args],
      { timeout: 50_000, env: { ...process.env, MIBDIRS: '', NO_COLOR: '1', ANN: OTHER } },
      (error, out, err) => resolve({ status: Number(error?.code ?? 0), out, err }),
    );
  });
}

it('a user of SNMPv3 asks and sets; who is wrong is told so, without the secrets', async () => {
  const user = ['-v3', '-u', 'ann', '-a', 'SHA-256', '-x', 'AES-256', '-X', 'env:ANN'];
  const name = 'SNMPv2-MIB::sysName.0';
  const calls = [
    trellis('set', ...user, '-A', SECRET, address, name, 's', 'edge-3'),
    trellis('get', ...user, '-A', 'tr0ub4dor3', address, name),
    trellis('get', ...user, '-A', 'hunter2', address, name),
  ];
  const [set, wrong, weak] = (await Promise.all(calls)) as [Ran, Ran, Ran];
  expect(set).toMatchObject({ status: 0, out: `${name} = STRING: edge-3\n` });
  expect(wrong).toMatchObject({ status: 1, out: '' });
  expect(wrong.err).toContain('[wrongDigest]');
  expect(weak).toMatchObject({ status: 2, out: '' });
  for (const { err } of [wrong, weak]) expect(err).not.toMatch(/tr0ub4dor3|hunter2/);
});

it('a trap goes out before the command ends, and an inform fails where nobody answers', async () => {
  const heard: Pdu[] = [];
  const trap = new Promise<void>((resolve) => {
    receiver.on('message', (datagram: Buffer) => {
      const decoded = decodeMessage(datagram);
      if (!decoded.ok) return;
      heard.push(decoded.message.pdu);
      if (decoded.message.pdu.type === 'trap') resolve();
    });
  });
  const at = `127.0.0.1:${receiver.address().port}`;
  const words = ['IF-MIB::linkDown', 'IF-MIB::ifIndex.4', 'i', '4'];
  const [sent, told, off] = await Promise.all([
    trellis('trap', at, '4200', ...words),
    trellis('trap', '-Ci', '-r', '0', '-t', '0.2', at, '', ...words),
    trellis('trap', '-v1', at, '4200', ...words),
  ]);
  await trap;
  expect(sent).toEqual({ status: 0, out: '', err: '' });
  expect(told).toMatchObject({ status: 1, out: '' });
  expect(told.err).toContain(`Timeout: No Response from ${at}`);
  expect(off.status).toBe(2);
  const [first] = heard.filter(({ type }) => type === 'trap');
  expect(first?.varBinds[0]?.value).toEqual({ type: 'TimeTicks', value: 4200 });
});
