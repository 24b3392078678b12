import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAgent } from '../../src/index.js';
import { community, Manager, type Target, type VarBindToSet } from '../../src/manager/index.js';
import { formatOid } from '../../src/smi/index.js';
import { run } from './agent-process.js';
import { OtpAgent } from './otp/otp-agent.js';
import { SnmpdProcess } from './snmpd-process.js';

interface Peer {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

const peers: Peer[] = [];
/** Ended in the reverse order. */
const started: (() => PromiseLike<unknown>)[] = [];
let manager: Manager;

beforeAll(async () => {
  manager = new Manager();
  started.push(() => manager.close());
  const snmpd = await SnmpdProcess.start('rocommunity public 127.0.0.1');
  started.push(() => snmpd[Symbol.asyncDispose]());
  const [host = '', port] = snmpd.address.split(':');
  peers.push({ name: 'snmpd', host, port: Number(port) });
  const otp = await OtpAgent.start();
  started.push(() => otp[Symbol.asyncDispose]());
  peers.push({ name: 'OTP', host: otp.host, port: otp.port });
  const agent = await startAgent({
    listen: ['udp://127.0.0.1:0', 'udp://[::1]:0'],
    access: { communities: { public: 'read', private: 'write' } },
  });
  started.push(() => agent.stop());
  for (const url of agent.addresses) {
    const { hostname, port: bound } = new URL(url.replace('udp:', 'http:'));
    const plain = hostname.replaceAll(/[[\]]/g, '');
    peers.push({ name: `trellis at ${plain}`, host: plain, port: Number(bound) });
  }
});
afterAll(async () => {
  for (const end of started.toReversed()) await end();
});

function target({ host, port }: Peer, version: 'v1' | 'v2c' = 'v2c', name = 'private'): Target {
  return { host, port, auth: community(name, { version }), timeoutMs: 2000, retries: 1 };
}

/** What each of them answers. */
async function ofEach<Answer>(ask: (peer: Peer) => Promise<Answer>): Promise<[string, Answer][]> {
  const answers: [string, Answer][] = [];
  for (const peer of peers) answers.push([peer.name, await ask(peer)]);
  return answers;
}

function all<Answer>(answer: Answer): [string, Answer][] {
  return peers.map(({ name }) => [name, answer]);
}

async function collected<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('the manager, against snmpd, OTP and ours', () => {
  it('the same calls give the same four parts', async () => {
    const set = (version: 'v1' | 'v2c', ...varBinds: VarBindToSet[]) =>
      ofEach(async (peer) => {
        const options = { validate: 'untyped' } as const;
        const result = await manager.set(target(peer, version), varBinds, options);
        return [result.errorIndication, result.errorStatus, result.errorIndex];
      });
    const location = 'SNMPv2-MIB::sysLocation.0';
    const long = { type: 'OctetString', value: 'x'.repeat(300) } as const;
    const number = { type: 'Integer32', value: 1 } as const;
    const here: VarBindToSet = [location, 'here'];
    const descr: VarBindToSet = ['SNMPv2-MIB::sysDescr.0', 'Linux i386'];
    expect(await set('v2c', here)).toEqual(all([null, 'noError', 0]));
    expect(await set('v2c', descr)).toEqual(all([null, 'notWritable', 1]));
    expect(await set('v2c', here, descr)).toEqual(all([null, 'notWritable', 2]));
    expect(await set('v2c', [location, number])).toEqual(all([null, 'wrongType', 1]));
    expect(await set('v2c', [location, long])).toEqual(all([null, 'wrongLength', 1]));
    expect(await set('v1', here)).toEqual(all([null, 'noError', 0]));
    expect(await set('v1', descr)).toEqual(all([null, 'noSuchName', 1]));
    expect(await set('v1', here, descr)).toEqual(all([null, 'noSuchName', 2]));
    expect(await set('v1', [location, number])).toEqual(all([null, 'badValue', 1]));
    expect(await set('v1', [location, long])).toEqual(all([null, 'badValue', 1]));
  });

  it('what was set is read back, with its name', async () => {
    const place = 'Rack 4, "row" 2';
    const read = await ofEach(async (peer) => {
      await manager.set(target(peer), [[['SNMPv2-MIB', 'sysLocation', 0], place]]);
      return String((await manager.get(target(peer, 'v1'), ['sysLocation.0'])).varBinds[0]);
    });
    expect(read).toEqual(all(`SNMPv2-MIB::sysLocation.0 = STRING: ${place}`));
  });

  it('what is not there is an exception, and in SNMPv1 noSuchName [V1-012]', async () => {
    const nowhere = ['SNMPv2-MIB::sysDescr.1', '1.3.6.1.2.1.99.1'];
    const v2c = await ofEach(async (peer) => {
      const { varBinds } = await manager.get(target(peer), nowhere);
      return varBinds.map(({ value }) => value.type);
    });
    expect(v2c).toEqual(all(['noSuchInstance', 'noSuchObject']));
    const v1 = await ofEach(async (peer) => {
      const names = ['SNMPv2-MIB::sysName.0', 'SNMPv2-MIB::sysDescr.1'];
      const { errorStatus, errorIndex } = await manager.get(target(peer, 'v1'), names);
      return [errorStatus, errorIndex];
    });
    expect(v1).toEqual(all(['noSuchName', 2]));
  });

  it('walks by GETNEXT and GETBULK are those of snmpwalk, in both versions', async () => {
    for (const peer of peers) {
      const names = async (walk: AsyncIterable<{ readonly name: readonly number[] }>) =>
        (await collected(walk)).map(({ name }) => `.${formatOid(name)}`);
      const address = peer.host.includes(':') ? `udp6:[${peer.host}]` : peer.host;
      const words = ['-v2c', '-cprivate', '-Onq', `${address}:${peer.port}`, '1.3.6.1.2.1.1'];
      const { output } = await run('snmpwalk', words);
      const theirs = [...output.matchAll(/^(\.[\d.]+) /gm)].map(([, name]) => name);
      expect(theirs.length).toBeGreaterThan(7);
      expect(await names(manager.walk(target(peer), 'system'))).toEqual(theirs);
      expect(await names(manager.walk(target(peer, 'v1'), 'system'))).toEqual(theirs);
      expect(await names(manager.bulkWalk(target(peer, 'v1'), 'system'))).toEqual(theirs);
      for (const maxRepetitions of [1, 5, 100]) {
        const walk = manager.bulkWalk(target(peer), 'system', { maxRepetitions });
        expect([peer.name, await names(walk)]).toEqual([peer.name, theirs]);
      }
    }
  });

  it('a GETBULK and a GETNEXT of several names give what follows each', async () => {
    const names = ['SNMPv2-MIB::sysDescr', 'SNMPv2-MIB::sysContact', 'SNMPv2-MIB::sysName'];
    const next = await ofEach(async (peer) =>
      (await manager.getNext(target(peer), names)).varBinds.map(({ label }) => label),
    );
    expect(next).toEqual(all(names.map((name) => `${name}.0`)));
    const bulk = await ofEach(async (peer) => {
      const options = { nonRepeaters: 1, maxRepetitions: 2 };
      const { varBinds } = await manager.getBulk(target(peer), names, options);
      return varBinds.map(({ label }) => label.replace('SNMPv2-MIB::', ''));
    });
    expect(bulk).toEqual(
      all(['sysDescr.0', 'sysContact.0', 'sysName.0', 'sysName.0', 'sysLocation.0']),
    );
  });

  it('a table comes by rows and columns', async () => {
    for (const peer of peers) {
      const rows = await collected(manager.table(target(peer), 'SNMPv2-MIB::sysORTable'));
      const walk = await collected(manager.walk(target(peer), 'SNMPv2-MIB::sysORDescr'));
      expect([peer.name, rows.map((row) => row['sysORDescr'])]).toEqual([
        peer.name,
        walk.map(({ plain }) => plain),
      ]);
      // OTP's has no rows.
      expect(rows.length > 0 || peer.name === 'OTP').toBe(true);
      expect(rows.map((row) => row['sysORIndex'])).toEqual(walk.map(({ index }) => index[0]));
    }
  });

  it('differs between agents as docs/manager.md says, and nowhere else', async () => {
    const nowhere = ['SNMPv2-MIB::sysDescr.1', '1.3.6.1.2.1.99.1'];
    const missing = await ofEach(
      async (peer) => (await manager.get(target(peer, 'v1'), nowhere)).errorIndex,
    );
    expect(missing.map(([, index]) => index)).toEqual([2, 2, 1, 1]);
    const refused = await ofEach(async (peer) => {
      const reader = target(peer, 'v2c', 'public');
      const { errorStatus, errorIndex } = await manager.set(reader, [['sysLocation.0', 'here']]);
      return `${errorStatus} ${errorIndex}`;
    });
    expect(refused.map(([, refusal]) => refusal)).toEqual([
      'noAccess 1',
      'noAccess 1',
      'authorizationError 0',
      'authorizationError 0',
    ]);
  });

  it('an unknown community has no answer', async () => {
    const asked = await ofEach(async (peer) => {
      const stranger = { ...target(peer, 'v2c', 'nobody'), timeoutMs: 100, retries: 1 };
      const { errorIndication, stats } = await manager.get(stranger, ['sysDescr.0']);
      return [errorIndication, stats.attempts];
    });
    expect(asked).toEqual(all(['requestTimedOut', 2]));
  });

  it('a hundred requests at once over one socket each have their own answer', async () => {
    const asked = await ofEach(async (peer) => {
      const names = Array.from({ length: 100 }, (_, i) => `1.3.6.1.2.1.1.${(i % 7) + 1}.0`);
      const results = await Promise.all(names.map((name) => manager.get(target(peer), [name])));
      return results.every((result, i) => {
        const [first] = result.varBinds;
        return result.kind === 'ok' && first !== undefined && formatOid(first.name) === names[i];
      });
    });
    expect(asked).toEqual(all(true));
  });
});
