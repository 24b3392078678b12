import type { Arbitrary } from 'fast-check';
import { isException } from '../../smi/index.js';
import { defineProperty } from '../property.js';
import type { FastCheck } from '../fast-check.js';
import { nameBefore } from '../survey/facts.js';
import type { Facts } from '../survey/facts.js';
import type { CrashPoint } from '../subject.js';
import type { Change, Trial } from '../trial.js';
import { varBindOf } from '../trial.js';
import { showValue } from '../values/show-value.js';
import { undecided, violated } from '../violation.js';
import { legalChanges, needsWritable } from './changes.js';

type Step =
  | { readonly kind: 'set'; readonly changes: readonly Change[] }
  | { readonly kind: 'crash'; readonly point: CrashPoint };

const MAX_CRASH_STEPS = 5;

function steps(fc: FastCheck, facts: Facts, points: readonly CrashPoint[]): Arbitrary<Step[]> {
  const sets = legalChanges(fc, facts, { maxLength: 3 }).map((changes): Step => ({
    kind: 'set',
    changes,
  }));
  const crashes = fc.constantFrom(...points).map((point): Step => ({ kind: 'crash', point }));
  return fc
    .array(fc.oneof(sets, crashes), { minLength: 1, maxLength: MAX_CRASH_STEPS })
    .filter((list) => list.some(({ kind }) => kind === 'crash'));
}

export const crashRecovery = defineProperty<readonly Step[]>({
  name: 'crash-recovery',
  promise: 'What was set with noError is still there when a part of the agent has started anew.',
  source: "this package's promise",
  needs: (facts, { crashPoints }) =>
    needsWritable(facts) ??
    (crashPoints.length === 0 ? 'no part of the agent can be restarted from here' : undefined),
  cases: (fc, facts, { subject }) => steps(fc, facts, subject.crashPoints),
  async check(list, trial) {
    /** By label, what was set last. BOUNDED by the steps of one case. */
    const set = new Map<string, Change>();
    for (const step of list) {
      if (step.kind === 'set') {
        const { errorStatus } = await trial.set(step.changes.map(varBindOf));
        trial.reach(errorStatus === 'noError' ? 'accepted' : 'refused');
        if (errorStatus !== 'noError') continue;
        for (const change of step.changes) set.set(change.instance.label, change);
      } else {
        await crash(step.point, [...set.values()], trial);
      }
    }
  },
});

async function crash(point: CrashPoint, set: readonly Change[], trial: Trial): Promise<void> {
  const { session, facts } = trial;
  const neighbours =
    set.length > 0 ? set.map(({ instance }) => instance) : facts.writable.slice(0, 3);
  const names = neighbours.map(({ name }) => name);
  const before = await session.read(names);
  if (before.some(isException)) undecided('an instance is not there any more');
  session.transcript.add({ kind: 'note', text: `here ${point.name} is restarted` });
  await point.crash();
  trial.reach('restarted');
  await trial.unchanged(neighbours, before, `${point.name} was restarted`);
  for (const { instance, value } of set) {
    const [now] = await session.read([instance.name]);
    if (now !== undefined && trial.isSame(instance, now, value)) continue;
    violated(
      `${instance.label} was set to ${showValue(value)} and reads ${now === undefined ? 'nothing' : showValue(now)} after the restart of ${point.name}`,
    );
  }
  for (const name of names) {
    const from = nameBefore(facts, name);
    const next = from === undefined ? undefined : await session.next(from);
    if (next === undefined || next.name.join('.') === name.join('.')) continue;
    violated(`after the restart of ${point.name} GETNEXT passes over ${trial.label(name)}`);
  }
}
