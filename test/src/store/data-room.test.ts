import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataRoom } from '../../../src/store/data-room.js';

const PAGE = 4096;

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-room-'));
  path = join(folder, 'data.mdb');
  writeFileSync(path, Buffer.alloc(10 * PAGE, 1));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('room in the data file', () => {
  it('is there before it is written to, for all that commits may take until it is asked again', () => {
    let lastPageNumber = 9;
    const room = new DataRoom(path, { getStats: () => ({ pageSize: PAGE, lastPageNumber }) });
    for (let commit = 0; commit < 200; commit++) {
      const keys = 1 + (commit % 3);
      const octets = (commit % 5) * 3000;
      room.reserve(keys, octets);
      // One that finds no free page: the roots and their like, a path to each key, and the values.
      const most = 4 + Math.min(keys * 4, lastPageNumber) + Math.ceil((octets * 2) / PAGE);
      lastPageNumber += commit % 2 === 0 ? most : 1;
      expect(statSync(path).size).toBeGreaterThanOrEqual((lastPageNumber + 1) * PAGE);
    }
    room.close();
  });

  it('is not taken where there is enough: the file does not grow for ever', () => {
    const room = new DataRoom(path, { getStats: () => ({ pageSize: PAGE, lastPageNumber: 9 }) });
    room.reserve(1, 100);
    const { size } = statSync(path);
    for (let commit = 0; commit < 200; commit++) room.reserve(1, 100);
    expect(statSync(path).size).toBe(size);
    room.close();
  });

  it('that there is not is what the file system says', () => {
    // Written to as if it were full: every write fails.
    const room = new DataRoom('/dev/full', {
      getStats: () => ({ pageSize: PAGE, lastPageNumber: 9 }),
    });
    expect(() => room.reserve(1, 100)).toThrow('ENOSPC');
    room.close();
  });
});
