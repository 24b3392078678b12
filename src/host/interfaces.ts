import { fitDisplayString, fitGauge32, fitInteger32, parseNumber } from './fit-syntax.js';
import { mapInSlices } from './in-slices.js';
import {
  counterColumns,
  NO_COUNTERS,
  parseInterfaceCounters,
  type InterfaceCounters,
} from './interface-counters.js';
import type { IfAdminStatus, IfOperStatus, InterfaceRow } from './interface-row.js';
import { classifyInterface, type IfType } from './interface-type.js';
import { SMALL_FILE_OCTETS, type HostSource } from './proc-source.js';

/**
 * Interfaces read at most, the first ones in the kernel's order: each costs a dozen files, and a
 * container host may have thousands of them. What is beyond is not in the table.
 */
export const MAX_INTERFACES = 2048;

/** Each interface reads a dozen files at once. */
const INTERFACES_AT_ONCE = 2;

const IFF_UP = 0x1;
const IFF_PROMISC = 0x100;

/** What an interface is, apart from what it counts. */
interface InterfaceDescription {
  readonly index: number;
  readonly type: IfType;
  readonly mtu: number;
  readonly megabits: number;
  readonly physAddress: Uint8Array;
  readonly adminStatus: IfAdminStatus;
  readonly operStatus: IfOperStatus;
  readonly promiscuous: boolean;
  readonly hasConnector: boolean;
  readonly hasLowerLayer: boolean;
  readonly alias: string;
}

/**
 * All interfaces of the machine with their counters, ascending by ifIndex, which is the kernel's.
 *
 * The three columns that are moments of sysUpTime are zero: `InterfaceTracker` knows them.
 * Without /sys: counters and index only. Without /proc: what node tells of configured interfaces.
 *
 * Source: IF-MIB (RFC 2863); counters as `ip -s link` shows them.
 */
export async function readInterfaces(source: HostSource): Promise<InterfaceRow[]> {
  const text = await source.readText('/proc/net/dev');
  if (text === undefined) return interfacesFromOs(source);
  const hasSys = (await source.readDirectory('/sys/class/net')).length > 0;
  const counted = [...parseInterfaceCounters(text)].slice(0, MAX_INTERFACES);
  const rows = await mapInSlices(counted, INTERFACES_AT_ONCE, async ([name, counters]) => {
    const description = hasSys
      ? await describeFromSys(source, name)
      : await describeWithoutSys(source, name);
    return description && interfaceRow(name, description, counters);
  });
  return ascending(rows.filter((row) => row !== undefined));
}

/** @returns undefined when the interface went away since it was listed. */
async function describeFromSys(
  source: HostSource,
  name: string,
): Promise<InterfaceDescription | undefined> {
  const directory = `/sys/class/net/${name}`;
  const read = async (file: string): Promise<string | undefined> =>
    (await source.readText(`${directory}/${file}`, SMALL_FILE_OCTETS))?.trim();
  const [entries, ifindex, mtu, address, flagsText, operstate, carrier, speed] = await Promise.all([
    source.readDirectory(directory),
    read('ifindex'),
    read('mtu'),
    read('address'),
    read('flags'),
    read('operstate'),
    read('carrier'),
    read('speed'),
  ]);
  const [hardwareType, uevent, alias] = await Promise.all([
    read('type'),
    read('uevent'),
    read('ifalias'),
  ]);
  const index = parseNumber(ifindex, 0);
  if (index <= 0) return undefined;

  const flags = Number(flagsText ?? 0);
  const type = classifyInterface(
    hardwareType === undefined ? undefined : parseNumber(hardwareType, -1),
    /^DEVTYPE=(.*)$/m.exec(uevent ?? '')?.[1],
    entries,
  );
  const isUp = (flags & IFF_UP) !== 0;
  return {
    index,
    type,
    mtu: parseNumber(mtu, 0),
    megabits: Math.max(parseNumber(speed, 0), 0),
    // A loopback has no address; the kernel spells that as zeros.
    physAddress: type === 'softwareLoopback' ? new Uint8Array() : parseAddress(address),
    adminStatus: isUp ? 'up' : 'down',
    operStatus: operStatus(isUp, operstate, carrier),
    promiscuous: (flags & IFF_PROMISC) !== 0,
    hasConnector: entries.includes('device'),
    hasLowerLayer: entries.some((entry) => entry.startsWith('lower_')),
    alias: alias ?? '',
  };
}

/** Without /sys nobody tells the state; that packets are counted is no proof of it. */
async function describeWithoutSys(source: HostSource, name: string): Promise<InterfaceDescription> {
  const snmp6 = await source.readText(`/proc/net/dev_snmp6/${name}`, SMALL_FILE_OCTETS);
  const index = /^ifIndex\s+(\d+)$/m.exec(snmp6 ?? '')?.[1];
  const isLoopback = name === 'lo';
  return {
    ...UNDESCRIBED,
    index: parseNumber(index, indexFromName(name)),
    type: isLoopback ? 'softwareLoopback' : 'other',
  };
}

