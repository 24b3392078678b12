import type { Clock } from '../base/index.js';
import { fitDisplayString, fitGauge32, fitInteger32, fitTimeTicks, fitUtf8 } from './fit-syntax.js';
import { listProcessIds } from './processes.js';
import { SMALL_FILE_OCTETS, type HostSource } from './proc-source.js';
import { countSessions } from './sessions.js';

/** The hrSystem group (HOST-RESOURCES-MIB), but for hrSystemInitialLoadDevice: see DeviceTables. */
export interface SystemScalars {
  readonly hrSystemUptime: number;
  readonly hrSystemDate: Uint8Array;
  readonly hrSystemInitialLoadParameters: string;
  readonly hrSystemNumUsers: number;
  readonly hrSystemProcesses: number;
  readonly hrSystemMaxProcesses: number;
}

/** What the system group of SNMPv2-MIB says of a machine that nobody configured. */
export interface SystemDefaults {
  readonly sysDescr: string;
  readonly sysName: string;
  readonly sysContact: string;
  readonly sysLocation: string;
  readonly sysServices: number;
}

/** RFC 3418: 2^(7-1) applications and 2^(4-1) end-to-end, what a host offers. */
const HOST_SERVICES = 72;

export async function readSystem(source: HostSource, clock: Clock): Promise<SystemScalars> {
  const [uptimeSeconds, parameters, sessions, processes, maxProcesses] = await Promise.all([
    readUptimeSeconds(source),
    source.readText('/proc/cmdline', SMALL_FILE_OCTETS),
    countSessions(source),
    listProcessIds(source),
    readMaxProcesses(source),
  ]);
  const wallTimeMs = clock.wallTimeMs();
  return {
    hrSystemUptime: fitTimeTicks(Math.round(uptimeSeconds * 100)),
    hrSystemDate: dateAndTime(wallTimeMs, -new Date(wallTimeMs).getTimezoneOffset()),
    hrSystemInitialLoadParameters: fitUtf8((parameters ?? '').trimEnd(), 128),
    hrSystemNumUsers: fitGauge32(sessions),
    // Without /proc we know of nobody but ourselves.
    hrSystemProcesses: fitGauge32(Math.max(processes.length, 1)),
    hrSystemMaxProcesses: maxProcesses,
  };
}

/** `sysDescr` reads as `uname -a` does. */
export function readSystemDefaults(source: HostSource): SystemDefaults {
  const { type, hostname, release, version, machine } = source.os.uname();
  return {
    sysDescr: fitDisplayString([type, hostname, release, version, machine].join(' ')),
    sysName: fitDisplayString(hostname),
    sysContact: '',
    sysLocation: '',
    sysServices: HOST_SERVICES,
  };
}

async function readUptimeSeconds(source: HostSource): Promise<number> {
  const text = await source.readText('/proc/uptime', SMALL_FILE_OCTETS);
  const seconds = Number.parseFloat(text ?? '');
  return Number.isNaN(seconds) ? source.os.uptimeSeconds() : seconds;
}

/** Both limits bind: ids run out at the one, tasks at the other. 0 where neither is known. */
async function readMaxProcesses(source: HostSource): Promise<number> {
  const limits = await Promise.all(
    ['pid_max', 'threads-max'].map((name) => source.readText(`/proc/sys/kernel/${name}`, 64)),
  );
  const known = limits.map(Number).filter((limit) => limit > 0);
  return known.length === 0 ? 0 : fitInteger32(Math.min(...known));
}

/**
 * DateAndTime (RFC 2579) of a moment, in eleven octets, with the zone.
 *
 * @param utcOffsetMinutes - what the local clock is ahead of UTC.
 */
export function dateAndTime(wallTimeMs: number, utcOffsetMinutes: number): Uint8Array {
  const local = new Date(wallTimeMs + utcOffsetMinutes * 60_000);
  const year = local.getUTCFullYear();
  const offset = Math.abs(utcOffsetMinutes);
  return Uint8Array.of(
    year >> 8,
    year & 0xff,
    local.getUTCMonth() + 1,
    local.getUTCDate(),
    local.getUTCHours(),
    local.getUTCMinutes(),
    local.getUTCSeconds(),
    Math.floor(local.getUTCMilliseconds() / 100),
    (utcOffsetMinutes < 0 ? '-' : '+').charCodeAt(0),
    Math.floor(offset / 60),
    offset % 60,
  );
}
