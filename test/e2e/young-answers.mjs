// Walks a stored table by GETBULK while V8 marks its heap, before the code of the walk is optimised;
// then, with nothing else going on, prints what each further varbind leaves in old space, in octets.
//
//   node --expose-gc --single-threaded-gc young-answers.mjs
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { answerGetBulk } from '../../dist/src/agent/read/get-bulk.js';
import { RowCells } from '../../dist/src/instrumentation/stored-cells.js';

const ROWS = 10_000;
const MAX_REPETITIONS = 50;
/** So few that no code is optimised yet, and enough for V8, which decides by a hundred objects. */
const ROUNDS_MARKED = 4;
const REQUESTS_MARKED = 4;
const REQUESTS_TO_OPTIMISE = 5000;
const REQUESTS_MEASURED = 4000;
/** The largest new space of Node 20: two halves of 16 MiB. Below it V8 decides nothing for good. */
const LARGEST_NEW_SPACE_OCTETS = 32 * 1024 * 1024;
const MAX_ROUNDS_OF_GROWTH = 100;

const oid = [1, 3, 6, 1, 4, 1, 32473, 1, 4, 4];
const readable = ['OctetString', 'Integer32', 'Counter64'].map((type, slot) => ({
  column: slot + 2,
  type,
  slot,
  indexPart: -1,
}));
const index = { column: 1, type: 'Gauge32', slot: -1, indexPart: 0 };
const cells = new RowCells({
  slots: readable,
  items: [],
  hasNumberIndex: true,
  readable: [index, ...readable],
});
const numbers = Array.from({ length: ROWS }, (_, i) => i + 1);
cells.load(
  numbers,
  numbers.map((n) => [`port${n}`, n, BigInt(n) << 33n]),
);

const table = { oid, object: { kind: 'table', oid, cells }, owner: { id: 't', isReadable: true } };
const request = {
  version: 'v2c',
  view: { isAll: true, includes: () => true, overlaps: () => true },
  registrations: { size: 1, version: 1, at: (i) => (i === 0 ? table : undefined), floor: () => 0 },
  clock: { nowMs: () => 0 },
};

let name = oid;
function walk(requests) {
  for (let i = 0; i < requests; i++) {
    const pdu = { nonRepeaters: 0, maxRepetitions: MAX_REPETITIONS, varBinds: [{ name }] };
    const { varBinds } = answerGetBulk({ ...request }, pdu, 65_000);
    const last = varBinds.at(-1);
    name = last.value.type === 'endOfMibView' ? oid : last.name;
  }
}

const space = (wanted) =>
  getHeapSpaceStatistics().find(({ space_name: found }) => found === wanted);

for (let round = 0; round < MAX_ROUNDS_OF_GROWTH; round++) {
  if (space('new_space').space_size >= LARGEST_NEW_SPACE_OCTETS) break;
  globalThis.kept = Array.from({ length: 200_000 }, (_, n) => ({ n }));
}
globalThis.kept = undefined;
globalThis.gc();
for (let round = 0; round < ROUNDS_MARKED; round++) {
  setFlagsFromString('--stress-incremental-marking');
  globalThis.kept = Array.from({ length: 20_000 }, (_, n) => ({ n }));
  walk(REQUESTS_MARKED);
  setFlagsFromString('--no-stress-incremental-marking');
  globalThis.gc();
}
walk(REQUESTS_TO_OPTIMISE);
globalThis.gc();
const before = space('old_space').space_used_size;
walk(REQUESTS_MEASURED);
const left = space('old_space').space_used_size - before;
console.log(`${(left / (REQUESTS_MEASURED * MAX_REPETITIONS)).toFixed(1)} octets`);
