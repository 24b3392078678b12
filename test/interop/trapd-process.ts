import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './snmpd-process.js';

const DEADLINE_MS = 20_000;
/** How it shows names, and what it says of a trap. */
type Shown = readonly string[];
/** Who tells; the generic trap in words, which only SNMPv1 has; the variables. */
const IN_WORDS: Shown = ['-m', 'SNMPv2-MIB', '-F', '%P: %W | %v\\n'];
/** Who tells; of SNMPv1 enterprise, trap, address and time; the variables. */
const NUMERIC_FORMATS = ['-F', '%P | %#v\\n', '-F', '%P | %N %w/%q %a %T | %#v\\n'];
const IN_NUMBERS: Shown = ['-On', '-m', '', ...NUMERIC_FORMATS];

/** net-snmp's snmptrapd on a free port, and what it says that it heard. */
export class TrapdProcess implements AsyncDisposable {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #folder: string;
  #said = '';

  private constructor(port: number, more: readonly string[], shown: Shown) {
    this.port = port;
    this.#folder = mkdtempSync(join(tmpdir(), 'trellis-trapd-'));
    const configuration = join(this.#folder, 'trapd.conf');
    writeFileSync(configuration, ['disableAuthorization yes', ...more, ''].join('\n'));
    const options = ['-f', '-Lo', '-C', '-c', configuration];
    this.#child = spawn('snmptrapd', [...options, ...shown, `udp:127.0.0.1:${port}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        SNMP_PERSISTENT_DIR: this.#folder,
        MIBDIRS: 'node_modules/net-snmp/lib/mibs:src/mib/modules',
        LC_ALL: 'C',
      },
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#said += text;
    });
  }

  /** @param more - lines of its configuration. */
  static start(...more: readonly string[]): Promise<TrapdProcess> {
    return TrapdProcess.#started(more, IN_WORDS);
  }

  /** As `start`; it says OIDs, not names. */
  static startNumeric(...more: readonly string[]): Promise<TrapdProcess> {
    return TrapdProcess.#started(more, IN_NUMBERS);
  }

  static async #started(more: readonly string[], shown: Shown): Promise<TrapdProcess> {
    const trapd = new TrapdProcess(await freePort(), more, shown);
    await trapd.toldThat(/NET-SNMP version/);
    return trapd;
  }

  /** Resolves when it has said what matches, with all that it said. */
  async toldThat(pattern: RegExp): Promise<string> {
    await this.#until(() => pattern.test(this.#said), String(pattern));
    return this.#said;
  }

  /**
   * Resolves when it has heard this: `TRAP2, SNMP v2c, community new: coldStart`, who tells and a
   * part of what. What it said before `forget` does not count.
   */
  async heard(told: string): Promise<void> {
    const [who = '', what = ''] = told.split(': ');
    const isTold = (line: string): boolean => line.startsWith(`${who}:`) && line.includes(what);
    await this.#until(() => this.#said.split('\n').some(isTold), told);
  }

  async #until(isSo: () => boolean, wanted: string): Promise<void> {
    const untilMs = performance.now() + DEADLINE_MS;
    while (!isSo()) {
      if (performance.now() > untilMs) throw new Error(`no "${wanted}" in: ${this.#said}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** What it has said since it was last told to forget. */
  get said(): string {
    return this.#said;
  }

  forget(): void {
    this.#said = '';
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
