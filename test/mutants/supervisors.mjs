const OTP = ['test/supervisors/otp/supervisor.property.test.ts'];
const WINDOW = ['test/properties/restart-window.property.test.ts'];
const killedBy = ['PR-56', 'OTP supervisor'];

/**
 * The supervision kernel: `supervisors/otp`.
 *
 * @type {readonly import('./index.mjs').Mutant[]}
 */
export const supervisorMutants = [
  {
    name: 'intensity-one-too-few',
    says: 'Gives up at the last restart that is allowed.',
    file: 'supervisors/otp/restart-intensity.ts',
    find: 'recent.length <= limits.intensity',
    replace: 'recent.length < limits.intensity',
    killedBy,
    tests: WINDOW,
  },
  {
    name: 'intensity-one-too-many',
    says: 'Allows one restart more than declared.',
    file: 'supervisors/otp/restart-intensity.ts',
    find: 'recent.length <= limits.intensity',
    replace: 'recent.length <= limits.intensity + 1',
    killedBy,
    tests: WINDOW,
  },
  {
    name: 'window-without-its-edge',
    says: 'Forgets a restart that is exactly one period ago.',
    file: 'supervisors/otp/restart-intensity.ts',
    find: 'timeMs >= since',
    replace: 'timeMs > since',
    killedBy,
    tests: WINDOW,
  },
  {
    name: 'window-never-ends',
    says: 'Counts all restarts there ever were.',
    file: 'supervisors/otp/restart-intensity.ts',
    find: 'timeMs >= since',
    replace: 'timeMs >= 0 || timeMs >= since',
    killedBy,
    tests: WINDOW,
  },
  {
    name: 'rest-for-one-restarts-those-before',
    says: 'Restarts with a child those that were started before it.',
    file: 'supervisors/otp/strategy.ts',
    find: 'return ids.slice(ids.indexOf(failedId));',
    replace: 'return ids.slice(0, ids.indexOf(failedId) + 1);',
    killedBy,
    tests: OTP,
  },
  {
    name: 'transient-always-restarts',
    says: 'Restarts a transient child that went in order.',
    file: 'supervisors/otp/strategy.ts',
    find: 'return isAbnormal(reason);',
    replace: "return reason.kind !== 'normal';",
    killedBy,
    tests: OTP,
  },
  {
    name: 'all-significant-means-any',
    says: 'Ends with the first significant child where the last one should decide.',
    file: 'supervisors/otp/strategy.ts',
    find: 'return child.significant && !child.othersSignificant;',
    replace: 'return child.significant;',
    killedBy,
    tests: OTP,
  },
  {
    name: 'shutdown-forward',
    says: 'Stops the children in start order instead of in reverse.',
    file: 'supervisors/otp/crew.ts',
    find: 'for (const record of this.records.toReversed()) yield* this.stop(record);',
    replace: 'for (const record of this.records) yield* this.stop(record);',
    killedBy,
    tests: OTP,
  },
  {
    name: 'restart-stops-forward',
    says: 'Stops the siblings that are restarted together in start order.',
    file: 'supervisors/otp/supervision.ts',
    find: 'for (const record of concerned.toReversed()) {',
    replace: 'for (const record of concerned) {',
    killedBy,
    tests: OTP,
  },
  {
    name: 'retries-are-free',
    says: 'Does not count the repetition of a restart that failed: it tries for ever.',
    file: 'supervisors/otp/supervisor-machine.ts',
    find: `guard: 'retryAdmitted',
            target: 'restarting',
            actions: ['countRestart', { type: 'restartChildren', params: id }],`,
    replace: `guard: 'retryAdmitted',
            target: 'restarting',
            actions: [{ type: 'restartChildren', params: id }],`,
    killedBy,
    tests: OTP,
  },
  {
    name: 'temporary-kept',
    says: 'Keeps the spec of a temporary child that has ended.',
    file: 'supervisors/otp/crew.ts',
    find: "this.#kind === 'dynamic' || record.spec.restart === 'temporary'",
    replace: "this.#kind === 'dynamic'",
    killedBy,
    tests: OTP,
  },
];
