import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAgent, type UserAccess } from '../../src/index.js';
import { Manager, user, type Target, type UserOptions } from '../../src/manager/index.js';
import type { AuthProtocol, PrivProtocol } from '../../src/security/index.js';
import { run } from './agent-process.js';
import { AUTH, PRIV } from './net-snmp-names.js';
import { OtpAgent, type OtpUser } from './otp/otp-agent.js';
import { freePort, SnmpdProcess } from './snmpd-process.js';
import { TrapdProcess } from './trapd-process.js';

const auths = Object.keys(AUTH) as AuthProtocol[];
const privs = Object.keys(PRIV) as PrivProtocol[];
const passwords = { authPassword: 'auth-pass-word', privPassword: 'priv-pass-word' };
const PAIRS = auths.flatMap((auth) =>
  privs.map((priv) => ({ name: `${auth}-${priv}`, auth, priv, ...passwords })),
);
/** What OTP has of it. */
const OTP_PAIRS = PAIRS.filter(
  (pair): pair is typeof pair & OtpUser => pair.priv === 'des' || pair.priv === 'aes128',
);
const SIGNED = { name: 'signed', auth: 'sha256', authPassword: passwords.authPassword } as const;
const OPEN = { name: 'open' } as const;
const CONTACT = 'SNMPv2-MIB::sysContact.0';
const TRELLIS = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));

interface Peer {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly users: readonly UserOptions[];
}

const peers: Peer[] = [];
/** Ended in the reverse order. */
const started: (() => PromiseLike<unknown>)[] = [];
let manager: Manager;

beforeAll(async () => {
  manager = new Manager({ engine: { id: '80007ed9056d616e61676572', boots: 5 } });
  started.push(() => manager.close());
  const snmpd = await SnmpdProcess.start(
    ...PAIRS.flatMap(({ name, auth, priv }) => [
      `createUser ${name} ${AUTH[auth]} "${passwords.authPassword}" ${PRIV[priv]} "${passwords.privPassword}"`,
      `rwuser ${name} priv`,
    ]),
    `createUser signed SHA-256 "${passwords.authPassword}"`,
    'rwuser signed auth',
    'createUser open',
    'rouser open noauth',
  );
  started.push(() => snmpd[Symbol.asyncDispose]());
  const [host = '', port] = snmpd.address.split(':');
  const all = [...PAIRS, SIGNED];
  peers.push({ name: 'snmpd', host, port: Number(port), users: all });
  const otp = await OtpAgent.start(OTP_PAIRS);
  started.push(() => otp[Symbol.asyncDispose]());
  peers.push({ name: 'OTP', host: otp.host, port: otp.port, users: OTP_PAIRS });
  const users: UserAccess[] = [
    ...all.map((one) => ({ ...one, write: 'all' as const })),
    { ...OPEN, read: 'all' },
  ];
  const agent = await startAgent({ listen: 'udp://127.0.0.1:0', access: { users } });
  started.push(() => agent.stop());
  const ours = Number(agent.addresses[0]?.split(':').at(-1));
  peers.push({ name: 'trellis', host: '127.0.0.1', port: ours, users: all });
});
afterAll(async () => {
  for (const end of started.toReversed()) await end();
});

function target({ host, port }: Pick<Peer, 'host' | 'port'>, options: UserOptions): Target {
  return { host, port, auth: user(options), timeoutMs: 3000, retries: 1 };
}

const named = (name: string): Peer => {
  const peer = peers.find((one) => one.name === name);
  if (peer === undefined) throw new Error(name);
  return peer;
};

