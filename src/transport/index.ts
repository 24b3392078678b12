/**
 * Datagrams in and out. No opinion about their content; knows neither messages nor agents.
 */
export { openUdp, parseUdpUrl, type Peer, type Transport, type UdpAddress } from './udp.js';
export { localAddressTowards } from './route.js';
