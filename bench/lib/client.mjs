/**
 * A tiny manager for what happens outside of the measurement: "are you there", "make rows".
 *
 * Guards the decision that nothing is measured before the server has answered correctly.
 */
import dgram from 'node:dgram';
import * as ber from '../load/ber.mjs';

const RETRY_MS = 200;

/**
 * Sends a request until it is answered.
 * @param {number} port @param {ber.RequestSpec} spec @param {number} deadlineMs @param {number} retryMs
 * @returns {Promise<{ errorStatus: number, listAt: number, message: Buffer }>}
 */
function ask(port, spec, deadlineMs, retryMs) {
  const { datagram } = ber.buildRequest(spec);
  const socket = dgram.createSocket('udp4');
  return new Promise((resolve, reject) => {
    const send = () => socket.send(datagram, port, '127.0.0.1');
    const again = setInterval(send, retryMs);
    const late = setTimeout(
      () =>
        end(() =>
          reject(
            new Error(
              `port ${port}: no answer to ${spec.bindings[0]?.oid} within ${deadlineMs} ms`,
            ),
          ),
        ),
      deadlineMs,
    );
    const end = (/** @type {() => void} */ then) => {
      clearInterval(again);
      clearTimeout(late);
      socket.close();
      then();
    };
    socket.on('error', (error) => end(() => reject(error)));
    socket.on('message', (message) => {
      if (!ber.scan(message)) return;
      const { errorStatus, listAt } = ber.found;
      end(() => resolve({ errorStatus, listAt, message }));
    });
    send();
  });
}

/** Waits until a GET of this OID is answered with noError. @param {number} port @param {string} oid @param {number} deadlineMs */
export async function waitForAnswer(port, oid, deadlineMs) {
  const { errorStatus } = await ask(
    port,
    { pdu: ber.GET, community: 'public', bindings: [{ oid }] },
    deadlineMs,
    RETRY_MS,
  );
  if (errorStatus !== 0) throw new Error(`GET ${oid}: error-status ${errorStatus}`);
}

/** @param {number} port @param {string} oid @param {number} value @param {number} deadlineMs */
export async function setUnsigned(port, oid, value, deadlineMs) {
  const spec = { pdu: ber.SET, community: 'private', bindings: [{ oid, unsigned: value }] };
  const { errorStatus } = await ask(port, spec, deadlineMs, deadlineMs + 1);
  if (errorStatus !== 0) throw new Error(`SET ${oid} = ${value}: error-status ${errorStatus}`);
}

/**
 * Checks that a request is answered with noError, as many varbinds, and no exception value.
 * @param {number} port @param {ber.RequestSpec} spec
 */
export async function check(port, spec) {
  const { errorStatus, message } = await ask(port, spec, 5000, 1000);
  if (errorStatus !== 0) throw new Error(`error-status ${errorStatus}`);
  ber.scan(message);
  const values = ber.valueTags(message);
  if (values.length !== spec.bindings.length)
    throw new Error(`${values.length} varbinds, not ${spec.bindings.length}`);
  const bad = values.findIndex((tag) => tag >= 0x80);
  if (bad >= 0)
    throw new Error(`varbind ${bad + 1} (${spec.bindings[bad]?.oid}) is an exception value`);
}
