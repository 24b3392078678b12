import { readFileSync } from 'node:fs';

/** Which process, told apart from a later one with the same id. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it began, in the system's own ticks since boot; absent where the system does not say. */
  readonly startTicks?: string;
}

export function ownIdentity(): ProcessIdentity {
  return identityOf(process.pid);
}

export function isAlive(identity: ProcessIdentity): boolean {
  try {
    process.kill(identity.pid, 0);
  } catch (error) {
    // EPERM: it lives, and is somebody else's.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return (
    identity.startTicks === undefined || identityOf(identity.pid).startTicks === identity.startTicks
  );
}

function identityOf(pid: number): ProcessIdentity {
  const startTicks = startTicksOf(pid);
  return startTicks === undefined ? { pid } : { pid, startTicks };
}

/** Field 22 of /proc/PID/stat; the name before may hold blanks and brackets. */
function startTicksOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
