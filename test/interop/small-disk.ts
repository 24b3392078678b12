import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, type Ran } from './agent-process.js';

/** No test takes longer; the disk goes with the process that holds it. */
const LIFETIME_SECONDS = 300;

/** A file system of so many KiB, which only those see who are run within it (Linux namespaces). */
export class SmallDisk implements AsyncDisposable {
  readonly path: string;
  readonly #holder: ChildProcess;

  private constructor(path: string, holder: ChildProcess) {
    this.path = path;
    this.#holder = holder;
  }

  static async mount(sizeKiB: number): Promise<SmallDisk> {
    const path = mkdtempSync(join(tmpdir(), 'trellis-small-disk-'));
    const script = 'mount -t tmpfs -o size="$1"k tmpfs "$0" && echo mounted && exec sleep "$2"';
    const words = ['-rm', 'sh', '-c', script, path, String(sizeKiB), String(LIFETIME_SECONDS)];
    const holder = spawn('unshare', words, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(holder, 'exit').then(() => Promise.reject(new Error('no small disk here')));
    await Promise.race([once(holder.stdout, 'data'), ended]);
    void ended.catch(() => undefined);
    return new SmallDisk(path, holder);
  }

  /** A command and its first words, by which others are run within it. */
  get within(): readonly string[] {
    const { pid } = this.#holder;
    return [
      'nsenter',
      '-t',
      String(pid),
      '-U',
      '-m',
      '--preserve-credentials',
      `--wd=${process.cwd()}`,
      '--',
    ];
  }

  /** Runs a line of shell in it, `$0` being its path. */
  run(line: string): Promise<Ran> {
    const [command = '', ...words] = this.within;
    return run(command, [...words, 'sh', '-c', line, this.path]);
  }

  /** Something else takes all of it but so much. */
  async leave(freeKiB: number): Promise<void> {
    await this.run(`dd if=/dev/zero of="$0/rest" bs=4k; truncate -s -${freeKiB}k "$0/rest"`);
  }

  /** That goes again. */
  async free(): Promise<void> {
    await this.run('rm "$0/rest"');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#holder, 'exit');
    this.#holder.kill('SIGKILL');
    await ended;
    rmSync(this.path, { recursive: true });
  }
}
