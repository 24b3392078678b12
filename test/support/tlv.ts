/** BER by hand, for messages that no encoder would make. */
export type Octets = Uint8Array | readonly number[];

export function tlv(tag: number, ...contents: readonly Octets[]): Buffer {
  const content = joined(...contents);
  return joined([tag], minimalLength(content.length), content);
}

/** As `tlv`, with these length octets instead of the right ones. */
export function tlvWithLength(tag: number, length: Octets, ...contents: readonly Octets[]): Buffer {
  return joined([tag], length, ...contents);
}

export function joined(...parts: readonly Octets[]): Buffer {
  return Buffer.concat(parts.map((part) => Uint8Array.from(part)));
}

export function minimalLength(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest >>>= 8) octets.unshift(rest & 0xff);
  return Buffer.of(0x80 | octets.length, ...octets);
}

/** Length octets in the long form, padded to `size` of them. */
export function paddedLength(length: number, size: number): Buffer {
  const octets = Buffer.alloc(size);
  for (let i = size - 1, rest = length; i >= 0; i--, rest >>>= 8) octets[i] = rest & 0xff;
  return joined([0x80 | size], octets);
}

export const int = (...content: number[]): Buffer => tlv(0x02, content);
export const NULL = Buffer.of(0x05, 0x00);

interface RawMessage {
  readonly version?: Octets;
  readonly community?: Octets;
  readonly pduTag?: number;
  readonly requestId?: Octets;
  readonly second?: Octets;
  readonly third?: Octets;
  /** Content of the VarBindList. */
  readonly varBinds?: readonly Octets[];
  /** After the PDU's VarBindList, inside the PDU. */
  readonly afterList?: Octets;
}

/** A message of elements that are right, but for those given. */
export function rawMessage(parts: RawMessage = {}): Buffer {
  return tlv(
    0x30,
    parts.version ?? int(1),
    parts.community ?? tlv(0x04, Buffer.from('private')),
    tlv(
      parts.pduTag ?? 0xa0,
      parts.requestId ?? int(0x12, 0x34, 0x56, 0x78),
      parts.second ?? int(0),
      parts.third ?? int(0),
      tlv(0x30, ...(parts.varBinds ?? [rawVarBind()])),
      parts.afterList ?? [],
    ),
  );
}

/** 1.3.6.1.4.1.32473.20.1.1.0, `roInt.0` of CONF-MIB. */
export const RO_INT_NAME = tlv(0x06, [0x2b, 6, 1, 4, 1, 0x81, 0xfd, 0x59, 20, 1, 1, 0]);

export function rawVarBind(value: Octets = NULL, name: Octets = RO_INT_NAME): Buffer {
  return tlv(0x30, name, value);
}
