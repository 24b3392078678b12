import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../../src/base/index.js';
import { startAgent, type Agent, type NotifyTargetOptions } from '../../../src/index.js';
import { Listener } from '../../support/notify-listener.js';
import { SnmpClient } from '../../support/snmp-client.js';

const COLD_START = '1.3.6.1.6.3.1.1.5.1';
const AUTHENTICATION_FAILURE = '1.3.6.1.6.3.1.1.5.5';

let listener: Listener;
let agent: Agent | undefined;

beforeEach(async () => {
  listener = await Listener.open();
});

afterEach(async () => {
  await agent?.stop();
  agent = undefined;
  listener.close();
});

function target(more: Partial<NotifyTargetOptions> = {}): NotifyTargetOptions {
  return { address: listener.address, community: 'trapped', ...more };
}

async function start(
  targets: readonly NotifyTargetOptions[],
  clock?: SimulatedClock,
): Promise<SnmpClient> {
  agent = await startAgent({
    notify: { targets },
    access: { communities: { private: 'write' } },
    ...(clock === undefined ? {} : { clock }),
  });
  return new SnmpClient((octets) => (agent as Agent).inject(octets), { community: 'private' });
}

const wrongCommunity = (octets: Uint8Array): Buffer =>
  Buffer.from(Buffer.from(octets).toString('latin1').replace('private', 'guesses'), 'latin1');

/** A request that nobody may make. */
async function intrude(): Promise<void> {
  const client = new SnmpClient(
    async (octets) => {
      await agent?.inject(wrongCommunity(octets));
      return undefined;
    },
    { community: 'private' },
  );
  await client.get('1.3.6.1.2.1.1.5.0').catch(() => undefined);
}

describe('the notifications of an agent', () => {
  it('begin with coldStart, to every target as it wants it', async () => {
    await start([target({ version: 'v1' }), target(), target({ inform: true })]);
    expect(await listener.told(3)).toEqual([
      'trapV1 1.3.6.1.6.3.1.1.5 0',
      `trap ${COLD_START}`,
      `inform ${COLD_START}`,
    ]);
    expect(listener.agentAddress).toBe('127.0.0.1');
  });

  it('are the program’s: the deliveries tell what became of them', async () => {
    await start([target({ name: 'one' }), target({ name: 'two', inform: true })]);
    const deliveries = await agent?.notify('IF-MIB::linkDown', {
      'ifIndex.2': 2,
      'ifAdminStatus.2': 'up',
      'ifOperStatus.2': 'down',
    });
    expect(deliveries).toEqual([
      { target: 'one', outcome: 'sent' },
      { target: 'two', outcome: 'acknowledged' },
    ]);
    expect(agent?.metrics().notifications).toMatchObject({ sent: 2, acknowledged: 2, pending: 0 });
    await expect(agent?.notify('noSuchThing')).rejects.toMatchObject({
      code: 'SNMP_NOTIFY_UNKNOWN',
    });
  });

  it('without a target are none, and cost no socket', async () => {
    await start([]);
    expect(await agent?.notify('coldStart')).toEqual([]);
    const groups = agent?.tree().children ?? [];
    expect(groups.map(({ id }) => id)).toEqual(['master', 'subtrees', 'notify', 'transports']);
    expect(groups.find(({ id }) => id === 'notify')?.children).toEqual([]);
  });

  it('that fail are told to listeners', async () => {
    const clock = new SimulatedClock();
    await start([target()], clock);
    const silent = { ...target({ name: 'silent', inform: true }), address: 'udp://127.0.0.1:9' };
    await agent?.stop();
    await start([silent], clock);
    const failed = new Promise((resolve) => agent?.on('notification:failed', resolve));
    clock.advance(60_000);
    expect(await failed).toEqual({
      notification: 'coldStart',
      target: 'silent',
      outcome: 'unanswered',
    });
  });
});

