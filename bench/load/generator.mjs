/**
 * The load generator: a process of its own that takes jobs over IPC and reports what it counted.
 *
 * Guards three decisions. Closed loop: a fixed number of requests is outstanding, a response sends
 * the next one, so no server is overrun. Cheap: one performance.now() and one scan per response,
 * requests prebuilt with the request-id patched in place, connected sockets, no send callbacks.
 * Honest: the server's CPU time is taken here, at the very edges of the measured interval, because
 * a Node generator costs about as much as a bare echo and throughput alone would flatter a server.
 *
 * @typedef {object} Job
 * @property {number} port
 * @property {number} pid of the server, whose CPU time is read; 0 for none
 * @property {'simple' | 'walk'} kind
 * @property {import('./ber.mjs').RequestSpec} [request] of a simple job
 * @property {import('./usm.mjs').UsmSpec} [usm] asks in SNMPv3 as this user, at authPriv
 * @property {boolean} [vary] the last octet of the datagram runs through 0x30..0x39
 * @property {{ community: string, root: string, starts: string[], maxRepetitions?: number }} [walk]
 *   one walker per window slot; slot i starts at starts[i % n] and then again at root
 * @property {boolean} [echo] the server returns the request: a walk then repeats its first request
 * @property {number} sockets
 * @property {number} window outstanding requests, over all sockets. BOUNDED: at most 256
 * @property {number} warmupMs
 * @property {number} measureMs
 * @property {number} [stopAfterWalks] end when so many walks are complete (then measureMs is the deadline)
 * @property {number} [stopAfterRequests]
 * @property {{ request: import('./ber.mjs').RequestSpec, perSecond: number }} [beside] requests that are
 *   sent meanwhile, whatever comes of them, from a socket of their own
 */
import dgram from 'node:dgram';
import { cpuMicros, machineMicros } from '../lib/proc.mjs';
import * as ber from './ber.mjs';
import { runCrashes } from './crashes.mjs';
import { Histogram } from './histogram.mjs';
import { scanSealed, sealedRequests } from './usm.mjs';

const TIMEOUT_MS = 1000;
const TICK_MS = 50;
const BESIDE_TICK_MS = 10;
const SLOT_MASK = 0xff;

/** @param {number} port */
function openSocket(port) {
  const socket = dgram.createSocket({
    type: 'udp4',
    recvBufferSize: 2 << 20,
    sendBufferSize: 2 << 20,
  });
  return /** @type {Promise<dgram.Socket>} */ (
    new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('connect: no answer within 2 s')), 2000);
      socket.on('error', () => {}); // ECONNREFUSED of a server gone: seen as timeouts
      socket.connect(port, '127.0.0.1', () => {
        clearTimeout(late);
        resolve(socket);
      });
    })
  );
}

/** Requests that never change but for the request-id. @param {Job} job */
function simpleSlots(job) {
  const { datagram, requestIdAt } = ber.buildRequest(/** @type {any} */ (job.request));
  return Array.from({ length: job.window }, () => ({
    datagram: Buffer.from(datagram),
    requestIdAt,
  }));
}

/**
 * @param {Job} job @param {dgram.Socket} socket
 * @returns {Promise<{ datagram: Buffer, requestIdAt: number, template?: any }[]>} requestIdAt -1: it stays
 */
async function slotsOf(job, socket) {
  if (job.kind === 'walk') return walkSlots(job);
  if (job.usm === undefined || job.echo) return simpleSlots(job);
  const sealed = await sealedRequests(
    socket,
    /** @type {any} */ (job.request),
    job.usm,
    job.window,
  );
  return sealed.map((datagram) => ({ datagram, requestIdAt: -1 }));
}

/** Slots of a walk, each with a template of its own. @param {Job} job */
function walkSlots(job) {
  const walk = /** @type {NonNullable<Job['walk']>} */ (job.walk);
  return Array.from({ length: job.window }, (_, i) => {
    const template = ber.buildWalkTemplate(walk.community, walk.maxRepetitions);
    const start = ber.encodeOid(walk.starts[i % walk.starts.length]);
    const n = ber.setWalkOid(template, start, 0, start.length);
    return {
      template,
      requestIdAt: template.requestIdAt,
      datagram: template.buffer.subarray(0, n),
    };
  });
}

