/**
 * Who is asking (communities; users, RFC 3414, RFC 3826, RFC 7860) and what they may see: views
 * over the OID tree.
 *
 * Knows no sockets and no MIB. Invariants: an unknown community has no principal, and a name that
 * no family includes is in no view; a key, once made, can be used and not looked at.
 */
export { CommunityTable, type Principal } from './community.js';
export { ALL_VIEW, MibView, type ViewFamily } from './view.js';
export { AUTH_FACTS, AuthKey, type AuthProtocol } from './usm/authentication.js';
export { localizeKey, passwordToKey, privacyKey } from './usm/keys.js';
export { PRIV_FACTS, PrivKey, type PrivProtocol } from './usm/privacy.js';
export { Salts } from './usm/salts.js';
