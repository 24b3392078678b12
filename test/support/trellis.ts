import { Writable } from 'node:stream';
import { vi } from 'vitest';
import { runProgram } from '../../src/cli/program.js';

/** What a call of the command prints, and its exit status. */
export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** The output is one for all: a call waits for the one before. */
let last: Promise<unknown> = Promise.resolve();

/**
 * `trellis` with these words, from its arguments to its exit status, in this process: one of its
 * own costs ten times as much.
 */
export function trellis(...words: readonly string[]): Promise<Ran> {
  return trellisIn({}, ...words);
}

/** @param environment - beside that of the tests; no directories of modules are in it. */
export function trellisIn(
  environment: Readonly<Record<string, string>>,
  ...words: readonly string[]
): Promise<Ran> {
  const ran = last.then(() => run(words, { MIBDIRS: '', ...environment }));
  last = ran.catch(() => undefined);
  return ran;
}

async function run(
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Ran> {
  const [out, err] = [new Collector(), new Collector()];
  const spies = [
    vi.spyOn(process, 'stdout', 'get').mockReturnValue(out as never),
    vi.spyOn(process, 'stderr', 'get').mockReturnValue(err as never),
  ];
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const before = process.exitCode;
  try {
    process.exitCode = undefined;
    await runProgram(['node', 'trellis', ...words], '0.0.0');
    return { status: exitStatus(), out: out.text, err: err.text };
  } finally {
    process.exitCode = before;
    vi.unstubAllEnvs();
    for (const spy of spies) spy.mockRestore();
  }
}

function exitStatus(): number {
  return Number(process.exitCode ?? 0);
}

/** A stream for each call: a command may listen to its output, and need not stop before it ends. */
class Collector extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
