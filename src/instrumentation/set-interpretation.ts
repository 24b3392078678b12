import type { ErrorStatus } from '../smi/index.js';
import { REFUSALS, SET_FAILURES, SetError, UNDO_FAILURES, type Refusal } from './answers.js';
import { OK_ANSWER, type SetAnswer, type SetGroup, type SetOperation } from './managed-object.js';
import { describe } from './read-interpretation.js';

const LEGAL: Readonly<Record<SetOperation, readonly string[]>> = {
  isSetOk: REFUSALS,
  set: SET_FAILURES,
  undo: UNDO_FAILURES,
  rollback: UNDO_FAILURES,
};

/** docs/set.md 2: SNMPv1's codes as a v2c manager gets them; v1 maps them back (RFC 3584 4.4). */
const FROM_V1: Partial<Record<Refusal, ErrorStatus>> = {
  badValue: 'wrongValue',
  noSuchName: 'noCreation',
};

/**
 * What a function of a SET answered. A scalar answers a label; a row answers noError or
 * `{ error, column }` with a column of this call. A SetError, returned or thrown, is the same by
 * other means. Anything else is illegal.
 */
export function interpretSetAnswer(
  operation: SetOperation,
  group: SetGroup,
  returned: unknown,
): SetAnswer {
  if (returned === 'noError') return OK_ANSWER;
  if (typeof returned === 'string' && group.object.kind === 'scalar') {
    return labelled(operation, returned, group.firstPosition);
  }
  if (returned instanceof SetError && group.object.kind === 'scalar') {
    return labelled(operation, returned.error, group.firstPosition);
  }
  if (typeof returned === 'object' && returned !== null && 'error' in returned) {
    const { error } = returned;
    const position = 'column' in returned ? positionOf(group, returned.column) : undefined;
    if (typeof error === 'string' && position !== undefined) {
      return labelled(operation, error, position);
    }
    return illegal(operation, 'an error without a column of this call');
  }
  // Undo and rollback of a row say nothing about a column: the status is what counts.
  if (typeof returned === 'string' && (operation === 'undo' || operation === 'rollback')) {
    return labelled(operation, returned, group.firstPosition);
  }
  return illegal(operation, describe(returned));
}

function labelled(operation: SetOperation, label: string, position: number): SetAnswer {
  if (label === 'noError' && operation === 'isSetOk') return illegal(operation, 'noError as error');
  if (!LEGAL[operation].includes(label)) return illegal(operation, label);
  const status = label as Refusal | ErrorStatus;
  return { kind: 'error', status: FROM_V1[status as Refusal] ?? status, position };
}

function illegal(operation: SetOperation, what: string): SetAnswer {
  return {
    kind: 'illegal',
    reason: `${operation} answered ${what}; legal are noError, ${LEGAL[operation].join(', ')}`,
  };
}

/** The varbind of a column named by number or by descriptor; undefined if not in this call. */
export function positionOf(group: SetGroup, column: unknown): number | undefined {
  return group.changes.find((change) => change.column === column || change.name === column)
    ?.position;
}
