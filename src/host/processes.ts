import { fitInteger32, fitUtf8, parseNumber } from './fit-syntax.js';
import { mapInSlices } from './in-slices.js';
import { SMALL_FILE_OCTETS, type HostSource } from './proc-source.js';
import { readProcUnits, type ProcUnits } from './proc-units.js';

export type HrSWRunType = 'unknown' | 'operatingSystem' | 'deviceDriver' | 'application';
export type HrSWRunStatus = 'running' | 'runnable' | 'notRunnable' | 'invalid';

/** One row of hrSWRunTable with its row of hrSWRunPerfTable (HOST-RESOURCES-MIB, RFC 2790). */
export interface ProcessRow {
  readonly hrSWRunIndex: number;
  readonly hrSWRunName: string;
  readonly hrSWRunID: readonly number[];
  readonly hrSWRunPath: string;
  readonly hrSWRunParameters: string;
  readonly hrSWRunType: HrSWRunType;
  readonly hrSWRunStatus: HrSWRunStatus;
  readonly hrSWRunPerfCPU: number;
  readonly hrSWRunPerfMem: number;
}

export interface ProcessTable {
  /** 0 only where no process can be seen at all. */
  readonly hrSWOSIndex: number;
  /** Ascending by hrSWRunIndex, which is the process id. BOUNDED by MAX_PROCESSES. */
  readonly rows: readonly ProcessRow[];
}

/**
 * Processes read at most, those with the lowest ids, which are the oldest unless ids wrapped: a
 * machine with more has a fork bomb or is too large for a table that managers walk in whole.
 */
export const MAX_PROCESSES = 8192;

/** Two files each: more at once would let one turn of the event loop grow past a few ms. */
const PROCESSES_AT_ONCE = 4;

/** PF_KTHREAD of linux/sched.h. */
const KERNEL_THREAD = 0x0020_0000;

/**
 * State letters of /proc/<pid>/stat. As net-snmp for R, S, T and Z. Unlike it, D is runnable: the
 * MIB has that word for who waits for a resource such as IO; and I (an idle kernel thread, which
 * net-snmp does not know and calls invalid) is what S was before Linux 4.14.
 * BOUNDED by the letters listed here.
 */
const STATUS: ReadonlyMap<string, HrSWRunStatus> = new Map<string, HrSWRunStatus>([
  ['R', 'running'],
  ['S', 'runnable'],
  ['D', 'runnable'],
  ['I', 'runnable'],
  ['T', 'notRunnable'],
  ['t', 'notRunnable'],
  ['Z', 'invalid'],
  ['X', 'invalid'],
  ['x', 'invalid'],
]);

/** The ids of all processes, ascending. BOUNDED by the machine's process limit; readers cut it. */
export async function listProcessIds(source: HostSource): Promise<readonly number[]> {
  const names = await source.readDirectory('/proc');
  return names
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((left, right) => left - right);
}

/** All processes of the machine, as in `ps -e`; threads are not processes. */
export async function readProcesses(source: HostSource): Promise<ProcessTable> {
  const ids = (await listProcessIds(source)).slice(0, MAX_PROCESSES);
  if (ids.length === 0) return ownProcessOnly(source);
  const units = await readProcUnits(source);
  const read = await mapInSlices(ids, PROCESSES_AT_ONCE, (id) => readProcess(source, id, units));
  const rows = read.filter((row) => row !== undefined);
  // Kernel threads stand for the kernel, the first of them for the whole; a container sees none.
  const kernel = rows.find((row) => row.hrSWRunType === 'operatingSystem') ?? rows[0];
  return { hrSWOSIndex: kernel?.hrSWRunIndex ?? 0, rows };
}

/** @returns undefined when the process ended since it was listed. */
async function readProcess(
  source: HostSource,
  id: number,
  units: ProcUnits,
): Promise<ProcessRow | undefined> {
  const [statText, commandText] = await Promise.all([
    source.readText(`/proc/${id}/stat`, SMALL_FILE_OCTETS),
    // Path and parameters show 128 octets each; a command line may have megabytes.
    source.readText(`/proc/${id}/cmdline`, SMALL_FILE_OCTETS),
  ]);
  const stat = parseStat(statText ?? '');
  if (stat === undefined) return undefined;
  const command = stat.isKernelThread ? [] : splitCommandLine(commandText ?? '');
  const path = stat.isKernelThread ? '' : await pathOf(source, id, command[0] ?? '');
  return {
    hrSWRunIndex: id,
    hrSWRunName: fitUtf8(stat.name, 64),
    hrSWRunID: [0, 0],
    hrSWRunPath: fitUtf8(path, 128),
    hrSWRunParameters: fitUtf8(command.slice(1).join(' '), 128),
    hrSWRunType: stat.isKernelThread ? 'operatingSystem' : 'application',
    hrSWRunStatus: STATUS.get(stat.state) ?? 'notRunnable',
    hrSWRunPerfCPU: fitInteger32((stat.cpuTicks * 100) / units.ticksPerSecond),
    hrSWRunPerfMem: fitInteger32((stat.residentPages * units.pageOctets) / 1024),
  };
}

interface ProcessStat {
  readonly name: string;
  readonly state: string;
  readonly isKernelThread: boolean;
  readonly cpuTicks: number;
  readonly residentPages: number;
}

/** The name may hold anything, parentheses and spaces too; only the last ')' ends it. */
function parseStat(text: string): ProcessStat | undefined {
  const [nameStart, nameEnd] = [text.indexOf('('), text.lastIndexOf(')')];
  if (nameStart < 0 || nameEnd < nameStart) return undefined;
  // proc(5) numbers the fields from 1; the state is number 3.
  const fields = text.slice(nameEnd + 2).split(' ');
  const at = (number: number): string | undefined => fields[number - 3];
  return {
    name: text.slice(nameStart + 1, nameEnd),
    state: at(3) ?? '',
    isKernelThread: (parseNumber(at(9), 0) & KERNEL_THREAD) !== 0,
    cpuTicks: parseNumber(at(14), 0) + parseNumber(at(15), 0),
    residentPages: parseNumber(at(24), 0),
  };
}

/** Arguments end in NUL; a process that writes its own title may leave many NULs or none. */
function splitCommandLine(text: string): readonly string[] {
  return text.replace(/\0+$/, '').split('\0');
}

/**
 * Where the software was loaded from. The first argument, as net-snmp has it, if it is a path; if
 * it is a mere name or a title, what the kernel executes, if we may see that.
 */
async function pathOf(source: HostSource, id: number, argument: string): Promise<string> {
  if (argument.startsWith('/')) return argument;
  const executed = await source.readLink(`/proc/${id}/exe`);
  return executed?.replace(/ \(deleted\)$/, '') ?? argument;
}

/** Where there is no /proc, node knows of itself only. */
function ownProcessOnly(source: HostSource): ProcessTable {
  const own = source.os.ownProcess();
  const row: ProcessRow = {
    hrSWRunIndex: own.pid,
    hrSWRunName: fitUtf8(own.execPath.slice(own.execPath.lastIndexOf('/') + 1), 64),
    hrSWRunID: [0, 0],
    hrSWRunPath: fitUtf8(own.execPath, 128),
    hrSWRunParameters: fitUtf8(own.parameters.join(' '), 128),
    hrSWRunType: 'application',
    hrSWRunStatus: 'running',
    hrSWRunPerfCPU: fitInteger32(own.cpuMicroseconds / 10_000),
    hrSWRunPerfMem: fitInteger32(own.residentOctets / 1024),
  };
  return { hrSWOSIndex: own.pid, rows: [row] };
}
