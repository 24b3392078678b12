/** net-snmp's letters of types, for people. */
export const TYPES = `\
Types: = as the module says; i INTEGER, u Unsigned32, c Counter32, C Counter64, t TimeTicks,
a IpAddress, o OID, s text, x octets in hexadecimal, d octets in decimal, b BITS by position, n NULL.`;
