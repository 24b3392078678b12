import { describe, expect, test } from 'vitest';
import { SnmpError } from '../../../src/base/index.js';
import { community, type ManagerEvents, type Target } from '../../../src/manager/index.js';
import { FakeNetwork, responseTo } from './fake-network.js';

const target: Target = {
  host: '192.0.2.10',
  auth: community('public'),
  timeoutMs: 100,
  retries: 0,
};
const asked = { address: '192.0.2.10', port: 161 };
const elsewhere = { address: '192.0.2.11', port: 1161 };
const SYS_NAME = '1.3.6.1.2.1.1.5.0';

/** A request under way to a target, and everything that was discarded while it was. */
async function underWay(to: Target) {
  const network = new FakeNetwork();
  const manager = network.manager();
  const discarded: ManagerEvents['datagram:discarded'][0][] = [];
  const off = manager.on('datagram:discarded', (event) => discarded.push(event));
  const asking = manager.get(to, [SYS_NAME]);
  await network.clock.advanceAsync(0);
  const message = network.asked[0]?.message;
  if (message === undefined) throw new Error('nothing was sent');
  return { network, manager, asking, message, discarded, off };
}

describe('where a response comes from', () => {
  test('by default only the address that was asked counts; all else is told as it comes', async () => {
    const { network, asking, message, discarded, off } = await underWay(target);
    network.reply(responseTo(message), elsewhere);
    network.reply(responseTo(message), { ...asked, port: 162 });
    expect(discarded).toEqual([
      { reason: 'wrongSource', ...elsewhere },
      { reason: 'wrongSource', ...asked, port: 162 },
    ]);
    network.reply(responseTo(message), asked);
    expect((await asking).kind).toBe('ok');
    // A duplicate is no response to anything any more.
    network.reply(responseTo(message), asked);
    expect(discarded.at(-1)).toEqual({ reason: 'unknownRequestId', ...asked });
    off();
    network.deliver(Buffer.from('noise'), elsewhere);
    expect(discarded).toHaveLength(3);
  });

  test("with acceptFrom 'any' a response may come from anywhere, but must still be one", async () => {
    const { network, asking, message, discarded } = await underWay({
      ...target,
      acceptFrom: 'any',
    });
    network.reply({ ...responseTo(message), community: Buffer.from('other') }, elsewhere);
    network.reply({ ...responseTo(message), version: 'v1' }, elsewhere);
    network.reply(responseTo(message, { requestId: 1 }), elsewhere);
    network.reply(responseTo(message, { type: 'get' as 'response' }), elsewhere);
    expect(discarded.map(({ reason }) => reason)).toEqual([
      'wrongCommunity',
      'wrongVersion',
      'unknownRequestId',
      'wrongPduType',
    ]);
    network.reply(responseTo(message), elsewhere);
    const result = await asking;
    expect([result.kind, result.stats.discarded]).toEqual([
      'ok',
      { wrongCommunity: 1, wrongVersion: 1, wrongPduType: 1 },
    ]);
  });

  test('another word for it is said', async () => {
    const manager = new FakeNetwork().manager();
    const wrong = { ...target, acceptFrom: 'all' as 'any' };
    await expect(manager.get(wrong, [SYS_NAME])).rejects.toThrow(
      new SnmpError(
        'SNMP_OPTION_INVALID',
        `target.acceptFrom: expected 'target' or 'any', got "all"`,
      ),
    );
  });
});
