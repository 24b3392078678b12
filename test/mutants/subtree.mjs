const SET = ['test/properties/set.property.test.ts'];
const READS = ['test/properties/set-reads.property.test.ts'];
const VOTERS = ['test/properties/set-voters.property.test.ts'];

/**
 * One subtree and its incarnations: `src/subtree`.
 *
 * @type {readonly import('./index.mjs').Mutant[]}
 */
export const subtreeMutants = [
  {
    name: 'undo-forward',
    says: 'Undoes in the order of the votes instead of in reverse.',
    file: 'src/subtree/subtree-ref.ts',
    find: `groups.toReversed(),
      (group, next) => this.#undoOne('undo'`,
    replace: `groups,
      (group, next) => this.#undoOne('undo'`,
    killedBy: ['PR-05'],
    tests: SET,
  },
  {
    name: 'rollback-forward',
    says: 'Rolls back in the order of the sets instead of in reverse.',
    file: 'src/subtree/subtree-ref.ts',
    find: 'applied.toReversed()',
    replace: 'applied',
    killedBy: ['PR-05'],
    tests: SET,
  },
  {
    name: 'rollback-stops-at-a-failure',
    says: 'Ends the rollback of a subtree at the first group that cannot be rolled back.',
    file: 'src/subtree/subtree-ref.ts',
    find: `allRestored &&= restored;
            next();`,
    replace: `allRestored &&= restored;
            next(restored);`,
    killedBy: ['PR-29'],
    tests: SET,
  },
  {
    name: 'vote-index-in-the-group',
    says: 'Counts the error-index of a refusal within the row instead of the request.',
    file: 'src/subtree/group-results.ts',
    find: "{ kind: 'refused', status: answer.status, position: answer.position }",
    replace: `{
          kind: 'refused',
          status: answer.status,
          position: 1 + group.changes.findIndex(({ position }) => position === answer.position),
        }`,
    killedBy: ['PR-06'],
    tests: SET,
  },
  {
    name: 'late-yes-is-set',
    says: 'Goes on with set when the yes comes in after the deadline.',
    file: 'src/subtree/subtree-cell.ts',
    find: `const call = (): unknown => group.object.operate(operation, group, context);
    this.#call(`,
    replace: `const call = (): unknown => {
      const answer = group.object.operate(operation, group, context);
      if (operation !== 'isSetOk' || !(answer instanceof Promise)) return answer;
      return answer.then((vote) => {
        if (this.#end !== undefined) void group.object.operate('set', group, context);
        return vote;
      });
    };
    this.#call(`,
    killedBy: ['PR-24', 'PR-03', 'PR-08'],
    tests: SET,
  },
  {
    name: 'set-to-the-successor',
    says: 'Sends set to the incarnation that runs now, whoever it was that voted.',
    file: 'src/subtree/subtree-ref.ts',
    find: 'return open === undefined ? !this.#sets.isAny : open.cell.isAlive;',
    replace: 'return open !== undefined || !this.#sets.isAny;',
    also: [{ find: 'const { cell } = open;', replace: 'const cell = this.#cell ?? open.cell;' }],
    killedBy: ['PR-25'],
    tests: VOTERS,
  },
  {
    name: 'crash-keeps-the-subtree',
    says: 'Leaves a subtree reserved for a SET during which it crashed.',
    file: 'src/subtree/subtree-ref.ts',
    find: `if (open === undefined) return;
    this.#sets.end(open);`,
    replace: `if (open === undefined || !open.cell.isAlive) return;
    this.#sets.end(open);`,
    killedBy: ['PR-31', 'PR-35'],
    tests: SET,
  },
  {
    name: 'reads-see-half-a-set',
    says: 'Serves reads while a SET is between its first set and its end.',
    file: 'src/subtree/subtree-ref.ts',
    find: 'return this.isUp && !(this.#readsWait && this.#sets.isAnyApplying);',
    replace: 'return this.isUp;',
    killedBy: ['PR-20'],
    tests: READS,
  },
  {
    name: 'reads-wait-for-votes',
    says: 'Lets reads wait from the first isSetOk on.',
    file: 'src/subtree/subtree-ref.ts',
    find: '(this.#readsWait && this.#sets.isAnyApplying);',
    replace: '(this.#readsWait && this.#sets.isAny);',
    killedBy: ['PR-36'],
    tests: SET,
  },
  {
    name: 'reads-mix-before-and-after',
    says: 'Does not tell a read that spans turns that a SET came in between.',
    file: 'src/subtree/subtree-ref.ts',
    find: 'if (this.#readsWait) this.#changes += 1;',
    replace: '',
    killedBy: ['PR-20'],
    tests: READS,
  },
  {
    name: 'waiting-reads-forgotten',
    says: 'Does not wake the reads that waited for a SET: they hang until their deadline.',
    file: 'src/subtree/subtree-ref.ts',
    find: `if (this.#cell !== open.cell) this.#cell?.advance('set.ended');
      this.#waiting.look();`,
    replace: "if (this.#cell !== open.cell) this.#cell?.advance('set.ended');",
    killedBy: ['PR-20'],
    tests: READS,
  },
  {
    name: 'deadline-per-group',
    says: 'Gives every group the whole deadline of the phase, one after the other.',
    file: 'src/subtree/subtree-ref.ts',
    find: `const remainingMs = untilMs - this.#clock.nowMs();
          cell.operate('isSetOk', group, context, remainingMs`,
    replace: "cell.operate('isSetOk', group, context, this.deadlines.setMs",
    killedBy: ['PR-33'],
    tests: VOTERS,
  },
  {
    name: 'crash-is-survived',
    says: 'Goes on with an incarnation that threw.',
    file: 'src/subtree/subtree-cell.ts',
    find: "if (outcome.kind === 'threw' && !isSetError(outcome.error)) {",
    replace: "if (outcome.kind === 'threw' && operation !== 'set' && !isSetError(outcome.error)) {",
    killedBy: ['PR-27', 'PR-28', 'PR-01'],
    tests: SET,
  },
];
