import { equalOids, type ErrorStatus, type VarBind } from '../../smi/index.js';
import { defineProperty } from '../property.js';
import { refusedAs } from '../report/report.js';
import type { Answer } from '../session.js';
import type { Change, Trial } from '../trial.js';
import { varBindOf } from '../trial.js';
import { undecided, violated } from '../violation.js';
import { asSeenBy, legalChanges, needsWritable } from './changes.js';
import { deepPoisons, plainPoison, varBindOfPoison, type Poison } from './poison.js';

interface PoisonedSet {
  readonly changes: readonly Change[];
  readonly poison: Poison;
  /** Where the poison stands; modulo the number of places. */
  readonly position: number;
}

/** The legal varbinds with the poison among them; the same instance is not set twice. */
async function poisoned({ changes, poison, position }: PoisonedSet, trial: Trial) {
  const kept = changes.filter(({ instance }) => !equalOids(instance.name, poison.name));
  const bad = await varBindOfPoison(poison, trial);
  const at = position % (kept.length + 1);
  const varBinds: VarBind[] = kept.map(varBindOf);
  varBinds.splice(at, 0, bad);
  return { instances: kept.map(({ instance }) => instance), varBinds, bad, at };
}

/**
 * Sends the SET; it must be refused, by the poison or by an object before it in the agent's own
 * judgement, and leave nothing behind.
 */
async function mustLeaveNoTrace(one: PoisonedSet, trial: Trial): Promise<Answer> {
  tellOfSaboteur(one.poison, trial);
  const { instances, varBinds, bad, at } = await poisoned(one, trial);
  const before = await trial.readAll(instances);
  const answer = await trial.set(varBinds, [bad]);
  const { errorStatus, errorIndex } = answer;
  const { why } = one.poison;
  if (errorStatus === 'noError') {
    if (one.poison.statuses.length > 0) violated(`a SET is accepted that cannot be: ${why}`);
    undecided('that this is accepted is the business of other properties');
  }
  trial.reach(refusedAs(errorStatus));
  await trial.unchanged(instances, before, `the SET answers ${errorStatus}`);
  if (errorStatus === 'undoFailed') {
    violated(`the SET answers undoFailed: an object can neither undo nor roll back (${why})`);
  }
  if (errorIndex !== at + 1) checkOtherCulprit(answer, varBinds, at, trial);
  else checkStatus(errorStatus, one.poison, trial);
  return answer;
}

/** Whoever replays the script must have it loaded. */
function tellOfSaboteur({ name }: Poison, { subject: { saboteur }, session }: Trial): void {
  if (saboteur === undefined || !equalOids(name, saboteur.name)) return;
  const text = `${saboteur.label} is the kit's own object: it is there while the subject is open`;
  session.transcript.add({ kind: 'note', text });
}

const SYNTAX_FAULTS: readonly ErrorStatus[] = [
  'wrongType',
  'wrongEncoding',
  'notWritable',
  'noAccess',
];

/** A legal value may be refused for reasons of the agent's own, but hardly for these. */
function checkOtherCulprit(
  { errorStatus, errorIndex }: Answer,
  varBinds: readonly VarBind[],
  at: number,
  trial: Trial,
): void {
  const named = varBinds[errorIndex - 1];
  const isPossible = named !== undefined && !SYNTAX_FAULTS.includes(errorStatus);
  if (isPossible) return;
  violated(
    `${errorStatus} comes with error-index ${errorIndex}, but it is variable ${at + 1} (${trial.show(varBinds[at] as VarBind)}) that is at fault`,
  );
}

function checkStatus(status: ErrorStatus, { statuses, why }: Poison, trial: Trial): void {
  const right = statuses.map((one) => asSeenBy(trial.session.version, one));
  if (right.length === 0 || (right as readonly ErrorStatus[]).includes(status)) return;
  violated(`the SET answers ${status}, not ${right.join(' or ')}: ${why}`);
}

export const setIsAtomic = defineProperty<PoisonedSet>({
  name: 'set-is-atomic',
  promise:
    'A SET with one variable that cannot be set changes none of the others, and the error-index names that one.',
  source: 'RFC 3416 4.2.5',
  needs: needsWritable,
  cases: (fc, facts) =>
    fc.record({
      changes: legalChanges(fc, facts),
      poison: plainPoison(fc, facts),
      position: fc.nat({ max: 5 }),
    }),
  async check(one, trial) {
    await mustLeaveNoTrace(one, trial);
  },
});

export const refusedSetLeavesNoTrace = defineProperty<PoisonedSet>({
  name: 'refused-set-leaves-no-trace',
  promise:
    'When one object votes no in phase one, what the others had prepared is undone without a trace.',
  source: 'RFC 3416 4.2.5',
  needs: (facts, subject) =>
    needsWritable(facts) ??
    (deepPoisons(facts, subject).length === 0
      ? 'no object was found that only its instrumentation can refuse'
      : undefined),
  cases: (fc, facts, { subject }) =>
    fc.record({
      changes: legalChanges(fc, facts),
      poison: fc.constantFrom(...deepPoisons(facts, subject)),
      position: fc.nat({ max: 5 }),
    }),
  async check(one, trial) {
    await mustLeaveNoTrace(one, trial);
  },
});

export const failedSetIsRolledBack = defineProperty({
  name: 'failed-set-is-rolled-back',
  promise: 'When one object fails to set in phase two, what the others did is rolled back.',
  source: 'RFC 3416 4.2.5',
  needs: (facts, { saboteur }) =>
    needsWritable(facts) ??
    (saboteur === undefined ? 'only inside the agent can a set be made to fail' : undefined),
  cases: (fc, facts) =>
    fc.record({ changes: legalChanges(fc, facts), position: fc.nat({ max: 5 }) }),
  async check({ changes, position }, trial) {
    const { saboteur } = trial.subject;
    if (saboteur === undefined) return;
    const poison: Poison = {
      name: saboteur.name,
      why: 'the saboteur of the kit fails to set',
      statuses: ['commitFailed', 'genErr'],
      value: () => Promise.resolve(saboteur.failsCommit),
    };
    await mustLeaveNoTrace({ changes, poison, position }, trial);
  },
});

export const allOrNothing = defineProperty({
  name: 'all-or-nothing',
  promise: 'Whatever an agent answers to a SET of legal values: all of it was done, or nothing.',
  source: 'RFC 3416 4.2.5',
  needs: needsWritable,
  cases: (fc, facts) => legalChanges(fc, facts, { maxLength: 8 }),
  async check(changes, trial) {
    const instances = changes.map(({ instance }) => instance);
    const before = await trial.readAll(instances);
    const { errorStatus } = await trial.set(changes.map(varBindOf));
    trial.reach(errorStatus === 'noError' ? 'accepted' : refusedAs(errorStatus));
    if (errorStatus !== 'noError') {
      await trial.unchanged(instances, before, `the SET answers ${errorStatus}`);
      if (errorStatus === 'undoFailed') violated('the SET answers undoFailed');
      return;
    }
    // What was written elsewhere than in these instances is another property's business.
    const after = await trial.session.read(instances.map(({ name }) => name));
    const done = changes.filter(({ instance, value }, i) => {
      const now = after[i];
      return now !== undefined && trial.isSame(instance, now, value);
    });
    if (done.length > 0 && done.length < changes.length) {
      violated(
        `the SET answers noError, and yet only ${done.map(({ instance }) => instance.label).join(', ')} of ${changes.length} variables were set`,
      );
    }
  },
});
