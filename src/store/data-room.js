// @ts-check
// Room on the disk for what LMDB is about to write. A write of LMDB's own that finds none is more
// than a failure: where it composes its message it writes beyond its memory (lmdb 3.5.6), and the
// process may die of that later. So the file is made longer before, by ourselves, and a full disk is
// noticed here. Plain JavaScript, because the writing thread is started from a file as it lies there.
import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';

/** Further than is needed, so that not every commit makes the file longer. */
const STEP_PAGES = 32;
/** The roots of LMDB's two trees, their lists of free pages, and what splitting them takes. */
const FIXED_PAGES = 8;
/** From the root to a leaf, of a tree of more rows than memory holds. */
const MAX_DEPTH = 5;
/** What is put takes no more than so many times its octets, half-filled pages included. */
const LARGEST_OVERHEAD = 3;

/** Keeps the end of a data file ahead of what is written into it. */
export class DataRoom {
  #file;
  #database;
  #pagesLeft = 0;

  /**
   * @param {string} path - of the data file
   * @param {{ getStats(): object }} database
   */
  constructor(path, database) {
    this.#file = openSync(path, 'r+');
    this.#database = database;
  }

  /**
   * Before a commit of so many keys and octets. Throws what the file system says where there is no
   * room; nothing is written then that counts.
   *
   * @param {number} keys
   * @param {number} octets
   */
  reserve(keys, octets) {
    // Rather too much: a commit that finds no free page takes new ones for all that it touches.
    const pagesFor = (/** @type {number} */ pageSize, /** @type {number} */ used) =>
      FIXED_PAGES +
      Math.min(keys * MAX_DEPTH, used) +
      Math.ceil((octets * LARGEST_OVERHEAD) / pageSize);
    const likely = pagesFor(4096, Infinity);
    if (this.#pagesLeft >= likely) {
      this.#pagesLeft -= likely;
      return;
    }
    const { pageSize, lastPageNumber } =
      /** @type {{ pageSize: number, lastPageNumber: number }} */ (this.#database.getStats());
    const used = lastPageNumber + 1;
    const needed = pagesFor(pageSize, used);
    const needs = (used + needed) * pageSize;
    if (fstatSync(this.#file).size < needs) this.#extend(needs, STEP_PAGES * pageSize);
    this.#pagesLeft = Math.floor(fstatSync(this.#file).size / pageSize) - used - needed;
  }

  /** @param {number} needs @param {number} more - octets beyond, where there is room for them */
  #extend(needs, more) {
    const zeros = Buffer.alloc(64 * 1024);
    try {
      for (let at = fstatSync(this.#file).size; at < needs + more;) {
        at += writeSync(this.#file, zeros, 0, Math.min(zeros.length, needs + more - at), at);
      }
    } catch (error) {
      if (fstatSync(this.#file).size < needs) throw error;
    }
  }

  close() {
    closeSync(this.#file);
  }
}
