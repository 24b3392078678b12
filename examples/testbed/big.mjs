// tbBigTable: as many rows as tbBigSize says, held as real rows.
import { table } from 'trellis-snmp';

const DEFAULT_SIZE = 1000;
const MAX_SIZE = 1_000_000;

const bigTable = table.stored({ rows: rows(DEFAULT_SIZE), maxRows: MAX_SIZE, durable: false });

/** Rows 1 to `size`, as the module describes them. */
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

export const bigObjects = {
  tbBigTable: bigTable,
  tbBigSize: {
    get: () => bigTable.size,
    set(size) {
      bigTable.load(rows(size));
      return 'noError';
    },
    restore: true,
  },
};
