import { resolve } from 'node:path';
import { invariant } from '../base/index.js';
import type { AccessOptions, AgentOptions, NotifyOptions, UserAccess } from '../index.js';
import { parseOid } from '../smi/index.js';
import { HOST } from './file-checks.js';
import type { ConfigPath } from './json-text.js';
import type { ConfigContent } from './schema.js';
import type { SecretReader } from './secret-reader.js';

/** A configuration that was read: paths are absolute, secrets are in their places. */
export interface AgentSettings {
  /** `host`, and absolute paths of modules. */
  readonly serve: readonly string[];
  /** What `startAgent` takes. */
  readonly options: AgentOptions;
}

/** Of what was checked: every secret can be had. */
export function settingsOf(
  content: ConfigContent,
  folder: string,
  secrets: SecretReader,
): AgentSettings {
  const {
    $schema: _,
    serve = [],
    state,
    system,
    access,
    mibs,
    mibPaths,
    notify,
    ...same
  } = content;
  const absolute = (path: string): string => resolve(folder, path);
  const secret = (path: ConfigPath, given: string): string => {
    const known = secrets.read(path, given);
    invariant(known !== undefined, 'a secret was there when it was checked');
    return known;
  };
  const served = typeof serve === 'string' ? [serve] : serve;
  return {
    serve: served.map((module) => (module === HOST ? module : absolute(module))),
    options: {
      ...same,
      ...(state === undefined ? {} : { state: absolute(state) }),
      ...(system === undefined ? {} : { system: systemOf(system) }),
      ...(access === undefined ? {} : { access: accessOf(access, secret) }),
      ...(mibs === undefined ? {} : { mibs: mibs.map(absolute) }),
      ...(mibPaths === undefined ? {} : { mibPaths: mibPaths.map(absolute) }),
      ...(notify === undefined ? {} : { notify: notifyOf(notify, secret) }),
    },
  };
}

type Content<Key extends keyof ConfigContent> = NonNullable<ConfigContent[Key]>;
type Secret = (path: ConfigPath, given: string) => string;

function systemOf(system: Content<'system'> | false): NonNullable<AgentOptions['system']> {
  if (system === false) return false;
  const { objectId, ...facts } = system;
  return { ...facts, ...(objectId === undefined ? {} : { objectId: parseOid(objectId) }) };
}

function accessOf(
  { communities, users, ...same }: Content<'access'>,
  secret: Secret,
): AccessOptions {
  return {
    ...same,
    ...(communities === undefined ? {} : { communities: communitiesOf(communities, secret) }),
    ...(users === undefined ? {} : { users: users.map((user, i) => userOf(user, i, secret)) }),
  };
}

function communitiesOf(
  communities: NonNullable<Content<'access'>['communities']>,
  secret: Secret,
): NonNullable<AccessOptions['communities']> {
  if (!Array.isArray(communities)) return communities as NonNullable<AccessOptions['communities']>;
  return Object.fromEntries(
    communities.map(({ community, ...terms }, i) => [
      secret(['access', 'communities', i, 'community'], community),
      terms,
    ]),
  );
}

const USER_SECRETS = ['authPassword', 'authKey', 'privPassword', 'privKey'] as const;

function userOf(
  user: NonNullable<Content<'access'>['users']>[number],
  i: number,
  secret: Secret,
): UserAccess {
  const held = USER_SECRETS.flatMap((key) => {
    const given = user[key];
    return given === undefined ? [] : [[key, secret(['access', 'users', i, key], given)]];
  });
  return { ...user, ...Object.fromEntries(held) };
}

function notifyOf({ targets, ...same }: Content<'notify'>, secret: Secret): NotifyOptions {
  if (targets === undefined) return same;
  return {
    ...same,
    targets: targets.map((target, i) => ({
      ...target,
      community: secret(['notify', 'targets', i, 'community'], target.community),
    })),
  };
}
