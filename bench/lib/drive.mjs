/**
 * The generator's process seen from the runner: hand in a job, get its counts, or fail in time.
 *
 * Guards the decision to keep one generator process for the whole run: its code is compiled and
 * warm for the last server as it is for the first. And the decision that a round disturbed by other
 * processes is measured again (whichever server it hits), and marked if it never got quiet.
 */
import { fileURLToPath } from 'node:url';
import { GENERATOR_CORE, start, stop } from './proc.mjs';

const GRACE_MS = 15_000;
const ATTEMPTS = 3;
/** Share of one core that processes other than server and generator may use in a round. */
export const OTHERS_BUSY_LIMIT = 0.1;

/** @typedef {Awaited<ReturnType<Driver['run']>>} Counts */

/** @param {{ othersMicros: number, elapsedMs: number }} counts @returns {number} share of one core */
export const othersBusy = (counts) => counts.othersMicros / (counts.elapsedMs * 1000);

export class Driver {
  #child = start(
    process.execPath,
    [fileURLToPath(new URL('../load/generator.mjs', import.meta.url))],
    GENERATOR_CORE,
    {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    },
  );

  /**
   * @param {import('../load/generator.mjs').Job} job
   * @returns {Promise<{ elapsedMs: number, requests: number, varbinds: number, errors: number, lost: number, strays: number,
   *   walks: number, walkVarbinds: number, serverMicros: number, generatorMicros: number, othersMicros: number, p50: number, p99: number,
   *   beside: { sent: number, good: number, failed: number } }>}
   */
  run(job) {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const end = (/** @type {() => void} */ then) => {
        clearTimeout(timer);
        child.off('message', answered);
        child.off('exit', exited);
        then();
      };
      const answered = (/** @type {any} */ m) =>
        end(() => (m.ok ? resolve(m.result) : reject(new Error(m.error))));
      const exited = () => end(() => reject(new Error('the load generator has exited')));
      const timer = setTimeout(
        () => end(() => reject(new Error('the load generator is silent'))),
        job.warmupMs + job.measureMs + GRACE_MS,
      );
      child.on('message', answered);
      child.on('exit', exited);
      child.send(job);
    });
  }

  /**
   * As `run`, but again where other processes took the machine's time meanwhile.
   * @param {import('../load/generator.mjs').Job} job @returns {Promise<Counts>} of the quietest attempt
   */
  async runQuietly(job) {
    let best = await this.run(job);
    for (let again = 1; again < ATTEMPTS && othersBusy(best) > OTHERS_BUSY_LIMIT; again += 1) {
      const next = await this.run(job);
      if (othersBusy(next) < othersBusy(best)) best = next;
    }
    return best;
  }

  stop() {
    return stop(this.#child);
  }
}
