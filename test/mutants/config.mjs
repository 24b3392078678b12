const READ = ['test/src/config/read-config.test.ts'];

/**
 * Configurations: what is said against them, and what is not: `src/config`.
 *
 * @type {readonly import('./index.mjs').Mutant[]}
 */
export const configMutants = [
  {
    name: 'config-secret-shown',
    says: 'Shows the value that stands where a password is expected.',
    file: 'src/config/shape-problems.ts',
    find: 'if (isSecret(path)) return',
    replace: 'if (path.length === 0) return',
    killedBy: ['never shows a secret'],
    tests: READ,
  },
  {
    name: 'config-exposed-taken',
    says: 'Takes secrets from a file that everybody can read.',
    file: 'src/config/secret-reader.ts',
    find: 'if (!this.#surroundings.isExposed) return;',
    replace: "if (this.#surroundings.folder !== '') return;",
    killedBy: ['everybody can read secrets'],
    tests: READ,
  },
  {
    name: 'config-well-known-writes',
    says: 'Lets `private` write from anywhere, if the file says so.',
    file: 'src/config/access-checks.ts',
    find: 'const isOpen = !isLocal &&',
    replace: 'const isOpen = isLocal &&',
    killedBy: ['everybody knows may write'],
    tests: READ,
  },
  {
    name: 'config-first-problem-only',
    says: 'Does not look at users once something else was wrong.',
    file: 'src/config/read-config.ts',
    find: 'checkAccess(isOverridden',
    replace: 'if (parsed.success) checkAccess(isOverridden',
    killedBy: ['with all that is wrong with it'],
    tests: READ,
  },
  {
    name: 'config-last-key-counts',
    says: 'Takes the last of two equal keys.',
    file: 'src/config/json-text.ts',
    find: 'if (children.has(key)) this.#refuse',
    replace: 'if (children.size > 9) this.#refuse',
    killedBy: ['says where a text goes wrong'],
    tests: ['test/src/config/json-text.test.ts'],
  },
  {
    name: 'config-keys-for-everybody',
    says: 'Leaves a file that keys were written into as readable as it was.',
    file: 'src/config/config-users.ts',
    find: 'fchmodSync(descriptor, mode & 0o770);',
    replace: 'fchmodSync(descriptor, mode & 0o777);',
    killedBy: ['is closed to others'],
    tests: ['test/src/config/config-users.test.ts'],
  },
];
