import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { localizeKey, passwordToKey, privacyKey } from '../../../src/security/index.js';
import { OTP_PEER_MIB, BEFORE, columnOf } from './peer-objects.js';
import type { Act, SetCase } from './set-case.js';

const HERE = fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, '');
const ERL = 'erl';
const ENGINE_ID = 'otp-peer';
const START_MS = 20_000;
const ANSWER_MS = 5000;

const OTP_AUTH = {
  md5: 'usmHMACMD5AuthProtocol',
  sha1: 'usmHMACSHAAuthProtocol',
  sha224: 'usmHMAC128SHA224AuthProtocol',
  sha256: 'usmHMAC192SHA256AuthProtocol',
  sha384: 'usmHMAC256SHA384AuthProtocol',
  sha512: 'usmHMAC384SHA512AuthProtocol',
} as const;
const OTP_PRIV = { des: 'usmDESPrivProtocol', aes128: 'usmAesCfb128Protocol' } as const;

/** A user of SNMPv3 who may read and write everything, at authPriv. */
export interface OtpUser {
  readonly name: string;
  readonly auth: keyof typeof OTP_AUTH;
  readonly authPassword: string;
  readonly priv: keyof typeof OTP_PRIV;
  readonly privPassword: string;
}

/** OTP's agent with otp_peer.erl behind its objects, in a process of its own. */
export class OtpAgent implements AsyncDisposable {
  readonly host = '127.0.0.1';
  readonly port: number;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #folder: string;
  #said = '';
  #complaints = '';
  #isGone = false;
  #heard: () => void = () => undefined;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.#folder = folder;
    const compile = `{ok, otp_peer} = compile:file("${HERE}/otp_peer.erl", [report])`;
    const words = ['-noshell', '-config', 'agent', '-eval'];
    this.#child = spawn(ERL, [...words, `${compile}, otp_peer:start("${HERE}").`], {
      cwd: folder,
      env: { ...process.env, ERL_CRASH_DUMP_SECONDS: '0' },
    });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#said += text;
      this.#heard();
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#complaints = (this.#complaints + text).slice(-2000);
    });
    const gone = (how: string): void => {
      this.#complaints += how;
      this.#isGone = true;
      this.#heard();
    };
    this.#child.on('exit', (code) => gone(`it ended with ${code}`));
    this.#child.on('error', (error) => gone(`${error.message} (Debian: erlang-snmp)`));
    // It may be gone while it is written to: seen as silence.
    this.#child.stdin.on('error', () => undefined);
  }

  static async start(users: readonly OtpUser[] = []): Promise<OtpAgent> {
    const folder = mkdtempSync(join(tmpdir(), 'trellis-otp-'));
    const port = await freePort();
    for (const [file, lines] of Object.entries(configuration(port, users))) {
      mkdirSync(join(folder, 'conf'), { recursive: true });
      writeFileSync(join(folder, file), `${lines.join('\n')}\n`);
    }
    mkdirSync(join(folder, 'db'));
    const agent = new OtpAgent(port, folder);
    try {
      await agent.#line(/^ready (.*)\n/m, START_MS);
    } catch (error) {
      await agent[Symbol.asyncDispose]();
      throw error;
    }
    return agent;
  }

  /** From now on the functions do what this case says, to the values that there are before it. */
  async begin({ acts }: SetCase): Promise<void> {
    const values = [...BEFORE].map(([key, value]) => `{${keyTerm(key)},${value}}`);
    const scripts = Object.entries(acts).map(([key, act]) => {
      const [group = '', operation = ''] = key.split(' ');
      const isRow = group.includes('.');
      const name = operation === 'isSetOk' ? 'is_set_ok' : operation;
      return `{{${groupTerm(group)},${name}},{${act.ends},${answerTerm(isRow, act)},${act.effect}}}`;
    });
    this.#child.stdin.write(`{[${values.join(',')}],[${scripts.join(',')}]}.\n`);
    await this.#line(/^next\n/m, ANSWER_MS);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isGone) {
      const ended = once(this.#child, 'exit');
      // It ends at the end of its input.
      this.#child.stdin.end();
      const timer = setTimeout(() => this.#child.kill('SIGKILL'), ANSWER_MS);
      await ended;
      clearTimeout(timer);
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Waits for a line on its standard output; what came before it is forgotten. */
  async #line(pattern: RegExp, deadlineMs: number): Promise<void> {
    const untilMs = performance.now() + deadlineMs;
    for (;;) {
      if (pattern.test(this.#said)) {
        this.#said = '';
        return;
      }
      const leftMs = untilMs - performance.now();
      if (leftMs <= 0 || this.#isGone) {
        throw new Error(`OTP's agent did not say ${pattern}: ${this.#said}${this.#complaints}`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#heard = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}

function configuration(port: number, users: readonly OtpUser[]): Record<string, readonly string[]> {
  const groups = ['reader', 'writer', 'part'];
  const left = OTP_PEER_MIB.nodes.get('left')?.oid.join(',');
  return {
    'agent.config': [
      '[{snmp, [{agent, [{versions, [v1, v2, v3]}, {agent_type, master},',
      '{net_if, [{options, [{bind_to, true}]}]},',
      '{config, [{dir, "conf/"}]}, {db_dir, "db/"}]}]}].',
    ],
    'conf/agent.conf': [
      '{intAgentIpAddress, [127,0,0,1]}.',
      `{intAgentUDPPort, ${port}}.`,
      '{snmpEngineMaxMessageSize, 65507}.',
      `{snmpEngineID, "${ENGINE_ID}"}.`,
    ],
    'conf/standard.conf': [
      '{sysDescr, "peer"}.',
      '{sysObjectID, [1,3,6,1,4,1,193,19]}.',
      '{sysContact, "nobody"}.',
      '{sysLocation, "nowhere"}.',
      '{sysServices, 72}.',
      '{sysName, "peer"}.',
      '{snmpEnableAuthenTraps, disabled}.',
    ],
    'conf/community.conf': [
      '{"public", "public", "reader", "", ""}.',
      '{"private", "private", "writer", "", ""}.',
      '{"partly", "partly", "part", "", ""}.',
    ],
    'conf/vacm.conf': [
      ...groups.flatMap((name) =>
        ['v1', 'v2c'].map((model) => `{vacmSecurityToGroup, ${model}, "${name}", "${name}"}.`),
      ),
      ...users.map(({ name }) => `{vacmSecurityToGroup, usm, "${name}", "user"}.`),
      '{vacmAccess, "user", "", usm, authPriv, exact, "all", "all", ""}.',
      '{vacmAccess, "reader", "", any, noAuthNoPriv, exact, "all", "", ""}.',
      '{vacmAccess, "writer", "", any, noAuthNoPriv, exact, "all", "all", ""}.',
      '{vacmAccess, "part", "", any, noAuthNoPriv, exact, "all", "left", ""}.',
      '{vacmViewTreeFamily, "all", [1,3,6,1], included, null}.',
      `{vacmViewTreeFamily, "left", [${left}], included, null}.`,
    ],
    'conf/context.conf': ['"".'],
    'conf/target_addr.conf': ['%% none'],
    'conf/target_params.conf': ['%% none'],
    'conf/notify.conf': ['%% none'],
    'conf/usm.conf': ['%% users', ...users.map(usmRow)],
  };
}

/** With localized keys: OTP does not make them of passwords. */
function usmRow({ name, auth, authPassword, priv, privPassword }: OtpUser): string {
  const engineId = Buffer.from(ENGINE_ID);
  const localized = (password: string): Uint8Array =>
    localizeKey(auth, passwordToKey(auth, Buffer.from(password)), engineId);
  const list = (octets: Uint8Array): string => `[${octets.join(',')}]`;
  const authKey = list(localized(authPassword));
  const privKey = list(privacyKey(priv, auth, localized(privPassword), engineId));
  const who = `"${ENGINE_ID}", "${name}", "${name}", zeroDotZero`;
  return `{${who}, ${OTP_AUTH[auth]}, "", "", ${OTP_PRIV[priv]}, "", "", "", ${authKey}, ${privKey}}.`;
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

/** `leftA`, or `{leftTable,[3]}` for a row. */
function groupTerm(group: string): string {
  const [name, ...row] = group.split('.');
  return row.length === 0 ? `${name}` : `{${name},[${row.join(',')}]}`;
}

/** Where otp_peer.erl keeps the value of an instance. */
function keyTerm(key: string): string {
  const [object = '', ...suffix] = key.split('.');
  const place = columnOf(object);
  return place === undefined ? object : `{${place.table},[${suffix.join(',')}],${place.column}}`;
}

function answerTerm(isRow: boolean, { label, column }: Act): string {
  return isRow && label !== 'rubbish' ? `{${label},${column ?? 0}}` : label;
}
