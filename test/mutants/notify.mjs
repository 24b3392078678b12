const SELECTION = ['test/src/notify/receivers.property.test.ts'];
const ROWS = ['test/src/front/notify-rows.test.ts'];
const COMMUNITIES = ['test/src/security/community.property.test.ts'];
const V3 = ['test/src/notify/v3-notifications.test.ts'];
const RECEIVERS = 'src/notify/receivers.ts';

/**
 * Who is told: `src/notify`, and the rows of SNMP-NOTIFICATION-MIB.
 *
 * @type {readonly import('./index.mjs').Mutant[]}
 */
export const notifyMutants = [
  {
    name: 'filter-hides-unnamed-objects',
    says: 'Keeps a notification back for an object that no filter speaks of.',
    file: 'src/notify/filter.ts',
    find: ': new MibView([{ subtree: [], included: true }, ...families]);',
    replace: ': this.#notifications;',
    killedBy: ['NOT-017'],
    tests: SELECTION,
  },
  {
    name: 'filter-looks-at-the-name-alone',
    says: 'Tells of an object that the filter excludes.',
    file: 'src/notify/filter.ts',
    find: 'objects.every((name) => this.#objects.includes(name))',
    replace: 'objects.every(() => true)',
    killedBy: ['NOT-016'],
    tests: SELECTION,
  },
  {
    name: 'told-for-each-row',
    says: 'Tells an address once for each row that selects it.',
    file: RECEIVERS,
    find: 'if (chosen.has(key)) continue;',
    replace: '',
    killedBy: ['NOT-021'],
    tests: SELECTION,
  },
  {
    name: 'told-once-for-both',
    says: 'Takes a trap and an inform to one address for the same.',
    file: RECEIVERS,
    find: 'const key = `${kind} ${address.name}`;',
    replace: 'const key = `trap ${address.name}`;',
    killedBy: ['NOT-021'],
    tests: SELECTION,
  },
  {
    name: 'empty-tag-selects',
    says: 'Lets a row without a tag select those addresses that have none.',
    file: RECEIVERS,
    find: "if (tag === '' || asked.has(selection)) continue;",
    replace:
      "if (asked.has(selection)) continue;\n    if (tag === '') tagged.set(tag, [...tables.addresses]);",
    killedBy: ['NOT-022'],
    tests: SELECTION,
  },
  {
    name: 'inactive-parameters-count',
    says: 'Tells by parameters that are out of service.',
    file: RECEIVERS,
    find: 'if (!params.isActive) {',
    replace: 'if (!params.isActive && params.messageModel > 3) {',
    killedBy: ['NOT-038'],
    tests: SELECTION,
  },
  {
    name: 'models-need-not-fit',
    says: 'Sends SNMPv2c in the name of a user.',
    file: RECEIVERS,
    find: 'if (model === undefined || SECURITY_MODEL[model] !== params.securityModel) {',
    replace: 'if (model === undefined) {',
    killedBy: ['NOT-036'],
    tests: SELECTION,
  },
  {
    name: 'secret-without-keys',
    says: 'Tells in the clear what was to be told at a level with keys.',
    file: RECEIVERS,
    find: "if (level !== 'noAuthNoPriv') {",
    replace: "if (level === 'authNoPriv') {",
    killedBy: ['NOT-036'],
    tests: SELECTION,
  },
  {
    name: 'told-without-end',
    says: 'Tells all whom the rows select, however many.',
    file: RECEIVERS,
    find: 'if (receivers.length - configured.length >= MAX_SELECTED_RECEIVERS) {',
    replace: 'if (receivers.length < 0) {',
    killedBy: ['no more are told than there is a reason for'],
    tests: SELECTION,
  },
  {
    name: 'community-of-any-context',
    says: 'Tells with a community that is for another context.',
    file: 'src/security/community.ts',
    find: 'entry.contextName === contextName &&',
    replace: '',
    killedBy: ['TGT-032'],
    tests: COMMUNITIES,
  },
  {
    name: 'community-of-another-place',
    says: 'Tells one address with the community that is for another.',
    file: 'src/security/community.ts',
    find: 'this.#targetOf(entry.transportTag, peer.address, peer.port) !== undefined),',
    replace: 'peer.port >= 0),',
    killedBy: ['TGT-032'],
    tests: COMMUNITIES,
  },
  {
    name: 'rows-told-by-own-leave',
    says: 'Asks no view of whoever is told by rows.',
    file: 'src/access-control.ts',
    find: 'return { ...tells, isKnown: true };',
    replace: 'return { ...tells, contextName: undefined, isKnown: false };',
    killedBy: ['NOT-036'],
    tests: ROWS,
  },
  {
    name: 'rows-remembered',
    says: 'Tells whom the rows selected before a manager changed them.',
    file: 'src/access-control.ts',
    find: '      notifies,\n      profiles,\n      filters,\n    ]) {',
    replace: '    ]) {',
    killedBy: ['NOT-043'],
    tests: ROWS,
  },
  {
    name: 'any-size',
    says: 'Sends more than the receiver can take.',
    file: RECEIVERS,
    find: 'maxSizeOctets: address.maxMessageSizeOctets || Infinity,',
    replace: 'maxSizeOctets: Infinity,',
    killedBy: ['NOT-039'],
    tests: ROWS,
  },
  {
    name: 'informs-of-nobody',
    says: 'Sends an inform of a user that usmUserTable does not have for its receiver.',
    file: 'src/notify/v3-notifications.ts',
    find: 'if (user === undefined) return NO_SUCH_USER_THERE;',
    replace: 'if (user === undefined) return undefined;',
    killedBy: ['are not sent where nobody has the name there'],
    tests: V3,
  },
];
