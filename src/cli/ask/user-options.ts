import { InvalidArgumentError, type Command } from 'commander';
import { parseSecretSource, SECRET_SOURCES, SnmpError } from '../../base/index.js';
import { user, type Credentials, type UserOptions } from '../../manager/index.js';
import { secretAt } from '../secret-at.js';

/** What a user of SNMPv3 is told by; the letters are net-snmp's. */
export interface UserWords {
  readonly u?: string;
  readonly l?: NonNullable<UserOptions['level']>;
  readonly a?: NonNullable<UserOptions['auth']>;
  readonly A?: string;
  readonly x?: NonNullable<UserOptions['priv']>;
  readonly X?: string;
  readonly n?: string;
  readonly e?: string;
  readonly E?: string;
  readonly authKey?: string;
  readonly privKey?: string;
  readonly keyType?: NonNullable<UserOptions['keyType']>;
}

const AUTH: Readonly<Record<string, NonNullable<UserOptions['auth']>>> = {
  md5: 'md5',
  sha: 'sha1',
  sha1: 'sha1',
  sha224: 'sha224',
  sha256: 'sha256',
  sha384: 'sha384',
  sha512: 'sha512',
};
const PRIV: Readonly<Record<string, NonNullable<UserOptions['priv']>>> = {
  des: 'des',
  aes: 'aes128',
  aes128: 'aes128',
  aes192: 'aes192',
  aes256: 'aes256',
  aes192c: 'aes192c',
  aes256c: 'aes256c',
};
const LEVELS: Readonly<Record<string, NonNullable<UserOptions['level']>>> = {
  noauthnopriv: 'noAuthNoPriv',
  nanp: 'noAuthNoPriv',
  authnopriv: 'authNoPriv',
  anp: 'authNoPriv',
  authpriv: 'authPriv',
  ap: 'authPriv',
};
const KEY_TYPES = { localized: 'localized', master: 'master' } as const;

export function addUserOptions(command: Command): Command {
  const secret = `itself, or ${SECRET_SOURCES}`;
  return command
    .option('-u <user>', 'user of SNMPv3')
    .option('-l <level>', 'noAuthNoPriv, authNoPriv or authPriv; as the keys allow', word(LEVELS))
    .option('-a <protocol>', 'MD5, SHA, SHA-224, SHA-256, SHA-384 or SHA-512', word(AUTH))
    .option('-A <password>', `password to sign with: ${secret}`)
    .option('-x <protocol>', 'DES, AES, AES-192, AES-256, AES-192-C or AES-256-C', word(PRIV))
    .option('-X <password>', `password to encrypt with: ${secret}`)
    .option('-n <context>', 'context name')
    .option('-e <engine-id>', 'engine ID of who answers, in hexadecimal; found where not given')
    .option('-E <engine-id>', 'engine ID of the context, in hexadecimal')
    .option('--auth-key <hex>', `key to sign with, instead of -A: ${secret}`)
    .option('--priv-key <hex>', `key to encrypt with, instead of -X: ${secret}`)
    .option(
      '--key-type <type>',
      'what the keys are: localized, as without, or master',
      word(KEY_TYPES),
    );
}

/** Case and dashes say nothing: `SHA-256`, `sha256`. */
function word<Value extends string>(
  known: Readonly<Record<string, Value>>,
): (text: string) => Value {
  const names = [...new Set(Object.values(known))].join(', ');
  return (text) => {
    const key = text.toLowerCase().replaceAll('-', '');
    const found = Object.hasOwn(known, key) ? known[key] : undefined;
    if (found !== undefined) return found;
    throw new InvalidArgumentError(`expected ${names}.`);
  };
}

/**
 * @throws InvalidArgumentError where the options make no user; SnmpError SNMP_CLI_USER where a
 *   secret is not where it should be. Neither holds a secret.
 */
export function userFrom(words: UserWords, environment: NodeJS.ProcessEnv): Credentials {
  if (words.u === undefined) throw new InvalidArgumentError('-v 3 needs -u USER.');
  const given: Record<keyof UserOptions, string | undefined> = {
    name: words.u,
    level: words.l,
    auth: words.a,
    authPassword: secretOf(words.A, environment, '-A'),
    authKey: secretOf(words.authKey, environment, '--auth-key'),
    priv: words.x,
    privPassword: secretOf(words.X, environment, '-X'),
    privKey: secretOf(words.privKey, environment, '--priv-key'),
    keyType: words.keyType,
    contextName: words.n,
    engineId: words.e,
    contextEngineId: words.E,
  };
  const options = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  );
  try {
    return user(options as unknown as UserOptions);
  } catch (error) {
    throw error instanceof SnmpError ? new InvalidArgumentError(error.message) : error;
  }
}

function secretOf(
  text: string | undefined,
  environment: NodeJS.ProcessEnv,
  option: string,
): string | undefined {
  const source = parseSecretSource(text ?? '');
  return source === undefined ? text : secretAt(source, environment, option);
}
