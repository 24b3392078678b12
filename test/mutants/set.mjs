const SET = ['test/properties/set.property.test.ts'];
const VOTERS = ['test/properties/set-voters.property.test.ts'];
const CONCURRENT = ['test/properties/set-concurrency.property.test.ts'];

/**
 * The two-phase SET: `src/set`.
 *
 * @type {readonly import('./index.mjs').Mutant[]}
 */
export const setMutants = [
  {
    name: 'set-on-own-vote',
    says: 'Sends set to a subtree as soon as its own vote is yes, not when the last vote is in.',
    file: 'src/set/set-transaction.ts',
    find: '({ participant, groups }, settle) => participant.vote(this.#facts, groups, settle),',
    replace: `({ participant, groups }, settle) =>
        participant.vote(this.#facts, groups, (votes) => {
          if (votes.every(({ kind }) => kind === 'accepted')) {
            participant.apply(this.#facts, groups, () => settle(votes));
          } else settle(votes);
        }),`,
    killedBy: ['PR-02', 'PR-08'],
    tests: SET,
  },
  {
    name: 'undo-to-the-refuser',
    says: 'Sends undo to every group of a refused SET, the one that refused included.',
    file: 'src/set/set-transaction.ts',
    find: "share.groups.filter((_, i) => votes[i]?.kind === 'accepted')",
    replace: 'share.groups.filter((_, i) => votes[i] !== undefined)',
    killedBy: ['PR-04', 'PR-01'],
    tests: SET,
  },
  {
    name: 'no-undo-beside-a-refusal',
    says: 'Forgets the groups that said yes in the subtree in which another one refused.',
    file: 'src/set/set-transaction.ts',
    find: "share.groups.filter((_, i) => votes[i]?.kind === 'accepted')",
    replace: "votes.every(({ kind }) => kind === 'accepted') ? share.groups : []",
    killedBy: ['PR-04', 'PR-01'],
    tests: SET,
  },
  {
    name: 'index-of-the-first-to-refuse',
    says: 'Answers with the refusal that came in first.',
    file: 'src/set/set-transaction.ts',
    find: 'this.#failure = combineVotes(all);',
    replace: `for (const share of this.#votes.keys()) {
      this.#failure ??= combineVotes(all.filter((one) => one.share === share));
    }`,
    killedBy: ['PR-11'],
    tests: SET,
  },
  {
    name: 'partial-effect-stays',
    says: 'Rolls back what was set, but not what may be: the group whose set crashed.',
    file: 'src/set/set-transaction.ts',
    find: "groupsThatAre('applied', 'unknown')",
    replace: "groupsThatAre('applied')",
    killedBy: ['PR-08', 'PR-10'],
    tests: SET,
  },
  {
    name: 'commit-failed-in-doubt',
    says: 'Answers commitFailed although a rollback failed.',
    file: 'src/set/set-transaction.ts',
    find: "() => (allIsRestored ? 'undo.completed' : 'undo.failed')",
    replace: "() => 'undo.completed'",
    killedBy: ['PR-09'],
    tests: SET,
  },
  {
    name: 'undo-failed-unheard',
    says: 'Takes a set that answered undoFailed for one that changed nothing.',
    file: 'src/set/set-transaction.ts',
    find: 'allIsRestored &&= isRestored && !isUnable;',
    replace: 'allIsRestored &&= isRestored;',
    killedBy: ['PR-09'],
    tests: SET,
  },
  {
    name: 'undo-after-set',
    says: 'Releases the reservation of a group that was set before it rolls it back.',
    file: 'src/set/set-transaction.ts',
    find: "groupsThatAre('notSet', 'void')",
    replace: "groupsThatAre('notSet', 'void', 'applied')",
    killedBy: ['PR-01'],
    tests: SET,
  },
  {
    name: 'unset-keep-their-reservations',
    says: 'Rolls back, but undoes nothing where a crash kept set from being called.',
    file: 'src/set/set-transaction.ts',
    find: "groupsThatAre('notSet', 'void')",
    replace: 'groupsThatAre()',
    killedBy: ['PR-01'],
    tests: SET,
  },
  {
    name: 'undo-failed-with-index',
    says: 'Answers undoFailed with an error-index.',
    file: 'src/set/outcome.ts',
    find: "status: 'undoFailed', position: 0",
    replace: "status: 'undoFailed', position: 1",
    killedBy: ['PR-09'],
    tests: SET,
  },
  {
    name: 'highest-refusal',
    says: 'Answers with the last refused varbind of the request instead of the first.',
    file: 'src/set/votes.ts',
    find: 'position < lowest.position',
    replace: 'position > lowest.position',
    killedBy: ['PR-11'],
    tests: SET,
  },
  {
    name: 'lost-vote-at-the-first-varbind',
    says: 'Answers a crash in phase one with the first varbind of the request, not of the subtree.',
    file: 'src/set/votes.ts',
    find: "if (vote?.kind === 'lost') refuse('genErr', group.firstPosition);",
    replace: "if (vote?.kind === 'lost') refuse('genErr', 1);",
    killedBy: ['PR-26'],
    tests: SET,
  },
  {
    name: 'votes-outlive-their-voter',
    says: 'Counts the yes of an incarnation that has gone down since.',
    file: 'src/set/votes.ts',
    find: "if (!holds && !votes.some((vote) => vote.kind === 'lost')) {",
    replace: 'if (votes.length === 0) {',
    killedBy: ['PR-25'],
    tests: VOTERS,
  },
  {
    name: 'highest-failure',
    says: 'Answers with the last varbind whose set failed instead of the first.',
    file: 'src/set/outcome.ts',
    find: 'position < lowest.position',
    replace: 'position > lowest.position',
    killedBy: ['PR-10', 'PR-06'],
    tests: SET,
  },
  {
    name: 'crash-in-set-unseen',
    says: 'Takes a set that threw, or was never answered, for one that worked.',
    file: 'src/set/outcome.ts',
    find: "if (result?.kind === 'unknown' || result?.kind === 'void') {",
    replace: "if (result?.kind === 'void') {",
    killedBy: ['PR-27', 'PR-28'],
    tests: SET,
  },
  {
    name: 'second-answer-counted',
    says: 'Counts a participant that answers twice for two.',
    file: 'src/set/set-transaction.ts',
    find: 'if (hasAnswered || this.#isOver) return;',
    replace: 'if (this.#isOver) return;',
    killedBy: ['PR-24'],
    tests: ['test/src/set/set-transaction.test.ts'],
  },
  {
    name: 'overtaking',
    says: 'Starts a SET that shares no subtree with a running one, past those that wait.',
    file: 'src/set/set-queue.ts',
    find: 'return isBlockedBy(set, this.#running) || isBlockedBy(set, earlier);',
    replace: 'return isBlockedBy(set, this.#running);',
    killedBy: ['PR-16'],
    tests: CONCURRENT,
  },
  {
    name: 'waiting-for-each-other',
    says: 'Lets a waiting SET wait for later ones too, which wait for it: a deadlock.',
    file: 'src/set/set-queue.ts',
    find: 'if (this.#isBlocked(waiting, earlier)) earlier.push(waiting);',
    replace: `const others = this.#waiting.filter((other) => other !== waiting);
      if (this.#isBlocked(waiting, others)) earlier.push(waiting);`,
    killedBy: ['PR-18'],
    tests: CONCURRENT,
  },
  {
    name: 'one-set-at-a-time',
    says: 'Lets every SET wait for every other one: a hung subtree delays all.',
    file: 'src/set/set-queue.ts',
    find: 'if (right.participants.has(participant)) return true;',
    replace: 'if (participant !== undefined) return true;',
    killedBy: ['PR-17'],
    tests: CONCURRENT,
  },
  {
    name: 'no-exclusion',
    says: 'Runs SETs of one subtree at the same time.',
    file: 'src/set/set-queue.ts',
    find: 'return isBlockedBy(set, this.#running) || isBlockedBy(set, earlier);',
    replace: 'return isBlockedBy(set, earlier);',
    killedBy: ['PR-16'],
    tests: CONCURRENT,
  },
];
