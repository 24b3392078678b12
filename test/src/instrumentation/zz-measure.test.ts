import { it } from 'vitest';
import { table } from '../../../src/instrumentation/table.js';
import type { ManagedTable } from '../../../src/instrumentation/managed-object.js';
import { COUNTER, COUNTER64, DISPLAY_STRING, environment, MAC_ADDRESS, ranged, tableObject, UNSIGNED, UP_DOWN } from './definitions.js';
const big = tableObject({
  tbBigIndex: { syntax: ranged(UNSIGNED, 1, 1_000_000), access: 'read-only' },
  tbBigName: { syntax: DISPLAY_STRING, access: 'read-only' },
  tbBigMac: { syntax: MAC_ADDRESS, access: 'read-only' },
  tbBigState: { syntax: UP_DOWN, access: 'read-only' },
  tbBigIn: { syntax: COUNTER64, access: 'read-only' },
  tbBigOut: { syntax: COUNTER, access: 'read-only' },
}, ['tbBigIndex']);
function* rows(n: number) {
  for (let i = 1; i <= n; i++) {
    const mac = new Uint8Array(6); mac[0] = 2; new DataView(mac.buffer).setUint32(2, i);
    yield { tbBigIndex: i, tbBigName: `port${i}`, tbBigMac: mac, tbBigState: i % 2 ? 'up' : 'down', tbBigIn: BigInt(i) * 4294967297n, tbBigOut: i };
  }
}
it('measure', () => {
  for (const n of [1000, 100_000, 100_000, 1000]) {
    const all = [...rows(n)];
    const spec = table.stored({});
    const t = spec.bind(big, environment()) as ManagedTable;
    let at = performance.now();
    spec.load(all);
    const build = performance.now() - at;
    for (let pass = 0; pass < 3; pass++) {
      at = performance.now();
      let count = 0;
      const cells = t.cells!;
      for (let c = cells.next(0, []); c; c = cells.next(c.column, c.rowIndex)) count++;
      const ms = performance.now() - at;
      console.log(n, 'build ms', build.toFixed(0), 'next ns', (ms * 1e6 / count).toFixed(0), count);
    }
    for (const col of [1,2,3,4,5,6]) {
      const cells = t.cells!; let count = 0; at = performance.now();
      for (let c = cells.next(col, []); c && c.column === col; c = cells.next(c.column, c.rowIndex)) count++;
      console.log(' col', col, ((performance.now() - at) * 1e6 / count).toFixed(0));
    }
    at = performance.now(); let x = 1;
    for (let i = 0; i < 200_000; i++) { x = (x * 48271) % 2147483647; t.cells!.get(6, [1 + x % n]); }
    console.log(' random get ns', ((performance.now() - at) * 5).toFixed(0));
    at = performance.now();
    for (let i = 0; i < 200_000; i++) { x = (x * 48271) % 2147483647; t.cells!.next(6, [1 + x % n]); }
    console.log(' random next ns', ((performance.now() - at) * 5).toFixed(0));
    at = performance.now();
    for (let i = 0; i < 100_000; i++) { const r = [1 + i % n]; for (let c = 1; c <= 6; c++) t.cells!.next(c, r); }
    console.log(' row-wise next ns', ((performance.now() - at) * 10 / 6).toFixed(0));
  }
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const spec = table.stored({});
  spec.bind(big, environment());
  const at = performance.now();
  spec.load(rows(1_000_000));
  const ms = performance.now() - at;
  globalThis.gc?.();
  console.log('1M: ms', ms.toFixed(0), 'bytes/row', ((process.memoryUsage().heapUsed - before) / 1e6).toFixed(0), 'rss', process.memoryUsage().rss >> 20);
  const a2 = performance.now();
  for (let i = 0; i < 50_000; i++) { spec.delete([i * 17 % 1_000_000 + 1]); }
  console.log('delete ns', ((performance.now() - a2) * 20).toFixed(0), spec.size);
}, 120_000);
