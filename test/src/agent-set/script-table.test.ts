import { describe, expect, it } from 'vitest';
import {
  answers,
  never,
  rubbish,
  SetStage,
  throws,
  type Act,
  type Script,
} from '../../support/set-stage.js';

/*
 * The script table of the testbed (examples/testbed): what the functions of one group do, and what
 * a SET comes to by it, for one, two and three subtrees. s1A is where the script runs; others are
 * before and after it in the request, and answer noError.
 */

type Position = readonly [before: number, after: number];

/** One, two and three subtrees; the script's varbind is first, last, or between. */
const POSITIONS: readonly Position[] = [
  [0, 0],
  [0, 1],
  [1, 0],
  [0, 2],
  [1, 1],
  [2, 0],
];

const OTHERS: readonly string[] = ['s2A', 's3A'];

interface Ran {
  /** `commitFailed`, with the index relative to the script's varbind: `commitFailed/here`. */
  readonly answer: string;
  /** Calls of the scripted group, and of the others: `isSetOk set rollback`. */
  readonly calls: string;
  readonly others: readonly string[];
  readonly stored: number;
  readonly othersStored: readonly number[];
  /** How often the scripted subtree was started anew. */
  readonly restarts: number;
  readonly leftovers: readonly string[];
}

interface Options {
  readonly rollback?: boolean;
  /** What another subtree does that is after the scripted one. */
  readonly other?: Script;
}

const VALUE = 5;

async function run(
  script: Script,
  [before, after]: Position,
  { rollback = true, other }: Options = {},
): Promise<Ran> {
  await using stage = await SetStage.open({
    s1: { s1A: { rollback } },
    s2: { s2A: {} },
    s3: { s3A: {} },
  });
  stage.scripts.set('s1A', script);
  const others = OTHERS.slice(0, before + after);
  if (other !== undefined) stage.scripts.set(others.at(-1) ?? '', other);
  const changes = others.toSpliced(before, 0, 's1A').map((name) => [name, VALUE] as const);
  stage.takeTrace();
  const answer = await stage.set(...changes);
  const leftovers = await stage.leftovers();
  const trace = stage.takeTrace();
  const callsOf = (name: string): string =>
    trace
      .filter((line) => line.includes(` ${name} `))
      .map((line) => line.split(' ')[0])
      .join(' ');
  return {
    answer: answer.replace(`/${before + 1}`, '/here'),
    calls: callsOf('s1A'),
    others: others.map(callsOf),
    stored: stage.value('s1A'),
    othersStored: others.map((name) => stage.value(name)),
    restarts: trace.filter((line) => line === 'new s1').length,
    leftovers,
  };
}

const rejects: Act = { ends: 'rejects' };

describe('what isSetOk answers', () => {
  const rows: readonly (readonly [name: string, act: Act, status: string, restarts: number])[] = [
    ['noAccess', answers('noAccess'), 'noAccess', 0],
    ['noCreation', answers('noCreation'), 'noCreation', 0],
    ['inconsistentValue', answers('inconsistentValue'), 'inconsistentValue', 0],
    ['resourceUnavailable', answers('resourceUnavailable'), 'resourceUnavailable', 0],
    ['inconsistentName', answers('inconsistentName'), 'inconsistentName', 0],
    ['wrongValue', answers('wrongValue'), 'wrongValue', 0],
    ['genErr', answers('genErr'), 'genErr', 0],
    ['a throw', throws, 'genErr', 1],
    ['a rejection', rejects, 'genErr', 1],
    ['silence', never, 'genErr', 1],
    ['an illegal answer', rubbish, 'genErr', 0],
    ['undefined', answers(undefined), 'genErr', 0],
    ['null', answers(null), 'genErr', 0],
    ['badValue of SNMPv1', answers('badValue'), 'wrongValue', 0],
    ['noSuchName of SNMPv1', answers('noSuchName'), 'noCreation', 0],
    ['commitFailed, illegal here', answers('commitFailed'), 'genErr', 0],
    ['undoFailed, illegal here', answers('undoFailed'), 'genErr', 0],
    ['tooBig, illegal here', answers('tooBig'), 'genErr', 0],
    ['wrongType, illegal here', answers('wrongType'), 'genErr', 0],
    ['a refusal after 50 ms', answers('noAccess', { delayMs: 50 }), 'noAccess', 0],
    ['a yes after the deadline', answers('noError', { delayMs: 301 }), 'genErr', 1],
  ];
  it.each(rows)(
    '%s refuses: undo to those that said yes, nobody is set [SET-029..SET-035, OTP-033, OTP-034, SUP-006, SUP-008]',
    async (_, act, expected, restarts) => {
      for (const position of POSITIONS) {
        const ran = await run({ isSetOk: act }, position);
        expect(ran).toEqual({
          answer: `${expected}/here`,
          calls: 'isSetOk',
          others: ran.others.map(() => 'isSetOk undo'),
          stored: 0,
          othersStored: ran.others.map(() => 0),
          restarts,
          leftovers: [],
        });
      }
    },
  );

  it.each([
    ['noError', answers('noError')],
    ['noError after 50 ms', answers('noError', { delayMs: 50 })],
  ])('%s is a yes [OTP-036, OTP-043, OTP-044]', async (_, act) => {
    for (const position of POSITIONS) {
      const ran = await run({ isSetOk: act }, position);
      expect(ran).toEqual({
        answer: 'noError/0',
        calls: 'isSetOk set',
        others: ran.others.map(() => 'isSetOk set'),
        stored: VALUE,
        othersStored: ran.others.map(() => VALUE),
        restarts: 0,
        leftovers: [],
      });
    }
  });
});

