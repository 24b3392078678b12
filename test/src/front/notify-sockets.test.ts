import { afterEach, expect, it } from 'vitest';
import { systemClock, silentLogger } from '../../../src/base/index.js';
import { createCounters } from '../../../src/dispatch/index.js';
import { completeTargets, type NotifyTarget } from '../../../src/notify/index.js';
import { NotifySockets } from '../../../src/notify-sockets.js';
import { Supervisor } from '../../../supervisors/index.js';
import { socketSpec } from '../../../supervisors/trees/index.js';

const [here, there, old, v6] = completeTargets(
  [
    { address: 'udp://127.0.0.1:162', community: 'c' },
    { address: 'udp://192.0.2.1:162', community: 'c' },
    { address: 'udp://127.0.0.1:162', community: 'c', version: 'v1' },
    { address: 'udp://[::1]:162', community: 'c' },
  ],
  'targets',
) as [NotifyTarget, NotifyTarget, NotifyTarget, NotifyTarget];

const supervisors: Supervisor[] = [];
afterEach(async () => {
  for (const one of supervisors.splice(0)) await one.stop();
});

function socketsOf(configured: readonly NotifyTarget[]): NotifySockets {
  return new NotifySockets({ counters: createCounters(), configured, received: () => undefined });
}

async function supervise(sockets: NotifySockets): Promise<Supervisor> {
  const supervisor = await Supervisor.start({
    name: 'notify',
    clock: systemClock,
    logger: silentLogger,
    children: sockets.parts().map(socketSpec),
  });
  supervisors.push(supervisor);
  sockets.startedBy(supervisor);
  return supervisor;
}

const open = (supervisor: Supervisor): string[] => supervisor.children().map(({ id }) => id);

it('a socket comes with whoever is told through it, and stays', async () => {
  const sockets = socketsOf([]);
  const supervisor = await supervise(sockets);
  expect(open(supervisor)).toEqual([]);
  await sockets.reach([here, here]);
  expect(open(supervisor)).toEqual(['udp4-loopback']);
  expect(sockets.channelTo(here)).toBeDefined();
  expect(sockets.channelTo(there)).toBe(undefined);
  expect(sockets.reach([here])).toBe(undefined);
  await sockets.reach([here, there, v6]);
  expect(open(supervisor)).toEqual(['udp4-loopback', 'udp4', 'udp6-loopback']);
  expect(sockets.channelTo(there)).toBe(sockets.channelTo(here));
});

it('one that reaches everybody serves for this machine too, and those of the configuration are there at once', async () => {
  const sockets = socketsOf([here, there]);
  const supervisor = await supervise(sockets);
  expect(open(supervisor)).toEqual(['udp4']);
  expect(sockets.reach([here, there])).toBe(undefined);
  expect(sockets.channelTo(here)).toBe(sockets.channelTo(there));
  expect(open(await supervise(socketsOf([here])))).toEqual(['udp4-loopback']);
});

it('two that need one socket at the same time wait for the same one', async () => {
  const sockets = socketsOf([]);
  const supervisor = await supervise(sockets);
  await Promise.all([sockets.reach([here]), sockets.reach([here])]);
  expect(open(supervisor)).toEqual(['udp4-loopback']);
});

it('what was open is open again when its supervisor has begun anew; without one nothing is', async () => {
  const sockets = socketsOf([]);
  expect(await sockets.reach([here])).toBe(undefined);
  expect(sockets.channelTo(here)).toBe(undefined);
  const first = await supervise(sockets);
  await sockets.reach([here]);
  await first.stop();
  expect(sockets.channelTo(here)).toBe(undefined);
  // Its end is known to nobody yet who needs another one.
  await sockets.reach([there]);
  expect(sockets.channelTo(there)).toBe(undefined);
  const second = await supervise(sockets);
  expect(open(second)).toEqual(['udp4-loopback']);
  await sockets.reach([there]);
  expect(open(second)).toEqual(['udp4-loopback', 'udp4']);
});

it('an SNMPv1 receiver is told from an address that is known by then', async () => {
  const sockets = socketsOf([]);
  await supervise(sockets);
  expect([...sockets.agentAddress(old)]).toEqual([0, 0, 0, 0]);
  await sockets.reach([old]);
  expect([...sockets.agentAddress(old)]).toEqual([127, 0, 0, 1]);
  expect(sockets.reach([old])).toBe(undefined);
});
