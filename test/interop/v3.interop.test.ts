import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuthProtocol, PrivProtocol } from '../../src/security/index.js';
import { UserReader } from '../../src/user-access.js';
import { asked, octets, statusPdu, tellValue } from '../support/snmp-client.js';
import { targetOf, UdpClient } from '../support/udp-client.js';
import { decodeV3, encodeV3 } from '../support/v3-client.js';
import { AgentProcess, run, type Ran } from './agent-process.js';
import { AUTH, PRIV } from './net-snmp-names.js';
import { SnmpdProcess } from './snmpd-process.js';

const auths = Object.keys(AUTH) as AuthProtocol[];
const privs = Object.keys(PRIV) as PrivProtocol[];
const PAIRS = auths.flatMap((auth) => privs.map((priv) => [auth, priv] as const));

const AUTH_PASS = 'auth-pass-word';
const PRIV_PASS = 'priv-pass-word';
const CONTACT = '1.3.6.1.2.1.1.4.0';
const UPTIME = '1.3.6.1.2.1.1.3.0';
const stats = (arc: number): string => `1.3.6.1.6.3.15.1.1.${arc}.0`;

interface Keys {
  readonly auth?: AuthProtocol;
  readonly priv?: PrivProtocol;
  readonly authPassword?: string;
  readonly privPassword?: string;
}

/** One of net-snmp's commands in SNMPv3. */
function ask(
  address: string,
  command: string,
  user: string,
  { auth, priv, authPassword = AUTH_PASS, privPassword = PRIV_PASS }: Keys,
  ...rest: readonly string[]
): Promise<Ran> {
  const level =
    priv !== undefined ? 'authPriv' : auth !== undefined ? 'authNoPriv' : 'noAuthNoPriv';
  return run(command, [
    '-v3',
    '-On',
    '-t2',
    '-r1',
    '-u',
    user,
    '-l',
    level,
    ...(auth === undefined ? [] : ['-a', AUTH[auth], '-A', authPassword]),
    ...(priv === undefined ? [] : ['-x', PRIV[priv], '-X', privPassword]),
    ...(rest[0]?.startsWith('-') === true ? rest.slice(0, 2) : []),
    address,
    ...(rest[0]?.startsWith('-') === true ? rest.slice(2) : rest),
  ]);
}

