// tbTrace: what the instrumentation was asked, one line a call.
import { table } from 'trellis-snmp';

const MAX_LINES = 1000;

/** The latest lines. BOUNDED by MAX_LINES. */
const lines = table.stored({ durable: false });
let calls = 0;

/** Adds a line. Reading never does. */
export function trace(line) {
  calls += 1;
  lines.insert({ tbTraceIndex: calls, tbTraceLine: line });
  if (lines.size > MAX_LINES) lines.delete({ tbTraceIndex: calls - MAX_LINES });
}

export const traceObjects = {
  tbTraceClear: {
    get: () => 'false',
    set(value) {
      if (value === 'true') lines.clear();
      return 'noError';
    },
    // What was emptied is gone: as a device's log would be.
  },
  tbTraceCount: { get: () => lines.size },
  tbTraceTable: lines,
};
