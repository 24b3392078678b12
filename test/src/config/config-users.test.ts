import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addConfigUser, readConfigUsers } from '../../../src/config/index.js';

const KEY = '000102030405060708090a0b0c0d0e0f';
const bob = { name: 'bob', auth: 'md5', authKey: KEY, write: 'all' } as const;

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-users-'));
  file = join(folder, 'trellis.json');
});
afterAll(() => rmSync(folder, { recursive: true }));

async function added(text: string): Promise<string> {
  writeFileSync(file, text);
  await addConfigUser(file, bob);
  return readFileSync(file, 'utf8');
}

it('a user is added behind the others, and the rest of the text stays as it is', async () => {
  const before = `{
    "listen":   "udp://127.0.0.1:1161",
    "access": { "communities": {},
        "users": [
            { "name": "ann" }
        ] }, "limits": { "maxInFlight": 1e2 }
}
`;
  const after = await added(before);
  expect(after).toBe(
    before.replace(
      '{ "name": "ann" }',
      `{ "name": "ann" },
            {
              "name": "bob",
              "auth": "md5",
              "authKey": "${KEY}",
              "write": "all"
            }`,
    ),
  );
});

it('users and access are made where there are none, wherever white space stands', async () => {
  const others = fc.record(
    {
      listen: fc.constant('udp://127.0.0.1:1161'),
      access: fc.record(
        {
          users: fc.array(
            fc.uuid().map((id) => ({ name: id.slice(0, 8) })),
            { maxLength: 2 },
          ),
          communities: fc.constant({ public: 'read' }),
        },
        { requiredKeys: [] },
      ),
      state: fc.constant('state'),
    },
    { requiredKeys: [] },
  );
  let hadNone = 0;
  await fc.assert(
    fc.asyncProperty(others, fc.constantFrom(undefined, 2, '\t', 1), async (config, space) => {
      const users = config.access?.users ?? [];
      if (config.access?.users === undefined) hadNone += 1;
      const after = JSON.parse(await added(JSON.stringify(config, undefined, space))) as unknown;
      expect(after).toEqual({ ...config, access: { ...config.access, users: [...users, bob] } });
    }),
    { numRuns: 60 },
  );
  expect(hadNone).toBeGreaterThan(0);
});

it('the file that is replaced keeps its place and its owner, and is closed to others', async () => {
  const link = join(folder, 'link.json');
  writeFileSync(file, '{}');
  chmodSync(file, 0o664);
  symlinkSync(file, link);
  await addConfigUser(link, bob);
  expect(statSync(file).mode & 0o777).toBe(0o660);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ access: { users: [bob] } });
  expect(readdirSync(folder).toSorted()).toEqual(['link.json', 'trellis.json']);
});

it('nothing is written of a user who is there already, is none, or has nowhere to stand', async () => {
  const refused: readonly (readonly [string, object, string])[] = [
    ['{"access":{"users":[{"name":"bob"}]}}', bob, 'there are two users "bob"'],
    ['{}', { ...bob, name: 'b'.repeat(33) }, 'access.users[0].name: expected a name of 1 to 32'],
    ['{}', { ...bob, group: 'g' }, 'access.groups has no "g"'],
    ['{"access":{"users":{}}}', bob, 'users: expected a list'],
    ['{"access":[]}', bob, 'access: expected an object'],
    ['[]', bob, 'expected an object'],
    ['{', bob, 'SNMP_CONFIG_SYNTAX'],
  ];
  for (const [text, user, told] of refused) {
    writeFileSync(file, text);
    await expect(addConfigUser(file, user as typeof bob), text).rejects.toThrow(told);
    expect(readFileSync(file, 'utf8')).toBe(text);
  }
  await expect(addConfigUser(join(folder, 'a.mjs'), bob)).rejects.toThrow('is a program');
});

it('users are listed with how their secrets are kept, and without the secrets', async () => {
  const users = [
    { ...bob, level: 'authNoPriv' },
    { name: 'ann', auth: 'sha256', authPassword: 'env:AUTH', group: 'ops' },
    { name: 'open', read: { include: ['system'] } },
  ];
  const config = { engine: { id: '80007ed90501' }, state: 'st', access: { users } };
  writeFileSync(file, JSON.stringify(config));
  expect(await readConfigUsers(file)).toEqual({
    engineId: '80007ed90501',
    state: join(folder, 'st'),
    users: [
      { name: 'bob', auth: 'md5', level: 'authNoPriv', write: 'all', secrets: 'localized keys' },
      { name: 'ann', auth: 'sha256', group: 'ops', secrets: 'passwords' },
      { name: 'open', read: { include: ['system'] }, secrets: 'none' },
    ],
  });
});
