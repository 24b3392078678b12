import { requireKnownKeys, SnmpError } from './base/index.js';
import type { SystemFacts } from './agent/index.js';
import type { NotifyTargetOptions } from './notify/index.js';
import type { Deadlines } from './subtree/index.js';
import type { SubtreePolicy } from '../supervisors/trees/index.js';
import type {
  AccessOptions,
  AgentOptions,
  CommunityRights,
  GroupAccess,
  LimitOptions,
  LoadOptions,
  MibText,
  ModuleToLoad,
  NotifyOptions,
  ReloadOptions,
  SubtreeTerms,
  UserAccess,
  ViewSpec,
} from './agent-options.js';
import type { EngineOptions } from './engine-options.js';

/** All keys of an interface: one that is missing here, or one too many, does not compile. */
type KeysOf<Options> = Readonly<Record<keyof Options, true>>;

/** The keys of every member of a union. */
type EachOf<Options> = {
  readonly [Key in Options extends unknown ? keyof Options : never]: unknown;
};

/** With what a definition has besides: the CLI hands it over as it is. */
const AGENT: KeysOf<AgentOptions & { readonly start: unknown }> = {
  listen: true,
  access: true,
  contexts: true,
  engine: true,
  system: true,
  mibs: true,
  mibPaths: true,
  state: true,
  deadlines: true,
  reads: true,
  limits: true,
  notify: true,
  logger: true,
  clock: true,
  start: true,
};

const ACCESS: KeysOf<AccessOptions> = { communities: true, users: true, groups: true, views: true };
const COMMUNITY: KeysOf<CommunityRights> = {
  read: true,
  write: true,
  administer: true,
  securityName: true,
  group: true,
  context: true,
  from: true,
};
const GROUP: KeysOf<GroupAccess> = {
  model: true,
  level: true,
  context: true,
  contextMatch: true,
  read: true,
  write: true,
  notify: true,
  administer: true,
};
const VIEW: KeysOf<ViewSpec> = { include: true, exclude: true };
const USER: KeysOf<UserAccess> = {
  name: true,
  auth: true,
  authPassword: true,
  authKey: true,
  priv: true,
  privPassword: true,
  privKey: true,
  read: true,
  write: true,
  administer: true,
  level: true,
  group: true,
};
const ENGINE: KeysOf<EngineOptions> = { id: true, boots: true };
const SYSTEM: KeysOf<SystemFacts> = {
  description: true,
  objectId: true,
  contact: true,
  name: true,
  location: true,
  services: true,
};
const DEADLINES: KeysOf<Deadlines> = { getMs: true, setMs: true, lifecycleMs: true };
const LIMITS: KeysOf<LimitOptions> = {
  maxMessageSizeOctets: true,
  maxInFlight: true,
  maxWaitingSets: true,
};
const NOTIFY: KeysOf<NotifyOptions> = {
  targets: true,
  maxPendingInforms: true,
  authenticationFailure: true,
};
const TARGET: KeysOf<NotifyTargetOptions> = {
  name: true,
  address: true,
  community: true,
  version: true,
  user: true,
  level: true,
  contextName: true,
  inform: true,
  timeoutMs: true,
  retries: true,
};
const LOAD: KeysOf<LoadOptions> = { complete: true };
const MODULE: KeysOf<Required<EachOf<ModuleToLoad>>> = {
  module: true,
  text: true,
  instrumentation: true,
  complete: true,
};
const TEXT: KeysOf<Extract<MibText, { readonly text: string }>> = { path: true, text: true };
const RELOAD: KeysOf<EachOf<ReloadOptions>> = { module: true, text: true };
const SUPERVISE: KeysOf<SubtreePolicy> = { restart: true, intensity: true, periodMs: true };

/** What is given of other kinds than objects is for others to refuse, or to take. */
function check(path: string, options: unknown, known: Readonly<Record<string, true>>): void {
  if (typeof options !== 'object' || options === null) return;
  requireKnownKeys(path, options, Object.keys(known));
}

/**
 * An option that nobody reads is a mistake that nobody sees: `acces` instead of `access`. Programs in
 * TypeScript learn it from their compiler, others from this. No path shows a community.
 *
 * @throws SnmpError SNMP_OPTION_INVALID
 */
export function requireKnownOptions(options: AgentOptions): void {
  check('options', options, AGENT);
  check('engine', options.engine, ENGINE);
  check('system', options.system, SYSTEM);
  check('deadlines', options.deadlines, DEADLINES);
  check('limits', options.limits, LIMITS);
  check('notify', options.notify, NOTIFY);
  for (const [i, target] of (options.notify?.targets ?? []).entries()) {
    check(`notify.targets[${i}]`, target, TARGET);
  }
  if (options.access !== undefined) requireKnownAccess(options.access);
}

function requireKnownAccess(access: AccessOptions): void {
  check('access', access, ACCESS);
  const { communities = {}, users = [], groups = {}, views = {} } = access;
  for (const [i, rights] of Object.values(communities).entries()) {
    checkRights(`access.communities, entry ${i + 1}`, rights, COMMUNITY);
  }
  for (const [i, user] of users.entries()) checkRights(`access.users[${i}]`, user, USER);
  for (const [name, entries] of Object.entries(groups)) {
    for (const [i, entry] of entries.entries()) {
      checkRights(`access.groups.${name}[${i}]`, entry, GROUP);
    }
  }
  for (const [name, view] of Object.entries(views)) check(`access.views.${name}`, view, VIEW);
}

/** With the views that are written down in their place. */
function checkRights(
  path: string,
  rights: 'read' | 'write' | CommunityRights | UserAccess | GroupAccess,
  known: Readonly<Record<string, true>>,
): void {
  check(path, rights, known);
  if (typeof rights !== 'object' || rights === null) return;
  check(`${path}.read`, rights.read, VIEW);
  check(`${path}.write`, rights.write, VIEW);
}

/** @throws SnmpError SNMP_OPTION_INVALID */
export function requireKnownTerms(name: string, terms: SubtreeTerms): void {
  check(`${name}.supervise`, terms.supervise, SUPERVISE);
  check(`${name}.deadlines`, terms.deadlines, DEADLINES);
}

/** @throws SnmpError SNMP_OPTION_INVALID */
export function requireKnownLoad(options: LoadOptions): void {
  requireKnownKeys('load', options, Object.keys(LOAD));
}

/** @throws SnmpError SNMP_OPTION_INVALID */
export function requireKnownModule(path: string, one: ModuleToLoad): void {
  requireKnownKeys(path, one, Object.keys(MODULE));
  if (('module' in one ? 1 : 0) + ('text' in one ? 1 : 0) !== 1) {
    throw new SnmpError('SNMP_OPTION_INVALID', `${path}: expected one of module and text`);
  }
  if (one.instrumentation === undefined) {
    throw new SnmpError('SNMP_OPTION_INVALID', `${path}: expected instrumentation`);
  }
  if ('text' in one) requireKnownText(path, one.text);
}

/** @throws SnmpError SNMP_OPTION_INVALID */
export function requireKnownReload(options: ReloadOptions): void {
  requireKnownKeys('reload', options, Object.keys(RELOAD));
  if ('text' in options) requireKnownText('reload', options.text);
}

function requireKnownText(path: string, text: MibText): void {
  if (!(text instanceof URL)) check(`${path}: text`, text, TEXT);
}
