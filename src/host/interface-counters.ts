import { fitCounter32, fitCounter64 } from './fit-syntax.js';
import type { InterfaceRow } from './interface-row.js';

/** One line of /proc/net/dev. */
export interface InterfaceCounters {
  readonly inOctets: bigint;
  readonly inPackets: bigint;
  readonly inErrors: bigint;
  readonly inDrops: bigint;
  readonly inMulticast: bigint;
  readonly outOctets: bigint;
  readonly outPackets: bigint;
  readonly outErrors: bigint;
  readonly outDrops: bigint;
}

export const NO_COUNTERS: InterfaceCounters = {
  inOctets: 0n,
  inPackets: 0n,
  inErrors: 0n,
  inDrops: 0n,
  inMulticast: 0n,
  outOctets: 0n,
  outPackets: 0n,
  outErrors: 0n,
  outDrops: 0n,
};

/** Sixteen numbers follow the name: eight received, eight transmitted. */
const LINE = /^\s*(.+):\s*((?:\d+\s+){15}\d+)\s*$/;

/**
 * Reads the text of /proc/net/dev.
 *
 * @returns counters by interface name; the two heading lines and anything else that is no counter
 *   line is passed over. BOUNDED by the lines of `text`.
 */
export function parseInterfaceCounters(text: string): ReadonlyMap<string, InterfaceCounters> {
  const counters = new Map<string, InterfaceCounters>();
  for (const line of text.split('\n')) {
    const [, name, numbers] = LINE.exec(line) ?? [];
    if (name === undefined || numbers === undefined) continue;
    const at = numbers.split(/\s+/).map(BigInt);
    counters.set(name, {
      inOctets: at[0] ?? 0n,
      inPackets: at[1] ?? 0n,
      inErrors: at[2] ?? 0n,
      inDrops: at[3] ?? 0n,
      inMulticast: at[7] ?? 0n,
      outOctets: at[8] ?? 0n,
      outPackets: at[9] ?? 0n,
      outErrors: at[10] ?? 0n,
      outDrops: at[11] ?? 0n,
    });
  }
  return counters;
}

type CounterColumns = Pick<
  InterfaceRow,
  | 'ifInOctets'
  | 'ifInUcastPkts'
  | 'ifInNUcastPkts'
  | 'ifInDiscards'
  | 'ifInErrors'
  | 'ifInUnknownProtos'
  | 'ifOutOctets'
  | 'ifOutUcastPkts'
  | 'ifOutNUcastPkts'
  | 'ifOutDiscards'
  | 'ifOutErrors'
  | 'ifInMulticastPkts'
  | 'ifInBroadcastPkts'
  | 'ifOutMulticastPkts'
  | 'ifOutBroadcastPkts'
  | 'ifHCInOctets'
  | 'ifHCInUcastPkts'
  | 'ifHCInMulticastPkts'
  | 'ifHCInBroadcastPkts'
  | 'ifHCOutOctets'
  | 'ifHCOutUcastPkts'
  | 'ifHCOutMulticastPkts'
  | 'ifHCOutBroadcastPkts'
>;

/**
 * The counter columns, 32 and 64 bits wide.
 *
 * Linux counts received multicast among all received packets, and broadcast nowhere on its own;
 * what is sent it does not tell apart at all. So broadcast stays among the unicast packets, as it
 * does with net-snmp, and the columns for sent multicast and broadcast remain zero.
 */
export function counterColumns(counters: InterfaceCounters): CounterColumns {
  const { inPackets, inMulticast } = counters;
  // Some drivers count multicast before the filter: more of it than packets delivered.
  const inUnicast = inPackets > inMulticast ? inPackets - inMulticast : 0n;
  return {
    ifInOctets: fitCounter32(counters.inOctets),
    ifInUcastPkts: fitCounter32(inUnicast),
    ifInNUcastPkts: fitCounter32(inMulticast),
    ifInDiscards: fitCounter32(counters.inDrops),
    ifInErrors: fitCounter32(counters.inErrors),
    ifInUnknownProtos: 0,
    ifOutOctets: fitCounter32(counters.outOctets),
    ifOutUcastPkts: fitCounter32(counters.outPackets),
    ifOutNUcastPkts: 0,
    ifOutDiscards: fitCounter32(counters.outDrops),
    ifOutErrors: fitCounter32(counters.outErrors),
    ifInMulticastPkts: fitCounter32(inMulticast),
    ifInBroadcastPkts: 0,
    ifOutMulticastPkts: 0,
    ifOutBroadcastPkts: 0,
    ifHCInOctets: fitCounter64(counters.inOctets),
    ifHCInUcastPkts: fitCounter64(inUnicast),
    ifHCInMulticastPkts: fitCounter64(inMulticast),
    ifHCInBroadcastPkts: 0n,
    ifHCOutOctets: fitCounter64(counters.outOctets),
    ifHCOutUcastPkts: fitCounter64(counters.outPackets),
    ifHCOutMulticastPkts: 0n,
    ifHCOutBroadcastPkts: 0n,
  };
}
