import { createHash } from 'node:crypto';
import { SetError, type CallContext, type RowChange } from '../../instrumentation/index.js';
import {
  AUTH_FACTS,
  AuthKey,
  authProtocolOf,
  authProtocolOid,
  changedKey,
  PRIV_FACTS,
  PrivKey,
  privProtocolOf,
  privProtocolOid,
  type AuthProtocol,
  type PrivProtocol,
  type UsmUser,
} from '../../security/index.js';
import { equalOids, hasPrefix, ZERO_DOT_ZERO, type Oid } from '../../smi/index.js';

/** A row of usmUserTable (RFC 3414 section 5), and what no manager can ask for. */
export interface UserRow {
  readonly usmUserEngineID?: Uint8Array;
  readonly usmUserName?: string;
  readonly usmUserSecurityName?: string;
  readonly usmUserCloneFrom?: Oid;
  readonly usmUserAuthProtocol?: Oid;
  readonly usmUserAuthKeyChange?: Uint8Array;
  readonly usmUserOwnAuthKeyChange?: Uint8Array;
  readonly usmUserPrivProtocol?: Oid;
  readonly usmUserPrivKeyChange?: Uint8Array;
  readonly usmUserOwnPrivKeyChange?: Uint8Array;
  readonly usmUserPublic?: Uint8Array;
  readonly usmUserStorageType?: string;
  readonly usmUserStatus?: string;
  /** Localized keys. */
  readonly authKey?: Uint8Array | undefined;
  readonly privKey?: Uint8Array | undefined;
  /** One octet, see `MADE`. */
  readonly made?: Uint8Array;
  /** Of a configured user: a digest of what is configured, to see whether that is another by now. */
  readonly origin?: Uint8Array;
}

export const HIDDEN: readonly (keyof UserRow)[] = ['authKey', 'privKey', 'made', 'origin'];

/** What has happened to a row: it was cloned, and its keys are no longer those of the other user. */
const MADE = { cloned: 1, ownAuthKey: 2, ownPrivKey: 4 } as const;
const ALL_MADE = MADE.cloned | MADE.ownAuthKey | MADE.ownPrivKey;

const NO_AUTH = authProtocolOid(undefined);
const NO_PRIV = privProtocolOid(undefined);
const NOTHING = new Uint8Array();
const CLONE_FROM_PARTS = 2;

type Change = Exclude<RowChange<UserRow>, { op: 'destroy' }>;
type KeyKind = 'auth' | 'priv';

/** By column, ascending. */
const KEY_CHANGES = [
  { column: 'usmUserAuthKeyChange', kind: 'auth', isOwn: false },
  { column: 'usmUserOwnAuthKeyChange', kind: 'auth', isOwn: true },
  { column: 'usmUserPrivKeyChange', kind: 'priv', isOwn: false },
  { column: 'usmUserOwnPrivKeyChange', kind: 'priv', isOwn: true },
] as const;

interface Surroundings {
  /** usmUserEntry. */
  readonly entry: Oid;
  /** The row at an index, before the SET. */
  readonly rowAt: (rowIndex: Oid) => UserRow | undefined;
}

/** What is worked on while a SET of one row is looked at. */
interface Draft {
  authProtocol: Oid;
  privProtocol: Oid;
  authKey: Uint8Array | undefined;
  privKey: Uint8Array | undefined;
  made: number;
}

/**
 * What a SET makes of a user's row: cloning and changes of keys, as RFC 3414 section 5 has them.
 * What was written to hide a new key is stored nowhere.
 *
 * @throws SetError
 */
export function derivedUser(
  change: Change,
  context: CallContext,
  surroundings: Surroundings,
): Partial<UserRow> {
  const before = change.op === 'update' ? change.before : undefined;
  const draft: Draft = {
    authProtocol: before?.usmUserAuthProtocol ?? NO_AUTH,
    privProtocol: before?.usmUserPrivProtocol ?? NO_PRIV,
    authKey: before?.authKey,
    privKey: before?.privKey,
    made: before?.made?.[0] ?? 0,
  };
  const isNew = before?.usmUserStatus !== 'active';
  const isCloning = isWritten(change, 'usmUserCloneFrom') && (draft.made & MADE.cloned) === 0;
  takeProtocols(draft, change, before, isCloning);
  if (isCloning) {
    // Nobody is to be in use with the keys of somebody else.
    if (!isNew) throw new SetError('inconsistentValue', 'usmUserCloneFrom');
    clone(draft, change.after.usmUserCloneFrom, surroundings);
  }
  /** BOUNDED by the two keys. */
  const changed = new Set<KeyKind>();
  for (const { column, kind, isOwn } of KEY_CHANGES) {
    if (!isWritten(change, column)) continue;
    if (isOwn) requireOwner(change, context, column, isNew);
    else if (isNew && (draft.made & MADE.cloned) === 0) {
      throw new SetError('inconsistentName', column);
    }
    // Twice at once: which of them was meant to be the first?
    if (changed.has(kind)) throw new SetError('inconsistentValue', column);
    changed.add(kind);
    changeKey(draft, kind, change.after[column] ?? NOTHING, column);
  }
  return {
    usmUserSecurityName: change.index.usmUserName ?? '',
    usmUserCloneFrom: ZERO_DOT_ZERO,
    usmUserAuthProtocol: draft.authProtocol,
    usmUserPrivProtocol: draft.privProtocol,
    usmUserAuthKeyChange: NOTHING,
    usmUserOwnAuthKeyChange: NOTHING,
    usmUserPrivKeyChange: NOTHING,
    usmUserOwnPrivKeyChange: NOTHING,
    authKey: draft.authKey,
    privKey: draft.privKey,
    made: Uint8Array.of(draft.made),
  };
}

