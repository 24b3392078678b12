import { listIn } from '../base/index.js';
import type { SecurityLevel } from '../message/index.js';
import {
  SECURITY_MODEL,
  udpAddressIn,
  type SecurityModel,
  type TargetAddress,
  type ViewFamily,
} from '../security/index.js';
import type { Peer } from '../transport/index.js';
import { NotifyFilter } from './filter.js';
import type { NotSent } from './not-sent.js';
import { NotifyTarget, type TargetFacts } from './targets.js';

/** An active row of snmpNotifyTable. */
interface NotifyEntry {
  readonly tag: string;
  readonly kind: 'trap' | 'inform';
}

/** An active row of snmpTargetAddrTable. */
interface AddressEntry extends TargetAddress {
  readonly name: string;
  readonly timeoutCentiseconds: number;
  readonly retries: number;
  readonly params: string;
}

/** A row of snmpTargetParamsTable. */
interface ParamsEntry {
  readonly name: string;
  readonly isActive: boolean;
  readonly messageModel: number;
  readonly securityModel: number;
  readonly securityName: string;
  readonly level: SecurityLevel;
}

/** The rows that receivers are selected by; each table in the order of its names. */
export interface ReceiverTables {
  readonly notifies: Iterable<NotifyEntry>;
  readonly addresses: Iterable<AddressEntry>;
  readonly params: Iterable<ParamsEntry>;
  /** Active rows of snmpNotifyFilterProfileTable. */
  readonly profiles: Iterable<{ readonly params: string; readonly filter: string }>;
  /** Active rows of snmpNotifyFilterTable. */
  readonly filters: Iterable<ViewFamily & { readonly filter: string }>;
}

/** A target of the configuration, and what its rows are called. */
export interface ConfiguredReceiver {
  readonly name: string;
  readonly target: NotifyTarget;
}

/** RFC 3584 5.2.3: the community that stands for a securityName towards an address. */
export type CommunityTowards = (securityName: string, peer: Peer) => Uint8Array | undefined;

/** Somebody who is to be told of what the filter lets through, or cannot be. */
export type Receiver = { readonly filter: NotifyFilter | undefined } & (
  | { readonly target: NotifyTarget }
  | { readonly target: undefined; readonly name: string; readonly fault: NotSent }
);

export interface SelectedReceivers {
  /** Those of the configuration first. */
  readonly receivers: readonly Receiver[];
  /** How many more the rows select than may be told. */
  readonly leftOut: number;
}

/**
 * So many receivers at most that the tables select: whoever sends a wrong community has the agent
 * send as many messages (authenticationFailure), and each notification takes as many turns.
 */
export const MAX_SELECTED_RECEIVERS = 1000;

/** What timers can wait: longer ones would end at once. */
const MAX_TIMEOUT_MS = 2_147_483_647;
/** The least that a TimeInterval can say but 0, with which all retries would go out at once. */
const MIN_TIMEOUT_MS = 10;

/** RFC 3411 SnmpMessageProcessingModel, each with the security model that goes with it. */
const MODELS: ReadonlyMap<number, SecurityModel> = new Map([
  [0, 'v1'],
  [1, 'v2c'],
  [3, 'usm'],
]);
const MESSAGE_MODEL_V1 = 0;

/**
 * Who is told, of one state of the tables (RFC 3413 sections 5 and 6): the targets of the
 * configuration, then the addresses that active rows of snmpNotifyTable select, in the order of those
 * rows. Pure.
 *
 * An address that several rows select is told once by a trap and once by an inform. Deviation: RFC
 * 3413 section 5, snmpd and OTP's agent have one message for each such row ("for example, both traps
 * and informs"); two that are equal tell nobody anything.
 */
