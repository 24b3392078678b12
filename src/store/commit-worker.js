// @ts-check
// Writes to the state in a thread of its own: a disk that is slow, or hangs, holds up nobody but
// those who wait for it. Plain JavaScript, because a worker is started from a file as it lies there.
import { parentPort, workerData } from 'node:worker_threads';
import { join } from 'node:path';
import { open } from 'lmdb';
import { DataRoom } from './data-room.js';

const database = open({
  path: workerData.directory,
  noSubdir: false,
  encoding: 'binary',
  keyEncoding: 'binary',
  // What is committed is synced: nothing is told before.
  overlappingSync: false,
});

const room = new DataRoom(join(workerData.directory, 'data.mdb'), database);

/** @param {{ readonly id: number, readonly writes: readonly { readonly key: Uint8Array, readonly value: Uint8Array | undefined }[] }} commit */
function commit({ id, writes }) {
  try {
    let octets = 0;
    for (const { key, value } of writes) octets += key.length + (value?.length ?? 0);
    room.reserve(writes.length, octets);
    // All of it, or none; synced to the disk when it returns.
    database.transactionSync(() => {
      for (const { key, value } of writes) {
        if (value === undefined) database.removeSync(Buffer.from(key));
        else database.putSync(Buffer.from(key), Buffer.from(value));
      }
    });
    parentPort?.postMessage({ id });
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    parentPort?.postMessage({ id, failure });
  }
}

parentPort?.on('message', commit);
parentPort?.postMessage({ id: 0 });
