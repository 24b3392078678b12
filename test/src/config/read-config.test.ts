import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError, readConfig, type AgentSettings } from '../../../src/config/index.js';
import { AUTH_FACTS, PRIV_FACTS } from '../../../src/security/index.js';

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-config-'));
  file = join(folder, 'trellis.json');
  writeFileSync(join(folder, 'password'), 'from-a-file\n');
  writeFileSync(join(folder, 'A-MIB.mib'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

const environment = { AUTH: 'maplesyrup', PRIV: 'privsecret1', WEAK: 'sesame', EMPTY: '' };

function read(config: unknown, mode = 0o600): Promise<AgentSettings> {
  writeFileSync(file, typeof config === 'string' ? config : JSON.stringify(config, undefined, 2));
  chmodSync(file, mode);
  return readConfig(file, { environment });
}

/** `path [code]: reason` of everything that is wrong. */
async function problems(config: unknown, mode?: number): Promise<readonly string[]> {
  try {
    await read(config, mode);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ path, code, reason }) => `${path} [${code}]: ${reason}`);
  }
}

const users = (...all: readonly unknown[]): unknown => ({ access: { users: all } });
const ann = { name: 'ann', auth: 'sha256', authPassword: 'env:AUTH' };

describe('a configuration that is sound', () => {
  it('becomes the options of an agent, with paths absolute and secrets fetched', async () => {
    const settings = await read({
      $schema: './node_modules/trellis-snmp/trellis.schema.json',
      serve: ['host'],
      listen: ['udp://127.0.0.1:1161', 'udp://[::1]:1161'],
      engine: { id: '80007ed90501020304', boots: 3 },
      state: 'state',
      system: { objectId: '1.3.6.1.4.1.32473.1', contact: 'ops', services: 72 },
      contexts: ['branch'],
      access: {
        communities: [
          { community: 'env:AUTH', read: 'all', from: ['192.0.2.0/24'] },
          { community: 'public', group: 'readers', context: 'branch' },
        ],
        users: [
          { ...ann, priv: 'aes128', privPassword: 'file:password', write: 'interfaces' },
          {
            name: 'key',
            auth: 'md5',
            authKey: '000102030405060708090a0b0c0d0e0f',
            level: 'authNoPriv',
          },
        ],
        groups: { readers: [{ model: 'v2c', context: 'branch', read: 'interfaces' }] },
        views: {
          interfaces: { include: ['IF-MIB::ifTable', '1.3.6.1.2.1.2/fe'], exclude: ['ifIndex'] },
        },
      },
      mibs: ['A-MIB.mib'],
      mibPaths: ['.'],
      deadlines: { getMs: 5 },
      reads: 'through',
      limits: { maxInFlight: 9 },
      notify: {
        authenticationFailure: true,
        targets: [
          { address: 'udp://192.0.2.9:162', community: 'env:AUTH', inform: true },
          { address: 'udp://192.0.2.9:162', user: { ...ann, name: 'noc' }, level: 'authNoPriv' },
        ],
      },
    });
    expect(settings.serve).toEqual(['host']);
    expect(settings.options).toMatchObject({
      listen: ['udp://127.0.0.1:1161', 'udp://[::1]:1161'],
      state: join(folder, 'state'),
      system: { objectId: [1, 3, 6, 1, 4, 1, 32473, 1], contact: 'ops' },
      access: {
        communities: { maplesyrup: { read: 'all' }, public: { group: 'readers' } },
        users: [
          { name: 'ann', authPassword: 'maplesyrup', privPassword: 'from-a-file' },
          { name: 'key', authKey: '000102030405060708090a0b0c0d0e0f' },
        ],
      },
      mibs: [join(folder, 'A-MIB.mib')],
      mibPaths: [folder],
      notify: {
        targets: [
          { community: 'maplesyrup', inform: true },
          { user: { name: 'noc', authPassword: 'maplesyrup' }, level: 'authNoPriv' },
        ],
      },
    });
    expect(settings.options).not.toHaveProperty('$schema');
    expect(settings.options).not.toHaveProperty('serve');
  });

  it('may be empty: then nothing is served, and nobody gets in', async () => {
    expect(await read({})).toEqual({ serve: [], options: {} });
  });

  it('may be a module that exports one, or a function that gives one', async () => {
    const object = join(folder, 'object.mjs');
    writeFileSync(object, `export default { listen: 'udp://127.0.0.1:1161' };`);
    expect((await readConfig(object)).options).toEqual({ listen: 'udp://127.0.0.1:1161' });
    const program = join(folder, 'program.mjs');
    writeFileSync(program, `export default async () => ({ reads: 'wiat' });`);
    await expect(readConfig(program)).rejects.toThrow(
      `${program} reads: expected 'wait' or 'through', not "wiat"; did you mean wait?`,
    );
    writeFileSync(join(folder, 'none.mjs'), 'throw new Error("oops");');
    await expect(readConfig(join(folder, 'none.mjs'))).rejects.toMatchObject({
      code: 'SNMP_CONFIG_PROGRAM',
    });
  });
});

