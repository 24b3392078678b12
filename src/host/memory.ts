import { fitInteger32 } from './fit-syntax.js';
import type { HostSource } from './proc-source.js';

/** One area of memory, in KBytes of 1024 octets. */
export interface MemoryArea {
  /** hrStorageIndex, the same as with net-snmp: people's graphs know these numbers. */
  readonly index: number;
  readonly kind: 'ram' | 'virtualMemory' | 'other';
  readonly description: string;
  readonly sizeKBytes: number;
  readonly usedKBytes: number;
}

/** hrMemorySize: the machine's main memory. */
export async function readMemorySizeKBytes(source: HostSource): Promise<number> {
  return fitInteger32((await readMeminfo(source)).get('MemTotal') ?? 0);
}

/**
 * The areas that net-snmp shows, by its rules: what is "used" of physical and virtual memory is
 * whatever is not free (caches included); buffers are measured against all memory; cache and
 * shared memory are as large as what they hold. Available memory is listed where the kernel tells.
 */
export async function readMemoryAreas(source: HostSource): Promise<readonly MemoryArea[]> {
  const meminfo = await readMeminfo(source);
  const at = (key: string): number => meminfo.get(key) ?? 0;
  const [total, free] = [at('MemTotal'), at('MemFree')];
  const [swapTotal, swapFree] = [at('SwapTotal'), at('SwapFree')];
  const cached = at('Cached') + at('SReclaimable');
  const areas: MemoryArea[] = [
    area(1, 'ram', 'Physical memory', total, total - free),
    area(
      3,
      'virtualMemory',
      'Virtual memory',
      total + swapTotal,
      total - free + swapTotal - swapFree,
    ),
  ];
  // Elsewhere than on Linux nobody tells more.
  if (!meminfo.has('Buffers')) return areas;
  areas.push(
    area(6, 'other', 'Memory buffers', total, at('Buffers')),
    area(7, 'other', 'Cached memory', cached, cached),
    area(8, 'other', 'Shared memory', at('Shmem'), at('Shmem')),
    area(10, 'virtualMemory', 'Swap space', swapTotal, swapTotal - swapFree),
  );
  if (meminfo.has('MemAvailable')) {
    areas.push(area(11, 'other', 'Available memory', at('MemAvailable'), 0));
  }
  return areas;
}

function area(
  index: number,
  kind: MemoryArea['kind'],
  description: string,
  sizeKBytes: number,
  usedKBytes: number,
): MemoryArea {
  return { index, kind, description, sizeKBytes, usedKBytes: Math.max(usedKBytes, 0) };
}

/** BOUNDED by the lines of /proc/meminfo. Keyed by name, in KBytes. */
async function readMeminfo(source: HostSource): Promise<ReadonlyMap<string, number>> {
  const text = await source.readText('/proc/meminfo');
  if (text === undefined) {
    return new Map([
      ['MemTotal', Math.floor(source.os.totalMemoryOctets() / 1024)],
      ['MemFree', Math.floor(source.os.freeMemoryOctets() / 1024)],
    ]);
  }
  const meminfo = new Map<string, number>();
  for (const [, key, kBytes] of text.matchAll(/^([^:\s]+):\s+(\d+)/gm)) {
    if (key !== undefined) meminfo.set(key, Number(kBytes));
  }
  return meminfo;
}
