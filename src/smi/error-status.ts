import { invariant } from '../base/index.js';

/** error-status by code: the position is the number on the wire (RFC 3416 section 3). */
const LABELS = [
  'noError',
  'tooBig',
  'noSuchName',
  'badValue',
  'readOnly',
  'genErr',
  'noAccess',
  'wrongType',
  'wrongLength',
  'wrongEncoding',
  'wrongValue',
  'noCreation',
  'inconsistentValue',
  'resourceUnavailable',
  'commitFailed',
  'undoFailed',
  'authorizationError',
  'notWritable',
  'inconsistentName',
] as const;

export type ErrorStatus = (typeof LABELS)[number];

const CODES = Object.fromEntries(LABELS.map((label, code) => [label, code])) as Record<
  ErrorStatus,
  number
>;

export function errorStatusCode(label: ErrorStatus): number {
  return CODES[label];
}

/** The label of a code off the wire; undefined for one that no RFC defines. */
export function errorStatusLabel(code: number): ErrorStatus | undefined {
  return LABELS[code];
}

/** What an SNMPv1 response can carry; readOnly is never sent (RFC 3584 4.4). */
export type V1ErrorStatus = 'noError' | 'tooBig' | 'noSuchName' | 'badValue' | 'genErr';

/** RFC 3584 section 4.4. */
const V2_TO_V1: Readonly<Record<ErrorStatus, V1ErrorStatus>> = {
  noError: 'noError',
  tooBig: 'tooBig',
  noSuchName: 'noSuchName',
  badValue: 'badValue',
  readOnly: 'genErr',
  genErr: 'genErr',
  noAccess: 'noSuchName',
  wrongType: 'badValue',
  wrongLength: 'badValue',
  wrongEncoding: 'badValue',
  wrongValue: 'badValue',
  noCreation: 'noSuchName',
  inconsistentValue: 'badValue',
  resourceUnavailable: 'genErr',
  commitFailed: 'genErr',
  undoFailed: 'genErr',
  authorizationError: 'noSuchName',
  notWritable: 'noSuchName',
  inconsistentName: 'noSuchName',
};

export function toV1ErrorStatus(status: ErrorStatus): V1ErrorStatus {
  return V2_TO_V1[status];
}

invariant(LABELS.length === 19 && CODES.inconsistentName === 18, 'error-status labels are off');
