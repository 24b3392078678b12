const LINES = ['test/src/manager/line.test.ts'];
const WALKS = ['test/src/manager/walk.test.ts', 'test/src/manager/defects-of-others.test.ts'];

/**
 * Requests and walks: `src/manager`.
 *
 * @type {readonly import('./index.mjs').Mutant[]}
 */
export const managerMutants = [
  {
    name: 'neighbours-kept',
    says: 'Who left a line still knows who stood behind, so that all who came since stay in memory.',
    file: 'src/manager/line.ts',
    find: '    place.after = undefined;\n',
    replace: '',
    killedBy: ['who left a line keeps nobody of it alive'],
    tests: LINES,
  },
  {
    name: 'slot-for-id',
    says: 'Takes the response to a request for that to another one whose id ends alike.',
    file: 'src/manager/request-ids.ts',
    find: 'return item?.requestId === requestId ? item : undefined;',
    replace: 'return item;',
    killedBy: ['a request-id finds its request, and no other one'],
    tests: LINES,
  },
  {
    name: 'id-in-use',
    says: 'Gives a request an id whose slot is taken.',
    file: 'src/manager/request-ids.ts',
    find: '} while (this.#slots[this.#last & mask] !== undefined);',
    replace: '} while (false);',
    killedBy: ['those in use are passed over'],
    tests: LINES,
  },
  {
    name: 'asked-peers-forgotten',
    says: 'Forgets where a request is under way, so that the window of its target is open anew.',
    file: 'src/manager/peers.ts',
    find: 'if (isIdle(peer)) ports.delete(port);',
    replace: 'ports.delete(port);',
    killedBy: ['are forgotten when too many are idle, all but those with a request'],
    tests: ['test/src/manager/peers.test.ts'],
  },
  {
    name: 'walk-past-subtree',
    says: 'Goes on to the end of the MIB.',
    file: 'src/manager/walk.ts',
    find: 'if (this.#limits.subtree !== false && !hasPrefix(name, this.#root)) return this.#end();',
    replace: '',
    killedBy: ['a walk gives the subtree'],
    tests: WALKS,
  },
  {
    name: 'steps-at-once',
    says: 'Asks again for what was asked for already where a program does not wait between steps.',
    file: 'src/manager/walk.ts',
    find: 'if (this.#pending !== undefined) return this.#inTurn(() => this.#step());',
    replace: 'if (this.#pending !== undefined) return this.#step();',
    killedBy: ['calls for the next of a walk are answered in order'],
    tests: WALKS,
  },
  {
    name: 'order-within-a-response',
    says: 'Holds each name against the one that was asked for, not the one before it.',
    file: 'src/manager/walk.ts',
    find: '    this.#at = name;\n    return',
    replace: '    if (this.#next === this.#received.length) this.#at = name;\n    return',
    killedBy: ['do not increase within one response'],
    tests: WALKS,
  },
];
