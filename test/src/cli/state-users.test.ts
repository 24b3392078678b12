import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../../src/base/index.js';
import { readStateUsers } from '../../../src/cli/state-users.js';
import { authProtocolOid, privProtocolOid } from '../../../src/security/index.js';
import { exportState, importState, StateStore } from '../../../src/store/index.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-state-users-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** usmUserTable's index: engine ID and name, each behind its length. */
const index = (name: string): string =>
  [5, 128, 0, 126, 217, 9, name.length, ...Buffer.from(name)].join('.');

const row = (storageType: number, auth: readonly number[], priv: readonly number[]) => ({
  5: { ObjectIdentifier: auth.join('.') },
  8: { ObjectIdentifier: priv.join('.') },
  12: { Integer32: storageType },
});

it('users that managers made are read from a state; those of the configuration are not', async () => {
  const store = await StateStore.open(join(folder, 'state'), systemClock, 'agent');
  const rows = {
    '': {},
    [index('configured')]: row(4, authProtocolOid('sha256'), privProtocolOid('aes128')),
    [index('cloned')]: row(3, authProtocolOid('sha512'), privProtocolOid('aes256c')),
    [index('open')]: row(3, authProtocolOid(undefined), privProtocolOid(undefined)),
  };
  await importState(store, {
    ...exportState(store),
    objects: [{ oid: '1.3.6.1.6.3.15.1.2.2', rows }],
  });
  // While an agent has it.
  const users = await readStateUsers(join(folder, 'state'));
  await store.close();
  expect(users).toHaveLength(2);
  expect(users).toEqual(
    expect.arrayContaining([
      { name: 'cloned', auth: 'sha512', priv: 'aes256c', secrets: 'localized keys' },
      { name: 'open', secrets: 'none' },
    ]),
  );
});
