import { existsSync, readdirSync } from 'node:fs';
import { Command, Option } from 'commander';
import {
  parseSecretSource,
  readSecret,
  SECRET_SOURCES,
  SnmpError,
  systemClock,
  systemRandom,
} from '../../base/index.js';
import {
  addConfigUser,
  passwordFault,
  readConfigUsers,
  type ConfigUsers,
  type ListedUser,
} from '../../config/index.js';
import type { UserAccess } from '../../index.js';
import { SECURITY_LEVELS } from '../../message/index.js';
import {
  AUTH_FACTS,
  generateEngineId,
  localizeKey,
  parseEngineId,
  passwordToKey,
  PRIV_FACTS,
  privacyKey,
  type AuthProtocol,
  type PrivProtocol,
} from '../../security/index.js';
import { StateStore } from '../../store/index.js';
import { print } from '../print.js';
import { askNewPassword } from '../prompt.js';
import { readStateUsers } from '../state-users.js';

const DEFAULT_CONFIG = 'trellis.json';

/** A protocol, and where its password is; without that it is asked for. */
interface Secured<Protocol extends string> {
  readonly protocol: Protocol;
  readonly source: string | undefined;
}

interface AddOptions {
  readonly config: string;
  readonly state?: string;
  readonly auth?: Secured<AuthProtocol>;
  readonly priv?: Secured<PrivProtocol>;
  readonly read?: string;
  readonly write?: string;
  readonly administer?: boolean;
  readonly group?: string;
  readonly level?: NonNullable<UserAccess['level']>;
}

export function userCommand(): Command {
  return new Command('user')
    .description('users of SNMPv3 in a configuration')
    .addCommand(addCommand())
    .addCommand(
      new Command('list')
        .description('say who there is, also by the state; keys and passwords are not shown')
        .option('--config <file>', 'the configuration', DEFAULT_CONFIG)
        .addOption(
          new Option('--format <format>', 'how users are printed')
            .choices(['text', 'json'])
            .default('text'),
        )
        .action(async ({ config, format }: { config: string; format: string }) => {
          const { users, state } = await readConfigUsers(config);
          const made = state !== undefined && isBegun(state) ? await readStateUsers(state) : [];
          const all: readonly (ListedUser & { readonly madeBy?: string })[] = [
            ...users,
            ...made.map((user) => ({ ...user, madeBy: 'a manager' })),
          ];
          const text = all.map((user) => `${describeUser(user)}\n`).join('');
          print(format === 'json' ? `${JSON.stringify(all, undefined, 2)}\n` : text);
        }),
    );
}

function addCommand(): Command {
  const source = `SOURCE is ${SECRET_SOURCES}; without it the password is asked for`;
  return new Command('add')
    .description(
      'add a user to a configuration in JSON; what is kept are keys that open this agent alone',
    )
    .argument('<name>', '1 to 32 octets')
    .option('--config <file>', 'the configuration', DEFAULT_CONFIG)
    .option('--state <dir>', 'the state that keeps the engine ID, where the configuration has none')
    .option(
      '--auth <protocol[:source]>',
      `${Object.keys(AUTH_FACTS).join(', ')}; ${source}`,
      (given: string) => readSecured(given, AUTH_FACTS),
    )
    .option(
      '--priv <protocol[:source]>',
      `${Object.keys(PRIV_FACTS).join(', ')}; ${source}`,
      (given: string) => readSecured(given, PRIV_FACTS),
    )
    .option('--read <view>', 'what the user may read: `all`, or one of access.views')
    .option('--write <view>', 'what the user may write, and read where nothing else is said')
    .option('--administer', 'let `all` have the tables of users and access')
    .option('--group <name>', 'one of access.groups, instead of --read and --write')
    .addOption(
      new Option(
        '--level <level>',
        'the least level; default: the highest that the keys allow',
      ).choices(SECURITY_LEVELS),
    )
    .action(async (name: string, options: AddOptions) => {
      await add(name, options);
    });
}

/** The value is not said again: somebody may have put a password there. */
function readSecured<Protocol extends string>(
  given: string,
  facts: Readonly<Record<Protocol, unknown>>,
): Secured<Protocol> {
  const [, protocol = '', , source] = /^([^:]+)(:(.+))?$/s.exec(given) ?? [];
  const isSource = source === undefined || parseSecretSource(source) !== undefined;
  if (!Object.hasOwn(facts, protocol) || !isSource) {
    const names = Object.keys(facts).join(', ');
    throw new SnmpError('SNMP_CLI_USER', `expected one of ${names}, then maybe :${SECRET_SOURCES}`);
  }
  return { protocol: protocol as Protocol, source };
}

