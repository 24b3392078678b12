export type BerFault =
  | 'truncated'
  | 'unexpected-tag'
  | 'indefinite-length'
  | 'reserved-length'
  | 'length-beyond-parent'
  | 'octets-left-over'
  | 'empty-integer'
  | 'integer-out-of-range'
  | 'oid-sub-identifier-padded'
  | 'oid-sub-identifier-too-large'
  | 'oid-too-long'
  | 'oid-truncated'
  | 'content-not-empty'
  | 'content-of-wrong-size';

/** Octets that are not BER as SNMP uses it. `offset` counts from the start of the datagram. */
export class BerError extends Error {
  readonly fault: BerFault;
  readonly offset: number;

  constructor(fault: BerFault, offset: number) {
    super(`${fault} at octet ${offset}`);
    this.name = 'BerError';
    this.fault = fault;
    this.offset = offset;
  }
}
