/**
 * SNMPv3 requests at authPriv, SHA-256 and AES-128, signed once and sent again and again: USM takes
 * a message as often as it comes, for 150 s, and so the generator costs what it costs without them.
 *
 * Guards the decision that the generator shares no code with the agent, as ber.mjs does, and that
 * each server is sent the same octets but for its engine ID, boots and time.
 *
 * @typedef {{ name: string, authPassword: string, privPassword: string }} UsmSpec
 */
import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import * as ber from './ber.mjs';

const AUTH_PRIV_REPORTABLE = 7;
const REPORTABLE = 4;
const DIGEST_OCTETS = 24;
const PASSWORD_OCTETS = 1 << 20;
const MAX_MESSAGE_SIZE = 65_507;
const DISCOVERY_MS = 2000;

const string = (/** @type {Uint8Array} */ octets) => ber.tlv(0x04, Buffer.from(octets));
const sequence = (/** @type {Buffer[]} */ ...parts) => ber.tlv(0x30, Buffer.concat(parts));
const sha256 = (/** @type {Uint8Array[]} */ ...parts) =>
  createHash('sha256').update(Buffer.concat(parts)).digest();

/** @param {string} password @param {Buffer} engineId */
function localizedKey(password, engineId) {
  const key = sha256(Buffer.alloc(PASSWORD_OCTETS, password));
  return sha256(key, engineId, key);
}

/** @param {number} msgId @param {number} flags @param {Buffer[]} security @param {Buffer} data */
function message(msgId, flags, security, data) {
  const header = [ber.integer(msgId), ber.integer(MAX_MESSAGE_SIZE), string(Buffer.of(flags))];
  const head = sequence(...header, ber.integer(3));
  return sequence(ber.integer(3), head, string(sequence(...security)), data);
}

/**
 * Asks who answers and what time it is there (RFC 3414 section 4).
 * @param {import('node:dgram').Socket} socket connected
 * @returns {Promise<{ engineId: Buffer, boots: number, seconds: number }>}
 */
function discover(socket) {
  const nothing = string(Buffer.alloc(0));
  const pdu = ber.buildPdu({ pdu: ber.GET, community: '', bindings: [] });
  const probe = message(
    ber.REQUEST_ID_BASE,
    REPORTABLE,
    [nothing, ber.integer(0), ber.integer(0), nothing, nothing, nothing],
    sequence(nothing, nothing, pdu),
  );
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('no engine is found')), DISCOVERY_MS);
    socket.once('message', (answer) => {
      clearTimeout(late);
      resolve(readSecurity(answer));
    });
    socket.send(probe);
  });
}

/** @param {Buffer} answer */
function readSecurity(answer) {
  let at = 0;
  /** Into the element at `at`, or over it. */
  const open = () => {
    const first = answer[at + 1] ?? 0;
    at += 2;
    if (first < 0x80) return first;
    let length = 0;
    for (let k = first & 0x7f; k > 0; k -= 1) length = length * 256 + (answer[at++] ?? 0);
    return length;
  };
  const over = () => {
    const length = open();
    const content = answer.subarray(at, at + length);
    at += length;
    return content;
  };
  const number = () => [...over()].reduce((sum, octet) => sum * 256 + octet, 0);
  open(); // the message
  over(); // version
  over(); // header
  open(); // security parameters, an OCTET STRING
  open(); // that holds a SEQUENCE
  return { engineId: Buffer.from(over()), boots: number(), seconds: number() };
}

/**
 * One request for each slot of the window: the slot is in msgID, which is answered in the clear.
 * @param {import('node:dgram').Socket} socket connected, with nothing else under way
 * @param {ber.RequestSpec} request @param {UsmSpec} user @param {number} window
 * @returns {Promise<Buffer[]>}
 */
export async function sealedRequests(socket, request, user, window) {
  const { engineId, boots, seconds } = await discover(socket);
  const authKey = localizedKey(user.authPassword, engineId);
  const privKey = localizedKey(user.privPassword, engineId).subarray(0, 16);
  const scoped = sequence(string(engineId), string(Buffer.alloc(0)), ber.buildPdu(request));
  return Array.from({ length: window }, (_, slot) => {
    const salt = randomBytes(8);
    const iv = Buffer.alloc(16);
    iv.writeUInt32BE(boots, 0);
    iv.writeUInt32BE(seconds, 4);
    salt.copy(iv, 8);
    const encrypted = createCipheriv('aes-128-cfb', privKey, iv).update(scoped);
    const digest = Buffer.alloc(DIGEST_OCTETS);
    const sealed = message(
      ber.REQUEST_ID_BASE | slot,
      AUTH_PRIV_REPORTABLE,
      [
        string(engineId),
        ber.integer(boots),
        ber.integer(seconds),
        string(Buffer.from(user.name)),
        string(digest),
        string(salt),
      ],
      string(encrypted),
    );
    const hmac = createHmac('sha256', authKey).update(sealed).digest();
    // The only octets of a message that are all zero, and so many.
    hmac.copy(sealed, sealed.indexOf(digest), 0, DIGEST_OCTETS);
    return sealed;
  });
}

/**
 * Of an answer: its msgID, and whether it is one at the level of the request: a Report is not.
 * @param {Buffer} b @returns {boolean} false if it is no message of the shape we sent
 */
export function scanSealed(b) {
  // Past the length of the message, the version, and the header's tag and length.
  let at = 2 + ((b[1] ?? 0) < 0x80 ? 0 : (b[1] ?? 0) & 0x7f) + 3 + 2;
  if (b[at] !== 0x02 || b[at + 1] !== 0x04) return false;
  ber.found.requestId = b.readInt32BE(at + 2);
  at += 6;
  at += 2 + (b[at + 1] ?? 0);
  ber.found.errorStatus = ((b[at + 2] ?? 0) & 3) === 3 ? 0 : 5;
  return true;
}
