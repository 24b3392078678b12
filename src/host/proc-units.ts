import { SMALL_FILE_OCTETS, type HostSource } from './proc-source.js';

/** What /proc/<pid>/stat counts in. */
export interface ProcUnits {
  readonly pageOctets: number;
  readonly ticksPerSecond: number;
}

const USUAL: ProcUnits = { pageOctets: 4096, ticksPerSecond: 100 };

/** Types of entries in the auxiliary vector, of linux/auxvec.h. */
const AT_PAGESZ = 6;
const AT_CLKTCK = 17;

/**
 * The units, from the auxiliary vector that the kernel gave to our own process: pairs of machine
 * words, type and value. On 64-bit machines of the order we can read; else the usual units, which
 * hold for all others but a few.
 */
export async function readProcUnits(source: HostSource): Promise<ProcUnits> {
  const vector = (await source.readBytes('/proc/self/auxv', SMALL_FILE_OCTETS)) ?? new Uint8Array();
  const view = new DataView(vector.buffer, vector.byteOffset, vector.byteLength);
  let { pageOctets, ticksPerSecond } = USUAL;
  for (let offset = 0; offset + 16 <= vector.length; offset += 16) {
    const type = view.getBigUint64(offset, true);
    const value = Number(view.getBigUint64(offset + 8, true));
    if (type === BigInt(AT_PAGESZ)) pageOctets = value;
    if (type === BigInt(AT_CLKTCK)) ticksPerSecond = value;
  }
  return { pageOctets, ticksPerSecond };
}