describe('authenticationFailure', () => {
  it('is sent once for each message where snmpEnableAuthenTraps says so [MIB-018]', async () => {
    const client = await start([target()]);
    await client.set(['1.3.6.1.2.1.11.30.0', { type: 'Integer32', value: 1 }]);
    await intrude();
    await intrude();
    expect(await listener.told(3)).toEqual([
      `trap ${COLD_START}`,
      `trap ${AUTHENTICATION_FAILURE}`,
      `trap ${AUTHENTICATION_FAILURE}`,
    ]);
  });

  it('is sent from the beginning where the configuration says so, and managers may change it', async () => {
    agent = await startAgent({
      notify: { targets: [target()], authenticationFailure: true },
      access: { communities: { private: 'write' } },
    });
    await intrude();
    expect(await listener.told(2)).toEqual([
      `trap ${COLD_START}`,
      `trap ${AUTHENTICATION_FAILURE}`,
    ]);
    const client = new SnmpClient((octets) => (agent as Agent).inject(octets), {
      community: 'private',
    });
    await client.set(['1.3.6.1.2.1.11.30.0', { type: 'Integer32', value: 2 }]);
    await intrude();
    await agent.notify('warmStart');
    expect((await listener.told(3))[2]).toBe('trap 1.3.6.1.6.3.1.1.5.2');
  });

  it('is not sent by default, nor once it is disabled again [MIB-019]', async () => {
    const client = await start([target()]);
    await intrude();
    await client.set(['1.3.6.1.2.1.11.30.0', { type: 'Integer32', value: 1 }]);
    await client.set(['1.3.6.1.2.1.11.30.0', { type: 'Integer32', value: 2 }]);
    await intrude();
    await agent?.notify('warmStart');
    expect(await listener.told(2)).toEqual([`trap ${COLD_START}`, 'trap 1.3.6.1.6.3.1.1.5.2']);
  });

  it('is limited in a flood; the counter counts every message [LIM-007]', async () => {
    const clock = new SimulatedClock();
    const client = await start([target()], clock);
    await client.set(['1.3.6.1.2.1.11.30.0', { type: 'Integer32', value: 1 }]);
    for (let i = 0; i < 1000; i++) await intrude();
    expect(agent?.metrics().snmp['snmpInBadCommunityNames']).toBe(1000);
    expect(agent?.metrics().notifications.sent).toBe(1 + 10);
    clock.advance(1000);
    for (let i = 0; i < 10; i++) await intrude();
    expect(agent?.metrics().notifications.sent).toBe(1 + 11);
  });
});

describe('a notify view', () => {
  it('keeps from a target what it does not have: the notification, or one of its objects [ACM-011, RFC 3413 3.3]', async () => {
    agent = await startAgent({
      notify: {
        targets: [
          target({ name: 'ruled', community: 'ruled' }),
          target({ name: 'mute', community: 'mute' }),
          target({ name: 'free', community: 'of nobody' }),
        ],
      },
      access: {
        communities: { ruled: { group: 'told' }, mute: { group: 'untold' } },
        groups: {
          told: [{ notify: { include: ['snmpTraps', 'sysName'], exclude: ['coldStart'] } }],
          untold: [{ read: 'all' }],
        },
      },
    });
    const outcomes = async (name: string, values: Record<string, string> = {}): Promise<string> => {
      const deliveries = (await agent?.notify(name, values)) ?? [];
      return deliveries.map(({ target: at, outcome }) => `${at} ${outcome}`).join(', ');
    };
    expect(await outcomes('coldStart')).toBe('ruled notSent, mute notSent, free sent');
    expect(await outcomes('authenticationFailure')).toBe('ruled sent, mute notSent, free sent');
    expect(await outcomes('authenticationFailure', { sysName: 'a' })).toBe(
      'ruled sent, mute notSent, free sent',
    );
    expect(await outcomes('authenticationFailure', { sysName: 'a', sysContact: 'b' })).toBe(
      'ruled notSent, mute notSent, free sent',
    );
  });
});
