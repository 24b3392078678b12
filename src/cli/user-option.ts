import { SnmpError, type UserAccess } from '../index.js';
import { parseSecretSource, SECRET_SOURCES } from '../base/index.js';
import { secretAt } from './secret-at.js';

/** What `--user` expects: who, what, and where the passwords are; never a password. */
export const USER_SYNTAX = 'NAME=read|write[,AUTH:SOURCE[,PRIV:SOURCE]]';
const SOURCES = `SOURCE is ${SECRET_SOURCES}`;

/**
 * Reads `ann=write,sha256:env:ANN_AUTH,aes128:file:/run/secrets/ann`. Everybody on the machine can
 * read the arguments of a command, so passwords come from the environment or from a file.
 *
 * @throws SnmpError SNMP_CLI_USER. Not commander's own: it would say the whole argument again, with
 *   a password that somebody put there all the same.
 */
export function readUser(text: string, environment: NodeJS.ProcessEnv): UserAccess {
  const match = /^([^=]+)=(read|write)(?:,([^,]+))?(?:,([^,]+))?$/.exec(text);
  const [, name, access, auth, priv] = match ?? [];
  if (name === undefined) throw invalid(`expected ${USER_SYNTAX}; ${SOURCES}`);
  const user: UserAccess = access === 'write' ? { name, write: 'all' } : { name, read: 'all' };
  if (auth === undefined) return user;
  const authenticated = readProtocol(auth, environment);
  const withAuth = {
    ...user,
    // Which protocols there are is the agent's to say.
    auth: authenticated.protocol as NonNullable<UserAccess['auth']>,
    authPassword: authenticated.password,
  };
  if (priv === undefined) return withAuth;
  const encrypted = readProtocol(priv, environment);
  return {
    ...withAuth,
    priv: encrypted.protocol as NonNullable<UserAccess['priv']>,
    privPassword: encrypted.password,
  };
}

function readProtocol(
  text: string,
  environment: NodeJS.ProcessEnv,
): { readonly protocol: string; readonly password: string } {
  const [, protocol, where = ''] = /^([^:]+):(.+)$/.exec(text) ?? [];
  const source = parseSecretSource(where);
  if (protocol === undefined || source === undefined) {
    throw invalid(`expected ${USER_SYNTAX}; ${SOURCES}`);
  }
  return { protocol, password: secretAt(source, environment, '--user') };
}

function invalid(reason: string): SnmpError {
  return new SnmpError('SNMP_CLI_USER', `--user: ${reason}`);
}
