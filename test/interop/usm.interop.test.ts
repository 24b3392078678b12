import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scalar, startAgent, type Agent, type UserAccess } from '../../src/index.js';
import { mibText } from '../support/mib-fixtures.js';
import { run, type Ran } from './agent-process.js';
import { SnmpdProcess } from './snmpd-process.js';

const AUTH_PASS = 'auth-pass-word';
const PRIV_PASS = 'priv-pass-word';
const UPTIME = '1.3.6.1.2.1.1.3.0';
const ALL = { include: ['1.3'] };

/** One user for each pair whose keys differ in how they are changed: shorter, as long, longer. */
const KINDS = [
  ['md5', 'des', 'MD5', 'DES'],
  ['sha1', 'aes128', 'SHA', 'AES'],
  ['sha1', 'aes256', 'SHA', 'AES-256'],
  ['sha224', 'aes192', 'SHA-224', 'AES-192'],
  ['sha256', 'aes128', 'SHA-256', 'AES'],
  ['sha384', 'aes256', 'SHA-384', 'AES-256'],
  ['sha512', 'aes256', 'SHA-512', 'AES-256'],
] as const;

const users = KINDS.map(([auth, priv]) => ({
  name: `${auth}-${priv}`,
  auth,
  authPassword: AUTH_PASS,
  priv,
  privPassword: PRIV_PASS,
  read: ALL,
  write: ALL,
})) satisfies readonly UserAccess[];

let agent: Agent;
let address: string;
beforeAll(async () => {
  agent = await startAgent({ listen: 'udp://127.0.0.1:0', access: { users } });
  address = (agent.addresses[0] ?? '').replace('udp://', '');
});
afterAll(() => agent.stop());

interface Who {
  readonly user: string;
  readonly auth: string;
  readonly priv: string;
  readonly authPassword?: string;
  readonly privPassword?: string;
}

function options({ user, auth, priv, authPassword, privPassword }: Who): string[] {
  const secrets = ['-A', authPassword ?? AUTH_PASS, '-X', privPassword ?? PRIV_PASS];
  return ['-v3', '-t3', '-r1', '-u', user, '-l', 'authPriv', '-a', auth, '-x', priv, ...secrets];
}

const get = (who: Who, oid = UPTIME): Promise<Ran> =>
  run('snmpget', [...options(who), '-On', address, oid]);
const snmpusm = (who: Who, more: readonly string[], ...command: readonly string[]): Promise<Ran> =>
  run('snmpusm', [...options(who), ...more, address, ...command]);

describe("users, made and changed by net-snmp's snmpusm", () => {
  it.each(KINDS)('with %s and %s [USM-036, USM-042, USM-047]', async (auth, priv, ...names) => {
    const template = `${auth}-${priv}`;
    const name = `new-${template}`;
    const who: Who = { user: template, auth: names[0], priv: names[1] };
    const [one, other] = ['one-new-password', 'other-new-password'];
    const fresh: Who = { ...who, user: name, authPassword: one, privPassword: other };
    const said = async (ran: Promise<Ran>): Promise<string> => (await ran).output;
    // At once active, with the keys of somebody else: not by RFC 3414 section 5.
    expect(await said(snmpusm(who, [], 'create', name, template))).toContain('inconsistentValue');
    expect(await said(snmpusm(who, ['-Cw'], 'create', name))).toContain('successfully created');
    // cloneFrom says `active` in the same breath.
    expect(await said(snmpusm(who, [], 'cloneFrom', name, template))).toContain(
      'inconsistentValue',
    );
    expect(await said(snmpusm(who, [], 'delete', name))).toContain('successfully deleted');
    expect(await said(snmpusm(who, ['-Cw'], 'create', name, template))).toContain('created');
    expect(await said(snmpusm(who, [], 'activate', name))).toContain('inconsistentValue');
    const changed = 'successfully changed';
    expect(await said(snmpusm(who, ['-Ca'], 'passwd', AUTH_PASS, one, name))).toContain(changed);
    expect(await said(snmpusm(who, ['-Cx'], 'passwd', PRIV_PASS, other, name))).toContain(changed);
    expect(await said(get(fresh))).toContain('Unknown user name');
    await snmpusm(who, [], 'activate', name);
    // It is known now; what it may see is for access control to say.
    expect(await said(get(fresh))).toMatch(/authorizationError|Timeticks/);
    expect(await said(get({ ...fresh, authPassword: AUTH_PASS }))).toContain(
      'Authentication failure',
    );
    expect(await said(snmpusm(who, [], 'delete', name))).toContain('successfully deleted');
    expect(await said(get(fresh))).toContain('Unknown user name');

    // And its own keys, by the user itself.
    expect(await said(snmpusm(who, ['-Ca'], 'passwd', AUTH_PASS, one))).toContain(changed);
    const half: Who = { ...who, authPassword: one };
    expect(await said(snmpusm(half, ['-Cx'], 'passwd', PRIV_PASS, other))).toContain(changed);
    expect(await said(get({ ...half, privPassword: other }))).toContain('Timeticks');
    expect(await said(get(who))).toContain('Authentication failure');
  });
});

describe("snmpd's own manager", () => {
  it('reads and writes what it passes on to the agent [USM-058]', async () => {
    const wanted = { name: 'proxy', auth: 'sha256', priv: 'aes128' } as const;
    await using behind = await startAgent({
      listen: 'udp://127.0.0.1:0',
      access: {
        users: [{ ...wanted, authPassword: AUTH_PASS, privPassword: PRIV_PASS, write: 'all' }],
      },
    });
    await behind.loadText(mibText('CONF-MIB'), { rwInt: scalar.stored({ value: 50 }) });
    const place = (behind.addresses[0] ?? '').replace('udp://', '');
    const rwInt = behind.oidOf('CONF-MIB::rwInt')?.join('.') ?? '';
    const who = options({ user: 'proxy', auth: 'SHA-256', priv: 'AES' }).join(' ');
    await using snmpd = await SnmpdProcess.start(`proxy ${who} ${place} .1.3.6.1.4.1.32473`);
    const ask = (command: string, ...more: readonly string[]): Promise<Ran> =>
      run(command, ['-v2c', '-cprivate', '-t3', '-r1', '-On', snmpd.address, ...more]);
    expect((await ask('snmpget', `${rwInt}.0`)).output).toContain('INTEGER: 50');
    expect((await ask('snmpset', `${rwInt}.0`, 'i', '51')).output).toContain('INTEGER: 51');
    expect((await ask('snmpwalk', '.1.3.6.1.4.1.32473')).output).toContain('INTEGER: 51');
    const { snmp } = behind.metrics();
    expect(snmp['snmpInSetRequests']).toBe(1);
    expect(snmp['usmStatsWrongDigests']).toBe(0);
  });
});