describe('what set answers', () => {
  const stores = { effect: true } as const;
  interface Row {
    readonly name: string;
    readonly act: Act;
    /** With rollback, and without. */
    readonly expected: readonly [string, string];
    /** Whether rollback is called. */
    readonly back: boolean;
    /** What is stored in the end: with rollback, and without. */
    readonly stored: readonly [number, number];
    readonly restarts: readonly [number, number];
  }
  const rows: readonly Row[] = [
    {
      name: 'commitFailed',
      act: answers('commitFailed'),
      expected: ['commitFailed/here', 'commitFailed/here'],
      back: false,
      stored: [0, 0],
      restarts: [0, 0],
    },
    {
      name: 'undoFailed, having stored',
      act: answers('undoFailed', stores),
      expected: ['undoFailed/0', 'undoFailed/0'],
      back: false,
      stored: [VALUE, VALUE],
      restarts: [1, 1],
    },
    {
      name: 'genErr',
      act: answers('genErr'),
      expected: ['genErr/here', 'genErr/here'],
      back: false,
      stored: [0, 0],
      restarts: [0, 0],
    },
    {
      name: 'a throw before storing',
      act: throws,
      expected: ['commitFailed/here', 'undoFailed/0'],
      back: true,
      stored: [0, 0],
      restarts: [1, 1],
    },
    {
      name: 'a throw after storing',
      act: { ...throws, ...stores },
      expected: ['commitFailed/here', 'undoFailed/0'],
      back: true,
      stored: [0, VALUE],
      restarts: [1, 1],
    },
    {
      name: 'a rejection after storing',
      act: { ...rejects, ...stores },
      expected: ['commitFailed/here', 'undoFailed/0'],
      back: true,
      stored: [0, VALUE],
      restarts: [1, 1],
    },
    {
      name: 'silence',
      act: never,
      expected: ['commitFailed/here', 'undoFailed/0'],
      back: true,
      stored: [0, 0],
      restarts: [1, 1],
    },
    {
      name: 'silence, having stored',
      act: { ...never, ...stores },
      expected: ['commitFailed/here', 'undoFailed/0'],
      back: true,
      stored: [0, VALUE],
      restarts: [1, 1],
    },
    {
      name: 'noError after the deadline',
      act: answers('noError', { delayMs: 301 }),
      expected: ['commitFailed/here', 'undoFailed/0'],
      back: true,
      stored: [0, 0],
      restarts: [1, 1],
    },
    {
      name: 'an illegal answer',
      act: rubbish,
      expected: ['commitFailed/here', 'undoFailed/0'],
      back: true,
      stored: [0, 0],
      restarts: [0, 1],
    },
    {
      name: 'a refusal, illegal here',
      act: answers('wrongValue'),
      expected: ['commitFailed/here', 'undoFailed/0'],
      back: true,
      stored: [0, 0],
      restarts: [0, 1],
    },
    {
      name: 'an illegal answer, having stored',
      act: { ...rubbish, ...stores },
      expected: ['commitFailed/here', 'undoFailed/0'],
      back: true,
      stored: [0, VALUE],
      restarts: [0, 1],
    },
  ];

  it.each(rows)(
    '$name fails: what was set is rolled back [SET-044, SET-047, SET-049..SET-051, OTP-045, OTP-053, SUP-010, SUP-011]',
    async (row) => {
      for (const position of POSITIONS) {
        for (const [i, rollback] of [true, false].entries()) {
          const ran = await run({ set: row.act }, position, { rollback });
          expect(ran).toEqual({
            answer: row.expected[i],
            calls: `isSetOk set${row.back && rollback ? ' rollback' : ''}`,
            others: ran.others.map(() => 'isSetOk set rollback'),
            stored: row.stored[i],
            othersStored: ran.others.map(() => 0),
            restarts: row.restarts[i],
            leftovers: [],
          });
        }
      }
    },
  );

  it('noError after 50 ms is success', async () => {
    for (const position of POSITIONS) {
      const ran = await run({ set: answers('noError', { delayMs: 50 }) }, position);
      expect([ran.answer, ran.stored, ran.restarts]).toEqual(['noError/0', VALUE, 0]);
    }
  });
});

