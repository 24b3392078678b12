const PROPERTY = ['test/src/mib/outline.property.test.ts'];
const UNIT = ['test/src/mib/outline.test.ts'];
const SAME = ['has the names and OIDs that the compiler finds'];

/**
 * Names and OIDs without the compiler: `src/mib/outline`.
 *
 * @type {readonly import('./index.mjs').Mutant[]}
 */
export const outlineMutants = [
  {
    name: 'outline-believes-any-clause',
    says: 'Reads on where a definition was forgotten to be ended, and loses the next one.',
    file: 'src/mib/outline/skip-clauses.ts',
    find: 'if (word === 0 ? macros.isLike(tokens) : !isOfClauses(word)) notPlain();',
    replace: 'if (word === 0 && macros.isLike(tokens)) notPlain();',
    killedBy: SAME,
    tests: PROPERTY,
  },
  {
    name: 'outline-first-of-a-name',
    says: 'Takes every definition of a name for the first one.',
    file: 'src/mib/outline/outline.ts',
    find: 'if (this.columns.length(node) === ODD || module.isRepeated(name)) {',
    replace: 'if (this.columns.length(node) === ODD) {',
    killedBy: SAME,
    tests: PROPERTY,
  },
  {
    name: 'outline-keeps-what-it-gave-up',
    says: 'Forgets the nodes of a text that it gives up, but not who was the last of each name.',
    file: 'src/mib/outline/node-columns.ts',
    find: '      this.#last[this.#names[node] as number] = (this.#earlier[node] as number) + 1;\n',
    replace: '',
    killedBy: ['leaves nothing behind of a text that it gives up'],
    tests: UNIT,
  },
  {
    name: 'outline-order-of-coming',
    says: 'Lists the places below another in the order in which they came.',
    file: 'src/mib/outline/place-tree.ts',
    find: 'if (at >= to) return;',
    replace: 'if (at >= 0) return;',
    killedBy: ['is in order of the OIDs'],
    tests: UNIT,
  },
];
