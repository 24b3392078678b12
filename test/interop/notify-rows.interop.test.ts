import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localizeKey, passwordToKey, privacyKey } from '../../src/security/index.js';
import { AgentProcess, run } from './agent-process.js';
import { blocksOf, linesOf, readPage } from './page.js';
import { SnmpdProcess } from './snmpd-process.js';
import { TrapdProcess } from './trapd-process.js';

const AUTH_PASS = 'auth-pass-word';
const PRIV_PASS = 'priv-pass-word';
const [NEW_AUTH, NEW_PRIV] = ['new-auth-pass', 'new-priv-pass'];
const SECRETS = ['-a', 'SHA-256', '-A', AUTH_PASS, '-x', 'AES', '-X', PRIV_PASS];
const ADMIN = ['-v3', '-t5', '-r1', '-u', 'admin', '-l', 'authPriv', ...SECRETS];
const MODULES = ['-m', 'SNMP-TARGET-MIB:SNMP-NOTIFICATION-MIB:SNMP-USER-BASED-SM-MIB'];
/** Of the agent, and of snmptrapd. */
const [OURS, THEIRS] = ['80007ed904726f7773', '80007ed9047472617064'];

let trapd: TrapdProcess;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-notify-rows-'));
  trapd = await TrapdProcess.start(
    `exactEngineID 0x${THEIRS}`,
    `createUser -e 0x${OURS} admin SHA-256 ${AUTH_PASS} AES ${PRIV_PASS}`,
    `createUser told SHA-256 ${NEW_AUTH} AES ${NEW_PRIV}`,
  );
});
afterAll(async () => {
  await trapd[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** One SET, in the words of snmpset; `PORT` is that of snmptrapd. */
type Line = readonly [set: string, said: string];

const params = (name: string, model: string, securityName: string, level: number): string => {
  const [mp, security] = model.split('/');
  return [
    `snmpTargetParamsMPModel.'${name}' i ${mp}`,
    `snmpTargetParamsSecurityModel.'${name}' i ${security}`,
    `snmpTargetParamsSecurityName.'${name}' s ${securityName}`,
    `snmpTargetParamsSecurityLevel.'${name}' i ${level}`,
    `snmpTargetParamsRowStatus.'${name}' i 4`,
  ].join(' ');
};
const address = (name: string, tag: string, row: string): string =>
  [
    `snmpTargetAddrTDomain.'${name}' o .1.3.6.1.6.1.1`,
    `snmpTargetAddrTAddress.'${name}' x 7f000001PORT`,
    `snmpTargetAddrTagList.'${name}' s ${tag}`,
    `snmpTargetAddrParams.'${name}' s ${row}`,
    `snmpTargetAddrRowStatus.'${name}' i 4`,
  ].join(' ');
const notify = (name: string, type: number): string =>
  `snmpNotifyTag.'${name}' s ${name} snmpNotifyType.'${name}' i ${type} snmpNotifyRowStatus.'${name}' i 4`;

/** What both agents take, and refuse. */
const ALIKE: readonly Line[] = [
  [params('comm', '1/2', 'heard', 1), 'ok'],
  [address('comm', 'traps', 'comm'), 'ok'],
  [address('sure', 'informs', 'comm'), 'ok'],
  [notify('traps', 1), 'ok'],
  [notify('informs', 2), 'ok'],
  [notify('informs', 2), "inconsistentValue snmpNotifyRowStatus.'informs'"],
  [notify('x', 3), "wrongValue snmpNotifyType.'x'"],
  ["snmpNotifyTag.'x' x 612062 snmpNotifyRowStatus.'x' i 4", "wrongValue snmpNotifyTag.'x'"],
  ["snmpNotifyRowStatus.'x' i 1", "inconsistentValue snmpNotifyRowStatus.'x'"],
  [
    "snmpNotifyStorageType.'x' i 4 snmpNotifyRowStatus.'x' i 4",
    "wrongValue snmpNotifyStorageType.'x'",
  ],
  ["snmpNotifyStorageType.'x' i 2 snmpNotifyRowStatus.'x' i 5", 'ok'],
  ["snmpNotifyRowStatus.'x' i 1", 'ok'],
  ["snmpNotifyRowStatus.'x' i 6", 'ok'],
  ["snmpNotifyFilterProfileName.'comm' s f snmpNotifyFilterProfileRowStatus.'comm' i 4", 'ok'],
  [
    'snmpNotifyFilterType."f".1.3.7 i 3 snmpNotifyFilterRowStatus."f".1.3.7 i 4',
    'wrongValue snmpNotifyFilterType."f".1.3.7',
  ],
  ['snmpNotifyFilterMask."f".1.3.6.1 x ff snmpNotifyFilterRowStatus."f".1.3.6.1 i 4', 'ok'],
  [
    "snmpTargetAddrTAddress.'sure' x 7f0000010009",
    "inconsistentValue snmpTargetAddrTAddress.'sure'",
  ],
  [
    "snmpTargetParamsSecurityName.'comm' s x",
    "inconsistentValue snmpTargetParamsSecurityName.'comm'",
  ],
];

/** What they do not: what is said here, and by snmpd. */
const OTHERWISE: readonly (readonly [set: string, here: string, snmpd: string])[] = [
  [
    "snmpNotifyTag.'none' s x",
    "inconsistentName snmpNotifyTag.'none'",
    "noSuchName snmpNotifyTag.'none'",
  ],
  [
    "snmpNotifyFilterProfileRowStatus.'none' i 4",
    "inconsistentValue snmpNotifyFilterProfileRowStatus.'none'",
    'ok',
  ],
];

async function set(agent: string, who: readonly string[], line: string): Promise<string> {
  const port = trapd.port.toString(16).padStart(4, '0');
  const words = line.replace('PORT', port).split(' ');
  const { code, output } = await run('snmpset', [...who, ...MODULES, '-OQs', agent, ...words]);
  if (code === 0) return 'ok';
  const reason = /Reason: \(?(\w+)/.exec(output)?.[1] ?? output;
  return `${reason} ${/Failed object: (\S+)/.exec(output)?.[1] ?? ''}`.trim();
}

/** A request that nobody may make: both agents tell of it. */
async function intrude(agent: string): Promise<void> {
  await run('snmpget', ['-v2c', '-cintruder', '-r0', '-t1', agent, '.1.3.6.1.2.1.1.3.0']);
}

const HEARD_V2C = ['TRAP2, SNMP v2c, community heard', 'INFORM, SNMP v2c, community heard'];
const HEARD_V3 = ['TRAP2, SNMP v3, user admin, context ', 'INFORM, SNMP v3, user told, context '];
const HEARD = HEARD_V2C.map((line) => `${line}: authenticationFailure`);

it('snmpd takes and refuses these SETs, and tells snmptrapd', async () => {
  await using snmpd = await SnmpdProcess.start('authtrapenable 1');
  for (const [line, said] of ALIKE) {
    expect(await set(snmpd.address, ['-v2c', '-cprivate'], line), line).toBe(said);
  }
  for (const [line, , said] of OTHERWISE) {
    expect(await set(snmpd.address, ['-v2c', '-cprivate'], line), line).toBe(said);
  }
  await intrude(snmpd.address);
  for (const line of HEARD) await trapd.heard(line);
  trapd.forget();
});

describe('an agent of trellis', () => {
  const configuration = (): string => {
    const file = join(folder, 'trellis.json');
    const admin = {
      name: 'admin',
      auth: 'sha256',
      authPassword: AUTH_PASS,
      priv: 'aes128',
      privPassword: PRIV_PASS,
      write: 'all',
      administer: true,
    };
    const content = {
      engine: { id: OURS },
      state: join(folder, 'state'),
      access: {
        users: [admin],
        communities: { heard: { read: 'all', securityName: 'heard' } },
      },
      notify: { authenticationFailure: true },
    };
    writeFileSync(file, JSON.stringify(content), { mode: 0o600 });
    return file;
  };
  /** A user of snmptrapd's engine: cloned from the administrator, then with keys for that engine. */
  async function makeUser(agent: string): Promise<void> {
    const own = Buffer.from(OURS, 'hex');
    const other = Buffer.from(THEIRS, 'hex');
    const row = `${other.length}.${other.join('.')}.${indexOf('told')}`;
    const template = `.1.3.6.1.6.3.15.1.2.2.1.3.${own.length}.${own.join('.')}.${indexOf('admin')}`;
    const made = `usmUserCloneFrom.${row} o ${template} usmUserStatus.${row} i 5`;
    expect(await set(agent, ADMIN, made)).toBe('ok');
    const usm = async (...words: readonly string[]): Promise<string> => {
      const options = words.filter((word) => word.startsWith('-C'));
      const command = words.filter((word) => !word.startsWith('-C'));
      return (await run('snmpusm', [...ADMIN, '-CE', `0x${THEIRS}`, ...options, agent, ...command]))
        .output;
    };
    const key = (password: string, engine: Uint8Array): Uint8Array =>
      localizeKey('sha256', passwordToKey('sha256', Buffer.from(password)), engine);
    const hex = (octets: Uint8Array): string => `0x${Buffer.from(octets).toString('hex')}`;
    const keys = [key(AUTH_PASS, own), key(NEW_AUTH, other)].map(hex);
    expect(await usm('-Ca', '-Ck', 'passwd', ...keys, 'told')).toContain('successfully changed');
    const privKeys = (
      [
        [PRIV_PASS, own],
        [NEW_PRIV, other],
      ] as const
    ).map(([password, engine]) =>
      hex(privacyKey('aes128', 'sha256', key(password, engine), engine)),
    );
    expect(await usm('-Cx', '-Ck', 'passwd', ...privKeys, 'told')).toContain(
      'successfully changed',
    );
    expect(await usm('activate', 'told')).toContain('successfully activated');
    const member = ['createSec2Group', '3', 'told', 'user1'];
    const ran = await run('snmpvacm', [...ADMIN, agent, ...member]);
    expect(ran.output).toContain('successfully created');
  }

  it('takes and refuses the same, tells the same, in SNMPv3 too, and again when it has begun anew [TGT-014, TGT-015, TGT-032]', async () => {
    const file = configuration();
    {
      await using agent = await AgentProcess.start('--config', file);
      for (const [line, said] of ALIKE) {
        expect(await set(agent.address, ADMIN, line), line).toBe(said);
      }
      for (const [line, said] of OTHERWISE) {
        expect(await set(agent.address, ADMIN, line), line).toBe(said);
      }
      await intrude(agent.address);
      for (const line of HEARD) await trapd.heard(line);
      await makeUser(agent.address);
      for (const line of [
        params('own', '3/3', 'admin', 3),
        address('own', 'traps', 'own'),
        params('theirs', '3/3', 'told', 3),
        address('theirs', 'informs', 'theirs'),
      ]) {
        expect(await set(agent.address, ADMIN, line), line).toBe('ok');
      }
      await intrude(agent.address);
      for (const line of HEARD_V3) await trapd.heard(`${line}: authenticationFailure`);
      trapd.forget();
    }
    await using agent = await AgentProcess.start('--config', file);
    for (const line of [...HEARD_V2C, ...HEARD_V3]) await trapd.heard(`${line}: coldStart`);
    // A filter that lets nothing but coldStart through.
    const cold = '"f".1.3.6.1.6.3.1.1.5.1';
    for (const line of [
      `snmpNotifyFilterRowStatus."f".1.3.6.1 i 6`,
      `snmpNotifyFilterType.${cold} i 1 snmpNotifyFilterRowStatus.${cold} i 4`,
    ]) {
      expect(await set(agent.address, ADMIN, line)).toBe('ok');
    }
    trapd.forget();
    await intrude(agent.address);
    for (const line of HEARD_V3) await trapd.heard(`${line}: authenticationFailure`);
    expect(trapd.said).not.toContain('SNMP v2c');
  });
});

describe('the page about receivers', () => {
  const page = readPage('notifications.md');
  /** Its lines in a shell that ends with the first that fails. */
  async function follow(agent: string, who: readonly string[]): Promise<void> {
    const port = trapd.port.toString(16).padStart(4, '0');
    const [lines = ''] = blocksOf(page, 'sh');
    const script = lines
      .replace(/^AGENT=.*$/m, `AGENT=${agent}`)
      .replace(/^ADMIN=.*$/m, `ADMIN="${who.join(' ')}"`)
      .replace('00a2', port);
    const { code, output } = await run('bash', ['-ec', script]);
    expect(output).not.toContain('Failed');
    expect(code, output).toBe(0);
  }

  it('says what both agents take, and who is told then', async () => {
    trapd.forget();
    const heard = linesOf(page, 'heard');
    expect(heard.length).toBe(2);
    {
      await using snmpd = await SnmpdProcess.start('authtrapenable 1');
      await follow(snmpd.address, ['-v2c', '-c', 'private']);
      await intrude(snmpd.address);
      // It knows no other community than the name.
      for (const line of heard) await trapd.heard(line.replace('noc-secret', 'noc'));
    }
    trapd.forget();
    const [json = ''] = blocksOf(page, 'json');
    const content = JSON.parse(
      json
        .replace('env:ADMIN_AUTH', AUTH_PASS)
        .replace('env:ADMIN_PRIV', PRIV_PASS)
        .replace('env:NOC', 'noc-secret'),
    ) as object;
    const file = join(mkdtempSync(join(folder, 'page-')), 'trellis.json');
    const told = { ...content, notify: { authenticationFailure: true } };
    writeFileSync(file, JSON.stringify(told), { mode: 0o600 });
    {
      await using agent = await AgentProcess.start('--config', file);
      await follow(agent.address, ADMIN);
      await intrude(agent.address);
      for (const line of heard) await trapd.heard(line);
    }
    trapd.forget();
    await using _again = await AgentProcess.start('--config', file);
    for (const line of heard) {
      await trapd.heard(line.replace('authenticationFailure', 'coldStart'));
    }
  });
});

/** A name in an index of usmUserTable. */
function indexOf(name: string): string {
  return [name.length, ...Buffer.from(name)].join('.');
}
