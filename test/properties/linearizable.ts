/**
 * Whether a history can be explained by doing its operations one at a time, each at some moment
 * between its start and its end (Wing and Gong's search). Imports nothing of the code under test.
 */
export interface Operation {
  readonly startedMs: number;
  readonly endedMs: number;
  /** What it writes; or, of a read, what it saw. */
  readonly kind: 'write' | 'read';
  /** By register. A register starts as 0. BOUNDED by what one request names. */
  readonly values: ReadonlyMap<string, number>;
}

/** @param history - at most 30 operations: which of them are done is a number's bits. */
export function isLinearizable(history: readonly Operation[]): boolean {
  /** States that led nowhere. BOUNDED by the orders tried, of one short history. */
  const failed = new Set<string>();
  const search = (done: number, state: ReadonlyMap<string, number>): boolean => {
    if (done === 2 ** history.length - 1) return true;
    const values = [...state].map(([name, value]) => `${name}=${value}`);
    const key = `${done} ${values.toSorted().join(' ')}`;
    if (failed.has(key)) return false;
    const open = history.filter((_, i) => (done & (1 << i)) === 0);
    const firstEndMs = Math.min(...open.map(({ endedMs }) => endedMs));
    for (const [i, { kind, startedMs, values }] of history.entries()) {
      // It may be next if none of the others ended before it started.
      if ((done & (1 << i)) !== 0 || startedMs > firstEndMs) continue;
      const fits = [...values].every(([name, value]) => (state.get(name) ?? 0) === value);
      if (kind === 'read' && !fits) continue;
      const next = kind === 'read' ? state : new Map([...state, ...values]);
      if (search(done | (1 << i), next)) return true;
    }
    failed.add(key);
    return false;
  };
  return search(0, new Map());
}
