/**
 * Who is asking (communities; users, RFC 3414, RFC 3826, RFC 7860) and what they may see: views
 * over the OID tree.
 *
 * Knows no sockets and no MIB. Invariants: an unknown community has no principal, and a name that
 * no family includes is in no view; a key, once made, can be used and not looked at.
 */
export {
  CommunityTable,
  NO_SIZE_LIMIT,
  type CommunityEntry,
  type CommunityIdentity,
  type CommunityTables,
  type Principal,
  type TargetAddress,
} from './community.js';
export { MAX_ENGINE_BOOTS, SnmpEngine } from './engine.js';
export { generateEngineId, parseEngineId } from './engine-id.js';
export {
  addressOctetsIn,
  ipOctets,
  transportOctets,
  UDP_DOMAIN,
  UDP_IPV6_DOMAIN,
  udpAddressIn,
} from './transport-address.js';
export { AUTH_FACTS, AuthKey, type AuthProtocol } from './usm/authentication.js';
export { processIncoming, type Incoming, type UsmCounter } from './usm/incoming.js';
export { changedKey } from './usm/key-change.js';
export { localizeKey, MIN_PASSWORD_OCTETS, passwordToKey, privacyKey } from './usm/keys.js';
export {
  MessageSealer,
  OutgoingMessages,
  type MessageHead,
  type OutgoingSecurity,
} from './usm/outgoing.js';
export { PRIV_FACTS, PrivKey, type PrivProtocol } from './usm/privacy.js';
export {
  authProtocolOf,
  authProtocolOid,
  privProtocolOf,
  privProtocolOid,
} from './usm/protocol-oids.js';
export { RemoteEngine, RemoteEngines } from './usm/remote-engines.js';
export { checkReply, type CheckedReply, type ReplyFault } from './usm/replies.js';
export { Salts } from './usm/salts.js';
export {
  PasswordKeys,
  UserKeys,
  type KeyType,
  type UnlocalizedUser,
  type UserSecrets,
} from './usm/user-keys.js';
export { highestLevel, isAtLeast, supportsLevel, UserTable, type UsmUser } from './usm/users.js';
export {
  AccessDecisions,
  type AccessRequest,
  type AccessVerdict,
  type SelectedEntry,
  type ViewType,
} from './vacm/access.js';
export type { ViewFamily } from './vacm/family.js';
export {
  SECURITY_MODEL,
  type AccessEntry,
  type AccessTables,
  type GroupMember,
  type SecurityModel,
  type ViewMember,
} from './vacm/tables.js';
export { ALL_VIEW, MibView } from './view.js';
