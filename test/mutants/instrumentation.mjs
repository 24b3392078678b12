const TABLE = ['test/src/instrumentation/stored-table.property.test.ts'];
const POLICY = ['test/properties/row-policy.property.test.ts'];
const STORED = ['test/properties/stored-set.property.test.ts'];
const ROWS = ['test/src/instrumentation/stored-rows.property.test.ts'];

/**
 * What the runtime keeps for its users: `src/instrumentation`.
 *
 * @type {readonly import('./index.mjs').Mutant[]}
 */
export const instrumentationMutants = [
  {
    name: 'row-not-put-back',
    says: 'Leaves a row as the SET made it where the SET is rolled back.',
    file: 'src/instrumentation/stored-table-object.ts',
    find: 'if (now === applied.after) this.#put(group.rowIndex, applied.before);',
    replace: 'if (now === applied.before) this.#put(group.rowIndex, applied.before);',
    killedBy: ['PR-08', 'PR-39'],
    tests: TABLE,
  },
  {
    name: 'new-row-survives-rollback',
    says: 'Puts back rows that were changed, but does not remove those that were made.',
    file: 'src/instrumentation/stored-table-object.ts',
    find: 'if (row === undefined) this.cells.remove(rowIndex);',
    replace: 'if (row === undefined) this.cells.row(rowIndex);',
    killedBy: ['PR-08', 'PR-39'],
    tests: TABLE,
  },
  {
    name: 'rows-beyond-the-limit',
    says: 'Does not count the rows that earlier groups of the same SET will make.',
    file: 'src/instrumentation/row-plan.ts',
    find: 'cells.size + newRows >= rules.maxRows',
    replace: 'cells.size >= rules.maxRows',
    killedBy: ['PR-35'],
    tests: STORED,
  },
  {
    name: 'active-without-its-columns',
    says: 'Lets a row become active that lacks a column.',
    file: 'src/instrumentation/row-status.ts',
    find: `case 'active':
      return isComplete ? 'active' : 'inconsistentValue';
    case 'notInService':`,
    replace: `case 'active':
      return 'active';
    case 'notInService':`,
    killedBy: ['PR-38'],
    tests: POLICY,
  },
  {
    name: 'create-and-wait-goes',
    says: 'Makes a row active that was created to wait.',
    file: 'src/instrumentation/row-status.ts',
    find: "return rules.createAndWait ? unavailable(isComplete) : 'wrongValue';",
    replace: "return rules.createAndWait ? 'active' : 'wrongValue';",
    killedBy: ['PR-38'],
    tests: POLICY,
  },
  {
    name: 'busy-row-destroyed',
    says: 'Destroys a row that is in use.',
    file: 'src/instrumentation/row-status.ts',
    find: "return isBusy() ? 'inconsistentValue' : 'absent';",
    replace: "return 'absent';",
    killedBy: ['PR-38'],
    tests: POLICY,
  },
  {
    name: 'frozen-column-written',
    says: 'Lets a column be written that may not change while its row is active.',
    file: 'src/instrumentation/row-plan.ts',
    find: "(staysActive && isFrozen(rules, change) ? 'inconsistentValue' : undefined)",
    replace: "(staysActive && change.column < 0 ? 'inconsistentValue' : undefined)",
    killedBy: ['PR-38'],
    tests: POLICY,
  },
  {
    name: 'lock-does-not-count',
    says: 'Stores the value that matched a TestAndIncr instead of the next one.',
    file: 'src/instrumentation/stored-scalar.ts',
    find: 'const after = this.#isLock ? increment(change.wire) : change.wire;',
    replace: 'const after = change.wire;',
    killedBy: ['PR-37'],
    tests: STORED,
  },
  {
    name: 'stale-lock-is-set',
    says: 'Takes any value for a TestAndIncr.',
    file: 'src/instrumentation/stored-scalar.ts',
    find: "if (this.#isLock && !this.#matches(change.wire)) return 'inconsistentValue';",
    replace: '',
    killedBy: ['PR-37'],
    tests: STORED,
  },
  {
    name: 'lock-past-its-end',
    says: 'Counts a TestAndIncr on from 2147483647 instead of back to 0.',
    file: 'src/instrumentation/stored-value.ts',
    find: 'return value >= MAX_TEST_AND_INCR ? 0 : value + 1;',
    replace: 'return value + 1;',
    killedBy: ['PR-37'],
    tests: STORED,
  },
  {
    name: 'scalar-not-put-back',
    says: 'Leaves a stored scalar as the SET made it where the SET is rolled back.',
    file: 'src/instrumentation/stored-scalar.ts',
    find: 'this.#takeBack(group, applied);\n    return this.#options',
    replace: 'group.memo = undefined;\n    return this.#options',
    killedBy: ['PR-08'],
    tests: STORED,
  },
  {
    name: 'restored-too-late',
    says: 'Reads the before-image after isSetOk instead of before it.',
    file: 'src/instrumentation/restored.ts',
    find: `group.memo = new Restored(before);
      return vote();`,
    replace: `const answer = vote();
      group.memo = new Restored(undefined);
      return answer;`,
    killedBy: ['PR-08'],
    tests: ['test/properties/set.property.test.ts'],
  },
  {
    name: 'place-not-verified',
    says: 'Trusts the place that it remembers of the last seek, though rows have come and gone.',
    file: 'src/instrumentation/stored-rows.ts',
    find: 'if (next !== undefined && compareKey(next, arcs) > 0) {',
    replace: 'if (next !== undefined) {',
    killedBy: ['the rows of a table are a sorted list'],
    tests: ROWS,
  },
  {
    name: 'chunk-end-is-the-end',
    says: 'Takes the end of a chunk of rows for the end of the table.',
    file: 'src/instrumentation/stored-rows.ts',
    find: `if (this.#offset < keys.length) return true;
    this.#at += 1;`,
    replace: `if (this.#offset <= keys.length) return this.#offset < keys.length;
    this.#at += 1;`,
    killedBy: ['the rows of a table are a sorted list'],
    tests: ROWS,
  },
];