/** Of the scripted group, which is not the one that fails. */
const failing: readonly (readonly [string, Act])[] = [
  ['undoFailed', answers('undoFailed')],
  ['genErr', answers('genErr')],
  ['a throw', throws],
  ['a rejection', rejects],
  ['silence', never],
  ['an illegal answer', rubbish],
  ['commitFailed, illegal here', answers('commitFailed')],
];

describe('what undo answers', () => {
  const refusal: Script = { isSetOk: answers('inconsistentValue') };

  it.each(failing)(
    '%s restarts the actor; the refusal stands [OTP-051, OTP-052, SUP-014, D4]',
    async (_, act) => {
      for (const position of POSITIONS.filter(([, after]) => after > 0)) {
        const ran = await run({ undo: act }, position, { other: refusal });
        const last = position[0] + position[1] + 1;
        expect([ran.answer, ran.calls]).toEqual([`inconsistentValue/${last}`, 'isSetOk undo']);
        expect(ran.others).toEqual(
          ran.others.map((__, i) => (i === last - 2 ? 'isSetOk' : 'isSetOk undo')),
        );
        expect([ran.restarts, ran.stored, ran.leftovers]).toEqual([1, 0, []]);
      }
    },
  );

  it('noError changes nothing at all [OTP-049]', async () => {
    const ran = await run({}, [0, 1], { other: refusal });
    expect([ran.answer, ran.calls, ran.restarts]).toEqual([
      'inconsistentValue/2',
      'isSetOk undo',
      0,
    ]);
  });
});

describe('what rollback answers', () => {
  const failure: Script = { set: answers('commitFailed') };

  it.each(failing)(
    '%s is undoFailed/0; the others are rolled back all the same [SET-045, PR-29, SUP-013]',
    async (_, act) => {
      for (const position of POSITIONS.filter(([, after]) => after > 0)) {
        const ran = await run({ rollback: act }, position, { other: failure });
        const last = position[0] + position[1] - 1;
        expect([ran.answer, ran.calls]).toEqual(['undoFailed/0', 'isSetOk set rollback']);
        expect(ran.others).toEqual(
          ran.others.map((__, i) => (i === last ? 'isSetOk set' : 'isSetOk set rollback')),
        );
        expect([ran.stored, ran.othersStored]).toEqual([VALUE, ran.others.map(() => 0)]);
        expect([ran.restarts, ran.leftovers]).toEqual([1, []]);
      }
    },
  );

  it('is not asked where there is none: undoFailed/0, and the actor is restarted [SET-048]', async () => {
    for (const position of POSITIONS.filter(([, after]) => after > 0)) {
      const ran = await run({}, position, { other: failure, rollback: false });
      expect([ran.answer, ran.calls, ran.stored, ran.restarts]).toEqual([
        'undoFailed/0',
        'isSetOk set',
        VALUE,
        1,
      ]);
    }
  });
});
