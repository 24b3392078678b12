import { equalOids, formatOid, type Oid, type VarBind } from '../../smi/index.js';
import { defineProperty } from '../property.js';
import type { Session } from '../session.js';
import type { Subject } from '../subject.js';
import { undecided, violated } from '../violation.js';
import { places } from './places.js';

const MAX_NAMES = 4;
const MAX_REPETITIONS = 8;

export const bulkAgreesWithGetnext = defineProperty({
  name: 'bulk-agrees-with-getnext',
  promise: 'GETBULK answers what so many GETNEXTs answer, or the beginning of it.',
  source: 'RFC 3416 4.2.3',
  needs: (_facts, { version }: Subject) => (version === 'v1' ? 'SNMPv1 has no GETBULK' : undefined),
  cases: (fc, facts) =>
    fc.record({
      names: fc.array(places(fc, facts), { minLength: 1, maxLength: MAX_NAMES }),
      nonRepeaters: fc.nat({ max: MAX_NAMES + 1 }),
      maxRepetitions: fc.nat({ max: MAX_REPETITIONS }),
    }),
  async check({ names, nonRepeaters, maxRepetitions }, trial) {
    const { session } = trial;
    const expected = await expectation(session, names, nonRepeaters, maxRepetitions);
    const { errorStatus, errorIndex, varBinds } = await session.getBulk(
      nonRepeaters,
      maxRepetitions,
      names,
    );
    if (errorStatus !== 'noError') {
      violated(`GETBULK answers ${errorStatus}, error-index ${errorIndex}`);
    }
    trial.reach(varBinds.length === expected.length ? 'whole' : 'cut short');
    const fault = firstDifference(varBinds, expected);
    if (fault === undefined) return;
    const again = await session.transcript.without(() =>
      expectation(session, names, nonRepeaters, maxRepetitions),
    );
    if (firstDifference(again, expected) !== undefined) undecided('the instances change');
    violated(fault);
  },
});

/** RFC 3416 4.2.3, by GETNEXT: the non-repeaters, then row after row of the others. */
async function expectation(
  session: Session,
  names: readonly Oid[],
  nonRepeaters: number,
  maxRepetitions: number,
): Promise<VarBind[]> {
  const expected: VarBind[] = [];
  for (const name of names.slice(0, nonRepeaters)) expected.push(await session.next(name));
  let row = names.slice(nonRepeaters);
  for (let i = 0; i < maxRepetitions && row.length > 0; i++) {
    const found: VarBind[] = [];
    for (const name of row) found.push(await session.next(name));
    expected.push(...found);
    row = found.map(({ name }) => name);
    // The agent may stop here, or go on saying so: what comes after is more of the same.
    if (found.every(({ value }) => value.type === 'endOfMibView')) break;
  }
  return expected;
}

function firstDifference(
  got: readonly VarBind[],
  expected: readonly VarBind[],
): string | undefined {
  if (got.length === 0 && expected.length > 0) return 'GETBULK answers nothing at all';
  for (const [i, { name, value }] of got.entries()) {
    const wanted = expected[i];
    if (wanted === undefined) {
      if (value.type === 'endOfMibView' && expected.length > 0) continue;
      return `GETBULK answers ${got.length} variable bindings instead of ${expected.length}`;
    }
    if (!equalOids(name, wanted.name) || value.type !== wanted.value.type) {
      return `variable binding ${i + 1} of GETBULK is ${formatOid(name)} (${value.type}), by GETNEXT ${formatOid(wanted.name)} (${wanted.value.type})`;
    }
  }
  return undefined;
}
