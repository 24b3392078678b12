import { formatOid, type ErrorStatus } from '../../smi/index.js';
import { defineProperty } from '../property.js';
import { refusedAs } from '../report/report.js';
import type { Answer } from '../session.js';
import { showValue } from '../values/show-value.js';
import { undecided, violated } from '../violation.js';
import { asSeenBy, illegalChange, needsWritable } from './changes.js';

export const refusesValuesOutsideTheSyntax = defineProperty({
  name: 'refuses-values-outside-the-syntax',
  promise: 'A value that the SYNTAX rules out is refused, and nothing changes.',
  source: 'RFC 3416 4.2.5 (3) to (6)',
  needs: needsWritable,
  cases: illegalChange,
  async check({ instance, value, why }, trial) {
    const before = await trial.readAll([instance]);
    const varBind = { name: instance.name, value };
    const answer = await trial.set([varBind], [varBind]);
    if (answer.errorStatus === 'noError') {
      violated(`${instance.label} takes ${showValue(value)}: ${why}`);
    }
    trial.reach(refusedAs(answer.errorStatus));
    checkSoleIndex(answer);
    await trial.unchanged([instance], before, `the SET answers ${answer.errorStatus}`);
  },
});

export const namesTheFault = defineProperty({
  name: 'names-the-fault-of-a-value',
  promise: 'The error-status says what is wrong with a value: its type, its length or the value.',
  source: 'RFC 3416 4.2.5 (3) to (6)',
  needs: needsWritable,
  cases: illegalChange,
  async check({ instance, value, why, faults }, trial) {
    const varBind = { name: instance.name, value };
    const { errorStatus } = await trial.set([varBind], [varBind]);
    const expected = faults.map((fault) => asSeenBy(trial.session.version, fault));
    if (errorStatus === 'noError') undecided('that it is accepted is another property');
    trial.reach(refusedAs(errorStatus));
    if ((expected as readonly ErrorStatus[]).includes(errorStatus)) return;
    violated(
      `${instance.label} set to ${showValue(value)} (${why}) answers ${errorStatus}, not ${expected.join(' or ')}`,
    );
  },
});

export const refusesWritesToReadOnly = defineProperty({
  name: 'refuses-writes-to-read-only',
  promise: 'An object of MAX-ACCESS read-only cannot be written, not even with its own value.',
  source: 'RFC 3416 4.2.5 (1), (2)',
  needs: ({ readOnly }) =>
    readOnly.length === 0
      ? 'nothing may be written, or no instance of a read-only object was found'
      : undefined,
  cases: (fc, { readOnly }) => fc.constantFrom(...readOnly),
  async check(instance, trial) {
    const [value] = await trial.readAll([instance]);
    if (value === undefined) return;
    const varBind = { name: instance.name, value };
    const answer = await trial.set([varBind], [varBind]);
    trial.reach(refusedAs(answer.errorStatus));
    const expected = ['notWritable', 'noAccess'] as const;
    const seen = expected.map((status) => asSeenBy(trial.session.version, status));
    if (!(seen as readonly ErrorStatus[]).includes(answer.errorStatus)) {
      violated(
        `writing ${instance.label} (${formatOid(instance.name)}), which is read-only, answers ${answer.errorStatus}, not ${seen[0]}`,
      );
    }
    checkSoleIndex(answer);
  },
});

/** Of a refused SET with one varbind. */
function checkSoleIndex({ errorStatus, errorIndex }: Answer): void {
  if (errorIndex !== 1)
    violated(`${errorStatus} of the only variable has error-index ${errorIndex}`);
}
