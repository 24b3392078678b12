const SET = ['test/properties/set.property.test.ts'];
const CONCURRENT = ['test/properties/set-concurrency.property.test.ts'];
const RELATIONS = ['test/properties/set-relations.property.test.ts'];
const READ = ['test/properties/read.property.test.ts'];
const SHARED = ['test/src/front/shared-writes.property.test.ts'];
const COUNTERS = ['test/src/dispatch/counters.property.test.ts'];

/**
 * Registrations, the planning of SETs, answers and their counters: `src/agent`, `src/dispatch`.
 *
 * @type {readonly import('./index.mjs').Mutant[]}
 */
export const agentMutants = [
  {
    name: 'queue-stands-after-a-failure',
    says: 'Starts those that wait only after a SET that was committed.',
    file: 'src/agent/master-agent.ts',
    find: 'if (this.#queue.waiting > 0) this.#startWaitingSoon();',
    replace: "if (outcome.word === 'committed') this.#startWaitingSoon();",
    killedBy: ['PR-18'],
    tests: CONCURRENT,
  },
  {
    name: 'next-set-before-the-reads',
    says: 'Starts the next SET in the very turn in which one ends, before the reads that waited.',
    file: 'src/agent/master-agent.ts',
    find: `void nextTurn().then(() => {
      this.#isAboutToStart = false;
      this.#queue.startWaiting();
    });`,
    replace: `this.#isAboutToStart = false;
    this.#queue.startWaiting();`,
    killedBy: ['PR-20'],
    tests: ['test/properties/set-reads.property.test.ts'],
  },
  {
    name: 'rows-in-one-group',
    says: 'Groups the varbinds of a SET by table instead of by row.',
    file: 'src/agent/plan-set.ts',
    find: "`${definitionKey(object)}.${rowIndex.join('.')}`",
    replace: 'definitionKey(object)',
    killedBy: ['PR-06', 'PR-07'],
    tests: SET,
  },
  {
    name: 'columns-as-requested',
    says: 'Hands the columns of a row over in request order instead of ascending.',
    file: 'src/agent/plan-set.ts',
    find: 'changes.sort((left, right) => left.column - right.column);',
    replace: '',
    killedBy: ['PR-06'],
    tests: SET,
  },
  {
    name: 'index-from-zero',
    says: 'Numbers the varbinds that instrumentation refuses from 0.',
    file: 'src/agent/plan-set.ts',
    find: 'const checked = checkVarBind(registrations, varBind, i + 1);',
    replace: 'const checked = checkVarBind(registrations, varBind, i);',
    killedBy: ['PR-06', 'PR-10', 'PR-11'],
    tests: SET,
  },
  {
    name: 'two-values-for-one-instance',
    says: 'Takes two varbinds of one instance with different values: the phases may see either.',
    file: 'src/agent/plan-set.ts',
    find: '} else if (!equalValues(earlier, checked.value)) {',
    replace: '} else if (!equalValues(earlier, checked.value) && earlier === checked.value) {',
    killedBy: ['PR-15'],
    tests: RELATIONS,
  },
  {
    name: 'repeated-set-done-again',
    says: 'Knows a repeated SET only while the first is under way.',
    file: 'src/agent/repeated-sets.ts',
    find: 'known !== undefined && nowMs - known.atMs <= REPEAT_WINDOW_MS',
    replace: 'known?.request !== undefined',
    killedBy: ['PR-32'],
    tests: RELATIONS,
  },
  {
    name: 'repeated-set-of-anybody',
    says: 'Takes equal octets from another port for the same SET sent again.',
    file: 'src/agent/repeated-sets.ts',
    find: '`${requester.address} ${requester.port} ${latin1Of(identity)}`',
    replace: '`${requester.address} ${latin1Of(identity)}`',
    killedBy: ['PR-32'],
    tests: RELATIONS,
  },
  {
    name: 'repeat-window-without-its-edge',
    says: 'Does a SET again that comes exactly 5 s after the first.',
    file: 'src/agent/repeated-sets.ts',
    find: 'nowMs - known.atMs <= REPEAT_WINDOW_MS',
    replace: 'nowMs - known.atMs < REPEAT_WINDOW_MS',
    killedBy: ['PR-32'],
    tests: RELATIONS,
  },
  {
    name: 'request-id-cut',
    says: 'Answers with the low 31 bits of the request-id.',
    file: 'src/agent/responder.ts',
    find: 'requestId: request.pdu.requestId,',
    replace: 'requestId: request.pdu.requestId & 0x7fff_ffff,',
    killedBy: ['PR-22'],
    tests: READ,
  },
  {
    name: 'echo-written-anew',
    says: 'Encodes the varbinds of a successful SET anew instead of echoing their octets.',
    file: 'src/agent/responder.ts',
    find: "return this.#encode(request, 'noError', 0, request.pdu.varBindOctets);",
    replace: "return this.#encode(request, 'noError', 0, request.pdu.varBinds);",
    killedBy: ['PR-23'],
    tests: RELATIONS,
  },
  {
    name: 'v2-errors-in-v1',
    says: 'Answers SNMPv1 with the error statuses of SNMPv2.',
    file: 'src/agent/responder.ts',
    find: "const told = request.message.version === 'v1' ? toV1ErrorStatus(status) : status;",
    replace: 'const told = status;',
    killedBy: ['PR-40'],
    tests: RELATIONS,
  },
  {
    name: 'room-of-the-shortest-length',
    says: 'Reckons the room of a response without the length octets that a full one needs.',
    file: 'src/agent/responder.ts',
    find: 'while (room > 0 && responseSize(head, 0, 0, room) > limit) room -= 1;',
    replace: '',
    killedBy: ['PR-49'],
    tests: READ,
  },
  {
    name: 'one-set-variable',
    says: 'Counts a SET of several varbinds as one variable.',
    file: 'src/agent/responder.ts',
    find: "this.#add('snmpInTotalSetVars', request.pdu.varBinds.length);",
    replace: "this.#add('snmpInTotalSetVars', 1);",
    killedBy: ['PR-50'],
    tests: COUNTERS,
  },
  {
    name: 'exceptions-are-variables',
    says: 'Counts noSuchInstance and endOfMibView as variables that were retrieved.',
    file: 'src/agent/responder.ts',
    find: 'if (!isException(value)) count += 1;',
    replace: "if (value.type !== 'Null') count += 1;",
    killedBy: ['PR-50'],
    tests: COUNTERS,
  },
  {
    name: 'bad-version-as-parse-error',
    says: 'Counts a message of an unknown version as one that does not parse.',
    file: 'src/dispatch/dispatcher.ts',
    find: 'counters.snmpInBadVersions = (counters.snmpInBadVersions + 1) >>> 0;',
    replace: 'counters.snmpInASNParseErrs = (counters.snmpInASNParseErrs + 1) >>> 0;',
    killedBy: ['PR-50'],
    tests: COUNTERS,
  },
  {
    name: 'informs-uncounted',
    says: 'Drops what no agent answers without counting it.',
    file: 'src/dispatch/dispatcher.ts',
    find: 'counters.snmpUnknownPDUHandlers = (counters.snmpUnknownPDUHandlers + 1) >>> 0;',
    replace: '',
    killedBy: ['PR-50'],
    tests: COUNTERS,
  },
  {
    name: 'owner-of-the-next',
    says: 'Does not find the registration whose OID a name equals.',
    file: 'src/agent/registrations.ts',
    find: 'if (compareOids((sorted[middle] as Registration).oid, name) <= 0) low = middle + 1;',
    replace: 'if (compareOids((sorted[middle] as Registration).oid, name) < 0) low = middle + 1;',
    killedBy: ['PR-55'],
    tests: ['test/src/agent/registrations.test.ts'],
  },
  {
    name: 'registrations-stay',
    says: 'Removes only the first registration of a subtree that is unloaded.',
    file: 'src/agent/registrations.ts',
    find: 'this.#sorted.filter((registration) => registration.owner !== owner)',
    replace: `this.#sorted.filter(
        (registration, i) =>
          registration.owner !== owner ||
          this.#sorted.findIndex((other) => other.owner === owner) !== i,
      )`,
    killedBy: ['PR-55'],
    tests: ['test/src/agent/registrations.test.ts'],
  },
  {
    name: 'refused-for-what-is-not-kept',
    says: 'Refuses a SET for what an earlier one has set, which is rolled back then.',
    file: 'src/agent/master-agent.ts',
    find: 'if (mayWait && isDueToOthers(outcome)) {',
    replace: 'if (outcome.word === undefined) {',
    killedBy: ['TC-011'],
    tests: SHARED,
  },
];