describe("net-snmp's tools ask the agent", () => {
  let agent: AgentProcess;
  beforeAll(async () => {
    process.env['TRELLIS_TEST_AUTH'] = AUTH_PASS;
    process.env['TRELLIS_TEST_PRIV'] = PRIV_PASS;
    const signed = auths.map((auth) => `${auth}=write,${auth}:env:TRELLIS_TEST_AUTH`);
    const both = PAIRS.map(
      ([auth, priv]) =>
        `${auth}-${priv}=write,${auth}:env:TRELLIS_TEST_AUTH,${priv}:env:TRELLIS_TEST_PRIV`,
    );
    agent = await AgentProcess.start(
      'examples/crash',
      ...['open=read', ...signed, ...both].flatMap((user) => ['--user', user]),
    );
  });
  afterAll(() => agent[Symbol.asyncDispose]());

  const counter = async (oid: string): Promise<number> => {
    const { output } = await agent.ask('snmpget', 'public', ['-Oqv'], oid);
    return Number(output.trim());
  };

  it.each(PAIRS)('reads and writes with %s and %s', async (auth, priv) => {
    const set = await ask(
      agent.address,
      'snmpset',
      `${auth}-${priv}`,
      { auth, priv },
      CONTACT,
      's',
      `${auth} ${priv}`,
    );
    expect(set).toMatchObject({ code: 0 });
    const get = await ask(agent.address, 'snmpget', `${auth}-${priv}`, { auth, priv }, CONTACT);
    expect(get.output).toContain(`"${auth} ${priv}"`);
  });

  it.each(auths)('reads with %s alone, and with nothing', async (auth) => {
    const get = await ask(agent.address, 'snmpget', auth, { auth }, UPTIME);
    expect(get.output).toContain('Timeticks');
    expect((await ask(agent.address, 'snmpget', 'open', {}, UPTIME)).output).toContain('Timeticks');
  });

  it('walks by GETBULK at authPriv to what v2c walks to', async () => {
    const names = (ran: Ran): string[] => ran.output.match(/^\.[\d.]+(?= =)/gm) ?? [];
    const keys = { auth: 'sha256', priv: 'aes128' } as const;
    const v3 = await ask(agent.address, 'snmpbulkwalk', 'sha256-aes128', keys, '.1.3.6.1.2.1');
    const v2c = await agent.ask('snmpbulkwalk', 'public', ['-On'], '.1.3.6.1.2.1');
    expect(names(v3).length).toBeGreaterThan(20);
    expect(names(v3)).toEqual(names(v2c));
  });

  const user = { auth: 'sha256', priv: 'aes128' } as const;
  const wrong: readonly (readonly [string, string, Keys, string, number])[] = [
    ['user', 'stranger', user, 'Unknown user name', 3],
    [
      'password',
      'sha256-aes128',
      { ...user, authPassword: 'another-pass' },
      'Authentication failure',
      5,
    ],
    ['level', 'sha256', user, 'Unsupported security level', 1],
  ];
  it.each(wrong)(
    'is told that the %s is wrong, and it is counted [USM-005, USM-006, USM-008]',
    async (_what, name, keys, told, arc) => {
      const before = await counter(stats(arc));
      const { code, output } = await ask(agent.address, 'snmpget', name, keys, UPTIME);
      expect(code).not.toBe(0);
      expect(output).toContain(told);
      expect(await counter(stats(arc))).toBeGreaterThan(before);
    },
  );

  it('learns the time when it was wrong [USM-013]', async () => {
    const before = await counter(stats(2));
    const late = await ask(
      agent.address,
      'snmpget',
      'sha256',
      { auth: 'sha256' },
      '-Z',
      '0,1',
      UPTIME,
    );
    expect(late.output).toContain('Timeticks');
    expect(await counter(stats(2))).toBe(before + 1);
  });

  it('is refused below the level that the user must ask at, and where it may not write [USM-007]', async () => {
    const low = await ask(agent.address, 'snmpget', 'sha256-aes128', { auth: 'sha256' }, UPTIME);
    expect(low.output).toContain('authorizationError');
    const write = await ask(agent.address, 'snmpset', 'open', {}, CONTACT, 's', 'x');
    expect(write.output).toContain('authorizationError');
  });

  it('is silent to a wrong privacy password: it cannot be told from garbage [USM-022]', async () => {
    const keys = { ...user, privPassword: 'another-pass' };
    const { code, output } = await ask(agent.address, 'snmpget', 'sha256-aes128', keys, UPTIME);
    expect(code).not.toBe(0);
    expect(output).toMatch(/Timeout|Decryption error/);
  });

  it('reports another context, which there is none of [MPD-015]', async () => {
    const { output } = await ask(agent.address, 'snmpget', 'open', {}, '-n', 'elsewhere', UPTIME);
    expect(output).toMatch(/1\.3\.6\.1\.6\.3\.12\.1\.5\.0|Timeout|context/i);
    expect(output).not.toContain('Timeticks');
  });

  it('serves the users of the testbed as its page says', async () => {
    await using testbed = await AgentProcess.start('examples/testbed');
    const { address } = testbed;
    const TB_INTEGER = '1.3.6.1.4.1.32473.1.1.1.0';
    const TB_A1 = '1.3.6.1.4.1.32473.1.3.1.1.0';
    const get = async (name: string, keys: Keys, oid: string): Promise<string> =>
      (await ask(address, 'snmpget', name, keys, oid)).output;
    const set = async (name: string, keys: Keys): Promise<string> =>
      (await ask(address, 'snmpset', name, keys, TB_INTEGER, 'i', '9')).output;
    expect(await get('nobody', {}, TB_INTEGER)).toContain('INTEGER');
    expect(await get('nobody', {}, TB_A1)).toContain('No Such');
    expect(await set('nobody', {})).toContain('authorizationError');
    const reader = { auth: 'sha256', authPassword: 'auth-reader-pass' } as const;
    expect(await get('reader', reader, TB_A1)).toContain('INTEGER');
    expect(await set('reader', reader)).toContain('authorizationError');
    expect(await get('reader', {}, TB_A1)).toContain('authorizationError');
    const writers: readonly (readonly [string, Keys])[] = [
      [
        'writer',
        {
          auth: 'sha256',
          priv: 'aes128',
          authPassword: 'auth-writer-pass',
          privPassword: 'priv-writer-pass',
        },
      ],
      [
        'legacy',
        {
          auth: 'md5',
          priv: 'des',
          authPassword: 'auth-legacy-pass',
          privPassword: 'priv-legacy-pass',
        },
      ],
      [
        'strong',
        {
          auth: 'sha512',
          priv: 'aes256',
          authPassword: 'auth-strong-pass',
          privPassword: 'priv-strong-pass',
        },
      ],
    ];
    for (const [name, keys] of writers) expect(await set(name, keys), name).toContain('INTEGER: 9');
  });
});

describe("messages of ours, to net-snmp's snmpd", () => {
  it('are understood with every pair of protocols, and its answers by us [USM-058]', async () => {
    const create = PAIRS.flatMap(([auth, priv]) => [
      `createUser ${auth}-${priv} ${AUTH[auth]} "${AUTH_PASS}" ${PRIV[priv]} "${PRIV_PASS}"`,
      `rwuser ${auth}-${priv} priv`,
    ]);
    await using snmpd = await SnmpdProcess.start(...create);
    await using client = await UdpClient.open();
    const target = targetOf(`udp://${snmpd.address}`);
    const nobody = { name: '' };
    const probe = encodeV3({
      user: nobody,
      level: 'noAuthNoPriv',
      engineId: new Uint8Array(),
      engineBoots: 0,
      engineTimeSeconds: 0,
      pdu: statusPdu('get', []),
    });
    const found = decodeV3((await client.exchange(probe.octets, target)).octets, nobody);
    expect(found.pdu.type).toBe('report');
    const { engineId, engineBoots, engineTimeSeconds } = found.parameters;
    const reader = new UserReader(engineId);
    const name = [1, 3, 6, 1, 2, 1, 1, 4, 0];
    for (const [auth, priv] of PAIRS) {
      const { user } = reader.read(
        { name: `${auth}-${priv}`, auth, authPassword: AUTH_PASS, priv, privPassword: PRIV_PASS },
        'user',
      );
      const request = {
        user,
        level: 'authPriv',
        engineId,
        engineBoots,
        engineTimeSeconds,
      } as const;
      const value = octets(`${auth} ${priv}`);
      const set = encodeV3({ ...request, pdu: statusPdu('set', [{ name, value }]) });
      await client.exchange(set.octets, target);
      const get = encodeV3({ ...request, pdu: statusPdu('get', asked([name])) });
      const answer = decodeV3((await client.exchange(get.octets, target)).octets, user);
      expect(answer.message.securityLevel, user.name).toBe('authPriv');
      expect(answer.pdu.varBinds.map((one) => tellValue(one.value))).toEqual([tellValue(value)]);
    }
  });
});
