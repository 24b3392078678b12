import type { OutgoingPdu, SecurityLevel } from '../../src/message/index.js';
import type { UserAccess } from '../../src/agent-options.js';
import { UserReader } from '../../src/user-access.js';
import type { UsmUser } from '../../src/security/index.js';
import { confAgent, type ConfAgent } from './conf-agent.js';
import { decodeV3, encodeV3, type V3Reply, type V3Request } from './v3-client.js';

export const ENGINE_ID = '80007ed90474657374';
const engineId = Buffer.from(ENGINE_ID, 'hex');
const BOOTS = 3;

const passwords = { authPassword: 'correct horse', privPassword: 'battery staple' };

/** Users of the agents below: `open` without keys, `signed`, and one for each kind of privacy. */
export const USERS = {
  open: { name: 'open' },
  signed: { name: 'signed', auth: 'sha256', authPassword: passwords.authPassword },
  des: { name: 'des', auth: 'md5', priv: 'des', ...passwords },
  aes: { name: 'aes', auth: 'sha512', priv: 'aes256', ...passwords },
} as const satisfies Readonly<Record<string, UserAccess>>;
export type UserName = keyof typeof USERS;

const LEVELS: Readonly<Record<UserName, SecurityLevel>> = {
  open: 'noAuthNoPriv',
  signed: 'authNoPriv',
  des: 'authPriv',
  aes: 'authPriv',
};

const reader = new UserReader(engineId);
const keys = new Map<UserName, UsmUser>();

/** The keys of one of them: made once, they take milliseconds. */
export function keysOf(name: UserName): UsmUser {
  const known = keys.get(name) ?? reader.read(USERS[name], name).user;
  keys.set(name, known);
  return known;
}

/** As `confAgent`, with these users, who write everything, and an engine ID that is known. */
export function v3Agent(
  definitions?: Parameters<typeof confAgent>[0],
  options: Parameters<typeof confAgent>[1] = {},
): Promise<ConfAgent> {
  const users = Object.values(USERS).map((user) => ({ ...user, write: 'all' as const }));
  return confAgent(definitions, {
    ...options,
    access: { communities: { private: 'write' }, users },
    engine: { id: ENGINE_ID, boots: BOOTS },
  });
}

/** Asks such an agent as one of the users, at that user's level. */
export class V3Manager {
  readonly #conf: ConfAgent;
  readonly user: UsmUser;
  readonly level: SecurityLevel;

  constructor(conf: ConfAgent, name: UserName) {
    this.#conf = conf;
    this.user = keysOf(name);
    this.level = LEVELS[name];
  }

  encode(pdu: OutgoingPdu, changed: Partial<V3Request> = {}): { octets: Buffer; digestAt: number } {
    return encodeV3({
      user: this.user,
      level: this.level,
      engineId,
      engineBoots: BOOTS,
      engineTimeSeconds: Math.floor(this.#conf.clock.nowMs() / 1000),
      pdu,
      ...changed,
    });
  }

  send(pdu: OutgoingPdu, changed: Partial<V3Request> = {}): Promise<V3Reply | undefined> {
    return this.sendOctets(this.encode(pdu, changed).octets);
  }

  async sendOctets(octets: Uint8Array): Promise<V3Reply | undefined> {
    const reply = await this.#conf.agent.inject(octets);
    return reply === undefined ? undefined : decodeV3(reply, this.user);
  }
}
