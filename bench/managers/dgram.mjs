/** The limit of any manager on Node: one request's octets out, any datagram in, nothing looked at. */
import dgram from 'node:dgram';
import { buildRequest, GET } from '../load/ber.mjs';
import { measured } from './measured.mjs';
import { SCALAR } from './objects.mjs';

measured((port) => {
  const socket = dgram.createSocket({
    type: 'udp4',
    lookup: (host, _options, done) => done(null, host, 4),
  });
  const { datagram } = buildRequest({ pdu: GET, community: 'public', bindings: [{ oid: SCALAR }] });
  /** BOUNDED by the window. @type {((isGood: boolean) => void)[]} */
  const waiting = [];
  socket.on('message', () => waiting.shift()?.(true));
  return {
    get(done) {
      waiting.push(done);
      socket.send(datagram, port, '127.0.0.1');
    },
    walk: () => undefined,
    close: () => socket.close(),
  };
});
