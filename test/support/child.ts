import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const PROJECT_ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A Node process of its own, with what it prints. */
export class Child {
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown>;
  output = '';

  constructor(args: readonly string[]) {
    this.#process = spawn(process.execPath, args, {
      cwd: PROJECT_ROOT,
      env: { ...process.env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#exited = once(this.#process, 'exit');
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    }
  }

  /** Resolves when the output matches; rejects when the process ends before. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.output);
      if (match !== null) return match;
      const more = once(this.#process.stdout as NodeJS.ReadableStream, 'data');
      const ended = this.#exited.then(() => {
        if (pattern.exec(this.output) === null) {
          throw new Error(`it ended without ${String(pattern)}: ${this.output}`);
        }
      });
      await Promise.race([more, ended]);
    }
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  /** Its exit status; a signal's name where one ended it. */
  async exit(): Promise<number | string> {
    await this.#exited;
    return this.#process.exitCode ?? String(this.#process.signalCode);
  }
}