/**
 * Sends at a steady rate and waits for nothing. @param {Job} job
 * @returns {Promise<{ sent: number, good: number, failed: number, stop: () => void }>}
 */
async function sendBeside({ port, beside }) {
  const counts = { sent: 0, good: 0, failed: 0, stop: () => {} };
  if (beside === undefined) return counts;
  const socket = await openSocket(port);
  const { datagram, requestIdAt } = ber.buildRequest(beside.request);
  socket.on('message', (message) => {
    if (!ber.scan(message)) return;
    if (ber.found.errorStatus === 0) counts.good += 1;
    else counts.failed += 1;
  });
  const begin = performance.now();
  const timer = setInterval(() => {
    const due = ((performance.now() - begin) / 1000) * beside.perSecond;
    for (; counts.sent < due; counts.sent += 1) {
      datagram.writeUInt32BE(ber.REQUEST_ID_BASE + counts.sent, requestIdAt);
      socket.send(datagram);
    }
  }, BESIDE_TICK_MS);
  counts.stop = () => {
    clearInterval(timer);
    socket.close();
  };
  return counts;
}

/** @param {Job} job */
async function run(job) {
  const sockets = await Promise.all(
    Array.from({ length: job.sockets }, () => openSocket(job.port)),
  );
  const isWalk = job.kind === 'walk' && !job.echo;
  /** @type {{ datagram: Buffer, requestIdAt: number, template?: any }[]} */
  const slots = await slotsOf(job, sockets[0]);
  const isSealed = slots.every(({ requestIdAt }) => requestIdAt < 0);
  const scan = isSealed ? scanSealed : ber.scan;
  const root = isWalk ? ber.encodeOid(/** @type {any} */ (job.walk).root) : Buffer.alloc(0);
  const perRequest = isWalk ? 0 : (job.request?.bindings.length ?? 1);
  const sentAt = new Float64Array(job.window);
  const expected = new Int32Array(job.window);
  const fullPass = new Uint8Array(job.window);
  const passVarbinds = new Float64Array(job.window);
  const { walk } = job;
  if (isWalk && walk)
    for (let i = 0; i < job.window; i += 1)
      fullPass[i] = walk.starts[i % walk.starts.length] === walk.root ? 1 : 0;

  let sequence = 0;
  let measuring = false;
  let stopping = false;
  let requests = 0;
  let varbinds = 0;
  let errors = 0;
  let lost = 0;
  let strays = 0;
  let walks = 0;
  let walkVarbinds = -1;
  let histogram = new Histogram();
  const { stopAfterWalks = 0, stopAfterRequests = 0, vary = false } = job;
  /** @type {(value?: unknown) => void} */
  let stopNow = () => {};

  /** @param {number} slot @param {number} now */
  const send = (slot, now) => {
    const s = slots[slot];
    const d = s.datagram;
    sequence = (sequence + 1) & 0x3fffff;
    const id = ber.REQUEST_ID_BASE | (isSealed ? 0 : sequence << 8) | slot;
    expected[slot] = id;
    const at = s.requestIdAt;
    if (!isSealed) {
      d[at] = id >>> 24;
      d[at + 1] = id >>> 16;
      d[at + 2] = id >>> 8;
      d[at + 3] = slot;
    }
    if (vary) d[d.length - 1] = 0x30 + (sequence % 10);
    sentAt[slot] = now;
    sockets[slot % sockets.length].send(d);
  };

  /** Chains the next GETBULK of a walk to the last OID. @param {number} slot @param {Buffer} message */
  const advance = (slot, message) => {
    const f = ber.found;
    const s = slots[slot];
    ber.scanVarbinds(message);
    const inside =
      f.varbinds > 0 &&
      f.lastTag !== 0x82 &&
      ber.hasPrefix(message, f.lastOidAt, f.lastOidLength, root);
    if (inside) {
      varbinds += f.varbinds;
      passVarbinds[slot] += f.varbinds;
      s.datagram = s.template.buffer.subarray(
        0,
        ber.setWalkOid(s.template, message, f.lastOidAt, f.lastOidLength),
      );
      return;
    }
    const rest = ber.countUnder(message, root);
    varbinds += rest;
    walks += 1;
    if (fullPass[slot] === 1) walkVarbinds = passVarbinds[slot] + rest;
    fullPass[slot] = 1;
    passVarbinds[slot] = 0;
    s.datagram = s.template.buffer.subarray(0, ber.setWalkOid(s.template, root, 0, root.length));
    if (stopAfterWalks > 0 && walks >= stopAfterWalks) stopNow();
  };

  /** @param {Buffer} message */
  const onMessage = (message) => {
    if (stopping) return;
    if (!scan(message)) {
      strays += 1;
      return;
    }
    const id = ber.found.requestId;
    const slot = id & SLOT_MASK;
    if (expected[slot] !== id) {
      strays += 1;
      return;
    }
    const now = performance.now();
    histogram.record((now - sentAt[slot]) * 1000);
    requests += 1;
    if (ber.found.errorStatus !== 0 && !job.echo) errors += 1;
    if (isWalk) advance(slot, message);
    else varbinds += perRequest;
    if (stopAfterRequests > 0 && measuring && requests >= stopAfterRequests) {
      stopNow();
      return;
    }
    if (!stopping) send(slot, now);
  };
  for (const socket of sockets) socket.on('message', onMessage);
  const resend = setInterval(() => {
    const now = performance.now();
    for (let i = 0; i < job.window && !stopping; i += 1) {
      if (now - sentAt[i] > TIMEOUT_MS) {
        lost += 1;
        send(i, now);
      }
    }
  }, TICK_MS);

  const beside = await sendBeside(job);
  for (let i = 0; i < job.window; i += 1) send(i, performance.now());
  if (job.warmupMs > 0) await new Promise((resolve) => setTimeout(resolve, job.warmupMs));
  histogram = new Histogram();
  requests = varbinds = errors = lost = strays = 0;
  measuring = true;
  const own = process.cpuUsage();
  const machine = machineMicros();
  const cpu = job.pid > 0 ? cpuMicros(job.pid) : 0;
  const begin = performance.now();
  await new Promise((resolve) => {
    const timer = setTimeout(resolve, job.measureMs);
    stopNow = () => {
      stopping = true;
      clearTimeout(timer);
      resolve(undefined);
    };
  });
  const elapsedMs = performance.now() - begin;
  const serverMicros = job.pid > 0 ? cpuMicros(job.pid) - cpu : 0;
  const mine = process.cpuUsage(own);
  const generatorMicros = mine.user + mine.system;
  const othersMicros = Math.max(0, machineMicros() - machine - serverMicros - generatorMicros);
  stopping = true;
  clearInterval(resend);
  for (const socket of sockets) socket.close();
  beside.stop();
  return {
    elapsedMs,
    requests,
    varbinds,
    errors,
    lost,
    strays,
    walks,
    walkVarbinds,
    serverMicros,
    generatorMicros,
    othersMicros,
    p50: histogram.percentile(0.5),
    p99: histogram.percentile(0.99),
    beside: { sent: beside.sent, good: beside.good, failed: beside.failed },
  };
}

/** @param {import('./crashes.mjs').CrashJob} job */
async function runCrashJob(job) {
  const socket = await openSocket(job.port);
  try {
    return await runCrashes(job, socket);
  } finally {
    socket.close();
  }
}

process.on('message', (/** @type {Job | import('./crashes.mjs').CrashJob} */ job) => {
  (job.kind === 'crashes' ? runCrashJob(job) : run(job)).then(
    (result) => process.send?.({ ok: true, result }),
    (error) => process.send?.({ ok: false, error: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
