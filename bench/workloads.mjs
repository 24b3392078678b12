/**
 * What is asked of whom: the same shapes of request for every server, with objects each one has.
 *
 * Guards the decision on "the same work": equal PDU type, equal number of varbinds, INTEGERs and
 * short strings, the same GETBULK (one repeater, fifty repetitions). Where a server lacks the
 * object, the README says what stands in for it.
 *
 * @typedef {{ title: string, names: string[] }} Workload
 * @typedef {object} Work what one server gets for one workload
 * @property {'simple' | 'walk'} kind
 * @property {import('./load/ber.mjs').RequestSpec} [request]
 * @property {import('./load/usm.mjs').UsmSpec} [usm] who asks in SNMPv3, instead of the community
 * @property {boolean} [vary]
 * @property {{ community: string, root: string, starts: string[], maxRepetitions?: number }} [walk] without maxRepetitions: by GETNEXT
 * @property {number} [expectVarbinds] of one complete walk
 * @property {() => Promise<void>} [before] prepares the server, outside of the measurement
 */
import * as ber from './load/ber.mjs';

export const MAX_REPETITIONS = 50;
export const BIG_SIZE = '1.3.6.1.4.1.32473.1.4.3.0';
export const COLUMNS = 6;

/** In running order: large tables last, so that the others see a small agent. */
export const WORKLOADS = /** @type {const} */ ({
  get1: { title: 'GET, 1 varbind', window: 32 },
  'get1-alone': { title: 'GET, 1 varbind, 1 outstanding', window: 1 },
  'get1-v3': { title: 'GET, 1 varbind, SNMPv3 authPriv (SHA-256, AES-128)', window: 32 },
  get10: { title: 'GET, 10 varbinds', window: 32 },
  getnext: { title: 'GETNEXT, 1 varbind', window: 32 },
  set: { title: 'SET of one scalar', window: 32 },
  'set-alone': { title: 'SET of one scalar, 1 outstanding', window: 1 },
  'walk-mib': { title: 'GETBULK walk of its own MIB', window: 8 },
  'walk-1k': { title: 'GETBULK walk, 1 000 rows', window: 8 },
  'next-1k': { title: 'GETNEXT walk, 1 000 rows', window: 8 },
  'walk-100k': { title: 'GETBULK walk, 100 000 rows', window: 8 },
  'walk-1m': { title: 'GETBULK walk, 1 000 000 rows', window: 8 },
  'next-1m': { title: 'GETNEXT walk, 1 000 000 rows', window: 8 },
});

/** A user of the testbed; peers are configured with the same. */
export const USM_USER = {
  name: 'writer',
  authPassword: 'auth-writer-pass',
  privPassword: 'priv-writer-pass',
};

const bindings = (/** @type {string[]} */ oids) => oids.map((oid) => ({ oid }));

/** @param {string[]} ten OIDs of ten scalars @param {ber.Binding} write @returns {Record<string, Work>} */
function scalars(ten, write) {
  const get = (/** @type {string[]} */ oids) => ({
    pdu: ber.GET,
    community: 'public',
    bindings: bindings(oids),
  });
  /** @type {Work} */
  const set = {
    kind: 'simple',
    vary: true,
    request: { pdu: ber.SET, community: 'private', bindings: [write] },
  };
  return {
    get1: { kind: 'simple', request: get(ten.slice(0, 1)) },
    'get1-alone': { kind: 'simple', request: get(ten.slice(0, 1)) },
    get10: { kind: 'simple', request: get(ten) },
    getnext: {
      kind: 'simple',
      request: { pdu: ber.GETNEXT, community: 'public', bindings: bindings(ten.slice(0, 1)) },
    },
    set,
    'set-alone': set,
  };
}

/** The first of them asked for in SNMPv3, for servers that have that user. @param {Record<string, Work>} works @returns {Record<string, Work>} */
export function withUser(works) {
  return { ...works, 'get1-v3': { ...works['get1'], kind: 'simple', usm: USM_USER } };
}

/** SNMPv2-MIB's scalars, for the peers. */
export function systemGroup() {
  const system = [6, 3, 4, 5, 7].map((n) => `1.3.6.1.2.1.1.${n}.0`);
  const snmp = [1, 3, 4, 6, 31].map((n) => `1.3.6.1.2.1.11.${n}.0`);
  return scalars([...system, ...snmp], { oid: '1.3.6.1.2.1.1.6.0', string: 'bench 0' });
}

/** A walk of everything there is, for servers without a table of our size. @returns {Record<string, Work>} */
export function ownMib() {
  return {
    'walk-mib': {
      kind: 'walk',
      walk: { community: 'public', root: '1.3', starts: ['1.3'], maxRepetitions: MAX_REPETITIONS },
    },
  };
}

/**
 * A walk of a table of six columns, its walkers spread evenly over it.
 * @param {string} entry @param {number} rows @returns {Work}
 */
export function tableWalk(entry, rows) {
  const walkers = WORKLOADS['walk-1k'].window;
  const starts = Array.from({ length: walkers }, (_, i) => {
    const cell = Math.floor((i * rows * COLUMNS) / walkers);
    return cell === 0 ? entry : `${entry}.${1 + Math.floor(cell / rows)}.${cell % rows}`;
  });
  return {
    kind: 'walk',
    expectVarbinds: rows * COLUMNS,
    walk: { community: 'public', root: entry, starts, maxRepetitions: MAX_REPETITIONS },
  };
}

/** The same cell by cell. @param {string} entry @param {number} rows @returns {Work} */
function nextWalk(entry, rows) {
  const { walk, ...work } = tableWalk(entry, rows);
  if (walk === undefined) return work;
  return { ...work, walk: { community: walk.community, root: walk.root, starts: walk.starts } };
}

/** TRELLIS-TESTBED-MIB. @param {(rows: number) => Promise<void>} setRows @returns {Record<string, Work>} */
export function testbed(setRows) {
  const ten = [1, 2, 3, 4, 5, 7, 8, 9, 11, 12].map((n) => `1.3.6.1.4.1.32473.1.1.${n}.0`);
  const entry = '1.3.6.1.4.1.32473.1.4.4.1';
  return {
    ...scalars(ten, { oid: ten[0] ?? '', integer: 0x130 }),
    'walk-1k': { ...tableWalk(entry, 1000), before: () => setRows(1000) },
    'next-1k': { ...nextWalk(entry, 1000), before: () => setRows(1000) },
    'walk-100k': { ...tableWalk(entry, 100_000), before: () => setRows(100_000) },
    'walk-1m': { ...tableWalk(entry, 1_000_000), before: () => setRows(1_000_000) },
    'next-1m': { ...nextWalk(entry, 1_000_000), before: () => setRows(1_000_000) },
  };
}

/** Every request of the testbed, for the echo. */
export function forEcho() {
  return testbed(async () => {});
}
