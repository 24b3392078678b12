/**
 * Octets to and from BER elements as SNMP uses them (X.690 as narrowed by RFC 3417 section 8):
 * tags, definite lengths, integers, OBJECT IDENTIFIER content.
 *
 * Knows nothing of SNMP. Invariants: no input makes it recurse, allocate more than it was given,
 * or throw anything but BerError; what it writes is always minimal.
 */
export { BerError, type BerFault } from './ber-error.js';
export { BerReader } from './reader.js';
export { BerWriter } from './writer.js';
export { TAG } from './tag.js';
export { elementSize, integer32Size, unsigned32Size, unsigned64Size } from './integer.js';
export { oidSize } from './oid-octets.js';
