import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { configCommand } from '../../../src/cli/commands/config.js';
import { userCommand } from '../../../src/cli/commands/user.js';
import { readConfig } from '../../../src/config/index.js';
import { UserReader } from '../../../src/user-access.js';

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-commands-'));
  file = join(folder, 'trellis.json');
  writeFileSync(join(folder, 'auth'), 'maplesyrup\n');
  writeFileSync(join(folder, 'priv'), 'privsecret1\n');
  writeFileSync(join(folder, 'weak'), 'sesame\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

function config(content: unknown): void {
  writeFileSync(file, JSON.stringify(content, undefined, 2), { mode: 0o600 });
}

/** What a command prints, and its exit status. */
async function ran(command: Command, ...args: readonly string[]) {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const status = process.exitCode;
  try {
    process.exitCode = 0;
    await command.exitOverride().parseAsync([...args], { from: 'user' });
    return [process.exitCode, write.mock.calls.map(([text]) => text).join('')];
  } finally {
    process.exitCode = status;
    write.mockRestore();
  }
}

describe('trellis config', () => {
  it('check says that nothing is wrong, or what is, for people and for programs', async () => {
    config({ listen: 'udp://127.0.0.1:0' });
    expect(await ran(configCommand(), 'check', file)).toEqual([
      0,
      `${file}: nothing is wrong with it\n`,
    ]);
    config({ listn: 1, reads: 'wiat' });
    expect(await ran(configCommand(), 'check', file)).toEqual([
      1,
      `${file}:2:3 listn: there is no such key; did you mean listen? [SNMP_CONFIG_UNKNOWN_KEY]
${file}:3:3 reads: expected 'wait' or 'through', not "wiat"; did you mean wait? [SNMP_CONFIG_VALUE]
${file}: 2 problems
`,
    ]);
    const [status, json] = await ran(configCommand(), 'check', '--format', 'json', file);
    expect(status).toBe(1);
    expect(JSON.parse(String(json))).toEqual({
      file,
      problems: [
        {
          code: 'SNMP_CONFIG_UNKNOWN_KEY',
          path: 'listn',
          reason: 'there is no such key; did you mean listen?',
          line: 2,
          column: 3,
        },
        expect.objectContaining({ code: 'SNMP_CONFIG_VALUE', path: 'reads', line: 3, column: 3 }),
      ],
    });
  });

  it('schema prints what is shipped', async () => {
    const shipped = new URL('../../../src/config/trellis.schema.json', import.meta.url);
    expect(await ran(configCommand(), 'schema')).toEqual([0, readFileSync(shipped, 'utf8')]);
  });
});

describe('trellis user', () => {
  const add = (name: string, ...args: readonly string[]) =>
    ran(userCommand(), 'add', name, '--config', file, ...args);

  it('add keeps keys that are the ones of the passwords, for this engine alone', async () => {
    const id = '80007ed90501020304';
    config({ engine: { id } });
    const secrets = [
      '--auth',
      `sha256:file:${folder}/auth`,
      '--priv',
      `aes256:file:${folder}/priv`,
    ];
    expect(await add('ann', ...secrets, '--write', 'all', '--administer')).toEqual([
      0,
      `${file}: user "ann" added, with localized keys; an agent takes it at its next start\n`,
    ]);
    expect(readFileSync(file, 'utf8')).not.toMatch(/maplesyrup|privsecret1/);
    const { options } = await readConfig(file);
    expect(options.access?.users?.[0]).toMatchObject({ write: 'all', administer: true });
    const reader = new UserReader(Buffer.from(id, 'hex'));
    const { user: kept } = reader.read(options.access?.users?.[0] ?? { name: '' }, 'kept');
    const { user: told } = reader.read(
      {
        name: 'ann',
        auth: 'sha256',
        authPassword: 'maplesyrup',
        priv: 'aes256',
        privPassword: 'privsecret1',
      },
      'told',
    );
    // Keys cannot be looked at: what they sign is the same.
    const digestOf = (user: typeof kept): string => {
      const message = new Uint8Array(64);
      user.auth?.sign(message, 8);
      return Buffer.from(message).toString('hex');
    };
    expect(digestOf(kept)).toBe(digestOf(told));
    expect(await ran(userCommand(), 'list', '--config', file)).toEqual([
      0,
      'ann  sha256 aes256  localized keys  write: all  administers\n',
    ]);
    const [, json] = await ran(userCommand(), 'list', '--config', file, '--format', 'json');
    expect(JSON.parse(String(json))).toEqual([
      {
        name: 'ann',
        auth: 'sha256',
        priv: 'aes256',
        write: 'all',
        administer: true,
        secrets: 'localized keys',
      },
    ]);
  });

  it('add takes the engine ID that the state keeps, and makes one for a state to come', async () => {
    config({ state: 'state' });
    await add('ann', '--auth', `md5:file:${folder}/auth`);
    await add('bob', '--auth', `md5:file:${folder}/auth`);
    const { options } = await readConfig(file);
    const [ann, bob] = options.access?.users ?? [];
    expect(ann?.authKey).toMatch(/^[\da-f]{32}$/);
    expect(bob?.authKey).toBe(ann?.authKey);
  });

  it.each([
    ['who is there already', ['ann'], 'has a user "ann" already'],
    ['without an engine ID that lasts', ['bob', '--auth', 'md5:file:AUTH'], 'engine.id'],
    [
      'with a password in the words',
      ['bob', '--auth', 'md5:maplesyrup'],
      'env:VARIABLE or file:PATH',
    ],
    ['with a protocol that is none', ['bob', '--auth', 'rot13:env:X'], 'expected one of md5'],
    ['with a weak password', ['bob', '--auth', 'md5:file:WEAK'], 'has 6 octets'],
    ['with privacy alone', ['bob', '--priv', 'des:file:AUTH'], '--priv needs --auth'],
    ['without a terminal', ['bob', '--auth', 'md5'], 'there is no terminal'],
    ['of a group that is not there', ['bob', '--group', 'g'], 'access.groups has no "g"'],
  ])('add refuses one %s', async (_what, [name = '', ...args], told) => {
    config({ access: { users: [{ name: 'ann' }] } });
    const before = readFileSync(file, 'utf8');
    const given = args.map((arg) =>
      arg.replace('AUTH', `${folder}/auth`).replace('WEAK', `${folder}/weak`),
    );
    const refused = await add(name, ...given).then(String, (error: unknown) => String(error));
    expect(refused).toContain(told);
    expect(refused).not.toMatch(/maplesyrup|sesame/);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });
});
