import { equalOids, equalValues, isException, type ErrorStatus } from '../../smi/index.js';
import { defineProperty } from '../property.js';
import { refusedAs } from '../report/report.js';
import type { Answer } from '../session.js';
import type { Change, Trial } from '../trial.js';
import { varBindOf } from '../trial.js';
import { legalValues } from '../values/legal-values.js';
import { sameValue } from '../values/same-value.js';
import { showValue } from '../values/show-value.js';
import { undecided, violated } from '../violation.js';
import { illegalChange, legalChange, legalChanges, needsWritable } from './changes.js';

/** Violated where one of the values that were set is not what is read now. */
export async function checkReadBack(changes: readonly Change[], trial: Trial): Promise<void> {
  const values = await trial.session.read(changes.map(({ instance }) => instance.name));
  for (const [i, { instance, value }] of changes.entries()) {
    const now = values[i];
    const { syntax } = instance.object;
    if (now !== undefined && sameValue(syntax, value, now)) continue;
    violated(
      `${instance.label} was set to ${showValue(value, syntax)} with noError and reads ${now === undefined ? 'nothing' : showValue(now, syntax)}`,
    );
  }
}

export const readBackOfWhatWasSet = defineProperty({
  name: 'read-back-of-what-was-set',
  promise: 'After noError every object of the SET reads the value it was given.',
  source: 'RFC 3416 4.2.5',
  needs: needsWritable,
  mustReach: ['accepted'],
  cases: (fc, facts) => legalChanges(fc, facts),
  async check(changes, trial) {
    await trial.readAll(changes.map(({ instance }) => instance));
    const { errorStatus } = await trial.set(changes.map(varBindOf));
    if (errorStatus !== 'noError') {
      trial.reach(refusedAs(errorStatus));
      if (errorStatus === 'wrongType' || errorStatus === 'wrongEncoding') {
        violated(`values of the right types are refused with ${errorStatus}`);
      }
      return;
    }
    trial.reach('accepted');
    await checkReadBack(changes, trial);
  },
});

/** Their error-index is 0. */
const NAMES_NO_VARIABLE: readonly ErrorStatus[] = ['noError', 'tooBig', 'authorizationError'];

/** The agent itself says that it does not know what the objects hold now (RFC 3416 4.2.5). */
function isUndoFailed({ errorStatus, errorIndex }: Answer, isV1: boolean): boolean {
  return errorStatus === 'undoFailed' || (isV1 && errorStatus === 'genErr' && errorIndex === 0);
}

export const setResponseEchoesTheRequest = defineProperty({
  name: 'set-response-echoes-the-request',
  promise:
    'The response to a SET has the names and values of the request, and an error-index that points into it.',
  source: 'RFC 3416 4.2.5',
  needs: needsWritable,
  cases: (fc, facts) =>
    fc.record({
      changes: legalChanges(fc, facts),
      illegal: fc.option(illegalChange(fc, facts), { freq: 2 }),
    }),
  async check({ changes, illegal }, trial) {
    const legal = changes.map(varBindOf);
    const poison = illegal === null ? [] : [{ name: illegal.instance.name, value: illegal.value }];
    const sent = [
      ...legal.filter(({ name }) => !poison.some((one) => equalOids(one.name, name))),
      ...poison,
    ];
    const answer = await trial.set(sent, poison);
    const { errorStatus, errorIndex, varBinds } = answer;
    trial.reach(errorStatus === 'noError' ? 'accepted' : 'refused');
    if (errorIndex < 0 || errorIndex > sent.length) {
      violated(`${errorStatus} of ${sent.length} variables comes with error-index ${errorIndex}`);
    }
    const isV1 = trial.session.version === 'v1';
    if (errorStatus === 'noError' && errorIndex !== 0) {
      violated(`noError comes with error-index ${errorIndex}`);
    }
    if (
      errorIndex === 0 &&
      !NAMES_NO_VARIABLE.includes(errorStatus) &&
      !isUndoFailed(answer, isV1)
    ) {
      violated(`${errorStatus} comes with error-index 0: it names no variable`);
    }
    if (errorStatus === 'tooBig') return;
    const isEcho =
      varBinds.length === sent.length &&
      sent.every(({ name, value }, i) => {
        const echoed = varBinds[i];
        return (
          echoed !== undefined && equalOids(name, echoed.name) && equalValues(value, echoed.value)
        );
      });
    if (!isEcho) violated(`the response to the SET does not have the variables of the request`);
  },
});

export const sameInstanceTwice = defineProperty({
  name: 'same-instance-twice',
  promise:
    'A SET that names one instance twice is refused and changes nothing, or leaves one of the two values.',
  source: 'RFC 3416 4.2.5',
  needs: needsWritable,
  cases: (fc, facts) =>
    legalChange(fc, facts).chain((first) =>
      fc.record({
        first: fc.constant(first),
        value: fc.oneof(
          { arbitrary: fc.constant(first.value), weight: 1 },
          { arbitrary: legalValues(fc, first.instance.object.syntax), weight: 3 },
        ),
      }),
    ),
  async check({ first, value }, trial) {
    const { instance } = first;
    const second = { instance, value };
    const before = await trial.readAll([instance]);
    const answer = await trial.set([varBindOf(first), varBindOf(second)]);
    if (answer.errorStatus !== 'noError') {
      trial.reach(refusedAs(answer.errorStatus));
      return trial.unchanged([instance], before, `the SET answers ${answer.errorStatus}`);
    }
    trial.reach('accepted');
    const [now] = await trial.session.read([instance.name]);
    const { syntax } = instance.object;
    if (now === undefined || isException(now)) violated(`${instance.label} is gone`);
    if (sameValue(syntax, now, first.value) || sameValue(syntax, now, value)) return;
    violated(`${instance.label} reads neither of its two new values but ${showValue(now, syntax)}`);
  },
});

export const setOrderIndependence = defineProperty({
  name: 'set-order-independence',
  promise:
    'The order of the variables in a SET changes neither its outcome nor what is read after.',
  source: 'RFC 3416 4.2.5: as if simultaneously',
  needs: ({ writable }) =>
    writable.length < 2 ? 'fewer than two instances that may be written were found' : undefined,
  cases: (fc, facts) =>
    legalChanges(fc, facts, { minLength: 2 }).chain((changes) =>
      fc.record({
        changes: fc.constant(changes),
        order: fc.shuffledSubarray([...changes.keys()], { minLength: changes.length }),
      }),
    ),
  async check({ changes, order }, trial) {
    const instances = changes.map(({ instance }) => instance);
    await trial.readAll(instances);
    const first = await trial.set(changes.map(varBindOf));
    const afterFirst = await trial.session.read(instances.map(({ name }) => name));
    await trial.restorer.restore();
    const shuffled = order.map((i) => changes[i]).filter((change) => change !== undefined);
    const second = await trial.set(shuffled.map(varBindOf));
    const isV1 = trial.session.version === 'v1';
    if (isUndoFailed(first, isV1) || isUndoFailed(second, isV1)) undecided('undoFailed');
    const isAccepted = first.errorStatus === 'noError';
    trial.reach(isAccepted ? 'accepted' : 'refused');
    if (isAccepted !== (second.errorStatus === 'noError')) {
      violated(`the SET answers ${first.errorStatus}, and in another order ${second.errorStatus}`);
    }
    await trial.unchanged(instances, afterFirst, 'the SET was done in another order');
  },
});