describe('the manager in SNMPv3, against snmpd, OTP and ours', () => {
  it('sets and gets with every pair of protocols that they have [USM-058]', async () => {
    for (const peer of peers) {
      for (const one of peer.users) {
        const to = target(peer, one);
        const set = await manager.set(to, [[CONTACT, one.name]]);
        const what = `${peer.name} ${one.name}`;
        expect([what, set.errorIndication, set.errorStatus]).toEqual([what, null, 'noError']);
        const get = await manager.get(to, [CONTACT]);
        expect([what, get.varBinds[0]?.plain]).toEqual([what, one.name]);
      }
    }
  });

  it('finds what is wrong with who asks by the same names', async () => {
    const [full] = OTP_PAIRS;
    if (full === undefined) throw new Error('no pair');
    const other = 'another-pass-word';
    const asked = async (options: UserOptions): Promise<string[]> => {
      const told: string[] = [];
      for (const peer of peers) {
        const to = { ...target(peer, options), timeoutMs: 300, retries: 0 };
        const { errorIndication, errorStatus, stats } = await manager.get(to, [CONTACT]);
        told.push(`${errorIndication ?? errorStatus} ${stats.attempts}`);
      }
      return told;
    };
    const thrice = (what: string): string[] => peers.map(() => what);
    expect(await asked(full)).toEqual(thrice('noError 1'));
    expect(await asked({ ...full, name: 'stranger' })).toEqual(thrice('unknownUserName 1'));
    expect(await asked({ ...full, authPassword: other })).toEqual(thrice('wrongDigest 1'));
    expect(await asked({ ...full, auth: 'sha512' })).toEqual(thrice('wrongDigest 1'));
    const engineId = '80007ed905010203';
    expect(await asked({ ...full, engineId })).toEqual(thrice('unknownEngineID 1'));
    // A wrong key makes garbage of the request: nobody can tell, and some say nothing.
    const garbage = await asked({ ...full, privPassword: other });
    for (const told of garbage) expect(told).toMatch(/^(requestTimedOut|decryptionError) 1$/);
    // As docs/manager.md says.
    const elsewhere = await asked({ ...full, contextName: 'elsewhere' });
    expect(elsewhere).toEqual(['requestTimedOut 1', 'authorizationError 1', 'unknownContext 1']);
    for (const name of ['snmpd', 'trellis']) {
      const tooHigh = { ...SIGNED, priv: 'aes128', privPassword: other } as const;
      const high = await manager.get(target(named(name), tooHigh), [CONTACT]);
      expect([name, high.errorIndication]).toEqual([name, 'unsupportedSecurityLevel']);
      const low = await manager.get(target(named(name), { ...full, level: 'noAuthNoPriv' }), [
        CONTACT,
      ]);
      expect([name, low.errorStatus]).toEqual([name, 'authorizationError']);
      const open = await manager.get(target(named(name), OPEN), [CONTACT]);
      expect([name, open.kind]).toEqual([name, 'ok']);
    }
  });

  it('walks to what v2c walks to', async () => {
    const [full] = OTP_PAIRS;
    if (full === undefined) throw new Error('no pair');
    for (const peer of peers) {
      const names: string[] = [];
      for await (const { label } of manager.bulkWalk(target(peer, full), 'system')) {
        names.push(label);
      }
      expect(names.length).toBeGreaterThan(6);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it('does not notice that an agent began again, or that another one took its place', async () => {
    const port = await freePort();
    const listen = `udp://127.0.0.1:${port}`;
    const users = [{ ...SIGNED, read: 'all' as const }];
    const id = '80007ed90572657374617274';
    const answers: unknown[] = [];
    const engines = [{ id, boots: 2 }, { id, boots: 3 }, {}, { id, boots: 4 }];
    for (const engine of engines) {
      await using agent = await startAgent({ listen, access: { users }, engine });
      const to = target({ host: '127.0.0.1', port }, SIGNED);
      const { kind, stats } = await manager.get(to, ['SNMPv2-MIB::sysUpTime.0']);
      answers.push([kind, stats.attempts <= 3, agent.addresses.length]);
    }
    expect(answers).toEqual(engines.map(() => ['ok', true, 1]));
  });

  it('is what the commands are, with secrets that are no arguments', async () => {
    process.env['TRELLIS_TEST_PRIV'] = passwords.privPassword;
    const folder = mkdtempSync(join(tmpdir(), 'trellis-user-'));
    const file = join(folder, 'auth');
    writeFileSync(file, `${passwords.authPassword}\n`);
    const { host, port } = named('snmpd');
    const who = ['-v3', '-u', 'sha256-aes256c', '-l', 'authPriv', '-a', 'SHA-256', '-x', 'AES256C'];
    const secrets = ['-A', `file:${file}`, '-X', 'env:TRELLIS_TEST_PRIV'];
    const words = [...who, ...secrets, `${host}:${port}`];
    const trellis = (verb: string, ...rest: string[]) =>
      run(process.execPath, [TRELLIS, verb, ...words, ...rest]);
    expect(await trellis('set', CONTACT, 's', 'commands')).toMatchObject({ code: 0 });
    expect((await trellis('get', '-Oqv', CONTACT)).output).toBe('commands\n');
    const wrongOnes = ['-A', 'another-pass-word', '-X', 'another-pass-word'];
    const wrongWords = [TRELLIS, 'get', ...who, ...wrongOnes, `${host}:${port}`, CONTACT];
    const wrong = await run(process.execPath, wrongWords);
    expect(wrong.code).toBe(1);
    expect(wrong.output).toContain('[wrongDigest]');
    expect(wrong.output).not.toContain('another-pass-word');
    rmSync(folder, { recursive: true });
  });
});

describe('notifications of the manager, heard by snmptrapd', () => {
  const [full] = OTP_PAIRS;
  const DEADLINE_MS = 20_000;
  const SENDER = '80007ed90573656e646572';
  const LINK_DOWN = 'IF-MIB::linkDown';
  let trapd: TrapdProcess;

  beforeAll(async () => {
    const keys = `SHA "${passwords.authPassword}" AES "${passwords.privPassword}"`;
    const lines = [
      `createUser -e 0x80007ed9056d616e61676572 sender ${keys}`,
      `createUser -e 0x${SENDER} sender ${keys}`,
      `createUser sender ${keys}`,
    ];
    trapd = await TrapdProcess.startNumeric(...lines);
  }, DEADLINE_MS);
  afterAll(() => trapd[Symbol.asyncDispose]());

  it('traps and informs of SNMPv3, and of the other versions by command', async () => {
    if (full === undefined) throw new Error('no pair');
    const sender = { name: 'sender', auth: 'sha1', priv: 'aes128', ...passwords } as const;
    const to = { host: '127.0.0.1', port: trapd.port, auth: user(sender), timeoutMs: 3000 };
    const trap = await manager.trap(to, LINK_DOWN, [['IF-MIB::ifIndex.4', 4]]);
    expect(trap.kind).toBe('ok');
    const inform = await manager.inform(to, LINK_DOWN, [['IF-MIB::ifIndex.5', 5]]);
    expect(inform).toMatchObject({ kind: 'ok', stats: { attempts: 1 } });
    const stranger = { ...to, auth: user({ ...sender, name: 'stranger' }) };
    expect((await manager.inform(stranger, LINK_DOWN)).errorIndication).toBe('unknownUserName');

    const who = ['-u', 'sender', '-a', 'SHA', '-A', passwords.authPassword, '-x', 'AES'];
    const v3 = ['-v', '3', ...who, '-X', passwords.privPassword];
    const index = (number: string) => ['IF-MIB::ifIndex.1', 'i', number];
    const at = `127.0.0.1:${trapd.port}`;
    const calls: string[][] = [
      [...v3, '-e', SENDER, at, '', LINK_DOWN, ...index('6')],
      [...v3, '-Ci', at, '4200', LINK_DOWN, ...index('7')],
      ['-c', 'two', at, '4200', LINK_DOWN, ...index('8')],
      ['-Ci', '-c', 'three', at, '4200', '1.3.6.1.4.1.8072.0.1', ...index('9')],
      [
        '-v',
        '1',
        '-c',
        'one',
        at,
        '1.3.6.1.4.1.8072',
        '192.0.2.7',
        '6',
        '17',
        '55',
        ...index('10'),
      ],
      ['-v', '1', '-c', 'one', at, '1.3.6.1.4.1.8072', '', '2', '', '', ...index('11')],
    ];
    const results = await Promise.all(
      calls.map((words) => run(process.execPath, [TRELLIS, 'trap', ...words])),
    );
    expect(results).toEqual(calls.map(() => ({ code: 0, output: '' })));
    const linkDown = /1\.3\.6\.1\.6\.3\.1\.1\.5\.3, .*/.source;
    for (const number of [4, 5, 6, 7, 8]) {
      await trapd.toldThat(new RegExp(`${linkDown}INTEGER: ${number}\\b`));
    }
    await trapd.toldThat(/Timeticks: \(4200\) .*\.8072\.0\.1, .*INTEGER: 9/);
    await trapd.toldThat(/1\.3\.6\.1\.4\.1\.8072 6\/\.17 192\.0\.2\.7.*INTEGER: 10/);
    const said = await trapd.toldThat(/1\.3\.6\.1\.4\.1\.8072 2\/0 127\.0\.0\.1.*INTEGER: 11/);
    expect(said).toMatch(/TRAP2, SNMP v3, user sender.*INTEGER: 4/);
    expect(said).toMatch(/INFORM, SNMP v3, user sender.*INTEGER: 7/);
    expect(said).toMatch(/INFORM, SNMP v2c, community three/);
  });
});