describe('a configuration that is not', () => {
  it('is refused with all that is wrong with it, in the order of the file', async () => {
    const found = await read(`{
  "listn": "udp://127.0.0.1:1161",
  "limits": { "maxInFlight": 0 },
  "access": { "users": [{ "name": "ann", "auth": "sha265" }] }
}`).catch((error: unknown) => error);
    expect(found).toBeInstanceOf(ConfigError);
    expect((found as ConfigError).code).toBe('SNMP_CONFIG_INVALID');
    expect((found as ConfigError).message.replaceAll(file, 'F').split('\n')).toEqual([
      'F: 4 problems',
      '  F:2:3 listn: there is no such key; did you mean listen? [SNMP_CONFIG_UNKNOWN_KEY]',
      '  F:3:15 limits.maxInFlight: expected an integer of 1..1000000, not 0 [SNMP_CONFIG_VALUE]',
      '  F:4:25 access.users[0].authPassword: is missing, and so is authKey: auth needs one of them [SNMP_CONFIG_MISSING_KEY]',
      `  F:4:42 access.users[0].auth: expected 'md5', 'sha1', 'sha224', 'sha256', 'sha384' or 'sha512', not "sha265"; did you mean sha224, sha256? [SNMP_CONFIG_VALUE]`,
    ]);
  });

  it.each<readonly [string, unknown, readonly string[]]>([
    ['no object', [], ['[SNMP_CONFIG_VALUE]: expected an object, not an empty list']],
    ['text where a list may be', { listen: 5 }, ['listen [SNMP_CONFIG_VALUE]: expected udp://']],
    ['an address', { listen: ['udp://example.org:1'] }, ['listen[0] [SNMP_CONFIG_VALUE]: not an']],
    ['an engine ID', { engine: { id: '8000' } }, ['engine.id [SNMP_CONFIG_VALUE]: the engine ID']],
    [
      'an OID',
      { system: { objectId: '1.x' } },
      ['system.objectId [SNMP_CONFIG_VALUE]: not an OID'],
    ],
    [
      'files',
      { mibs: ['no.mib'], mibPaths: ['A-MIB.mib'], serve: 'no', state: 'password' },
      [
        'mibs[0] [SNMP_CONFIG_FILE]: there is no ',
        'mibPaths[0] [SNMP_CONFIG_FILE]: ',
        'serve [SNMP_CONFIG_FILE]: there is no ',
        'state [SNMP_CONFIG_FILE]: ',
      ],
    ],
    [
      'a list for a record',
      { access: { views: [{ include: [] }] } },
      ['access.views [SNMP_CONFIG_VALUE]: expected an object, by name, not a list'],
    ],
    [
      'a name of a view',
      { access: { views: { a: { include: ['if Table'] } } } },
      ['access.views.a.include[0] [SNMP_CONFIG_VALUE]: expected '],
    ],
    [
      'names that nothing has',
      {
        contexts: ['branch'],
        access: {
          communities: {
            public: {
              read: 'vew',
              context: 'brunch',
              from: ['192.0.2.0/33', '::1/8', '::1', '192.0.2.128/25'],
            },
          },
          groups: {
            g: [
              { read: 'all', write: 'none', notify: 'x' },
              { context: 'b', contextMatch: 'prefix' },
              { level: 'noAuthNoPriv' },
            ],
          },
          views: { view: { include: ['system'] } },
        },
      },
      [
        'access.communities[a community].read [SNMP_CONFIG_REFERENCE]: access.views has no "vew"; did you mean view?',
        'access.communities[a community].context [SNMP_CONFIG_REFERENCE]: contexts has no "brunch"; did you mean branch?',
        'access.communities[a community].from[0] [SNMP_CONFIG_VALUE]: expected an address or a prefix',
        'access.communities[a community].from[1] [SNMP_CONFIG_VALUE]: "::1/8" has bits set behind the first 8',
        'access.groups.g[0].write [SNMP_CONFIG_REFERENCE]: access.views has no "none"',
        'access.groups.g[0].notify [SNMP_CONFIG_REFERENCE]: access.views has no "x"',
        'access.groups.g[2] [SNMP_CONFIG_DUPLICATE]: there is a line for this model',
      ],
    ],
  ])('%s', async (_what, config, expected) => {
    const found = await problems(config);
    expect(found).toHaveLength(expected.length);
    for (const [i, start] of expected.entries()) expect(found[i]).toContain(start);
  });

  it.each<readonly [string, object, readonly string[]]>([
    ['nobody', {}, ['.community [SNMP_CONFIG_MISSING_KEY]: is missing: SNMPv2c needs it']],
    ['no user', { version: 'v3' }, ['.user [SNMP_CONFIG_MISSING_KEY]']],
    ['both', { user: 'ann', community: 'x' }, ['.community [SNMP_CONFIG_VALUE]: there is none']],
    ['a level', { community: 'x', level: 'authPriv' }, ['.level [SNMP_CONFIG_VALUE]: there is']],
    ['a stranger', { user: 'eve' }, ['.user [SNMP_CONFIG_REFERENCE]: access.users has no "eve"']],
    ['an inform', { user: 'ann', inform: true }, ['.user [SNMP_CONFIG_VALUE]: an inform needs']],
    [
      'a user without a key',
      { user: { name: 'noc', auth: 'sha1' } },
      ['.user.authPassword [SNMP_CONFIG_MISSING_KEY]'],
    ],
    ['a secret that is not there', { community: 'env:NONE' }, ['.community [SNMP_CONFIG_SECRET]']],
  ])('receivers: %s', async (_what, target, expected) => {
    const found = await problems({
      access: { users: [ann] },
      notify: { targets: [{ address: 'udp://192.0.2.9:162', ...target }] },
    });
    expect(found).toHaveLength(expected.length);
    for (const [i, start] of expected.entries()) {
      expect(found[i]).toContain(`notify.targets[0]${start}`);
    }
  });

  it.each<readonly [string, unknown, readonly string[]]>([
    ['two of one name', [ann, ann], ['[1].name [SNMP_CONFIG_DUPLICATE]']],
    ['no name', [{}], ['[0].name [SNMP_CONFIG_MISSING_KEY]']],
    ['a long name', [{ name: 'ä'.repeat(17) }], ['[0].name [SNMP_CONFIG_VALUE]']],
    [
      'a password without a protocol',
      [{ name: 'a', authPassword: 'env:AUTH' }],
      ['[0].auth [SNMP_CONFIG_MISSING_KEY]'],
    ],
    [
      'a protocol without a password',
      [{ name: 'a', auth: 'md5' }],
      ['[0].authPassword [SNMP_CONFIG_MISSING_KEY]'],
    ],
    [
      'privacy alone',
      [{ name: 'a', priv: 'des', privPassword: 'env:PRIV' }],
      ['[0].auth [SNMP_CONFIG_MISSING_KEY]'],
    ],
    [
      'a password and a key',
      [{ ...ann, authKey: '0x' + '01'.repeat(31) + '02' }],
      ['[0].authKey [SNMP_CONFIG_VALUE]'],
    ],
    [
      'a short key',
      [{ name: 'a', auth: 'sha1', authKey: '0102' }],
      ['[0].authKey [SNMP_CONFIG_VALUE]: expected 20 octets in hexadecimal, not 2 octets'],
    ],
    [
      'a key of one octet',
      [{ name: 'a', auth: 'md5', authKey: '00'.repeat(16) }],
      ['[0].authKey [SNMP_PASSWORD_WEAK]'],
    ],
    [
      'a level without keys',
      [{ ...ann, level: 'authPriv' }],
      ['[0].level [SNMP_CONFIG_VALUE]: authPriv needs keys that this user does not have'],
    ],
    ['a group that is not there', [{ ...ann, group: 'g' }], ['[0].group [SNMP_CONFIG_REFERENCE]']],
    [
      'a short password',
      [{ ...ann, authPassword: 'env:WEAK' }],
      ['[0].authPassword [SNMP_PASSWORD_WEAK]: has 6 octets; a password has 8 at least'],
    ],
    [
      'a password that is the name',
      [{ ...ann, name: 'maplesyrup' }],
      ['[0].authPassword [SNMP_PASSWORD_WEAK]: the password is the name of the user'],
    ],
    [
      'a password of one character',
      [{ ...ann, authPassword: 'zzzzzzzzz' }],
      ['[0].authPassword [SNMP_PASSWORD_WEAK]: one character'],
    ],
    [
      'a variable that is not set',
      [{ ...ann, authPassword: 'env:NONE' }],
      ['[0].authPassword [SNMP_CONFIG_SECRET]: the environment has no variable NONE'],
    ],
    [
      'a file that is not there',
      [{ ...ann, authPassword: 'file:none' }],
      ['[0].authPassword [SNMP_CONFIG_SECRET]: the file '],
    ],
    ['an empty variable', [{ ...ann, authPassword: 'env:EMPTY' }], ['[SNMP_PASSWORD_WEAK]: has 0']],
  ])('users: %s', async (_what, all, expected) => {
    const found = await problems(users(...(all as unknown[])));
    expect(found).toHaveLength(expected.length);
    for (const [i, start] of expected.entries()) expect(found[i]).toContain(start);
  });

  it('never shows a secret, wherever it was put by mistake', async () => {
    const secret = 'hunter2hunter2';
    const config = {
      authPassword: secret,
      access: {
        communities: { [secret]: 'reed', [`${secret}x`]: { raed: 'all', from: [3] } },
        users: [
          { ...ann, authPasword: secret, authPassword: [secret], authKey: secret },
          { name: 'b', auth: 'sha1', authKey: secret, privKey: secret },
          { name: 'c', auth: 'md5', authPassword: { env: secret } },
        ],
      },
      notify: { targets: [`${secret}@udp://192.0.2.1:162`, { community: secret }] },
    };
    const text = (await problems(config, 0o644)).join('\n');
    expect(text.split('\n').length).toBeGreaterThan(12);
    expect(text).not.toContain(secret);
    const listed = {
      access: { communities: [secret, { community: secret, raed: 1 }, { community: 5 }] },
    };
    expect((await problems(listed, 0o644)).join('\n')).not.toContain(secret);
    expect((await problems(`{ "a": ${secret} }`)).join('\n')).not.toContain(secret);
    const given = await read(users(ann));
    expect(given.options.access?.users?.[0]).toMatchObject({ authPassword: 'maplesyrup' });
  });

  it('is refused where everybody can read secrets that stand in it', async () => {
    const config = {
      access: {
        communities: { public: 'read', mine: 'read' },
        users: [ann, { name: 'b', auth: 'md5', authKey: '000102030405060708090a0b0c0d0e0f' }],
      },
      notify: { targets: [{ address: 'udp://192.0.2.1:162', community: 'theirs' }] },
    };
    expect(await problems(config, 0o640)).toEqual([]);
    expect((await problems(config, 0o644)).map((one) => one.split(':')[0])).toEqual([
      'access.communities[a community] [SNMP_CONFIG_EXPOSED]',
      'access.users[1].authKey [SNMP_CONFIG_EXPOSED]',
    ]);
  });

  it('is refused where a community that everybody knows may write from elsewhere', async () => {
    const open = (terms: unknown, listen?: string): unknown => ({
      ...(listen === undefined ? {} : { listen }),
      access: { communities: { private: terms } },
    });
    expect(await problems(open('write'))).toEqual([]);
    expect(await problems(open('write', 'udp://127.0.0.1:161'))).toEqual([]);
    expect(await problems(open('read', 'udp://0.0.0.0:161'))).toEqual([]);
    expect(
      await problems(open({ write: 'all', from: ['127.0.0.0/8'] }, 'udp://0.0.0.0:161')),
    ).toEqual([]);
    for (const terms of ['write', { write: 'all' }, { write: 'all', from: ['192.0.2.0/24'] }]) {
      expect(await problems(open(terms, 'udp://0.0.0.0:161'))).toEqual([
        expect.stringContaining('[SNMP_COMMUNITY_WEAK]'),
      ]);
    }
    writeFileSync(file, JSON.stringify(open('write')));
    await expect(readConfig(file, { listen: ['udp://192.0.2.1:161'] })).rejects.toThrow(
      'everybody',
    );
  });

  it('with communities kept elsewhere: each once, none as a key', async () => {
    const twice = [{ community: 'env:AUTH' }, { community: 'maplesyrup' }];
    expect(await problems({ access: { communities: twice } })).toEqual([
      expect.stringContaining('access.communities[1].community [SNMP_CONFIG_DUPLICATE]'),
    ]);
    expect(await problems({ access: { communities: { 'env:AUTH': 'read' } } })).toEqual([
      expect.stringContaining('take the list'),
    ]);
    expect(await problems({ access: { communities: [{ community: 'env:EMPTY' }] } })).toEqual([
      expect.stringContaining('this community is empty'),
    ]);
  });

  it('with a group that would let users in without the keys that they have', async () => {
    const grouped = (user: object, ...lines: readonly object[]): unknown => ({
      access: { users: [{ ...user, group: 'ops' }], groups: { ops: lines } },
    });
    const told = await problems(grouped(ann, { model: 'v2c', read: 'all' }, { read: 'all' }));
    expect(told).toEqual([
      expect.stringMatching(
        /^access\.users\[0\]\.group \[SNMP_CONFIG_VALUE\]: line 2 of this group has no `level`/,
      ),
    ]);
    for (const line of [{ level: 'authNoPriv' }, { level: 'noAuthNoPriv' }, { model: 'v1' }]) {
      expect(await problems(grouped(ann, { ...line, read: 'all' }))).toEqual([]);
    }
    expect(await problems(grouped({ name: 'guest' }, { read: 'all' }))).toEqual([]);
  });

  it('names a file that cannot be read, and a text that is no JSON', async () => {
    await expect(readConfig(join(folder, 'none.json'))).rejects.toMatchObject({
      code: 'SNMP_CONFIG_UNREADABLE',
      message: expect.stringContaining('ENOENT') as string,
    });
    await expect(read('{\n "a": }')).rejects.toThrow(`${file}:2:7 expected a value`);
  });
});

it('knows every protocol that there is', async () => {
  for (const auth of Object.keys(AUTH_FACTS)) {
    for (const priv of Object.keys(PRIV_FACTS)) {
      expect(await problems(users({ ...ann, auth, priv, privPassword: 'env:PRIV' }))).toEqual([]);
    }
  }
});