/** Protocols are given when the row is made, and can then only be given up. */
function takeProtocols(
  draft: Draft,
  change: Change,
  before: UserRow | undefined,
  isCloning: boolean,
): void {
  const auth = writtenOid(change, 'usmUserAuthProtocol');
  const priv = writtenOid(change, 'usmUserPrivProtocol');
  if (before === undefined) {
    if (auth !== undefined && authProtocolOf(auth) === undefined) {
      throw new SetError('wrongValue', 'usmUserAuthProtocol');
    }
    if (priv !== undefined && privProtocolOf(priv) === undefined) {
      throw new SetError('wrongValue', 'usmUserPrivProtocol');
    }
  } else {
    requireLess(auth, draft.authProtocol, NO_AUTH, 'usmUserAuthProtocol');
    requireLess(priv, draft.privProtocol, NO_PRIV, 'usmUserPrivProtocol');
  }
  // Whatever they are now, they become those of the other user.
  if (isCloning) return;
  draft.authProtocol = auth ?? draft.authProtocol;
  draft.privProtocol = priv ?? draft.privProtocol;
  if (equalOids(draft.authProtocol, NO_AUTH) && !equalOids(draft.privProtocol, NO_PRIV)) {
    throw new SetError(
      'inconsistentValue',
      priv === undefined ? 'usmUserAuthProtocol' : 'usmUserPrivProtocol',
    );
  }
  if (equalOids(draft.authProtocol, NO_AUTH)) draft.authKey = undefined;
  if (equalOids(draft.privProtocol, NO_PRIV)) draft.privKey = undefined;
}

function requireLess(asked: Oid | undefined, now: Oid, none: Oid, column: string): void {
  if (asked === undefined || equalOids(asked, now) || equalOids(asked, none)) return;
  throw new SetError('inconsistentValue', column);
}

function clone(draft: Draft, pointer: Oid | undefined, { entry, rowAt }: Surroundings): void {
  const isRow = pointer !== undefined && hasPrefix(pointer, entry);
  const rowIndex = isRow ? pointer.slice(entry.length + 1) : [];
  const from = rowIndex.length < CLONE_FROM_PARTS ? undefined : rowAt(rowIndex);
  if (from?.usmUserStatus !== 'active') throw new SetError('inconsistentName', 'usmUserCloneFrom');
  draft.authProtocol = from.usmUserAuthProtocol ?? NO_AUTH;
  draft.privProtocol = from.usmUserPrivProtocol ?? NO_PRIV;
  draft.authKey = from.authKey;
  draft.privKey = from.privKey;
  draft.made = MADE.cloned;
}

/** RFC 3414 section 5 usmUserOwnAuthKeyChange. */
function requireOwner(
  { index }: Change,
  { requester }: CallContext,
  column: string,
  isNew: boolean,
): void {
  const isSelf = requester?.version === 'v3' && requester.securityName === index.usmUserName;
  // Without a digest anybody can say that it is this user: to lock the user out, for one thing.
  if (!isSelf || requester.securityLevel === 'noAuthNoPriv') throw new SetError('noAccess', column);
  if (isNew) throw new SetError('inconsistentValue', column);
}

function changeKey(draft: Draft, kind: KeyKind, value: Uint8Array, column: string): void {
  const { auth, priv } = protocolsOf(draft.authProtocol, draft.privProtocol);
  const oldKey = kind === 'auth' ? draft.authKey : draft.privKey;
  // What has no protocol has no key: it is a success that nothing comes of.
  if (auth === undefined || (kind === 'priv' && priv === undefined)) return;
  const newKey = oldKey === undefined ? undefined : changedKey(auth, oldKey, value);
  if (newKey === undefined) throw new SetError('wrongValue', column);
  if (kind === 'auth') {
    draft.authKey = newKey;
    draft.made |= MADE.ownAuthKey;
  } else {
    draft.privKey = newKey;
    draft.made |= MADE.ownPrivKey;
  }
}

