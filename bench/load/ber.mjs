/**
 * Just enough BER for a load generator: requests are built once, slowly; responses are scanned in
 * place, fast, without allocating.
 *
 * Guards the decision that the generator shares no code with the agent: a bug in our codec, or a
 * speed-up of it, must not change both ends of the measurement.
 */

export const GET = 0xa0;
export const GETNEXT = 0xa1;
export const SET = 0xa3;
export const GETBULK = 0xa5;

/** Request-ids lie in 0x40000000..0x7fffffff, so that each is exactly four octets long. */
export const REQUEST_ID_BASE = 0x40000000;

/** @param {number} tag @param {Buffer} content */
export function tlv(tag, content) {
  const n = content.length;
  const head = n < 0x80 ? [tag, n] : n < 0x100 ? [tag, 0x81, n] : [tag, 0x82, n >> 8, n & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}

/** @param {number} value 0..0x7fffffff */
export function integer(value) {
  const octets = [value & 0xff];
  for (let rest = value >>> 8; rest > 0; rest >>>= 8) octets.unshift(rest & 0xff);
  if (octets[0] >= 0x80) octets.unshift(0);
  return tlv(0x02, Buffer.from(octets));
}

/** The content octets of an OID, without tag and length. @param {string} dotted */
export function encodeOid(dotted) {
  const [first, second, ...rest] = dotted.split('.').map(Number);
  const octets = [first * 40 + second];
  for (const arc of rest) {
    const groups = [arc & 0x7f];
    for (let more = Math.floor(arc / 128); more > 0; more = Math.floor(more / 128))
      groups.unshift((more & 0x7f) | 0x80);
    octets.push(...groups);
  }
  return Buffer.from(octets);
}

/**
 * @typedef {{ oid: string, integer?: number, unsigned?: number, string?: string }} Binding
 * @typedef {{ pdu: number, community: string, bindings: Binding[], maxRepetitions?: number }} RequestSpec
 */

/**
 * @param {RequestSpec} spec
 * @returns {{ datagram: Buffer, requestIdAt: number }} an SNMPv2c message and the offset of the
 *   four octets of its request-id. The last octet of the datagram is the last octet of the last value.
 */
export function buildRequest(spec) {
  const head = Buffer.concat([integer(1), tlv(0x04, Buffer.from(spec.community))]);
  const datagram = tlv(0x30, Buffer.concat([head, buildPdu(spec)]));
  return { datagram, requestIdAt: datagram.indexOf(Buffer.from([0x02, 0x04, 0x40, 0, 0, 0])) + 2 };
}

/** @param {RequestSpec} spec */
export function buildPdu(spec) {
  const varbinds = spec.bindings.map((b) => {
    let value = Buffer.from([0x05, 0x00]);
    if (b.integer !== undefined) value = integer(b.integer);
    if (b.unsigned !== undefined)
      value = Buffer.concat([Buffer.from([0x42]), integer(b.unsigned).subarray(1)]);
    if (b.string !== undefined) value = tlv(0x04, Buffer.from(b.string));
    return tlv(0x30, Buffer.concat([tlv(0x06, encodeOid(b.oid)), value]));
  });
  return tlv(
    spec.pdu,
    Buffer.concat([
      integer(REQUEST_ID_BASE),
      integer(0),
      integer(spec.maxRepetitions ?? 0),
      tlv(0x30, Buffer.concat(varbinds)),
    ]),
  );
}

const WALK_TAIL = 200;

/**
 * A GETBULK of one repeater, or a GETNEXT, whose OID is replaced for every request. All lengths are in the
 * two-octet long form (RFC 3417 section 8 allows it), so that nothing moves when the OID grows.
 *
 * @param {string} community @param {number | undefined} maxRepetitions undefined: a GETNEXT
 */
export function buildWalkTemplate(community, maxRepetitions) {
  const c = Buffer.from(community);
  const buffer = Buffer.alloc(64 + c.length + WALK_TAIL);
  let at = 0;
  const put = (/** @type {number[]} */ ...octets) => {
    for (const o of octets) buffer[at++] = o;
  };
  put(0x30, 0x81, 0, 0x02, 0x01, 0x01, 0x04, c.length, ...c);
  put(maxRepetitions === undefined ? GETNEXT : GETBULK, 0x81, 0);
  const afterPduLength = at;
  put(0x02, 0x04, 0x40, 0, 0, 0);
  const requestIdAt = at - 4;
  put(0x02, 0x01, 0x00, 0x02, 0x01, maxRepetitions ?? 0);
  put(0x30, 0x81, 0);
  const afterListLength = at;
  put(0x30, 0x81, 0);
  const afterBindLength = at;
  put(0x06, 0x81, 0);
  return { buffer, requestIdAt, afterPduLength, afterListLength, afterBindLength, oidAt: at };
}

/**
 * Puts an OID into a template of `buildWalkTemplate`.
 * @param {ReturnType<typeof buildWalkTemplate>} t
 * @param {Buffer} source @param {number} start @param {number} length at most 100 octets
 * @returns {number} length of the datagram
 */
export function setWalkOid(t, source, start, length) {
  const b = t.buffer;
  for (let i = 0; i < length; i += 1) b[t.oidAt + i] = source[start + i];
  let end = t.oidAt + length;
  b[t.oidAt - 1] = length;
  b[end++] = 0x05;
  b[end++] = 0x00;
  b[2] = end - 3;
  b[t.afterPduLength - 1] = end - t.afterPduLength;
  b[t.afterListLength - 1] = end - t.afterListLength;
  b[t.afterBindLength - 1] = end - t.afterBindLength;
  return end;
}

/** What the last call of `scan` found. One object, overwritten: the hot path allocates nothing. */
export const found = {
  requestId: 0,
  errorStatus: 0,
  listAt: 0,
  end: 0,
  varbinds: 0,
  lastOidAt: 0,
  lastOidLength: 0,
  lastTag: 0,
};

let cursor = 0;

/** Reads a length at `cursor` and moves behind it. @param {Buffer} b */
function length(b) {
  const first = b[cursor++];
  if (first < 0x80) return first;
  let n = 0;
  for (let k = first & 0x7f; k > 0; k -= 1) n = n * 256 + b[cursor++];
  return n;
}

/**
 * Reads request-id and error-status of a response into `found`.
 * @param {Buffer} b @returns {boolean} false if it is no message of the shape we sent
 */
export function scan(b) {
  cursor = 1;
  length(b);
  cursor += 3;
  if (b[cursor++] !== 0x04) return false;
  const community = length(b);
  cursor += community + 1;
  length(b);
  if (b[cursor] !== 0x02 || b[cursor + 1] !== 0x04) return false;
  found.requestId =
    (b[cursor + 2] << 24) | (b[cursor + 3] << 16) | (b[cursor + 4] << 8) | b[cursor + 5];
  found.errorStatus = b[cursor + 8];
  cursor += 6;
  cursor += 2 + b[cursor + 1];
  cursor += 2 + b[cursor + 1];
  found.listAt = cursor;
  return true;
}

/** After `scan`: counts the varbinds and finds the last one. @param {Buffer} b */
export function scanVarbinds(b) {
  cursor = found.listAt + 1;
  const listLength = length(b);
  const end = cursor + listLength;
  let count = 0;
  let bindAt = cursor;
  while (cursor < end) {
    bindAt = cursor;
    cursor += 1;
    const n = length(b);
    cursor += n;
    count += 1;
  }
  found.varbinds = count;
  if (count === 0) return;
  cursor = bindAt + 1;
  length(b);
  cursor += 1;
  const oidLength = length(b);
  found.lastOidAt = cursor;
  found.lastOidLength = oidLength;
  found.lastTag = b[cursor + oidLength];
}

/**
 * After `scan`: how many leading varbinds lie under `root` and are values. Slow; for the last
 * response of a walk only. @param {Buffer} b @param {Buffer} root
 */
export function countUnder(b, root) {
  cursor = found.listAt + 1;
  const listLength = length(b);
  const end = cursor + listLength;
  let count = 0;
  while (cursor < end) {
    cursor += 1;
    const n = length(b);
    const next = cursor + n;
    cursor += 1;
    const oidLength = length(b);
    if (!hasPrefix(b, cursor, oidLength, root) || b[cursor + oidLength] === 0x82) return count;
    count += 1;
    cursor = next;
  }
  return count;
}

/** @param {Buffer} b @param {number} at @param {number} n @param {Buffer} root */
export function hasPrefix(b, at, n, root) {
  if (n < root.length) return false;
  for (let i = root.length - 1; i >= 0; i -= 1) if (b[at + i] !== root[i]) return false;
  return true;
}

/** After `scan`: the tag of each value. Slow; for checks only. @param {Buffer} b */
export function valueTags(b) {
  cursor = found.listAt + 1;
  const listLength = length(b);
  const end = cursor + listLength;
  const tags = [];
  while (cursor < end) {
    cursor += 1;
    const n = length(b);
    const next = cursor + n;
    cursor += 1;
    const oidLength = length(b);
    tags.push(b[cursor + oidLength]);
    cursor = next;
  }
  return tags;
}