function interfacesFromOs(source: HostSource): InterfaceRow[] {
  /** BOUNDED by the addresses of the machine. */
  const described = new Map<string, InterfaceDescription>();
  for (const { interfaceName, internal, macAddress, scopeId } of source.os.addresses()) {
    const known = described.get(interfaceName);
    described.set(interfaceName, {
      ...UNDESCRIBED,
      index: scopeId || (known?.index ?? indexFromName(interfaceName)),
      type: internal ? 'softwareLoopback' : 'other',
      physAddress: internal ? new Uint8Array() : parseAddress(macAddress),
      // node lists interfaces that are up and running only.
      adminStatus: 'up',
      operStatus: 'up',
    });
  }
  return ascending(
    [...described]
      .slice(0, MAX_INTERFACES)
      .map(([name, description]) => interfaceRow(name, description, NO_COUNTERS)),
  );
}

const UNDESCRIBED: Omit<InterfaceDescription, 'index' | 'type'> = {
  mtu: 0,
  megabits: 0,
  physAddress: new Uint8Array(),
  adminStatus: 'up',
  operStatus: 'unknown',
  promiscuous: false,
  hasConnector: false,
  hasLowerLayer: false,
  alias: '',
};

function interfaceRow(
  name: string,
  described: InterfaceDescription,
  counters: InterfaceCounters,
): InterfaceRow {
  return {
    ifIndex: described.index,
    ifDescr: fitDisplayString(name),
    ifType: described.type,
    ifMtu: fitInteger32(described.mtu),
    ifSpeed: fitGauge32(described.megabits * 1_000_000),
    ifPhysAddress: described.physAddress,
    ifAdminStatus: described.adminStatus,
    ifOperStatus: described.operStatus,
    ifLastChange: 0,
    ...counterColumns(counters),
    // Linux tells how long the queue may get (qlen), not how long it is.
    ifOutQLen: 0,
    ifSpecific: [0, 0],
    ifName: fitDisplayString(name),
    ifLinkUpDownTrapEnable: described.hasLowerLayer ? 'disabled' : 'enabled',
    ifHighSpeed: fitGauge32(described.megabits),
    ifPromiscuousMode: described.promiscuous ? 'true' : 'false',
    ifConnectorPresent: described.hasConnector ? 'true' : 'false',
    ifAlias: fitDisplayString(described.alias, 64),
    ifCounterDiscontinuityTime: 0,
  };
}

/**
 * The kernel's operstate by its RFC 2863 name; BOUNDED by the states listed here.
 * Source: Documentation/networking/operstates.rst.
 */
const OPER_STATUS: ReadonlyMap<string, IfOperStatus> = new Map<string, IfOperStatus>([
  ['up', 'up'],
  ['down', 'down'],
  ['testing', 'testing'],
  ['dormant', 'dormant'],
  ['notpresent', 'notPresent'],
  ['lowerlayerdown', 'lowerLayerDown'],
]);

/**
 * The kernel says "unknown" for drivers that never learnt to set a state (loopback, tun) and adds
 * that such an interface counts as usable: then the carrier decides, as in `ip`'s LOWER_UP.
 */
function operStatus(
  isUp: boolean,
  operstate: string | undefined,
  carrier: string | undefined,
): IfOperStatus {
  const status = OPER_STATUS.get(operstate ?? '');
  // RFC 2863: with ifAdminStatus down, ifOperStatus is down, unless a component is missing.
  if (!isUp) return status === 'notPresent' ? status : 'down';
  if (status !== undefined) return status;
  if (carrier === undefined) return 'unknown';
  return carrier === '1' ? 'up' : 'down';
}

/** '02:fc:00:00:00:01' in octets; anything else is no address. */
function parseAddress(text: string | undefined): Uint8Array {
  if (text === undefined || !/^[\da-f]{2}(?::[\da-f]{2})*$/i.test(text)) return new Uint8Array();
  return Uint8Array.from(text.split(':'), (octet) => Number.parseInt(octet, 16));
}

/** An index that depends on the name only, above any the kernel gives: FNV-1a cut to 24 bits. */
function indexFromName(name: string): number {
  let hash = 0x811c9dc5;
  for (const octet of Buffer.from(name)) hash = Math.imul(hash ^ octet, 0x01000193);
  return 0x1000000 + ((hash >>> 0) % 0x1000000);
}

function ascending(rows: InterfaceRow[]): InterfaceRow[] {
  return rows.sort((left, right) => left.ifIndex - right.ifIndex);
}
