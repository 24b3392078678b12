import { createSocket } from 'node:dgram';
import type { UdpAddress } from './udp.js';

/**
 * The address of this machine that a datagram to `peer` leaves from: connecting a UDP socket asks
 * the routes and sends nothing.
 *
 * @returns undefined where there is no route.
 */
export function localAddressTowards({
  host,
  port,
  family,
}: UdpAddress): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(family === 4 ? 'udp4' : 'udp6');
    const answer = (address: string | undefined): void => {
      socket.close();
      resolve(address);
    };
    socket.once('error', () => answer(undefined));
    // Without a callback: with one, an error would go there, and Node throws where none is given.
    socket.once('connect', () => answer(socket.address().address));
    socket.connect(port, host);
  });
}
