import { BerWriter, TAG, elementSize, integer32Size } from '../ber/index.js';
import { MAX_UDP_PAYLOAD_OCTETS } from './encode-message.js';
import { USM_SECURITY_MODEL, type OutgoingV3Message, type SecurityLevel } from './v3-message.js';

const V3 = 3;
const LEVEL_FLAGS: Readonly<Record<SecurityLevel, number>> = {
  noAuthNoPriv: 0x00,
  authNoPriv: 0x01,
  authPriv: 0x03,
};
const REPORTABLE_FLAG = 0x04;
/** By their value: msgFlags is one octet. */
const FLAGS_OCTETS = Array.from({ length: 8 }, (_, flags) => Uint8Array.of(flags));
/** The place of a digest, by its length; those of RFC 7860 have 48 octets at most. */
const NO_DIGEST = Array.from({ length: 64 }, (_, octets) => new Uint8Array(octets));

export interface EncodedV3Message {
  readonly octets: Buffer;
  /** Where the digest is to be put. */
  readonly digestAt: number;
}

/** SNMPv3 messages to octets (RFC 3412 section 6, RFC 3414 2.4). Owns one buffer, lends none. */
export class V3MessageEncoder {
  readonly #writer = new BerWriter(MAX_UDP_PAYLOAD_OCTETS);

  /** Undefined where the octets would be more than `maxSizeOctets`. */
  encode(message: OutgoingV3Message, maxSizeOctets: number): EncodedV3Message | undefined {
    const writer = this.#writer;
    writer.reset();
    const end = writer.mark();
    if (message.securityLevel === 'authPriv') writer.octets(message.data);
    else writer.raw(message.data);
    const digestMark = writeSecurityParameters(writer, message);
    writeHeader(writer, message);
    writer.integer32(V3);
    writer.header(TAG.sequence, end);
    if (writer.overflowed || writer.size > maxSizeOctets) return undefined;
    // Marks count from the front of the writer's buffer; the message ends where that ends.
    return { octets: writer.take(), digestAt: digestMark - (end - writer.size) };
  }
}

/** Returns the mark of the digest's first octet. */
function writeSecurityParameters(writer: BerWriter, message: OutgoingV3Message): number {
  const end = writer.mark();
  writer.octets(message.privParameters);
  const digestEnd = writer.mark();
  writer.raw(NO_DIGEST[message.digestOctets] as Uint8Array);
  const digestMark = writer.mark();
  writer.header(TAG.octetString, digestEnd);
  writer.octets(message.userName);
  writer.integer32(message.engineTimeSeconds);
  writer.integer32(message.engineBoots);
  writer.octets(message.engineId);
  writer.header(TAG.sequence, end);
  writer.header(TAG.octetString, end);
  return digestMark;
}

function writeHeader(writer: BerWriter, message: OutgoingV3Message): void {
  const end = writer.mark();
  writer.integer32(USM_SECURITY_MODEL);
  const flags = LEVEL_FLAGS[message.securityLevel] | (message.isReportable ? REPORTABLE_FLAG : 0);
  writer.octets(FLAGS_OCTETS[flags] as Uint8Array);
  writer.integer32(message.maxSizeOctets);
  writer.integer32(message.msgId);
  writer.header(TAG.sequence, end);
}

/** Octets of a message whose data is of so many octets. */
export function v3MessageSize(
  message: Omit<OutgoingV3Message, 'data' | 'privParameters' | 'isReportable'> & {
    readonly privParametersOctets: number;
  },
  dataOctets: number,
): number {
  const header =
    elementSize(integer32Size(message.msgId)) +
    elementSize(integer32Size(message.maxSizeOctets)) +
    elementSize(1) +
    elementSize(1);
  const security =
    elementSize(message.engineId.length) +
    elementSize(integer32Size(message.engineBoots)) +
    elementSize(integer32Size(message.engineTimeSeconds)) +
    elementSize(message.userName.length) +
    elementSize(message.digestOctets) +
    elementSize(message.privParametersOctets);
  const data = message.securityLevel === 'authPriv' ? elementSize(dataOctets) : dataOctets;
  return elementSize(
    elementSize(1) + elementSize(header) + elementSize(elementSize(security)) + data,
  );
}
