const MESSAGE = ['test/properties/message.property.test.ts'];

/**
 * Octets: `src/ber`, `src/message`.
 *
 * @type {readonly import('./index.mjs').Mutant[]}
 */
export const berMutants = [
  {
    name: 'counter64-through-number',
    says: 'Reads a Counter64 as a number, which has 53 bits.',
    file: 'src/ber/integer.ts',
    find: 'return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);',
    replace: 'return BigInt((high >>> 0) * 2 ** 32 + (low >>> 0));',
    killedBy: ['PR-47'],
    tests: MESSAGE,
  },
  {
    name: 'signed-counters',
    says: 'Reads a Counter32 of 2^31 and more as a negative number.',
    file: 'src/ber/integer.ts',
    find: 'return value >>> 0;',
    replace: 'return value;',
    killedBy: ['PR-47'],
    tests: MESSAGE,
  },
  {
    name: 'minus-128-in-two-octets',
    says: 'Writes the lowest number of a size with an octet too many.',
    file: 'src/ber/integer.ts',
    find: 'const magnitude = value < 0 ? ~value : value;',
    replace: 'const magnitude = value < 0 ? -value : value;',
    killedBy: ['PR-47'],
    tests: ['test/properties/minimal-octets.property.test.ts'],
  },
  {
    name: 'arcs-of-31-bits',
    says: 'Reads a sub-identifier with shifts, which have 32 bits and a sign.',
    file: 'src/ber/oid-octets.ts',
    find: 'arc = arc * 128 + (octet & 0x7f);',
    replace: 'arc = (arc << 7) | (octet & 0x7f);',
    killedBy: ['PR-47'],
    tests: MESSAGE,
  },
  {
    name: 'second-arc-below-forty',
    says: 'Reads the first octets of 2.x as if x were below 40.',
    file: 'src/ber/oid-octets.ts',
    find: 'first = arc < 40 ? 0 : arc < 80 ? 1 : 2;',
    replace: 'first = Math.floor(arc / 40);',
    killedBy: ['PR-47'],
    tests: MESSAGE,
  },
  {
    name: 'cut-sub-identifier',
    says: 'Reads on behind a name whose last sub-identifier is cut.',
    file: 'src/ber/oid-octets.ts',
    find: "if (at === end) throw new BerError('oid-truncated', from);",
    replace: '',
    killedBy: ['BER-OID-033'],
    tests: ['test/src/message/ber-vectors.test.ts'],
  },
  {
    name: 'size-without-long-lengths',
    says: 'Foretells the size of a message as if every length took one octet.',
    file: 'src/ber/integer.ts',
    find: 'if (contentSize < 0x100) return contentSize + 3;',
    replace: 'if (contentSize < 0x100) return contentSize + 2;',
    killedBy: ['PR-49'],
    tests: MESSAGE,
  },
  {
    name: 'v1-speaks-counter64',
    says: 'Takes an SNMPv1 message that holds what only SNMPv2 has.',
    file: 'src/message/decode-message.ts',
    find: "if (version === 'v1' && !isV1Type(varBind))",
    replace: "if (version === 'v1' && varBinds.length < 0 && !isV1Type(varBind))",
    killedBy: ['ENC-038'],
    tests: ['test/src/agent/v1.test.ts'],
  },
];
