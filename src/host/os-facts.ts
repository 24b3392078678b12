import os from 'node:os';

export interface Uname {
  readonly type: string;
  readonly hostname: string;
  readonly release: string;
  readonly version: string;
  readonly machine: string;
}

/** What one processor did since the machine started, in milliseconds. */
export interface ProcessorFacts {
  readonly model: string;
  readonly busyMs: number;
  readonly idleMs: number;
}

/** One address of one interface; an interface has as many of them as it has addresses. */
export interface AddressFacts {
  readonly interfaceName: string;
  readonly macAddress: string;
  readonly internal: boolean;
  /** The operating system's interface index, where an IPv6 link-local address shows it; else 0. */
  readonly scopeId: number;
}

export interface OwnProcess {
  readonly pid: number;
  readonly execPath: string;
  readonly parameters: readonly string[];
  readonly cpuMicroseconds: number;
  readonly residentOctets: number;
}

/**
 * What node itself knows of the machine. Everywhere it is the only source of `uname`; where there
 * is no /proc it stands in for the rest, with as much detail as node has.
 */
export interface OsFacts {
  uname(): Uname;
  uptimeSeconds(): number;
  totalMemoryOctets(): number;
  freeMemoryOctets(): number;
  /** BOUNDED by the processors of the machine. */
  processors(): readonly ProcessorFacts[];
  /** BOUNDED by the addresses configured on the machine. */
  addresses(): readonly AddressFacts[];
  ownProcess(): OwnProcess;
}

export const nodeOsFacts: OsFacts = {
  uname: () => ({
    type: os.type(),
    hostname: os.hostname(),
    release: os.release(),
    version: os.version(),
    machine: os.machine(),
  }),
  uptimeSeconds: () => os.uptime(),
  totalMemoryOctets: () => os.totalmem(),
  freeMemoryOctets: () => os.freemem(),
  processors: () =>
    os.cpus().map(({ model, times }) => ({
      model,
      busyMs: times.user + times.nice + times.sys + times.irq,
      idleMs: times.idle,
    })),
  addresses: () =>
    Object.entries(os.networkInterfaces()).flatMap(([interfaceName, addresses]) =>
      (addresses ?? []).map((address) => ({
        interfaceName,
        macAddress: address.mac,
        internal: address.internal,
        scopeId: address.family === 'IPv6' ? address.scopeid : 0,
      })),
    ),
  ownProcess: () => {
    const { user, system } = process.cpuUsage();
    return {
      pid: process.pid,
      execPath: process.execPath,
      parameters: [...process.execArgv, ...process.argv.slice(1)],
      cpuMicroseconds: user + system,
      residentOctets: process.memoryUsage.rss(),
    };
  },
};
