import type { Logger } from './base/index.js';
import {
  filterMembers,
  filterProfiles,
  NotificationTables,
  notifyEntries,
  targetAddresses,
  targetParams,
  type NotifyRow,
  type TargetAddressRow,
  type TargetParamsRow,
  type TargetTables,
} from './agent/index.js';
import {
  selectReceivers,
  type ConfiguredReceiver,
  type NotifyTarget,
  type Receiver,
} from './notify/index.js';
import {
  SECURITY_MODEL,
  transportOctets,
  UDP_DOMAIN,
  UDP_IPV6_DOMAIN,
  type CommunityTable,
} from './security/index.js';
import type { SecurityLevel } from './message/index.js';

/** The rows that the targets of the configuration come to. They are readOnly. */
export interface NotifyRows {
  readonly notifies: readonly NotifyRow[];
  readonly addresses: readonly TargetAddressRow[];
  readonly params: readonly TargetParamsRow[];
}

/** Whom a target is told as: what its row of parameters shows. Never the community, a secret. */
export interface ShownAs {
  readonly securityName: string;
  readonly level: SecurityLevel;
}

/** RFC 3411 SnmpMessageProcessingModel and SnmpSecurityModel. */
const MODELS = {
  v1: { messages: 0, security: SECURITY_MODEL.v1 },
  v2c: { messages: 1, security: SECURITY_MODEL.v2c },
  v3: { messages: 3, security: SECURITY_MODEL.usm },
} as const;

const MAX_NAME_OCTETS = 32;

/**
 * Who is told of notifications: the targets of the configuration, and those that the rows of
 * SNMP-NOTIFICATION-MIB select. A target of the configuration has a row in each of the three tables,
 * with one name, which is also its tag; it is told as it is configured, whatever becomes of the rows.
 */
export class NotifyReceivers {
  readonly tables = new NotificationTables();
  readonly #configured: readonly ConfiguredReceiver[];
  readonly #logger: Logger;

  /** @param taken - names and tags that rows of snmpTargetAddrTable have already. */
  constructor(targets: readonly NotifyTarget[], taken: readonly string[], logger: Logger) {
    this.#configured = named(targets, taken);
    this.#logger = logger;
  }

  rows(shownAs: (target: NotifyTarget) => ShownAs | undefined): NotifyRows {
    return {
      notifies: this.#configured.map(({ name, target }) => ({
        snmpNotifyName: name,
        snmpNotifyTag: name,
        snmpNotifyType: target.kind === 'inform' ? 'inform' : 'trap',
      })),
      addresses: this.#configured.map(({ name, target }) => ({
        snmpTargetAddrName: name,
        snmpTargetAddrTDomain: target.address.family === 4 ? UDP_DOMAIN : UDP_IPV6_DOMAIN,
        snmpTargetAddrTAddress: Uint8Array.from(
          transportOctets(target.peer.address, target.peer.port) ?? [],
        ),
        snmpTargetAddrTimeout: Math.ceil(target.timeoutMs / 10),
        snmpTargetAddrRetryCount: target.retries,
        snmpTargetAddrTagList: name,
        snmpTargetAddrParams: name,
        snmpTargetAddrTMask: new Uint8Array(),
        snmpTargetAddrMMS: 0,
      })),
      params: this.#configured.map(({ name, target }) => {
        const { messages, security } = MODELS[target.security.version];
        const { securityName, level } = shownAs(target) ?? UNKNOWN;
        return {
          snmpTargetParamsName: name,
          snmpTargetParamsMPModel: messages,
          snmpTargetParamsSecurityModel: security,
          snmpTargetParamsSecurityName: securityName,
          snmpTargetParamsSecurityLevel: level,
        };
      }),
    };
  }

  /** Of this state of the tables. */
  select(targets: TargetTables | undefined, communities: CommunityTable): readonly Receiver[] {
    const { notifies, profiles, filters } = this.tables;
    // Before the tables are served there are no rows.
    const rows =
      targets === undefined
        ? NO_ROWS
        : {
            // Not what a SET has set that waits for the disk, as with access.
            notifies: notifyEntries(notifies.settled()),
            addresses: targetAddresses(targets.addresses.settled()),
            params: targetParams(targets.params.settled()),
            profiles: filterProfiles(profiles.settled()),
            filters: filterMembers(filters.settled()),
          };
    const { receivers, leftOut } = selectReceivers(rows, this.#configured, (securityName, peer) =>
      communities.communityTowards(securityName, '', peer),
    );
    if (leftOut > 0) {
      const fields = { code: 'SNMP_NOTIFY_TOO_MANY', told: receivers.length, leftOut };
      this.#logger.warn(fields, 'snmpNotifyTable selects more receivers than are told');
    }
    return receivers;
  }
}

/** A community that no table has: the tables can say nothing of whoever is told by it. */
const UNKNOWN: ShownAs = { securityName: '', level: 'noAuthNoPriv' };
const NO_ROWS = { notifies: [], addresses: [], params: [], profiles: [], filters: [] };

/** By its own name where that can be one of a row and a tag, else by its place. */
function named(targets: readonly NotifyTarget[], taken: readonly string[]): ConfiguredReceiver[] {
  /** BOUNDED by the configuration. */
  const names = new Set(taken);
  return targets.map((target, i) => {
    let name = target.name;
    if (!isRowName(name) || names.has(name)) name = `target${i + 1}`;
    for (let n = 2; names.has(name); n++) name = `target${i + 1}-${n}`;
    names.add(name);
    return { name, target };
  });
}

function isRowName(name: string): boolean {
  const octets = Buffer.from(name, 'utf8');
  if (octets.length < 1 || octets.length > MAX_NAME_OCTETS) return false;
  return octets.toString('utf8') === name && !/[\s\uFFFD]/.test(name);
}
