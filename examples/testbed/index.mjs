// The testbed agent: objects whose instrumentation behaves in documented ways, for trying a
// manager, a peer or a benchmark against. Communities are public, and meant to be.
import { defineAgent, scalar, table } from 'trellis-snmp';

const BIG_SIZE_DEFAULT = 1000;
const supervise = { intensity: 1000, periodMs: 10_000 };
const deadlines = { getMs: 500, setMs: 300 };

const bigRows = table.stored({ rows: rows(BIG_SIZE_DEFAULT), maxRows: 1_000_000 });

/** Rows 1 to `size` of tbBigTable, as the module describes them. */
function* rows(size) {
  for (let index = 1; index <= size; index++) {
    yield {
      tbBigIndex: index,
      tbBigName: `port${index}`,
      tbBigMac: Uint8Array.of(2, 0, index >>> 24, index >>> 16, index >>> 8, index),
      tbBigState: index % 2 === 1 ? 'up' : 'down',
      tbBigIn: BigInt(index) * 4_294_967_297n,
      tbBigOut: index,
    };
  }
}

export default defineAgent({
  access: {
    communities: {
      public: 'read',
      private: 'write',
      partial: {
        read: { include: ['tbScalars', 'tbFaultA'] },
        write: { include: ['tbScalars', 'tbFaultA'], exclude: ['tbA2'] },
      },
    },
  },
  mibs: [new URL('./TRELLIS-TESTBED-MIB.mib', import.meta.url)],
  async start(agent) {
    await agent.load('TRELLIS-TESTBED-MIB', [
      {
        subtree: 'tbScalars',
        supervise,
        deadlines,
        tbInteger: scalar.stored(),
        tbRanges: scalar.stored(),
        tbString: scalar.stored(),
        tbEnum: scalar.stored(),
        tbBits: scalar.stored(),
        tbOid: scalar.stored(),
        tbAddress: scalar.stored(),
        tbGauge: scalar.stored(),
        tbTicks: scalar.stored(),
        tbOpaque: scalar.stored(),
        tbHinted: scalar.stored(),
        tbCounter: { get: () => 4_294_967_295 },
        tbCounter64: { get: () => 18_446_744_073_709_551_615n },
        tbLock: scalar.stored(),
        tbWhen: scalar.stored(),
      },
      {
        name: 'tbBigTable',
        supervise,
        deadlines,
        tbBigTable: bigRows,
        tbBigSize: {
          get: () => bigRows.size,
          set(size) {
            bigRows.load(rows(size));
            return 'noError';
          },
          restore: true,
        },
      },
    ]);
  },
});
