/** The labels of IANAifType that a Linux interface can get. */
export type IfType =
  | 'other'
  | 'ethernetCsmacd'
  | 'iso88025TokenRing'
  | 'fddi'
  | 'lapb'
  | 'ppp'
  | 'softwareLoopback'
  | 'slip'
  | 'frameRelay'
  | 'arcnet'
  | 'atm'
  | 'fibreChannel'
  | 'ieee80211'
  | 'hdlc'
  | 'tunnel'
  | 'l2vlan'
  | 'ieee1394'
  | 'ieee8023adLag'
  | 'infiniband'
  | 'bridge'
  | 'ieee802154';

/**
 * ARPHRD_* of linux/if_arp.h, as in /sys/class/net/<name>/type.
 * BOUNDED by the hardware types listed here.
 */
const BY_HARDWARE_TYPE: ReadonlyMap<number, IfType> = new Map<number, IfType>([
  [1, 'ethernetCsmacd'],
  [4, 'iso88025TokenRing'],
  [7, 'arcnet'],
  [15, 'frameRelay'],
  [19, 'atm'],
  [24, 'ieee1394'],
  [32, 'infiniband'],
  [256, 'slip'],
  [257, 'slip'],
  [258, 'slip'],
  [259, 'slip'],
  [512, 'ppp'],
  [513, 'hdlc'],
  [516, 'lapb'],
  [768, 'tunnel'],
  [769, 'tunnel'],
  [770, 'frameRelay'],
  [772, 'softwareLoopback'],
  [774, 'fddi'],
  [776, 'tunnel'],
  [778, 'tunnel'],
  [784, 'fibreChannel'],
  [800, 'iso88025TokenRing'],
  [801, 'ieee80211'],
  [802, 'ieee80211'],
  [803, 'ieee80211'],
  [804, 'ieee802154'],
  [823, 'tunnel'],
]);

/**
 * DEVTYPE of the interface's uevent file: says what an "Ethernet" really is.
 * BOUNDED by the device types listed here.
 */
const BY_DEVICE_TYPE: ReadonlyMap<string, IfType> = new Map<string, IfType>([
  ['bridge', 'bridge'],
  ['bond', 'ieee8023adLag'],
  ['vlan', 'l2vlan'],
  ['wlan', 'ieee80211'],
  ['ppp', 'ppp'],
  ['vxlan', 'tunnel'],
  ['geneve', 'tunnel'],
  ['gtp', 'tunnel'],
  ['gre', 'tunnel'],
  ['wireguard', 'tunnel'],
]);

/**
 * Entries that only one kind of interface has in its /sys directory: for kinds without a DEVTYPE,
 * and for old kernels. BOUNDED by the entries listed here.
 */
const BY_ENTRY: ReadonlyMap<string, IfType> = new Map<string, IfType>([
  ['bridge', 'bridge'],
  ['bonding', 'ieee8023adLag'],
  ['phy80211', 'ieee80211'],
  ['wireless', 'ieee80211'],
]);

/**
 * @param hardwareType - ARPHRD number, or undefined without /sys.
 * @param deviceType - DEVTYPE, or undefined where the kernel names none.
 * @param entries - names in the interface's /sys directory.
 */
export function classifyInterface(
  hardwareType: number | undefined,
  deviceType: string | undefined,
  entries: readonly string[],
): IfType {
  const byDevice = BY_DEVICE_TYPE.get(deviceType ?? '');
  if (byDevice !== undefined) return byDevice;
  for (const entry of entries) {
    const byEntry = BY_ENTRY.get(entry);
    if (byEntry !== undefined) return byEntry;
  }
  // A layer 3 tun has no hardware type; a tap is an Ethernet as far as anybody can see.
  if (hardwareType === 65534 && entries.includes('tun_flags')) return 'tunnel';
  return BY_HARDWARE_TYPE.get(hardwareType ?? -1) ?? 'other';
}
