import { parseNumber } from './fit-syntax.js';
import type { HostSource } from './proc-source.js';

/** What one processor did since the machine started; any unit, the same for both. */
export interface ProcessorTimes {
  readonly busy: number;
  readonly idle: number;
}

export interface Processor {
  readonly number: number;
  readonly description: string;
  readonly times: ProcessorTimes;
}

/** The processors that are online, ascending by number. BOUNDED by those of the machine. */
export async function readProcessors(source: HostSource): Promise<readonly Processor[]> {
  const stat = await source.readText('/proc/stat');
  if (stat === undefined) {
    return source.os.processors().map((facts, number) => ({
      number,
      description: facts.model,
      times: { busy: facts.busyMs, idle: facts.idleMs },
    }));
  }
  const descriptions = parseCpuinfo((await source.readText('/proc/cpuinfo')) ?? '');
  return [...stat.matchAll(/^cpu(\d+) (.*)$/gm)]
    .map(([, number, ticks]) => ({
      number: parseNumber(number, 0),
      description: descriptions.get(parseNumber(number, 0)) ?? '',
      times: parseTicks(ticks ?? ''),
    }))
    .sort((left, right) => left.number - right.number);
}

/**
 * `user nice system idle iowait irq softirq steal guest guest_nice`: a processor that waits for a
 * disk has nothing to do, so iowait is idle; guests are in user and nice already.
 */
function parseTicks(text: string): ProcessorTimes {
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] =
    text.trim().split(/\s+/).map(Number);
  return { busy: user + nice + system + irq + softirq + steal, idle: idle + iowait };
}

/** "vendor: model" as net-snmp writes it. BOUNDED by the paragraphs of the text. */
function parseCpuinfo(text: string): ReadonlyMap<number, string> {
  const descriptions = new Map<number, string>();
  for (const paragraph of text.split('\n\n')) {
    const number = /^processor\s*:\s*(\d+)$/m.exec(paragraph)?.[1];
    if (number === undefined) continue;
    const vendor = /^vendor_id\s*:\s*(.+)$/m.exec(paragraph)?.[1];
    const model = /^(?:model name|Processor|cpu model|cpu|uarch)\s*:\s*(.+)$/m.exec(paragraph)?.[1];
    const named = [vendor, model].filter((part) => part !== undefined);
    descriptions.set(Number(number), named.join(': '));
  }
  return descriptions;
}

const WINDOW_MS = 60_000;

/** Readings closer together than this add nothing to a minute's average. */
const MIN_SPACING_MS = 1000;

interface Sample {
  readonly atMs: number;
  /** BOUNDED by the processors of the machine. Keyed by number. */
  readonly times: ReadonlyMap<number, ProcessorTimes>;
}

/**
 * hrProcessorLoad: how busy each processor was over the last minute, from what successive readings
 * say. The window reaches back to the youngest reading that is a minute old, so it is longer where
 * nobody reads for longer; the first reading gives the average since the machine started.
 */
export class ProcessorLoads {
  /** BOUNDED by WINDOW_MS / MIN_SPACING_MS and one. Oldest first. */
  #samples: readonly Sample[] = [];

  /** @returns percent by processor number. BOUNDED by processors. */
  observe(processors: readonly Processor[], nowMs: number): ReadonlyMap<number, number> {
    const times = new Map(processors.map(({ number, times }) => [number, times]));
    this.#dropBefore(nowMs - WINDOW_MS);
    const past = this.#samples;
    const loads = new Map(
      processors.map((processor) => [processor.number, loadSince(past, processor)]),
    );
    const last = past.at(-1);
    if (last === undefined || nowMs - last.atMs >= MIN_SPACING_MS) {
      this.#samples = [...past, { atMs: nowMs, times }];
    }
    return loads;
  }

  /** Keeps one sample at or before `startMs`: the window begins there. */
  #dropBefore(startMs: number): void {
    const firstInside = this.#samples.findIndex((sample) => sample.atMs > startMs);
    const firstKept = firstInside === -1 ? this.#samples.length - 1 : firstInside - 1;
    this.#samples = this.#samples.slice(Math.max(firstKept, 0));
  }
}

/** The oldest sample that still leads forward; times that went back are of another life. */
function loadSince(past: readonly Sample[], { number, times }: Processor): number {
  for (const sample of past) {
    const before = sample.times.get(number);
    if (before === undefined) continue;
    const busy = times.busy - before.busy;
    const idle = Math.max(times.idle - before.idle, 0); // iowait may count backwards a little
    if (busy >= 0 && busy + idle > 0) return percent(busy, idle);
  }
  return percent(times.busy, times.idle);
}

function percent(busy: number, idle: number): number {
  return busy + idle === 0 ? 0 : Math.round((busy * 100) / (busy + idle));
}
