import { closeSync, openSync, readSync } from 'node:fs';

const FIRST_OCTETS = 1 << 18;

/**
 * Reads files one after the other into the same memory: of thousands of files, each in memory of
 * its own, the garbage would be most of what a process takes.
 */
export class FileOctets {
  /** BOUNDED by the largest file. */
  #octets = Buffer.allocUnsafeSlow(FIRST_OCTETS);

  /**
   * @returns valid until the next is read.
   * @throws what the file system says.
   */
  read(path: string): Buffer {
    const file = openSync(path, 'r');
    try {
      for (let count = 0; ;) {
        if (count === this.#octets.length) this.#grow();
        const read = readSync(file, this.#octets, count, this.#octets.length - count, null);
        if (read === 0) return this.#octets.subarray(0, count);
        count += read;
      }
    } finally {
      closeSync(file);
    }
  }

  #grow(): void {
    const larger = Buffer.allocUnsafeSlow(this.#octets.length * 2);
    larger.set(this.#octets);
    this.#octets = larger;
  }
}
