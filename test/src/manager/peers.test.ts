import { describe, expect, test } from 'vitest';
import type { Exchange, PeerState } from '../../../src/manager/exchange.js';
import { Peers } from '../../../src/manager/peers.js';

const MANY = 1024;

function addressOf(i: number): { readonly address: string; readonly family: 4 } {
  return { address: `10.0.${Math.floor(i / 256)}.${i % 256}`, family: 4 };
}

/** A peer as it is while a request to it waits. */
function busy(peers: Peers, peer: PeerState): void {
  peers.becomesBusy();
  peer.waiting.add({} as Exchange);
}

describe('the peers of a manager', () => {
  test('are told apart by address and by port', () => {
    const peers = new Peers();
    const one = peers.at(addressOf(1), 161);
    const other = peers.at(addressOf(1), 1161);
    const third = peers.at(addressOf(2), 161);
    expect(new Set([one, other, third]).size).toBe(3);
    expect(peers.at(addressOf(1), 161)).toBe(one);
    expect(peers.find('10.0.0.1', 1161)).toBe(other);
    expect(peers.find('10.0.0.2', 1161)).toBeUndefined();
    expect(peers.find('10.0.0.3', 161)).toBeUndefined();
  });

  test('are forgotten when too many are idle, all but those with a request', () => {
    const peers = new Peers();
    const asked = peers.at(addressOf(0), 161);
    busy(peers, asked);
    const idleBesides = peers.at(addressOf(0), 162);
    for (let i = 1; i < MANY; i++) peers.at(addressOf(i), 161);
    expect(peers.find('10.0.0.0', 162)).toBe(idleBesides);
    const last = peers.at(addressOf(MANY), 161);
    expect(peers.at(addressOf(MANY), 161)).toBe(last);
    expect(peers.find('10.0.0.0', 161)).toBe(asked);
    expect(peers.find('10.0.0.0', 162)).toBeUndefined();
    expect(peers.find('10.0.0.1', 161)).toBeUndefined();
  });

  test('are all kept while most of them have a request', () => {
    const peers = new Peers();
    for (let i = 0; i < 3 * MANY; i++) busy(peers, peers.at(addressOf(i), 161));
    const idle = Array.from({ length: MANY + 1 }, (_, i) => peers.at(addressOf(i), 162));
    expect(idle.every((peer) => peers.find(peer.address, peer.port) === peer)).toBe(true);
  });
});
