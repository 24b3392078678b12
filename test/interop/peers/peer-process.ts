import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { pythonWithPysnmp } from '../../support/python.js';
import { freePort } from '../snmpd-process.js';

const DEADLINE_MS = 30_000;

/** An agent of another make as a process of its own, on a free port of 127.0.0.1. */
export class PeerProcess implements AsyncDisposable {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  static async pysnmp(): Promise<PeerProcess> {
    return PeerProcess.#start(pythonWithPysnmp(), 'pysnmp_agent.py');
  }

  static async npmNetSnmp(): Promise<PeerProcess> {
    return PeerProcess.#start(process.execPath, 'npm-agent.mjs');
  }

  /** Resolves when it says `ready`. */
  static async #start(command: string, file: string): Promise<PeerProcess> {
    const port = await freePort();
    const script = fileURLToPath(new URL(file, import.meta.url));
    const child = spawn(command, [script, String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        timer = setTimeout(() => reject(new Error(`${file} is not ready`)), DEADLINE_MS);
        child.stdout.setEncoding('utf8').on('data', (text: string) => {
          if (text.includes('ready')) resolve();
        });
        child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
        child.once('error', reject);
      });
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    } finally {
      clearTimeout(timer);
    }
    return new PeerProcess(child, port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}
