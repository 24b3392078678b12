// Many agents in one process, each with a socket and a port of its own on 127.0.0.1: answers a GET
// with its port. Some are silent, some slow, some answer twice, some say nonsense first.
//
//   fork(this, [count]): sends { kinds, ports } when all are bound; asked 'most', sends the most
//   requests that a slow one had before it at once.
import dgram from 'node:dgram';
import { decodeMessage, MessageEncoder } from '../../dist/src/message/index.js';

const KINDS = ['silent', 'slow', 'twice', 'nonsense'];
const ONE_IN = 5;
const SLOW_MS = 20;
const MAX_OCTETS = 1472;
const LAST_ANSWERED = 20;
const encoder = new MessageEncoder();
let most = 0;

function start(kind) {
  const socket = dgram.createSocket('udp4');
  /** BOUNDED by the window of the manager. */
  const open = new Set();
  /** So that a request that is sent again does not count as one more. BOUNDED by LAST_ANSWERED. */
  const answered = [];
  socket.on('message', (datagram, { port, address }) => {
    if (kind === 'silent') return;
    const decoded = decodeMessage(datagram);
    if (!decoded.ok) return;
    const { version, community, pdu } = decoded.message;
    const value = { type: 'Integer32', value: socket.address().port };
    const varBinds = pdu.varBinds.map(({ name }) => ({ name, value }));
    const { requestId } = pdu;
    const response = { type: 'response', requestId, errorStatus: 0, errorIndex: 0, varBinds };
    const octets = encoder.encode({ version, community, pdu: response }, MAX_OCTETS);
    if (kind === 'nonsense') socket.send('no message', port, address);
    if (kind === 'twice') socket.send(octets, port, address);
    if (kind !== 'slow') {
      socket.send(octets, port, address);
      return;
    }
    if (open.has(requestId) || answered.includes(requestId)) return;
    open.add(requestId);
    most = Math.max(most, open.size);
    setTimeout(() => {
      open.delete(requestId);
      answered.push(requestId);
      if (answered.length > LAST_ANSWERED) answered.shift();
      socket.send(octets, port, address);
    }, SLOW_MS);
  });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, '127.0.0.1', () => resolve(socket.address().port));
  });
}

const kinds = Array.from({ length: Number(process.argv[2]) }, (_, i) =>
  i % ONE_IN === 0 ? KINDS[(i / ONE_IN) % KINDS.length] : 'good',
);
const ports = [];
for (const kind of kinds) ports.push(await start(kind));
process.send({ kinds, ports });
process.on('message', () => process.send({ most }));
process.on('disconnect', () => process.exit());
