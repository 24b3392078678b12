import { callForeign, type Clock } from '../base/index.js';
import type { FileSystemUsage, HostSource } from './proc-source.js';

/** A local file system answers in microseconds; a network one that takes longer is in trouble. */
const USAGE_DEADLINE_MS = 1000;

/**
 * A statfs on a server that is gone never returns and keeps one of node's four pool threads. With
 * two of them lost there is still one for DNS and one for everything else; so nobody else is asked
 * until one comes back.
 */
const MAX_HANGING = 2;

/** Asks mounts how full they are, without ever waiting long for one. */
export class MountUsage {
  readonly #source: HostSource;
  readonly #clock: Clock;
  /** BOUNDED by MAX_HANGING. Mount points asked that have not answered. */
  readonly #hanging = new Set<string>();
  /** BOUNDED by MAX_MOUNTS: `keepOnly` drops what is no longer mounted. Keyed by mount point. */
  readonly #known = new Map<string, FileSystemUsage>();

  constructor(source: HostSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  /**
   * The usage now, or the last known one while the mount does not answer.
   *
   * @returns undefined when it never answered or may not be asked.
   */
  async ask(mountPoint: string): Promise<FileSystemUsage | undefined> {
    if (this.#hanging.has(mountPoint) || this.#hanging.size >= MAX_HANGING) {
      return this.#known.get(mountPoint);
    }
    this.#hanging.add(mountPoint);
    return new Promise((resolve) => {
      callForeign(
        () => this.#statFileSystem(mountPoint),
        USAGE_DEADLINE_MS,
        this.#clock,
        (outcome) =>
          resolve(outcome.kind === 'returned' ? outcome.value : this.#known.get(mountPoint)),
      );
    });
  }

  /** Forgets every mount point that is not among `mountPoints`. */
  keepOnly(mountPoints: ReadonlySet<string>): void {
    for (const mountPoint of this.#known.keys()) {
      if (!mountPoints.has(mountPoint)) this.#known.delete(mountPoint);
    }
  }

  async #statFileSystem(mountPoint: string): Promise<FileSystemUsage | undefined> {
    try {
      const usage = await this.#source.statFileSystem(mountPoint);
      if (usage === undefined) this.#known.delete(mountPoint);
      else this.#known.set(mountPoint, usage);
      return usage;
    } finally {
      this.#hanging.delete(mountPoint);
    }
  }
}
