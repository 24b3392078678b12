/**
 * One crash after another: how long until the subtree answers again?
 *
 * Guards the decision on what is measured: from the throw, by the server's reading of the monotonic
 * clock that every process of a Linux machine shares, to the receipt of the first good answer by a
 * client that asks again at once whatever it is answered. The good answer carries the time of the
 * throw, so an answer from before it cannot count.
 *
 * @typedef {object} CrashJob
 * @property {'crashes'} kind
 * @property {number} port @property {number} pid of the server
 * @property {string} crash an OID whose get throws
 * @property {string} crashedAt an OID of the same subtree: when it last threw, by `monotonicMicros`, a double
 * @property {number} warmupMs @property {number} measureMs
 */
import { cpuMicros, machineMicros, monotonicMicros } from '../lib/proc.mjs';
import * as ber from './ber.mjs';

const TICK_MS = 50;
const TIMEOUT_MS = 1000;
const GEN_ERR = 5;

/** @param {string} oid */
function request(oid) {
  return ber.buildRequest({ pdu: ber.GET, community: 'public', bindings: [{ oid }] });
}

/** @param {CrashJob} job @param {import('node:dgram').Socket} socket connected to the server */
export async function runCrashes(job, socket) {
  const crash = request(job.crash);
  const ask = request(job.crashedAt);
  let sequence = 0;
  let crashId = 0;
  let askId = 0;
  let begunAt = 0;
  let askedMs = 0;
  let crashMs = 0;
  let hasCrashed = false;
  let isBack = false;
  let stopping = false;
  /** BOUNDED by the crashes of one round. @type {number[]} microseconds */
  let samples = [];
  let asked = 0;
  let lost = 0;

  const send = (/** @type {ReturnType<typeof request>} */ { datagram, requestIdAt }) => {
    sequence = (sequence + 1) & 0x3fffffff;
    const id = ber.REQUEST_ID_BASE | sequence;
    datagram.writeUInt32BE(id, requestIdAt);
    socket.send(datagram);
    return id;
  };
  const sendCrash = () => {
    crashMs = performance.now();
    crashId = send(crash);
  };
  const sendAsk = () => {
    asked += 1;
    askedMs = performance.now();
    askId = send(ask);
  };
  const next = () => {
    hasCrashed = false;
    isBack = false;
    begunAt = monotonicMicros();
    sendCrash();
    sendAsk();
  };
  socket.on('message', (/** @type {Buffer} */ message) => {
    const receivedAt = monotonicMicros();
    if (stopping || !ber.scan(message)) return;
    const { requestId, errorStatus } = ber.found;
    if (requestId === crashId && errorStatus === GEN_ERR) hasCrashed = true;
    if (requestId === askId && !isBack) {
      const thrownAt = errorStatus === 0 ? message.readDoubleBE(message.length - 8) : 0;
      if (thrownAt < begunAt) sendAsk();
      else {
        isBack = true;
        samples.push(receivedAt - thrownAt);
      }
    }
    if (hasCrashed && isBack) next();
  });
  const resend = setInterval(() => {
    const now = performance.now();
    if (!hasCrashed && now - crashMs > TIMEOUT_MS) {
      lost += 1;
      sendCrash();
    }
    if (!isBack && now - askedMs > TIMEOUT_MS) {
      lost += 1;
      sendAsk();
    }
  }, TICK_MS);

  next();
  await new Promise((resolve) => setTimeout(resolve, job.warmupMs));
  samples = [];
  asked = lost = 0;
  const own = process.cpuUsage();
  const machine = machineMicros();
  const cpu = cpuMicros(job.pid);
  const begin = performance.now();
  await new Promise((resolve) => setTimeout(resolve, job.measureMs));
  stopping = true;
  clearInterval(resend);
  const elapsedMs = performance.now() - begin;
  const serverMicros = cpuMicros(job.pid) - cpu;
  const mine = process.cpuUsage(own);
  const generatorMicros = mine.user + mine.system;
  const othersMicros = Math.max(0, machineMicros() - machine - serverMicros - generatorMicros);
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (/** @type {number} */ share) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  return {
    elapsedMs,
    requests: samples.length,
    asked,
    lost,
    serverMicros,
    generatorMicros,
    othersMicros,
    p50: at(0.5),
    p99: at(0.99),
    longest: at(1),
  };
}