/** RFC 3414 section 5 usmUserStatus: whether the row may be active. */
export function isCompleteUser(row: UserRow): boolean {
  const { auth, priv } = protocolsOf(row.usmUserAuthProtocol, row.usmUserPrivProtocol);
  const made = row.made?.[0] ?? 0;
  if (auth === undefined) return true;
  if (row.authKey === undefined || (made & MADE.ownAuthKey) === 0) return false;
  return priv === undefined || (row.privKey !== undefined && (made & MADE.ownPrivKey) !== 0);
}

/**
 * The user that an active row stands for; undefined where it is not active, or does not have the
 * keys that its protocols need: then nobody is this user.
 */
export function userOfRow(row: UserRow): UsmUser | undefined {
  const { usmUserName: name, usmUserStatus, authKey, privKey } = row;
  if (usmUserStatus !== 'active' || name === undefined || !isCompleteUser(row)) return undefined;
  const { auth, priv, isKnown } = protocolsOf(row.usmUserAuthProtocol, row.usmUserPrivProtocol);
  if (!isKnown) return undefined;
  if (auth === undefined) return { name };
  if (authKey?.length !== AUTH_FACTS[auth].keyOctets) return undefined;
  const user = { name, auth: new AuthKey(auth, authKey) };
  if (priv === undefined) return user;
  if (privKey?.length !== PRIV_FACTS[priv].keyOctets) return undefined;
  return { ...user, priv: new PrivKey(priv, privKey) };
}

/**
 * What no row has that an agent has made: found where a state is imported. Rows of other engines are
 * held to the same.
 */
export function faultOfUser(row: UserRow): string | undefined {
  const { usmUserName: name = '', usmUserSecurityName, usmUserStorageType, authKey, privKey } = row;
  const { auth, priv, isKnown } = protocolsOf(row.usmUserAuthProtocol, row.usmUserPrivProtocol);
  if (usmUserSecurityName !== undefined && usmUserSecurityName !== name) {
    return 'usmUserSecurityName: expected the name of the user';
  }
  if (!isKnown) return 'usmUserAuthProtocol, usmUserPrivProtocol: expected those known here';
  if (auth === undefined && priv !== undefined) {
    return 'usmUserPrivProtocol: what is encrypted is signed, too';
  }
  if (usmUserStorageType === 'readOnly') return 'usmUserStorageType: no user is readOnly';
  if (auth !== undefined && authKey !== undefined && !hasOctets(authKey, AUTH_FACTS[auth])) {
    return `authKey: expected ${AUTH_FACTS[auth].keyOctets} octets`;
  }
  if (priv !== undefined && privKey !== undefined && !hasOctets(privKey, PRIV_FACTS[priv])) {
    return `privKey: expected ${PRIV_FACTS[priv].keyOctets} octets`;
  }
  return undefined;
}

function hasOctets(key: Uint8Array, { keyOctets }: { readonly keyOctets: number }): boolean {
  return key.length === keyOctets;
}

/** The row of a configured user: permanent, it can be given other keys and not be destroyed. */
export function rowOfUser({ name, auth, priv }: UsmUser, engineId: Uint8Array): UserRow {
  const authKey = auth?.material();
  const privKey = priv?.material();
  const authProtocol = authProtocolOid(auth?.protocol);
  const privProtocol = privProtocolOid(priv?.protocol);
  const origin = createHash('sha256')
    .update(`${authProtocol.join('.')} ${privProtocol.join('.')} `)
    .update(authKey ?? NOTHING)
    .update(privKey ?? NOTHING)
    .digest();
  return {
    usmUserEngineID: engineId,
    usmUserName: name,
    usmUserSecurityName: name,
    usmUserAuthProtocol: authProtocol,
    usmUserPrivProtocol: privProtocol,
    usmUserStorageType: 'permanent',
    usmUserStatus: 'active',
    ...(authKey === undefined ? {} : { authKey }),
    ...(privKey === undefined ? {} : { privKey }),
    made: Uint8Array.of(ALL_MADE),
    origin,
  };
}

interface Protocols {
  readonly auth: AuthProtocol | undefined;
  readonly priv: PrivProtocol | undefined;
  /** False where a row names what this release does not have. */
  readonly isKnown: boolean;
}

function protocolsOf(authOid: Oid = NO_AUTH, privOid: Oid = NO_PRIV): Protocols {
  const auth = authProtocolOf(authOid);
  const priv = privProtocolOf(privOid);
  return {
    auth: auth === 'none' ? undefined : auth,
    priv: priv === 'none' ? undefined : priv,
    isKnown: auth !== undefined && priv !== undefined,
  };
}

function isWritten({ written }: Change, column: keyof UserRow): boolean {
  return written.includes(column);
}

function writtenOid(
  change: Change,
  column: 'usmUserAuthProtocol' | 'usmUserPrivProtocol',
): Oid | undefined {
  return isWritten(change, column) ? change.after[column] : undefined;
}
