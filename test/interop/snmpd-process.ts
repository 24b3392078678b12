import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from './agent-process.js';

const SNMPD = 'snmpd';

/** Debian's snmpd with a configuration of its own, on a free port. */
export class SnmpdProcess implements AsyncDisposable {
  readonly address: string;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, address: string, folder: string) {
    this.#child = child;
    this.address = address;
    this.#folder = folder;
  }

  /** @param more - lines of its configuration, besides the community `private`, which writes. */
  static async start(...more: readonly string[]): Promise<SnmpdProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'trellis-snmpd-'));
    const address = `127.0.0.1:${await freePort()}`;
    const lines = ['rwcommunity private 127.0.0.1', `agentAddress udp:${address}`, ...more];
    writeFileSync(join(folder, 'snmpd.conf'), `${lines.join('\n')}\n`);
    const child = spawn(
      SNMPD,
      ['-f', '-C', '-c', join(folder, 'snmpd.conf'), '-LF', '0-3', '/dev/null'],
      {
        env: { ...process.env, SNMP_PERSISTENT_DIR: folder, MIBS: '' },
        stdio: 'ignore',
      },
    );
    for (let tries = 0; tries < 50; tries++) {
      if (
        (await run('snmpget', ['-v2c', '-cprivate', '-r0', '-t1', address, '1.3.6.1.2.1.1.3.0']))
          .code === 0
      ) {
        return new SnmpdProcess(child, address, folder);
      }
      await sleep(100);
    }
    child.kill('SIGKILL');
    throw new Error('snmpd does not answer');
  }

  /** What it has written of itself, users with their keys among it. */
  get persisted(): string {
    return readFileSync(join(this.#folder, 'snmpd.conf'), 'utf8');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null) {
      const ended = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}
