import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const DEADLINE_MS = 20_000;
const MAX_OUTPUT_OCTETS = 64 * 1024 * 1024;

/** Ours, and those that a Debian without its non-free section does not have. */
const MIB_FOLDERS = ['node_modules/net-snmp/lib/mibs', 'src/mib/modules', 'examples/crash']
  .map((folder) => `${REPOSITORY}${folder}`)
  .join(':');

export interface Ran {
  readonly code: number;
  readonly output: string;
}

/** Runs a command to its end. Whatever it says is output; a deadline ends it. */
export function run(command: string, args: readonly string[]): Promise<Ran> {
  const environment = { ...process.env, MIBDIRS: MIB_FOLDERS, MIBS: '', LC_ALL: 'C' };
  return new Promise((resolve, reject) => {
    execFile(
      command,
      args,
      { timeout: DEADLINE_MS, maxBuffer: MAX_OUTPUT_OCTETS, env: environment },
      (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== 'number') reject(error);
        else resolve({ code: Number(error?.code ?? 0), output: stdout + stderr });
      },
    );
  });
}

/** `trellis agent ...` as a process of its own, on a free port, and net-snmp's commands for it. */
export class AgentProcess implements AsyncDisposable {
  readonly address: string;
  readonly #child: ChildProcess;
  readonly #read: () => string;

  private constructor(child: ChildProcess, read: () => string, address: string) {
    this.#child = child;
    this.#read = read;
    this.address = address;
  }

  /** Resolves when it is ready for requests. The package must have been built. */
  static start(...args: readonly string[]): Promise<AgentProcess> {
    return AgentProcess.#start([process.execPath], args);
  }

  /** As `start`; no file that it writes gets larger than this: as a disk that is full by then. */
  static startOnSmallDisk(maxFileKiB: number, ...args: readonly string[]): Promise<AgentProcess> {
    const limited = ['bash', '-c', 'ulimit -f "$0" && exec "$@"', String(maxFileKiB)];
    return AgentProcess.#start([...limited, process.execPath], args);
  }

  /** As `start`, by a command that runs the one behind it. */
  static startWithin(prefix: readonly string[], ...args: readonly string[]): Promise<AgentProcess> {
    return AgentProcess.#start([...prefix, process.execPath], args);
  }

  static async #start(
    [command = '', ...before]: readonly string[],
    args: readonly string[],
  ): Promise<AgentProcess> {
    const listen = ['--listen', 'udp://127.0.0.1:0'];
    const child = spawn(command, [...before, 'dist/src/cli/main.js', 'agent', ...args, ...listen], {
      cwd: REPOSITORY,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.setEncoding('utf8');
    const address = await new Promise<string>((resolve, reject) => {
      child.stdout.on('data', (text: string) => {
        said += text;
        const ready = /^ready +udp:\/\/(\S+)$/m.exec(said)?.[1];
        if (ready !== undefined) resolve(ready);
      });
      child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${said}`)));
      child.once('error', reject);
    });
    return new AgentProcess(child, () => said, address);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Everything that it printed so far. */
  get said(): string {
    return this.#read();
  }

  /** Runs one of net-snmp's commands: `ask('snmpget', 'public', ['-On'], 'sysName.0')`. */
  ask(
    command: string,
    community: string,
    options: readonly string[],
    ...rest: readonly string[]
  ): Promise<Ran> {
    const modules = 'SNMPv2-MIB:IF-MIB:HOST-RESOURCES-MIB:HOST-RESOURCES-TYPES:CRASH-MIB';
    return run(command, [
      '-v2c',
      `-c${community}`,
      '-t5',
      '-r0',
      `-m${modules}`,
      ...options,
      this.address,
      ...rest,
    ]);
  }

  /** The value alone, numbers for enumerations. */
  async get(instance: string): Promise<string> {
    return (await this.ask('snmpget', 'public', ['-Oqvet'], instance)).output.trim();
  }

  /** The rows of a table by column, as `snmptable` shows them. */
  async table(name: string): Promise<readonly Readonly<Record<string, string>>[]> {
    const { output } = await this.ask('snmptable', 'public', ['-Cf', '|', '-Ci', '-Oe'], name);
    const [, , header = '', ...lines] = output.trimEnd().split('\n');
    const columns = header.split('|');
    return lines.map((line) => {
      const cells = line.split('|');
      return Object.fromEntries(columns.map((column, i) => [column, cells[i] ?? '']));
    });
  }

  /** As a power cut: nothing is said, nothing is closed. */
  async kill(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }
}
