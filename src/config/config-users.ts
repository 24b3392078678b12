import { closeSync, fchmodSync, fchownSync, fsyncSync, openSync } from 'node:fs';
import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { invariant, SnmpError } from '../base/index.js';
import type { UserAccess } from '../index.js';
import { withMember } from './insert-json.js';
import type { JsonNode } from './json-text.js';
import { fieldOf, listOf, textOf } from './loose.js';
import { ConfigError } from './problem.js';
import { examine, isProgram, parseConfig, readProgram, readText } from './read-config.js';

/** Who a configuration names, and whose keys its agent's users have. Without a secret. */
export interface ConfigUsers {
  readonly engineId: string | undefined;
  /** The directory of the state, absolute. */
  readonly state: string | undefined;
  readonly users: readonly ListedUser[];
}

/** What is written of a user; how its secrets are kept instead of the secrets. */
export interface ListedUser {
  readonly name: string;
  readonly auth?: string;
  readonly priv?: string;
  readonly level?: string;
  readonly group?: string;
  readonly read?: unknown;
  readonly write?: unknown;
  readonly administer?: boolean;
  readonly secrets: 'none' | 'localized keys' | 'passwords';
}

/** @throws SnmpError as `readConfig`; what is wrong elsewhere in the file does not matter here. */
export async function readConfigUsers(file: string): Promise<ConfigUsers> {
  const { value } = isProgram(file) ? await readProgram(file) : parseConfig(file, readText(file));
  const state = textOf(fieldOf(value, 'state'));
  return {
    engineId: textOf(fieldOf(fieldOf(value, 'engine'), 'id')),
    state: state === undefined ? undefined : resolve(dirname(file), state),
    users: listOf(fieldOf(fieldOf(value, 'access'), 'users')).map(listed),
  };
}

const SHOWN = ['auth', 'priv', 'level', 'group', 'read', 'write', 'administer'] as const;

function listed(user: unknown): ListedUser {
  const shown = SHOWN.flatMap((key) => {
    const value = fieldOf(user, key);
    return value === undefined ? [] : [[key, value]];
  });
  const hasPassword = ['authPassword', 'privPassword'].some((key) => fieldOf(user, key));
  const hasKey = ['authKey', 'privKey'].some((key) => fieldOf(user, key));
  return {
    name: textOf(fieldOf(user, 'name')) ?? '',
    ...(Object.fromEntries(shown) as Partial<ListedUser>),
    secrets: hasPassword ? 'passwords' : hasKey ? 'localized keys' : 'none',
  };
}

/**
 * Writes one more user into a configuration; the rest of the text stays as it is. The file is
 * replaced as a whole, and only its owner and its group can read it afterwards: it holds keys.
 *
 * @throws SnmpError rejecting, and the file is as it was: SNMP_CONFIG_PROGRAM for a configuration
 *   that is none of text, SNMP_CONFIG_UNREADABLE, SNMP_CONFIG_INVALID where the user is not one, or
 *   is there already, SNMP_CONFIG_UNWRITABLE.
 */
export async function addConfigUser(file: string, user: UserAccess): Promise<void> {
  if (isProgram(file)) {
    const reason = `${file} is a program: only a configuration in JSON can be added to`;
    throw new SnmpError('SNMP_CONFIG_PROGRAM', reason);
  }
  const text = readText(file);
  const added = withUser(file, text, user);
  const written = parseConfig(file, added);
  const place = listOf(fieldOf(fieldOf(written.value, 'access'), 'users')).length - 1;
  const { problems } = await examine(written, {
    folder: dirname(resolve(file)),
    environment: process.env,
    isExposed: false,
  });
  const own = problems.filter(({ path }) => path.startsWith(`access.users[${place}]`));
  if (own.length > 0) {
    const here = parseConfig(file, text).positionOf(['access', 'users']);
    throw new ConfigError(
      file,
      own.map((problem) => ({ ...problem, ...(here === undefined ? {} : { position: here }) })),
    );
  }
  replaceFile(file, added);
}

function withUser(file: string, text: string, user: UserAccess): string {
  const { root } = parseConfig(file, text);
  const member = JSON.stringify(user, undefined, 2);
  const access = childOf(root, 'access', '{', text, file);
  const users = access === undefined ? undefined : childOf(access, 'users', '[', text, file);
  if (users !== undefined) return withMember(text, users, member);
  const list = `"users": [\n  ${member.replaceAll('\n', '\n  ')}\n]`;
  if (access !== undefined) return withMember(text, access, list);
  requireBracket(root, '{', text, file, 'the configuration');
  return withMember(text, root, `"access": {\n  ${list.replaceAll('\n', '\n  ')}\n}`);
}

function childOf(
  node: JsonNode,
  key: string,
  bracket: '{' | '[',
  text: string,
  file: string,
): JsonNode | undefined {
  const child = node.children.get(key);
  if (child !== undefined) requireBracket(child, bracket, text, file, key);
  return child;
}

function requireBracket(
  { start }: JsonNode,
  bracket: '{' | '[',
  text: string,
  file: string,
  what: string,
): void {
  if (text[start] === bracket) return;
  const kind = bracket === '{' ? 'an object' : 'a list';
  throw new ConfigError(file, [
    { code: 'SNMP_CONFIG_VALUE', path: what, reason: `expected ${kind}` },
  ]);
}

/** Another file takes the place of this one, whole and on the disk, whatever happens meanwhile. */
function replaceFile(file: string, text: string): void {
  const target = realpathSync(file);
  const beside = `${target}.${process.pid}.new`;
  const { mode, uid, gid } = statSync(target);
  try {
    const descriptor = openSync(beside, 'wx', 0o600);
    try {
      // The agent has to read it still: it may run as somebody else than who adds a user.
      const made = statSync(beside);
      if (made.uid !== uid || made.gid !== gid) fchownSync(descriptor, uid, gid);
      fchmodSync(descriptor, mode & 0o770);
      writeFileSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(beside, target);
    const folder = openSync(dirname(target), 'r');
    fsyncSync(folder);
    closeSync(folder);
  } catch (error) {
    rmSync(beside, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    invariant(code !== undefined, `writing ${target} failed without a reason`);
    throw new SnmpError('SNMP_CONFIG_UNWRITABLE', `${file} cannot be written (${code})`);
  }
}