export function selectReceivers(
  tables: ReceiverTables,
  configured: readonly ConfiguredReceiver[],
  communityTowards: CommunityTowards,
): SelectedReceivers {
  const filters = filtersOf(tables);
  /** By name. BOUNDED by the rows of the tables, as are the others. */
  const params = new Map(Array.from(tables.params, (row) => [row.name, row] as const));
  const tagged = new Map<string, AddressEntry[]>();
  for (const address of tables.addresses) {
    for (const tag of address.tags) listIn(tagged, tag).push(address);
  }
  const receivers: Receiver[] = configured.map(({ name, target }) => ({
    target,
    filter: filters.get(name),
  }));
  const chosen = new Set(configured.map(({ name, target }) => `${target.kind} ${name}`));
  const asked = new Set<string>();
  let leftOut = 0;
  for (const { tag, kind: wanted } of tables.notifies) {
    const selection = `${wanted} ${tag}`;
    if (tag === '' || asked.has(selection)) continue;
    asked.add(selection);
    for (const address of tagged.get(tag) ?? []) {
      const row = params.get(address.params);
      const kind = row?.messageModel === MESSAGE_MODEL_V1 ? 'trapV1' : wanted;
      const key = `${kind} ${address.name}`;
      if (chosen.has(key)) continue;
      chosen.add(key);
      if (receivers.length - configured.length >= MAX_SELECTED_RECEIVERS) {
        leftOut += 1;
        continue;
      }
      const filter = filters.get(address.params);
      const found = targetOf(address, kind, row, communityTowards);
      receivers.push(
        found instanceof NotifyTarget
          ? { target: found, filter }
          : { target: undefined, name: address.name, fault: found, filter },
      );
    }
  }
  return { receivers, leftOut };
}

/** By the row of parameters that they are for. A filter without any row filters nothing. */
function filtersOf({ profiles, filters }: ReceiverTables): ReadonlyMap<string, NotifyFilter> {
  /** By name. BOUNDED by the rows of the tables, as are the others. */
  const families = new Map<string, ViewFamily[]>();
  for (const family of filters) listIn(families, family.filter).push(family);
  const made = new Map<string, NotifyFilter>();
  const found = new Map<string, NotifyFilter>();
  for (const { params, filter: name } of profiles) {
    const members = families.get(name);
    if (members === undefined) continue;
    const filter = made.get(name) ?? new NotifyFilter(members);
    made.set(name, filter);
    found.set(params, filter);
  }
  return found;
}

function targetOf(
  { name, domain, address: octets, ...address }: AddressEntry,
  kind: TargetFacts['kind'],
  params: ParamsEntry | undefined,
  communityTowards: CommunityTowards,
): NotifyTarget | NotSent {
  if (params === undefined) {
    const reason = `there is no row ${JSON.stringify(address.params)} of parameters`;
    return { code: 'SNMP_NOTIFY_NO_PARAMS', reason };
  }
  if (!params.isActive) {
    const reason = `the row ${JSON.stringify(params.name)} of parameters is not active`;
    return { code: 'SNMP_NOTIFY_NOT_ACTIVE', reason };
  }
  const place = udpAddressIn(domain, octets);
  if (place === undefined || place.port === 0) {
    return { code: 'SNMP_NOTIFY_ADDRESS', reason: 'it is no address of UDP with a port' };
  }
  const model = MODELS.get(params.messageModel);
  if (model === undefined || SECURITY_MODEL[model] !== params.securityModel) {
    const reason = 'the models of messages and of security do not go together';
    return { code: 'SNMP_NOTIFY_MODEL', reason };
  }
  const { securityName, level } = params;
  const facts = {
    name,
    address: place,
    kind,
    timeoutMs: Math.min(Math.max(address.timeoutCentiseconds * 10, MIN_TIMEOUT_MS), MAX_TIMEOUT_MS),
    retries: address.retries,
    maxSizeOctets: address.maxMessageSizeOctets || Infinity,
    tells: { model, securityName, level, contextName: '' },
  };
  if (model === 'usm') {
    const contextName = new Uint8Array();
    const security = { version: 'v3', user: securityName, level, contextName } as const;
    return new NotifyTarget({ ...facts, security });
  }
  if (level !== 'noAuthNoPriv') {
    return { code: 'SNMP_NOTIFY_LEVEL', reason: `a community has no keys for ${level}` };
  }
  const community = communityTowards(securityName, { address: place.host, port: place.port });
  if (community === undefined) {
    const reason = `no community stands for ${JSON.stringify(securityName)} there`;
    return { code: 'SNMP_NOTIFY_NO_COMMUNITY', reason };
  }
  return new NotifyTarget({ ...facts, security: { version: model, community } });
}
