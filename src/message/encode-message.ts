import { BerWriter, TAG, elementSize, integer32Size } from '../ber/index.js';
import { writeVarBind } from '../smi/index.js';
import {
  PDU_TAG,
  type OutgoingMessage,
  type OutgoingPdu,
  type OutgoingScopedPdu,
  type Version,
} from './pdu.js';

const IP_ADDRESS_TAG = 0x40;
const TIME_TICKS_TAG = 0x43;

const VERSION_NUMBER: Readonly<Record<Version, number>> = { v1: 0, v2c: 1 };

/** The largest payload of a UDP datagram over IPv4. */
export const MAX_UDP_PAYLOAD_OCTETS = 65_507;

/**
 * Messages to octets. One encoder owns one buffer and lends it to nobody: what it returns is a
 * copy of the size needed.
 */
export class MessageEncoder {
  readonly #writer = new BerWriter(MAX_UDP_PAYLOAD_OCTETS);

  /**
   * A message; of SNMPv3 its ScopedPDU, a whole element.
   *
   * @returns the octets, or undefined where they would be more than `maxSizeOctets`.
   */
  encode(message: OutgoingMessage | OutgoingScopedPdu, maxSizeOctets: number): Buffer | undefined {
    const writer = this.#writer;
    writer.reset();
    const end = writer.mark();
    writePdu(writer, message.pdu);
    if (message.version === 'v3') {
      writer.octets(message.contextName);
      writer.octets(message.contextEngineId);
    } else {
      writer.octets(message.community);
      writer.integer32(VERSION_NUMBER[message.version]);
    }
    writer.header(TAG.sequence, end);
    return writer.overflowed || writer.size > maxSizeOctets ? undefined : writer.take();
  }
}

function writePdu(writer: BerWriter, pdu: OutgoingPdu): void {
  const end = writer.mark();
  writeVarBindList(writer, pdu);
  switch (pdu.type) {
    case 'trapV1':
      writer.unsigned32(pdu.timestampCentiseconds, TIME_TICKS_TAG);
      writer.integer32(pdu.specificTrap);
      writer.integer32(pdu.genericTrap);
      writer.octets(pdu.agentAddress, IP_ADDRESS_TAG);
      writer.oid(pdu.enterprise);
      break;
    case 'getBulk':
      writer.integer32(pdu.maxRepetitions);
      writer.integer32(pdu.nonRepeaters);
      writer.integer32(pdu.requestId);
      break;
    default:
      writer.integer32(pdu.errorIndex);
      writer.integer32(pdu.errorStatus);
      writer.integer32(pdu.requestId);
  }
  writer.header(PDU_TAG[pdu.type], end);
}

function writeVarBindList(writer: BerWriter, { varBinds }: OutgoingPdu): void {
  const end = writer.mark();
  if (varBinds instanceof Uint8Array) {
    writer.raw(varBinds);
  } else {
    for (let i = varBinds.length - 1; i >= 0; i--) {
      const varBind = varBinds[i];
      if (varBind !== undefined) writeVarBind(writer, varBind);
    }
  }
  writer.header(TAG.sequence, end);
}

/** What a response's size depends on besides its variable-bindings. */
export type ResponseHead = { readonly requestId: number } & (
  | { readonly version: Version; readonly community: Uint8Array }
  | {
      readonly version: 'v3';
      readonly contextEngineId: Uint8Array;
      readonly contextName: Uint8Array;
    }
);

/**
 * Octets of a Response message whose VarBindList has `varBindOctets` octets of content; of SNMPv3
 * those of its ScopedPDU.
 */
export function responseSize(
  head: ResponseHead,
  errorStatus: number,
  errorIndex: number,
  varBindOctets: number,
): number {
  const pdu =
    elementSize(integer32Size(head.requestId)) +
    elementSize(integer32Size(errorStatus)) +
    elementSize(integer32Size(errorIndex)) +
    elementSize(varBindOctets);
  const envelope =
    head.version === 'v3'
      ? elementSize(head.contextEngineId.length) + elementSize(head.contextName.length)
      : elementSize(integer32Size(VERSION_NUMBER[head.version])) +
        elementSize(head.community.length);
  return elementSize(envelope + elementSize(pdu));
}
