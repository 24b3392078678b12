/**
 * The limit: a bare node:dgram echo in a process of its own.
 *
 * Guards the decision that our UDP transport is measured against the best Node can do, not against
 * a clumsy echo: it uses the same dgram usage the transport should (see README, "dgram").
 *
 * As a child: `node servers/echo.mjs --child PORT`.
 */
import dgram from 'node:dgram';
import { fileURLToPath } from 'node:url';
import { freePort, SERVER_CORE, start as startProcess, stop, waitForLine } from '../lib/proc.mjs';
import { forEcho } from '../workloads.mjs';

export const name = 'echo';

export function detect() {
  return {
    version: `node:dgram of ${process.version}`,
    notes: ['returns each request unchanged, walks included'],
  };
}

export async function start() {
  const port = await freePort();
  const child = startProcess(
    process.execPath,
    [fileURLToPath(import.meta.url), '--child', String(port)],
    SERVER_CORE,
  );
  await waitForLine(child, 'ready', 5000);
  return { port, pid: child.pid ?? 0, echo: true, work: forEcho(), stop: () => stop(child) };
}

/** Names are never resolved: the address of a received datagram is numeric. @param {any[]} args */
function numericLookup(...args) {
  args[args.length - 1](null, args[0], 4);
}

/** @param {number} port */
function serve(port) {
  const socket = dgram.createSocket({
    type: 'udp4',
    lookup: numericLookup,
    recvBufferSize: 4 << 20,
    sendBufferSize: 4 << 20,
  });
  socket.on('message', (message, from) => socket.send(message, from.port, from.address));
  socket.bind(port, '127.0.0.1', () => console.log('ready'));
}

if (process.argv[2] === '--child') serve(Number(process.argv[3]));
