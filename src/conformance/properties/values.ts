import { decodeRowIndex } from '../../instrumentation/index.js';
import { checkWrittenValue, checkValue, isException, type SnmpValue } from '../../smi/index.js';
import { defineProperty } from '../property.js';
import type { Facts } from '../survey/facts.js';
import type { Instance } from '../survey/instance.js';
import { showValue } from '../values/show-value.js';
import { undecided, violated } from '../violation.js';

const needsKnown = ({ known }: Facts): string | undefined =>
  known.length === 0 ? 'no instance of an object that the modules describe was found' : undefined;

/** The survey saw them all: those that looked wrong then are tried again, else some of the others. */
function suspectsFirst(
  known: readonly Instance[],
  isSuspect: (instance: Instance) => boolean,
): readonly Instance[] {
  const suspects = known.filter(isSuspect);
  return suspects.length > 0 ? suspects : known;
}

const READABLE_ROW_STATUS = 3;

/** What is wrong with a value that was read; undefined where nothing is. */
function faultOf({ object, role }: Instance, value: SnmpValue): string | undefined {
  if (role === 'rowStatus') {
    const isState =
      value.type === 'Integer32' && value.value >= 1 && value.value <= READABLE_ROW_STATUS;
    return isState ? undefined : 'a RowStatus reads active, notInService or notReady';
  }
  const fault = checkValue(object.syntax, value) ?? checkWrittenValue(object.syntax, value);
  return fault === undefined ? undefined : `${fault} for its SYNTAX`;
}

export const valuesFitTheirSyntax = defineProperty({
  name: 'values-fit-their-syntax',
  promise: 'Every value that is read is one that the SYNTAX of its object allows.',
  source: 'RFC 2578 7.1, RFC 2579',
  needs: needsKnown,
  cases: (fc, { known }) =>
    fc.constantFrom(
      ...suspectsFirst(known, (instance) => faultOf(instance, instance.value) !== undefined),
    ),
  async check(instance, trial) {
    const [value] = await trial.session.read([instance.name]);
    if (value === undefined || isException(value)) return undecided('the instance is gone');
    const fault = faultOf(instance, value);
    if (fault === undefined) return;
    violated(`${instance.label} is ${showValue(value, instance.object.syntax)}: ${fault}`);
  },
});

function fitsIndex({ object, table, arcs }: Instance): boolean {
  if (object.kind === 'scalar') return arcs.length === 1 && arcs[0] === 0;
  return table === undefined || decodeRowIndex(table.index, arcs) !== undefined;
}

export const instancesFitTheirIndex = defineProperty({
  name: 'instances-fit-their-index',
  promise:
    'What follows a column are values of the INDEX, each as its SYNTAX allows; what follows a scalar is 0.',
  source: 'RFC 2578 7.7',
  needs: needsKnown,
  cases: (fc, { known }) =>
    fc.constantFrom(...suspectsFirst(known, (instance) => !fitsIndex(instance))),
  async check(instance, trial) {
    if (fitsIndex(instance)) return;
    const [value] = await trial.session.read([instance.name]);
    if (value === undefined || isException(value)) return undecided('the instance is gone');
    const index = instance.table?.index.map(({ object }) => object).join(', ') ?? '0';
    violated(`${instance.label} has ${instance.arcs.join('.')} where ${index} belongs`);
  },
});
