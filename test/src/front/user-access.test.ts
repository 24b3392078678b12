import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { SnmpError } from '../../../src/base/index.js';
import type { UserAccess } from '../../../src/agent-options.js';
import { UserReader } from '../../../src/user-access.js';
import { startAgent } from '../../../src/start-agent.js';

const ENGINE_ID = Buffer.from('80007ed905636f6e666f726d3031', 'hex');
const SECRET = 'maplesyrup';
const OTHER_SECRET = 'newsyrup';
const full: UserAccess = {
  name: 'ann',
  auth: 'md5',
  authPassword: SECRET,
  priv: 'des',
  privPassword: OTHER_SECRET,
  read: 'all',
};

const read = (access: unknown) => new UserReader(ENGINE_ID).read(access as UserAccess, 'users[0]');

function refusal(access: unknown): SnmpError {
  try {
    read(access);
  } catch (error) {
    return error as SnmpError;
  }
  throw new Error('was not refused');
}

describe('users as they are configured', () => {
  it('have keys made of passwords, or given as localized ones: the same', () => {
    const byKey = {
      name: 'ann',
      auth: 'md5',
      authKey: '1d7cc844582acbc7fb4ac9c7de428dbb',
      priv: 'des',
      privKey: '0x81b48f6b4b95bef2bb79005b0ef8832c',
    };
    const message = Buffer.alloc(60, 1).fill(0, 20, 32);
    const [one, other] = [read(full), read(byKey)];
    one.user.auth?.sign(message, 20);
    expect(other.user.auth?.verifies(message, { start: 20, end: 32 })).toBe(true);
    const now = { engineBoots: 1, engineTimeSeconds: 1 };
    const ciphertext = Buffer.alloc(16, 9);
    const salt = Buffer.alloc(8, 5);
    expect(one.user.priv?.decrypt(ciphertext, now, salt)).toEqual(
      other.user.priv?.decrypt(ciphertext, now, salt),
    );
  });

  it('must ask at the highest level that their keys allow, unless told otherwise', () => {
    const { priv: _priv, privPassword: _privPassword, ...authOnly } = full;
    expect(read(full).leastLevel).toBe('authPriv');
    expect(read(authOnly).leastLevel).toBe('authNoPriv');
    expect(read({ name: 'nobody' }).leastLevel).toBe('noAuthNoPriv');
    expect(read({ ...full, level: 'authNoPriv' }).leastLevel).toBe('authNoPriv');
  });

  it('are refused where a password is weak [USM-031]', () => {
    expect(refusal({ ...full, authPassword: 'seven77' })).toMatchObject({
      code: 'SNMP_PASSWORD_WEAK',
      message: expect.stringContaining('users[0].authPassword') as string,
    });
    expect(refusal({ ...full, privPassword: '' }).code).toBe('SNMP_PASSWORD_WEAK');
    // Octets count, not characters.
    expect(read({ ...full, authPassword: 'ääää' }).leastLevel).toBe('authPriv');
  });

  it('are refused where they are not what they are meant to be, with the place and the reason', () => {
    const { auth: _auth, ...noAuth } = full;
    const refused: readonly (readonly [unknown, RegExp])[] = [
      [{ ...full, name: '' }, /users\[0\]\.name: expected 1 to 32/],
      [{ ...full, name: 'x'.repeat(33) }, /\.name/],
      [{ ...full, name: undefined }, /\.name/],
      [noAuth, /no `auth`/],
      [{ name: 'ann', priv: 'des', privPassword: OTHER_SECRET }, /no priv without auth/],
      [{ ...full, priv: undefined }, /no `priv`/],
      [{ ...full, auth: 'sha3' }, /\.auth: expected one of md5, sha1/],
      [{ ...full, auth: 'toString' }, /\.auth: expected one of/],
      [{ ...full, priv: '3des' }, /\.priv: expected one of des, aes128/],
      [{ ...full, authPassword: undefined }, /either a password or a key/],
      [{ ...full, authKey: '00' }, /either a password or a key/],
      [{ name: 'ann', auth: 'md5', authKey: 'ab' }, /authKey: expected 16 octets in hexadecimal/],
      [{ name: 'ann', auth: 'md5', authKey: 'x'.repeat(32) }, /16 octets in hexadecimal/],
      [{ name: 'ann', level: 'authPriv' }, /\.level: authPriv needs keys/],
      [{ ...full, level: 'high' }, /\.level: expected/],
    ];
    for (const [access, reason] of refused) {
      const error = refusal(access);
      expect(error.message).toMatch(reason);
      expect(error.code).toBe('SNMP_OPTION_INVALID');
      expect(`${error.message} ${inspect(error)}`).not.toMatch(/maplesyrup|newsyrup/);
    }
  });

  it('and twice the same name is refused', async () => {
    await expect(startAgent({ access: { users: [full, full] } })).rejects.toMatchObject({
      code: 'SNMP_ACCESS_DUPLICATE',
    });
  });

  it('show no secret when they are looked at [USM-055]', async () => {
    const logged: unknown[] = [];
    const log = (...line: unknown[]): void => void logged.push(line);
    await using agent = await startAgent({
      access: { users: [full] },
      engine: { id: ENGINE_ID.toString('hex') },
      logger: { debug: log, info: log, warn: log, error: log },
    });
    const { user } = read(full);
    const shown = [agent, agent.tree(), agent.metrics(), user, logged]
      .map((one) => inspect(one, { depth: 20, showHidden: true }) + JSON.stringify(one))
      .join('\n');
    const octets = Buffer.from(SECRET).toString('hex');
    for (const secret of [SECRET, OTHER_SECRET, octets, '1d7cc844', '1d 7c c8 44', '81 b4 8f 6b']) {
      expect(shown).not.toContain(secret);
    }
  });
});
