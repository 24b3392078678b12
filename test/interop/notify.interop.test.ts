import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAgent, type UserSecrets } from '../../src/index.js';
import { AgentProcess } from './agent-process.js';
import { TrapdProcess } from './trapd-process.js';

const TB_NOTIFY = '.1.3.6.1.4.1.32473.1.6';
const DEADLINE_MS = 20_000;

const ENGINE_ID = '80007ed904747261707065';
const AUTH_PASS = 'auth-pass-word';
const PRIV_PASS = 'priv-pass-word';
const SIGNED = { auth: 'sha256', authPassword: AUTH_PASS } as const;
const LEVELS: readonly (readonly [string, UserSecrets])[] = [
  ['noAuthNoPriv', { name: 'plain' }],
  ['authNoPriv', { name: 'signer', ...SIGNED }],
  ['authPriv', { name: 'sealer', ...SIGNED, priv: 'aes128', privPassword: PRIV_PASS }],
];

let trapd: TrapdProcess;

beforeAll(async () => {
  // Traps are signed by the agent's engine; informs by whoever receives them.
  const create = LEVELS.flatMap(([, { name, auth, priv }]) => {
    const secrets = `${auth === undefined ? '' : `SHA-256 ${AUTH_PASS}`}${
      priv === undefined ? '' : ` AES ${PRIV_PASS}`
    }`;
    return [`createUser -e 0x${ENGINE_ID} ${name} ${secrets}`, `createUser ${name} ${secrets}`];
  });
  trapd = await TrapdProcess.startNumeric(...create);
}, DEADLINE_MS);

afterAll(() => trapd[Symbol.asyncDispose]());

describe('notifications, heard by snmptrapd', () => {
  it('of SNMPv1 and v2c, and informs that it acknowledges', async () => {
    const address = `udp://127.0.0.1:${trapd.port}`;
    await using agent = await startAgent({
      notify: {
        targets: [
          { name: 'old', address, community: 'one', version: 'v1' },
          { name: 'trap', address, community: 'two' },
          { name: 'inform', address, community: 'three', inform: true },
        ],
      },
    });
    const deliveries = await agent.notify('IF-MIB::linkDown', {
      'ifIndex.4': 4,
      'ifAdminStatus.4': 'up',
      'ifOperStatus.4': 'down',
      sysName: 'edge "1"',
    });
    expect(deliveries.map(({ target, outcome }) => `${target} ${outcome}`)).toEqual([
      'old sent',
      'trap sent',
      'inform acknowledged',
    ]);
    const objects = '.1.3.6.1.2.1.2.2.1.1.4 = INTEGER: 4.*7.4 = INTEGER: 1.*8.4 = INTEGER: 2.*edge';
    const said = await trapd.toldThat(new RegExp(`community three .*1.5.3.*${objects}`));
    expect(said).toMatch(
      new RegExp(`SNMP v1, community one .*1.6.3.1.1.5 2/0 127.0.0.1.*${objects}`),
    );
    expect(said).toMatch(new RegExp(`TRAP2, SNMP v2c, community two .*1.5.3.*${objects}`));
    expect(said).toMatch(/INFORM, SNMP v2c, community three/);
  });

  it.each(LEVELS)('of SNMPv3, at %s, and informs that it acknowledges', async (_level, user) => {
    const address = `udp://127.0.0.1:${trapd.port}`;
    await using agent = await startAgent({
      engine: { id: ENGINE_ID },
      notify: {
        targets: [
          { name: 'trap', address, user },
          { name: 'inform', address, user, inform: true },
        ],
      },
    });
    const deliveries = await agent.notify('IF-MIB::linkDown', {
      'ifIndex.4': 4,
      'ifAdminStatus.4': 'up',
      'ifOperStatus.4': 'down',
      sysName: user.name,
    });
    expect(deliveries).toMatchObject([
      { target: 'trap', outcome: 'sent' },
      { target: 'inform', outcome: 'acknowledged' },
    ]);
    const objects = `.1.5.3.*8.4 = INTEGER: 2.*${user.name}`;
    await trapd.toldThat(new RegExp(`TRAP2, SNMP v3, user ${user.name}.*${objects}`));
    const said = await trapd.toldThat(new RegExp(`INFORM, SNMP v3, user ${user.name}.*${objects}`));
    expect(said).not.toContain('Failed to authenticate');
  });

  it('that the testbed sends when tbSendAlarm was written', async () => {
    const target = `alarms@udp://127.0.0.1:${trapd.port}`;
    await using agent = await AgentProcess.start('examples/testbed', '--notify', target);
    const set = await agent.ask('snmpset', 'private', ['-On'], `${TB_NOTIFY}.1.0`, 'i', '3');
    expect(set.output).toBe(`${TB_NOTIFY}.1.0 = INTEGER: 3\n`);
    const said = await trapd.toldThat(/community alarms .*1\.1\.16\.0 = INTEGER: 3/);
    const alarms = said.split('\n').filter((line) => line.includes(`OID: ${TB_NOTIFY}.0.1`));
    expect(alarms.map((line) => /1\.1\.16\.0 = INTEGER: (\d+)/.exec(line)?.[1])).toEqual([
      '1',
      '2',
      '3',
    ]);
    expect(await agent.get(`${TB_NOTIFY}.1.0`)).toBe('0');
  });
});
