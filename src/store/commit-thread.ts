import { Worker } from 'node:worker_threads';
import { SnmpError, type Clock, type Timer } from '../base/index.js';

/** What is to be at a key from now on; undefined: nothing. */
export interface StateWrite {
  readonly key: Buffer;
  readonly value: Buffer | undefined;
}

/** A disk that has not answered by then has failed, as far as a manager can wait. */
const COMMIT_DEADLINE_MS = 5000;
/** A thread that a hung disk holds does not end: it is left behind then, and keeps nothing alive. */
const STOP_DEADLINE_MS = 2000;
/** To start the thread and open the state in it. */
const START_DEADLINE_MS = 10_000;

interface Answer {
  readonly id: number;
  readonly failure?: string;
}

interface Pending {
  readonly timer: Timer;
  readonly settle: (failure: string | undefined) => void;
}

/** The thread that writes to one state directory. */
export class CommitThread {
  readonly #directory: string;
  readonly #clock: Clock;
  readonly #worker: Worker;
  /** By id. BOUNDED by the commits at a time: one, and those that the disk never answered. */
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #ended: string | undefined;

  private constructor(directory: string, clock: Clock) {
    this.#directory = directory;
    this.#clock = clock;
    this.#worker = new Worker(new URL('./commit-worker.js', import.meta.url), {
      workerData: { directory },
    });
    // Whoever waits for a commit keeps the process alive by its deadline; the thread alone does not.
    this.#worker.unref();
    this.#worker.on('message', ({ id, failure }: Answer) => this.#answered(id, failure));
    this.#worker.on('error', (error) => this.#end(error.message));
    this.#worker.on('exit', () => this.#end('the writing thread has ended'));
  }

  /** @throws SnmpError SNMP_STATE_WRITE, rejecting, where the thread does not start. */
  static async start(directory: string, clock: Clock): Promise<CommitThread> {
    const thread = new CommitThread(directory, clock);
    try {
      await thread.#wait(0, START_DEADLINE_MS);
    } catch (error) {
      await thread.stop();
      throw error;
    }
    return thread;
  }

  /**
   * Resolves when all of it is on the disk.
   *
   * @throws SnmpError SNMP_STATE_WRITE, rejecting: none of it is there, unless the disk did not
   *   answer in time.
   */
  commit(writes: readonly StateWrite[]): Promise<void> {
    this.#lastId += 1;
    const answered = this.#wait(this.#lastId, COMMIT_DEADLINE_MS);
    if (this.#ended === undefined) this.#worker.postMessage({ id: this.#lastId, writes });
    return answered;
  }

  async stop(): Promise<void> {
    let timer: Timer | undefined;
    const deadline = new Promise<void>((resolve) => {
      timer = this.#clock.startTimer(STOP_DEADLINE_MS, resolve);
    });
    await Promise.race([this.#worker.terminate(), deadline]);
    timer?.cancel();
  }

  #wait(id: number, deadlineMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (failure: string | undefined): void => {
        if (failure === undefined) resolve();
        else reject(new SnmpError('SNMP_STATE_WRITE', `${this.#directory}: ${failure}`));
      };
      if (this.#ended !== undefined) {
        settle(this.#ended);
        return;
      }
      const late = (): void => this.#answered(id, `no answer in ${deadlineMs} ms`);
      this.#pending.set(id, { timer: this.#clock.startTimer(deadlineMs, late), settle });
    });
  }

  #answered(id: number, failure: string | undefined): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    pending.timer.cancel();
    pending.settle(failure);
  }

  #end(failure: string): void {
    this.#ended ??= failure;
    for (const id of this.#pending.keys()) this.#answered(id, this.#ended);
  }
}
