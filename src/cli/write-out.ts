import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { escapeControls } from '../base/index.js';

/**
 * Writes pieces of text to standard output as fast as they are read there, so that they are never
 * all in memory. Where the reader has had enough (`| head`), the rest is not made. Nothing of the
 * text can change the terminal; no piece may end within a line end.
 */
export async function writeOut(pieces: Iterable<string> | AsyncIterable<string>): Promise<void> {
  // What comes from elsewhere is shown as it comes.
  const source = Symbol.iterator in pieces ? chunks(pieces) : escapedPieces(pieces);
  try {
    await pipeline(Readable.from(source), process.stdout, { end: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}

/**
 * The same for octets that are known to be letters, digits and the like. Each piece is written
 * before the next is asked for, so that all of them may be in the same memory.
 */
export async function writeOctets(pieces: Iterable<Uint8Array>): Promise<void> {
  for (const piece of pieces) if (!(await isWritten(piece))) return;
}

/** False where the reader has had enough. */
function isWritten(piece: Uint8Array): Promise<boolean> {
  return new Promise((resolve, reject) => {
    process.stdout.write(piece, (error) => {
      if (error === null || error === undefined) resolve(true);
      else if ((error as NodeJS.ErrnoException).code === 'EPIPE') resolve(false);
      else reject(error);
    });
  });
}

const CHUNK_LENGTH = 65_536;

/** One write for many lines. */
function* chunks(pieces: Iterable<string>): Iterable<string> {
  let chunk = '';
  for (const piece of pieces) {
    chunk += escapeControls(piece);
    if (chunk.length < CHUNK_LENGTH) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

async function* escapedPieces(pieces: AsyncIterable<string>): AsyncIterable<string> {
  for await (const piece of pieces) yield escapeControls(piece);
}
