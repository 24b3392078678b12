/**
 * Who is asking (communities; USM joins them later) and what they may see: views over the OID
 * tree.
 *
 * Knows no sockets and no MIB. Invariant: an unknown community has no principal, and a name that
 * no family includes is in no view.
 */
export { CommunityTable, type Principal } from './community.js';
export { ALL_VIEW, MibView, type ViewFamily } from './view.js';
