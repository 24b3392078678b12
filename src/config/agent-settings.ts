import { resolve } from 'node:path';
import { invariant } from '../base/index.js';
import type { AccessOptions, AgentOptions, NotifyOptions } from '../index.js';
import { parseOid } from '../smi/index.js';
import { HOST } from './file-checks.js';
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
  const fetched = (given: string): string => {
    const known = secrets.ofOthers([], given);
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
      ...(access === undefined ? {} : { access: accessOf(access, fetched) }),
      ...(mibs === undefined ? {} : { mibs: mibs.map(absolute) }),
      ...(mibPaths === undefined ? {} : { mibPaths: mibPaths.map(absolute) }),
      ...(notify === undefined ? {} : { notify: notifyOf(notify, fetched) }),
    },
  };
}

type Content<Key extends keyof ConfigContent> = NonNullable<ConfigContent[Key]>;
type Fetched = (given: string) => string;

function systemOf(system: Content<'system'> | false): NonNullable<AgentOptions['system']> {
  if (system === false) return false;
  const { objectId, ...facts } = system;
  return { ...facts, ...(objectId === undefined ? {} : { objectId: parseOid(objectId) }) };
}

function accessOf(
  { communities, users, ...same }: Content<'access'>,
  fetched: Fetched,
): AccessOptions {
  return {
    ...same,
    ...(communities === undefined ? {} : { communities: communitiesOf(communities, fetched) }),
    ...(users === undefined ? {} : { users: users.map((user) => withSecrets(user, fetched)) }),
  };
}

function communitiesOf(
  communities: NonNullable<Content<'access'>['communities']>,
  fetched: Fetched,
): NonNullable<AccessOptions['communities']> {
  if (!isList(communities)) return communities;
  return Object.fromEntries(
    communities.map(({ community, ...terms }) => [fetched(community), terms]),
  );
}

function isList<Item>(value: readonly Item[] | object): value is readonly Item[] {
  return Array.isArray(value);
}

interface UserSecrets {
  readonly authPassword?: string;
  readonly authKey?: string;
  readonly privPassword?: string;
  readonly privKey?: string;
}

function withSecrets<User extends UserSecrets>(user: User, fetched: Fetched): User {
  const held = (['authPassword', 'authKey', 'privPassword', 'privKey'] as const).flatMap((key) => {
    const given = user[key];
    return given === undefined ? [] : [[key, fetched(given)]];
  });
  return { ...user, ...(Object.fromEntries(held) as UserSecrets) };
}

function notifyOf({ targets, ...same }: Content<'notify'>, fetched: Fetched): NotifyOptions {
  if (targets === undefined) return same;
  return {
    ...same,
    targets: targets.map(({ community, user, ...target }) => ({
      ...target,
      ...(community === undefined ? {} : { community: fetched(community) }),
      ...(user === undefined
        ? {}
        : { user: typeof user === 'string' ? user : withSecrets(user, fetched) }),
    })),
  };
}
