import { createHash } from 'node:crypto';
import type { Agent } from '../../src/agent.js';
import type { UserAccess } from '../../src/agent-options.js';
import type { Clock } from '../../src/base/index.js';
import type { OutgoingPdu, SecurityLevel } from '../../src/message/index.js';
import {
  AuthKey,
  PrivKey,
  type AuthProtocol,
  type PrivProtocol,
  type UsmUser,
} from '../../src/security/index.js';
import { errorStatusLabel, type Oid, type SnmpValue } from '../../src/smi/index.js';
import { UserReader } from '../../src/user-access.js';
import { asked, statusPdu, tellValue } from './snmp-client.js';
import { decodeV3, encodeV3, type V3Reply } from './v3-client.js';

export const USM_ENGINE_ID = '80007ed90475736d';
const engineId = Buffer.from(USM_ENGINE_ID, 'hex');
export const USM_BOOTS = 4;

const USM_USER: Oid = [1, 3, 6, 1, 6, 3, 15, 1, 2];
export const SPIN_LOCK: Oid = [...USM_USER, 1, 0];

/** Columns of usmUserTable by what is behind usmUser. */
const COLUMNS = {
  SecurityName: 3,
  CloneFrom: 4,
  AuthProtocol: 5,
  AuthKeyChange: 6,
  OwnAuthKeyChange: 7,
  PrivProtocol: 8,
  PrivKeyChange: 9,
  OwnPrivKeyChange: 10,
  Public: 11,
  StorageType: 12,
  Status: 13,
} as const;
export type UsmColumn = keyof typeof COLUMNS;

/** An instance in usmUserTable. */
export function usm(column: UsmColumn, name: string, engine: Uint8Array = engineId): Oid {
  const octets = Buffer.from(name);
  const index = [engine.length, ...engine, octets.length, ...octets];
  return [...USM_USER, 2, 1, COLUMNS[column], ...index];
}

/** RFC 3414 section 5 KeyChange, as a manager makes it: the other side of `changedKey`. */
export function keyChange(
  hash: AuthProtocol,
  oldKey: Uint8Array,
  newKey: Uint8Array,
  random: Uint8Array = Buffer.alloc(newKey.length, 7),
): Buffer {
  const delta = Buffer.alloc(newKey.length);
  let digest = oldKey;
  for (let done = 0; done < newKey.length;) {
    digest = createHash(hash)
      .update(Buffer.concat([digest, random]))
      .digest();
    for (let i = 0; i < digest.length && done < newKey.length; i += 1, done += 1) {
      delta[done] = (newKey[done] as number) ^ (digest[i] as number);
    }
  }
  return Buffer.concat([random, delta]);
}

/** Keys of a user that nobody has configured. */
export function keysOf(
  name: string,
  auth: AuthProtocol,
  authKey: Uint8Array,
  priv?: PrivProtocol,
  privKey?: Uint8Array,
): UsmUser {
  const signs = { name, auth: new AuthKey(auth, authKey) };
  return priv === undefined || privKey === undefined
    ? signs
    : { ...signs, priv: new PrivKey(priv, privKey) };
}

const reader = new UserReader(engineId);
export function configuredKeys(access: UserAccess): UsmUser {
  return reader.read(access, 'user').user;
}

/** Asks an agent that has USM_ENGINE_ID, as whoever has these keys. */
export class UsmAsker {
  readonly #agent: Agent;
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly user: UsmUser;
  readonly level: SecurityLevel;
  readonly #boots: number;

  constructor(agent: Agent, clock: Pick<Clock, 'nowMs'>, user: UsmUser, boots = USM_BOOTS) {
    this.#agent = agent;
    this.#clock = clock;
    this.user = user;
    this.level =
      user.priv !== undefined
        ? 'authPriv'
        : user.auth !== undefined
          ? 'authNoPriv'
          : 'noAuthNoPriv';
    this.#boots = boots;
  }

  async send(pdu: OutgoingPdu, level: SecurityLevel = this.level): Promise<V3Reply | undefined> {
    const { octets } = encodeV3({
      user: this.user,
      level,
      engineId,
      engineBoots: this.#boots,
      engineTimeSeconds: Math.floor(this.#clock.nowMs() / 1000),
      pdu,
    });
    const reply = await this.#agent.inject(octets);
    return reply === undefined ? undefined : decodeV3(reply, this.user);
  }

  /** `noError/0`, or the object that a Report tells of. */
  async set(...changes: readonly (readonly [Oid, SnmpValue])[]): Promise<string> {
    const varBinds = changes.map(([name, value]) => ({ name, value }));
    return told(await this.send(statusPdu('set', varBinds)));
  }

  async get(...names: readonly Oid[]): Promise<string[]> {
    const reply = await this.send(statusPdu('get', asked(names)));
    if (reply?.pdu.type !== 'response') return [told(reply)];
    return reply.pdu.varBinds.map(({ value }) => tellValue(value));
  }
}

const STATS = [
  '',
  'unsupportedSecLevel',
  'notInTimeWindow',
  'unknownUserName',
  'unknownEngineID',
  'wrongDigest',
  'decryptionError',
];

export function told(reply: V3Reply | undefined): string {
  if (reply === undefined) return 'silence';
  const { pdu } = reply;
  if (pdu.type === 'report') return STATS[pdu.varBinds[0]?.name.at(-2) ?? 0] ?? 'report';
  if (pdu.type !== 'response') return pdu.type;
  return `${errorStatusLabel(pdu.errorStatus) ?? pdu.errorStatus}/${pdu.errorIndex}`;
}
