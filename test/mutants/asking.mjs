const REQUESTS = ['test/src/dispatch/v3-requests.test.ts'];
const TIME = ['test/src/security/usm/remote-engines.property.test.ts'];
const PATH = ['test/properties/manager-user.property.test.ts'];
const PROCEDURE = 'src/dispatch/v3-requests.ts';
const ENGINES = 'src/security/usm/remote-engines.ts';
const REPLIES = 'src/security/usm/replies.ts';

/**
 * The side of SNMPv3 that asks: finding engines, their time, and what is taken for an answer.
 *
 * @type {readonly import('./index.mjs').Mutant[]}
 */
export const askingMutants = [
  {
    name: 'time-goes-back',
    says: 'Learns the time from any authentic message, older ones too.',
    file: ENGINES,
    find: '(engineBoots === this.#boots && engineTimeSeconds > this.#latestTimeSeconds)',
    replace: 'engineBoots === this.#boots',
    killedBy: ['USM-019'],
    tests: TIME,
  },
  {
    name: 'no-window',
    says: 'Takes messages of the same life of the engine, however old.',
    file: ENGINES,
    find: 'return engineTimeSeconds >= this.#timeNow() - TIME_WINDOW_SECONDS;',
    replace: 'return true;',
    killedBy: ['USM-018'],
    tests: [...TIME, ...REQUESTS],
  },
  {
    name: 'time-of-anybody',
    says: 'Believes what time it is of whoever says so.',
    file: ENGINES,
    find: 'if (!this.#isAuthentic) this.#setTime(time);',
    replace: 'this.#setTime(time);',
    killedBy: ['is what was supposed until something authentic comes'],
    tests: TIME,
  },
  {
    name: 'keeps-what-was-supposed',
    says: 'Holds the first authentic time against what was merely said before.',
    file: ENGINES,
    find: 'this.#setTime({ engineBoots: 0, engineTimeSeconds: 0 });',
    replace: '',
    killedBy: ['a signed request settles', 'is what was supposed'],
    tests: [...TIME, ...PATH],
  },
  {
    name: 'digest-not-looked-at',
    says: 'Takes a reply that says it is signed for one that is.',
    file: REPLIES,
    find: 'user.auth?.verifies(datagram, parameters.authParameters) !== true',
    replace: 'user.auth === undefined',
    killedBy: ['USM-058', 'MPD-018'],
    tests: REQUESTS,
  },
  {
    name: 'unsigned-response',
    says: 'Takes a response without a signature for the answer to a signed request.',
    file: PROCEDURE,
    find: "if (this.#asker.level !== 'noAuthNoPriv') return discarded('wrongLevel');",
    replace: '',
    killedBy: ['without a signature', 'MPD-018'],
    tests: REQUESTS,
  },
  {
    name: 'lower-level-response',
    says: 'Takes a response that is signed only for the answer to an encrypted request.',
    file: PROCEDURE,
    find: "if (level !== this.#asker.level) return discarded('wrongLevel');",
    replace: '',
    killedBy: ['MPD-018'],
    tests: REQUESTS,
  },
  {
    name: 'follows-engines-for-ever',
    says: 'Sends again for each other engine that somebody names.',
    file: PROCEDURE,
    find: 'this.#enginesFound >= MAX_ENGINES_FOUND',
    replace: 'this.#enginesFound < 0',
    killedBy: ['is not sent again and again'],
    tests: REQUESTS,
  },
  {
    name: 'follows-each-report',
    says: 'Ends a request by the Report to an earlier repetition of it.',
    file: PROCEDURE,
    find: "this.#forgetSent();\n    return { kind: 'again' };",
    replace: "return { kind: 'again' };",
    killedBy: ['follows a Report that comes twice'],
    tests: REQUESTS,
  },
  {
    name: 'from-anywhere',
    says: 'Takes an answer from another address than was asked.',
    file: PROCEDURE,
    find: "if (!conversation.accepts(place)) return { owner, heard: discarded('wrongSource') };",
    replace: '',
    killedBy: ['MPD-018'],
    tests: REQUESTS,
  },
  {
    name: 'messages-never-forgotten',
    says: 'Remembers the messages of requests that have ended.',
    file: PROCEDURE,
    find: 'for (const msgId of this.#sent.keys()) this.#parts.open.delete(msgId);',
    replace: '',
    killedBy: ['MPD-017'],
    tests: REQUESTS,
  },
];
