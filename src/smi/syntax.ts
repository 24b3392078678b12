/**
 * The base type that a SYNTAX comes down to. `Bits` travels as an OCTET STRING; `Unsigned32` and
 * `Gauge32` share one wire type (RFC 2578 7.1).
 */
export type BaseType =
  | 'Integer32'
  | 'OctetString'
  | 'ObjectIdentifier'
  | 'Bits'
  | 'IpAddress'
  | 'Counter32'
  | 'Gauge32'
  | 'Unsigned32'
  | 'TimeTicks'
  | 'Opaque'
  | 'Counter64';

/** Inclusive on both ends. bigint only where a Counter64 needs it. */
export interface Range {
  readonly low: number | bigint;
  readonly high: number | bigint;
}

/**
 * What values an object may have: its SYNTAX resolved down to the base type, all refinements on
 * the way applied.
 */
export interface Syntax {
  readonly base: BaseType;
  /** Allowed numbers, ascending and disjoint; absent: all numbers of the base type. */
  readonly ranges?: readonly Range[];
  /** Allowed sizes in octets, ascending and disjoint; absent: 0..65535. */
  readonly sizes?: readonly Range[];
  /** INTEGER enumeration: label to number, in the order of the module. */
  readonly enums?: ReadonlyMap<string, number>;
  /** BITS: label to position, in the order of the module. */
  readonly bits?: ReadonlyMap<string, number>;
  /**
   * The innermost named type first that the SYNTAX goes through, e.g. `['TbLabel']` or
   * `['OwnerString', 'DisplayString']`; empty where the base type is used directly.
   */
  readonly conventions: readonly string[];
  /** The DISPLAY-HINT that applies, RFC 2579 section 3.1. */
  readonly displayHint?: string;
}
