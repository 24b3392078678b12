import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addUserOptions, userFrom, type UserWords } from '../../../src/cli/ask/user-options.js';

const SECRET = 'correct horse';
const OTHER = 'battery staple';

/** What the words of a command come to; what commander prints is kept from the screen. */
function read(words: readonly string[], environment: NodeJS.ProcessEnv = {}): string {
  const command = addUserOptions(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  command.parse([...words], { from: 'user' });
  return String(userFrom(command.opts<UserWords>(), environment));
}

function refusal(words: readonly string[], environment: NodeJS.ProcessEnv = {}): string {
  try {
    read(words, environment);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('was not refused');
}

const full = ['-u', 'ann', '-a', 'SHA', '-A', SECRET, '-x', 'AES', '-X', OTHER];

describe('a user of SNMPv3 on the command line', () => {
  it('asks at the highest level that the keys allow, unless told otherwise', () => {
    expect(read(['-u', 'ann'])).toBe('user ann at noAuthNoPriv');
    expect(read(full.slice(0, 6))).toBe('user ann at authNoPriv');
    expect(read(full)).toBe('user ann at authPriv');
    for (const level of ['authNoPriv', 'AUTHNOPRIV', 'anp']) {
      expect(read([...full, '-l', level])).toBe('user ann at authNoPriv');
    }
  });

  it('knows the protocols by all the names that net-snmp has for them', () => {
    for (const auth of ['MD5', 'sha', 'SHA-1', 'SHA224', 'SHA-256', 'sha-384', 'SHA512']) {
      expect(read(['-u', 'ann', '-a', auth, '-A', SECRET])).toBe('user ann at authNoPriv');
    }
    for (const priv of ['DES', 'AES', 'AES128', 'AES-192', 'aes256', 'AES-192-C', 'AES256C']) {
      const words = [...full.slice(0, 6), '-x', priv, '-X', OTHER];
      expect(read(words)).toBe('user ann at authPriv');
    }
    expect(refusal(['-u', 'ann', '-a', 'constructor'])).toContain('expected md5, sha1, sha224,');
    expect(refusal(['-u', 'ann', '-x', '3DES'])).toContain('expected des, aes128,');
  });

  it('has its secrets from the environment, from files, or as they stand there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'trellis-secret-'));
    const file = join(folder, 'priv');
    writeFileSync(file, `${OTHER}\n`);
    const words = ['-u', 'ann', '-a', 'SHA', '-A', 'env:ANN', '-x', 'AES', '-X', `file:${file}`];
    expect(read(words, { ANN: SECRET })).toBe('user ann at authPriv');
    expect(refusal(words)).toBe('-A: the environment has no variable ANN');
    rmSync(folder, { recursive: true });
    expect(refusal(words, { ANN: SECRET })).toBe(`-X: the file ${file} cannot be read (ENOENT)`);
    const key = 'ab'.repeat(20);
    const byKey = ['-u', 'ann', '-a', 'SHA', '--auth-key', 'env:KEY', '--key-type', 'master'];
    expect(read(byKey, { KEY: `0x${key}` })).toBe('user ann at authNoPriv');
  });

  it('is refused with the reason, and no secret in it', () => {
    const weak = 'hunter2';
    const refused: [readonly string[], string][] = [
      [[], '-v 3 needs -u'],
      [['-u', 'ann', '-A', SECRET], 'no `auth`'],
      [['-u', 'ann', '-a', 'SHA', '-A', weak], 'authPassword: a password has 8 octets'],
      [['-u', 'ann', '-a', 'SHA', '--auth-key', weak], 'authKey: expected 20 octets'],
      [['-u', 'ann', '-x', 'AES', '-X', SECRET], 'no priv without auth'],
      [['-u', 'ann', '-l', 'authPriv'], 'authPriv needs keys'],
      [['-u', 'ann', '-e', 'zz'], 'engine ID'],
      [['-u', 'ann', '-n', 'x'.repeat(33)], 'contextName'],
    ];
    for (const [words, reason] of refused) {
      const message = refusal(words);
      expect(message).toContain(reason);
      for (const secret of [SECRET, OTHER, weak]) expect(message).not.toContain(secret);
    }
  });
});
