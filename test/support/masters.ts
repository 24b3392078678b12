import { vi } from 'vitest';
import { ServiceChild } from '../../supervisors/index.js';

/**
 * Watches for masters (the coordinator of SETs) that are started, so that a test can crash the one
 * that lives: nothing in a sound program does.
 */
export class Masters implements Disposable {
  readonly #watched = vi.spyOn(ServiceChild.prototype, 'onExit');

  /** Its supervisor sees it go with an error, and starts the next one. */
  crash(): void {
    const services = this.#watched.mock.contexts as readonly ServiceChild[];
    const master = services.findLast(({ label }) => label?.startsWith('SETs') === true);
    if (master === undefined) throw new Error('no master was started');
    master.fail(new Error('the master crashed'));
  }

  [Symbol.dispose](): void {
    this.#watched.mockRestore();
  }
}