async function add(name: string, options: AddOptions): Promise<void> {
  const { config, auth, priv, read, write, administer, group, level } = options;
  if (priv !== undefined && auth === undefined) {
    throw new SnmpError('SNMP_CLI_USER', '--priv needs --auth: what is encrypted is signed too');
  }
  const known = await readConfigUsers(config);
  if (known.users.some((user) => user.name === name)) {
    const reason = `${config} has a user ${JSON.stringify(name)} already; take it out there first`;
    throw new SnmpError('SNMP_CLI_USER', reason);
  }
  await addConfigUser(config, {
    name,
    ...(await keysOf(name, known, options)),
    ...(read === undefined ? {} : { read }),
    ...(write === undefined ? {} : { write }),
    ...(administer === undefined ? {} : { administer }),
    ...(group === undefined ? {} : { group }),
    ...(level === undefined ? {} : { level }),
  });
  const mayNothing = [read, write, group].every((one) => one === undefined);
  const what = auth === undefined ? 'without keys' : 'with localized keys';
  const rights = mayNothing ? '; nothing says yet what it may read or write' : '';
  print(
    `${config}: user ${JSON.stringify(name)} added, ${what}${rights}; an agent takes it at its next start\n`,
  );
}

async function keysOf(
  name: string,
  known: ConfigUsers,
  { auth, priv, state }: AddOptions,
): Promise<Partial<UserAccess>> {
  if (auth === undefined) return {};
  const authPassword = await passwordOf('password to authenticate', auth.source, name);
  const privPassword =
    priv === undefined ? undefined : await passwordOf('password to encrypt', priv.source, name);
  const engineId = await engineIdOf(known, state);
  const localized = (password: string): Uint8Array =>
    localizeKey(auth.protocol, passwordToKey(auth.protocol, Buffer.from(password)), engineId);
  const authKey = hex(localized(authPassword));
  if (priv === undefined || privPassword === undefined) return { auth: auth.protocol, authKey };
  const key = privacyKey(priv.protocol, auth.protocol, localized(privPassword), engineId);
  return { auth: auth.protocol, authKey, priv: priv.protocol, privKey: hex(key) };
}

async function passwordOf(
  what: string,
  source: string | undefined,
  userName: string,
): Promise<string> {
  const parsed = source === undefined ? undefined : parseSecretSource(source);
  const password =
    parsed === undefined
      ? await askNewPassword(what, { input: process.stdin, output: process.stderr })
      : readSecret(parsed, '.', process.env);
  const fault = passwordFault(password, userName);
  if (fault !== undefined) throw new SnmpError('SNMP_PASSWORD_WEAK', `${what}: ${fault}`);
  return password;
}

/** Keys are made for one engine ID: that which the agent will have at every start. */
async function engineIdOf(known: ConfigUsers, given: string | undefined): Promise<Uint8Array> {
  if (known.engineId !== undefined) return parseEngineId(known.engineId);
  const directory = given ?? known.state;
  if (directory === undefined) {
    throw new SnmpError(
      'SNMP_CLI_NO_ENGINE_ID',
      'keys are made for one engine ID, and nothing keeps that of this agent: give the configuration a `state`, or an `engine.id`',
    );
  }
  const kept = isBegun(directory) ? await engineIdIn(directory) : undefined;
  return kept ?? (await makeEngineId(directory));
}

function isBegun(directory: string): boolean {
  return existsSync(directory) && readdirSync(directory).length > 0;
}

/** An agent may be running with it. */
async function engineIdIn(directory: string): Promise<Uint8Array | undefined> {
  const store = await StateStore.open(directory, systemClock, 'look');
  try {
    return store.engineId;
  } finally {
    await store.close();
  }
}

/** An agent that never ran with it will find this one. */
async function makeEngineId(directory: string): Promise<Uint8Array> {
  const store = await StateStore.open(directory, systemClock, 'agent');
  try {
    const id = generateEngineId(systemRandom);
    await store.keepEngineId(id);
    return id;
  } finally {
    await store.close();
  }
}

function hex(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}

/** `ann  sha256 aes128  localized keys  write: all` */
function describeUser({
  name,
  auth,
  priv,
  level,
  secrets,
  madeBy,
  administer,
  ...rights
}: ListedUser & { readonly madeBy?: string }): string {
  const rightsShown = (['group', 'read', 'write'] as const).flatMap((key) => {
    const value = rights[key];
    if (value === undefined) return [];
    return [`${key}: ${typeof value === 'string' ? value : 'a view of its own'}`];
  });
  return [
    name,
    auth === undefined ? 'noAuthNoPriv' : [auth, priv].filter(Boolean).join(' '),
    ...(secrets === 'none' ? [] : [secrets]),
    ...(level === undefined ? [] : [`at ${level} at least`]),
    ...(madeBy === undefined ? [] : [`made by ${madeBy}`]),
    ...(rightsShown.length === 0 && madeBy === undefined
      ? ['may read and write nothing']
      : rightsShown),
    ...(administer === true ? ['administers'] : []),
  ].join('  ');
}
