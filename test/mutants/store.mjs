const DURABLE = ['test/src/front/durable-agent.test.ts'];
const JOURNAL = ['test/src/set/set-journal.test.ts'];
const SHARED = ['test/src/front/shared-writes.property.test.ts'];

/**
 * What outlives the process, and when it is said to: `src/store`, and what stored objects leave
 * there.
 *
 * @type {readonly import('./index.mjs').Mutant[]}
 */
export const storeMutants = [
  {
    name: 'no-error-before-the-disk',
    says: 'Tells the manager noError while the state is still being written.',
    file: 'src/set/set-transaction.ts',
    find: 'if (kept === undefined) {',
    replace: 'kept?.catch(() => undefined);\n    if (phaseEnd !== undefined) {',
    killedBy: ['LIM-017'],
    tests: JOURNAL,
  },
  {
    name: 'volatile-rows-kept',
    says: 'Keeps every row, whatever its StorageType says.',
    file: 'src/instrumentation/kept-rows.ts',
    find: 'return storageSlot === undefined || KEPT_TYPES.has(row[storageSlot]);',
    replace: 'return storageSlot === undefined || row.length > 0;',
    killedBy: ['TC-010'],
    tests: DURABLE,
  },
  {
    name: 'rows-begin-anew',
    says: 'Begins a table with the rows of its program at every start.',
    file: 'src/instrumentation/kept-rows.ts',
    find: 'return kept === undefined ? undefined : this.#rows(kept);',
    replace: 'return undefined;',
    killedBy: ['TC-011'],
    tests: DURABLE,
  },
  {
    name: 'scalars-begin-anew',
    says: 'Writes scalars to the state, and never reads them.',
    file: 'src/instrumentation/stored-scalar.ts',
    find: 'if (value !== undefined && checkValue(syntax, value) === undefined) return value;',
    replace:
      'if (value !== undefined && checkValue(syntax, value) === undefined) return undefined;',
    killedBy: ['OTP-068', 'MIB-003'],
    tests: DURABLE,
  },
  {
    name: 'unfinished-for-ever',
    says: 'Leaves the before-images of a SET that was committed: the next start rolls it back.',
    file: 'src/store/durable-state.ts',
    find: 'if (wasPrepared) gathered.add({ key: this.#keyOf(transaction), value: undefined });',
    replace: 'if (wasPrepared && changes.length < 0) return undefined;',
    killedBy: ['docs/set.md 5'],
    tests: DURABLE,
  },
  {
    name: 'shared-write-taken-back-in-order',
    says: 'Rolls SETs that one write was for back first to last: the second one finds its own work.',
    file: 'src/store/gathered-sets.ts',
    find: 'for (const { reject } of this.#settlements.toReversed()) reject(error);',
    replace: 'for (const { reject } of this.#settlements) reject(error);',
    killedBy: ['LIM-017'],
    tests: SHARED,
  },
  {
    name: 'shared-write-half-undone',
    says: 'Writes back what the last of the SETs found that one write was for, not the first.',
    file: 'src/store/gathered-sets.ts',
    find: 'if (before !== undefined && !this.#before.has(key)) this.#before.set(key, before);',
    replace: 'if (before !== undefined) this.#before.set(key, before);',
    killedBy: ['LIM-017'],
    tests: SHARED,
  },
  {
    name: 'nothing-to-roll-back',
    says: 'Finds no object for what an earlier process left half done.',
    file: 'src/store/recovery.ts',
    find: "if (object === undefined || !object.provides('rollback')) return [];",
    replace: 'if (object === undefined || object.isWritable) return [];',
    killedBy: ['docs/set.md 5'],
    tests: DURABLE,
  },
];
