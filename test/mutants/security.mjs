const USERS = ['test/src/front/usm-users.test.ts'];
const BOUNDS = ['test/src/dispatch/v3-bounds.test.ts'];
const ROWS = 'src/agent/builtin/user-rows.ts';

/**
 * Who asks in SNMPv3: `src/security/usm`, and the table of users.
 *
 * @type {readonly import('./index.mjs').Mutant[]}
 */
export const securityMutants = [
  {
    name: 'active-with-cloned-keys',
    says: 'Lets a user be active with the keys of another one.',
    file: ROWS,
    find: 'if (row.authKey === undefined || (made & MADE.ownAuthKey) === 0) return false;',
    replace: 'if (row.authKey === undefined) return false;',
    killedBy: ['USM-047'],
    tests: USERS,
  },
  {
    name: 'own-key-of-anybody',
    says: "Lets anybody change a user's own key.",
    file: ROWS,
    find: "if (!isSelf || requester.securityLevel === 'noAuthNoPriv') throw",
    replace: "if (isSelf && requester.securityLevel === 'noAuthNoPriv') throw",
    killedBy: ['USM-039'],
    tests: USERS,
  },
  {
    name: 'cloned-again',
    says: 'Clones each time that it is told to.',
    file: ROWS,
    find: "const isCloning = isWritten(change, 'usmUserCloneFrom') && (draft.made & MADE.cloned) === 0;",
    replace: "const isCloning = isWritten(change, 'usmUserCloneFrom');",
    killedBy: ['USM-042'],
    tests: USERS,
  },
  {
    name: 'removed-user-stays',
    says: 'Lets a user in who was taken out of the table.',
    file: 'src/agent/builtin/usm.ts',
    find: 'this.#users.remove(usmUserName);\n',
    replace: '',
    killedBy: ['USM-049'],
    tests: USERS,
  },
  {
    name: 'configuration-always-counts',
    says: 'Brings a password back that was changed by a manager.',
    file: 'src/agent/builtin/usm.ts',
    find: 'if (mine !== undefined && isSame(mine.origin, origin)) wanted.delete(usmUserName);',
    replace: 'if (mine !== undefined && mine.origin === origin) wanted.delete(usmUserName);',
    killedBy: ['until what is configured becomes another'],
    tests: USERS,
  },
  {
    name: 'digest-of-any-length',
    says: 'Makes a digest to compare it with one that has another length.',
    file: 'src/security/usm/authentication.ts',
    find: 'if (end - start !== this.digestOctets) return false;',
    replace: 'if (end < start) return false;',
    killedBy: ['LIM-008'],
    tests: BOUNDS,
  },
];
