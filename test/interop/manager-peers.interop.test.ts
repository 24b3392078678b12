import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAgent } from '../../src/index.js';
import { Manager } from '../../src/manager/index.js';
import { OtpAgent } from './otp/otp-agent.js';
import { CALLS, type Peer } from './peers/calls.js';
import { answerDue, differenceRows, DIFFERENCES } from './peers/differences.js';
import { PeerProcess } from './peers/peer-process.js';
import { SnmpdProcess } from './snmpd-process.js';

const peers: Peer[] = [];
/** Ended in the reverse order. */
const started: (() => PromiseLike<unknown>)[] = [];
let manager: Manager;

function keep<Started extends AsyncDisposable>(one: Started): Started {
  started.push(() => one[Symbol.asyncDispose]());
  return one;
}

beforeAll(async () => {
  manager = keep(new Manager());
  const agent = await startAgent({
    listen: ['udp://127.0.0.1:0'],
    access: { communities: { public: 'read', private: 'write' } },
  });
  started.push(() => agent.stop());
  const host = '127.0.0.1';
  const portOf = (address: string | undefined): number => Number(address?.split(':').at(-1));
  const snmpd = keep(await SnmpdProcess.start('rocommunity public 127.0.0.1'));
  const otp = keep(await OtpAgent.start());
  const pysnmp = keep(await PeerProcess.pysnmp());
  const npm = keep(await PeerProcess.npmNetSnmp());
  peers.push(
    { name: 'trellis', host, port: portOf(agent.addresses[0]) },
    { name: 'snmpd', host, port: portOf(snmpd.address) },
    { name: 'OTP', host: otp.host, port: otp.port },
    { name: 'pysnmp', host, port: pysnmp.port },
    { name: 'npm net-snmp', host, port: npm.port },
  );
});
afterAll(async () => {
  for (const end of started.toReversed()) await end();
});

describe('the same calls of the manager to agents of five makes', () => {
  it('come to the same, but for what is listed', async () => {
    // Each agent is asked one call after the other; all of them beside one another.
    const answers = await Promise.all(
      peers.map(async (peer) => {
        const lines: string[] = [];
        for (const call of CALLS) {
          lines.push(`${peer.name}: ${call.name}: ${await call.ask(manager, peer)}`);
        }
        return lines;
      }),
    );
    const due = peers.map(({ name }) =>
      CALLS.map((call) => `${name}: ${call.name}: ${answerDue(name, call)}`),
    );
    expect(answers).toEqual(due);
  });

  it('differ by nothing that is no call, no agent, or no difference', () => {
    const names = new Map(CALLS.map((call) => [call.name, call.due]));
    const listed = new Set<string>();
    for (const { peer, calls, answer } of DIFFERENCES) {
      expect(peers.map(({ name }) => name)).toContain(peer);
      for (const call of calls) {
        expect(names.get(call), `${peer}: ${call}`).toBeDefined();
        expect(names.get(call), `${peer}: ${call}`).not.toBe(answer);
        expect(listed.has(`${peer}: ${call}`)).toBe(false);
        listed.add(`${peer}: ${call}`);
      }
    }
  });

  it('differ as docs/manager-peers.md says', () => {
    const page = readFileSync(new URL('../../docs/manager-peers.md', import.meta.url), 'utf8');
    const rows = page
      .split('\n')
      .filter((line) => line.startsWith('| ') && !line.startsWith('| agent'));
    expect(rows).toEqual(differenceRows());
    for (const { name, due } of CALLS) expect(page).toContain(`- ${name}: \`${due}\``);
  });
});
