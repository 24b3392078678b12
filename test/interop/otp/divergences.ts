/*
 * Where OTP's agent answers a SET otherwise than ours does, one entry for each reason. set-outcome.ts
 * says exactly what follows of each; docs/otp.md shows this list. A difference that none of these
 * explains fails the test, and so does an entry that explains nothing any more.
 */

interface Divergence {
  /** What a SET must have for it. */
  readonly when: string;
  readonly ours: string;
  readonly otps: string;
  /** Why ours is as it is. */
  readonly why: string;
  readonly source: string;
}

export const DIVERGENCES = {
  'no-write-view': {
    when: 'who asks may write nothing at all',
    ours: 'authorizationError, error-index 0',
    otps: 'noAccess, error-index 1',
    why: 'It is about who asks, not about a variable.',
    source: 'RFC 3416 3; docs/set.md 1.2',
  },
  'processing-order': {
    when: 'several variables have a wrong name, type, length or value',
    ours: 'the error of the first one in the request',
    otps: 'that of the first one it comes to: tables first, scalars and the variables of a table from the last one on',
    why: 'Equal requests get equal answers, and a manager repairs a request from its beginning.',
    source: 'RFC 3416 4.2.5; docs/set.md 1.5',
  },
  'name-before-value': {
    when: 'an instance that cannot be, with a value of the wrong type',
    ours: 'wrongType',
    otps: 'noCreation',
    why: 'The RFC numbers its checks: type, length and value go before noCreation.',
    source: 'RFC 3416 4.2.5 (3), (7)',
  },
  'scalar-without-instance': {
    when: 'a scalar is named without the .0',
    ours: 'noCreation',
    otps: 'notWritable',
    why: 'The object can be written; it is that instance that can never be.',
    source: 'RFC 3416 4.2.5 (2), (7)',
  },
  'index-not-checked': {
    when: 'the INDEX part is missing, too long or out of range',
    ours: 'noCreation, no function is called',
    otps: 'the functions are called with that index',
    why: 'No row can ever have it.',
    source: 'RFC 2578 7.7; RFC 3416 4.2.5 (7)',
  },
  'ranges-with-holes': {
    when: 'a value between the ranges of the SYNTAX',
    ours: 'wrongValue',
    otps: 'taken: the ranges are reduced to lowest..highest',
    why: 'It is outside the SYNTAX.',
    source: 'RFC 3416 4.2.5 (6); RFC 2578 11',
  },
  'undefined-bits': {
    when: 'BITS with a bit that has no name',
    ours: 'wrongValue',
    otps: 'taken where a higher bit has a name',
    why: 'It is outside the SYNTAX.',
    source: 'RFC 3416 4.2.5 (6); RFC 2578 7.1.4',
  },
  'bits-padding': {
    when: 'BITS with bits set behind the last one that has a name, in its octet',
    ours: 'taken; these bits are padding, and read as zero',
    otps: 'wrongValue',
    why: 'Who receives BITS ignores the padding.',
    source: 'RFC 3417 8 (3)',
  },
  'text-not-checked': {
    when: 'a DisplayString with octets above 127',
    ours: 'wrongValue',
    otps: 'taken',
    why: 'A textual convention is part of the SYNTAX.',
    source: 'RFC 2579 2; RFC 3416 4.2.5 (6)',
  },
  'large-sub-identifiers': {
    when: 'an OBJECT IDENTIFIER with a sub-identifier above 2147483647',
    ours: 'taken',
    otps: 'wrongType',
    why: 'Sub-identifiers go up to 4294967295.',
    source: 'RFC 2578 3.5',
  },
  'same-instance-twice': {
    when: 'one instance is named twice',
    ours: 'inconsistentName at the second; equal values count as one',
    otps: 'taken: of a column the last value stands, a scalar is set twice, from the last on, and the first stands',
    why: 'The RFC leaves it open. Of two values for one instance neither can be called set.',
    source: 'RFC 3416 4.2.5; docs/set.md 1.5',
  },
  'first-refusal': {
    when: 'several functions vote no',
    ours: 'all are asked; the refusal with the lowest error-index wins',
    otps: 'the first refusal in its order wins, and the others are not asked',
    why: 'Subtrees are asked at the same time, and the answer must not depend on who is quicker.',
    source: 'docs/set.md 2',
  },
  'first-failure': {
    when: 'several functions fail to set',
    ours: 'the lowest error-index is told',
    otps: 'the first one in its order is told, and the others are not called',
    why: 'As for votes.',
    source: 'docs/set.md 3',
  },
  'set-not-rolled-back': {
    when: 'a function fails to set after others have set',
    ours: 'what was set is rolled back: everything is as it was',
    otps: 'what was set stays set: undo goes to those that were not called yet',
    why: 'All of it is done, or nothing; `rollback` is a function of its own, as undo never follows set.',
    source: 'RFC 3416 4.2.5; docs/set.md 3',
  },
  'set-lost': {
    when: '`set` throws, exits or answers what it may not',
    ours: 'commitFailed',
    otps: 'genErr',
    why: 'The RFC has commitFailed for a variable that could not be set. What `set` may have done is rolled back.',
    source: 'RFC 3416 4.2.5; docs/set.md 3',
  },
  'undo-failed-index': {
    when: '`set` answers undoFailed',
    ours: 'error-index 0',
    otps: 'the error-index of that variable',
    why: 'The RFC says so: it is about the SET as a whole.',
    source: 'RFC 3416 4.2.5',
  },
  'undo-error-wins': {
    when: 'a SET is refused and an `undo` fails',
    ours: 'the refusal is told; the subtree is restarted',
    otps: "undo's error takes the place of the refusal's",
    why: 'The manager asked why it was refused. Nothing was set, so undoFailed would be untrue.',
    source: 'RFC 3416 4.2.5; docs/set.md 2',
  },
  'undo-index': {
    when: "an `undo` of a row fails after a later group's refusal",
    ours: 'the error-index of the refusal',
    otps: "the place in the table's own list of variables, from the last one on",
    why: 'An error-index counts the variables of the request.',
    source: 'RFC 3416 3',
  },
  'row-fault-index': {
    when: 'a function of a table throws, exits, or names a column that it was not asked about',
    ours: "the error-index of the row's first variable",
    otps: 'error-index 0',
    why: 'Only tooBig, undoFailed and authorizationError have no variable to point at.',
    source: 'RFC 3416 4.2.5; docs/set.md 2',
  },
  'row-status-index': {
    when: 'a function of a table answers, about one of its columns, a status that it may not',
    ours: "the error-index of the row's first variable",
    otps: "that column's",
    why: 'What cannot be believed of the status is not believed of the column.',
    source: 'docs/set.md 2',
  },
  'row-error-without-column': {
    when: 'a function of a table answers an error about column 0',
    ours: "genErr (set: commitFailed) at the row's first variable: an answer it may not give",
    otps: 'that error, error-index 0',
    why: 'An error of a row is about one of its columns.',
    source: 'docs/set.md 2',
  },
  'no-error-with-column': {
    when: 'a function of a table answers noError about a column',
    ours: "genErr (set: commitFailed) at the row's first variable: an answer it may not give",
    otps: 'noError with an error-index, and nothing more is set',
    why: 'The manager would take for done what was not.',
    source: 'RFC 3416 4.2.5; docs/set.md 2',
  },
  'throw-is-answer': {
    when: 'a function throws a status',
    ours: 'a throw is a crash (only a SetError is an answer)',
    otps: 'what is thrown counts as answered',
    why: 'What was thrown by mistake must not pass for an answer.',
    source: 'docs/set.md 6',
  },
  'vote-not-writable': {
    when: 'isSetOk answers notWritable',
    ours: 'genErr: an answer it may not give',
    otps: 'notWritable',
    why: 'Whether an object can be written does not depend on a value; the agent has checked it.',
    source: "OTP's instrumentation functions; docs/set.md 2",
  },
  'v1-labels': {
    when: 'isSetOk answers badValue or noSuchName in an SNMPv2c request',
    ours: 'wrongValue, noCreation',
    otps: 'badValue, noSuchName',
    why: "These are SNMPv1's; no SNMPv2c response may carry them.",
    source: 'RFC 3416 3',
  },
} as const satisfies Readonly<Record<string, Divergence>>;

export type DivergenceId = keyof typeof DIVERGENCES;

export const DIVERGENCE_IDS = Object.keys(DIVERGENCES) as readonly DivergenceId[];

/** The rows of the table in docs/otp.md, whose readers have the RFCs. */
export function divergenceRows(): string[] {
  return Object.entries<Divergence>(DIVERGENCES).map(([id, { when, ours, otps, why, source }]) => {
    const published = source.split('; ').filter((part) => part.startsWith('RFC'));
    const reason = published.length === 0 ? why : `${why} (${published.join('; ')})`;
    return `| \`${id}\` | ${when} | ${ours} | ${otps} | ${reason} |`;
  });
}
