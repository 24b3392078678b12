import { describe, expect, it } from 'vitest';
import { SetError, table } from '../../../src/instrumentation/index.js';
import { answers, never, rubbish, SET_MS, SetStage, throws } from '../../support/set-stage.js';

const slow = answers('noError', { delayMs: 50 });

describe('the groups of one subtree', () => {
  it('are asked in request order of their first varbinds, columns ascending [D3, OTP-039, SET-055]', async () => {
    await using s = await SetStage.open({ s1: { s1A: {}, s1B: {}, s1Table: {} } });
    s.takeTrace();
    const answer = await s.set(['s1Z.2', 9], ['s1B', 2], ['s1X.2', 7], ['s1Y.1', 8], ['s1A', 1]);
    expect(answer).toBe('noError/0');
    expect(s.takeTrace()).toEqual([
      'isSetOk s1.2 2=7 4=9',
      'isSetOk s1B 2',
      'isSetOk s1.1 3=8',
      'isSetOk s1A 1',
      'set s1.2 2=7 4=9',
      'set s1B 2',
      'set s1.1 3=8',
      'set s1A 1',
    ]);
    expect(s.state).toBe('s1.1.3=8 s1.2.2=7 s1.2.4=9 s1A=1 s1B=2');
  });

  it('are all asked after a refusal by value: the lowest error-index wins [docs/set.md 2]', async () => {
    await using s = await SetStage.open({ s1: { s1A: {}, s1B: {}, s1C: {} } });
    s.scripts.set('s1B', { isSetOk: answers('noAccess') });
    s.scripts.set('s1C', { isSetOk: answers('wrongValue') });
    s.takeTrace();
    expect(await s.set(['s1C', 1], ['s1A', 1], ['s1B', 1])).toBe('wrongValue/1');
    expect(s.takeTrace()).toEqual([
      'isSetOk s1C 1',
      'isSetOk s1A 1',
      'isSetOk s1B 1',
      'undo s1A 1',
    ]);
  });

  it('are not asked after one that threw or stayed silent [docs/set.md 2]', async () => {
    for (const act of [throws, never]) {
      await using s = await SetStage.open({ s1: { s1A: {}, s1B: {}, s1C: {} } });
      s.scripts.set('s1B', { isSetOk: act });
      s.takeTrace();
      expect(await s.set(['s1A', 1], ['s1B', 1], ['s1C', 1])).toBe('genErr/2');
      // Those that said yes hear undo on the new incarnation.
      expect(s.takeTrace()).toEqual(['isSetOk s1A 1', 'isSetOk s1B 1', 'new s1', 'undo s1A 1']);
    }
  });

  it('share the deadline of a phase [docs/set.md 2]', async () => {
    const part = answers('noError', { delayMs: SET_MS / 2 + 10 });
    await using s = await SetStage.open({ s1: { s1A: {}, s1B: {}, s1C: {} } });
    s.scripts.set('s1A', { isSetOk: part });
    s.scripts.set('s1B', { isSetOk: part });
    const begunMs = s.clock.nowMs();
    const answer = s.request(['s1A', 1], ['s1B', 1], ['s1C', 1]);
    await s.clock.advanceAsync(SET_MS);
    expect(s.clock.nowMs() - begunMs).toBe(SET_MS);
    expect((await answer)?.errorStatus).toBe('genErr');
    expect((await answer)?.errorIndex).toBe(2);
  });

  it('are undone in reverse order, as those of other subtrees are [OTP-038, PR-05]', async () => {
    await using s = await SetStage.open({ s1: { s1A: {}, s1B: {}, s1C: {} }, s2: { s2A: {} } });
    s.scripts.set('s2A', { isSetOk: answers('noAccess') });
    s.takeTrace();
    expect(await s.set(['s1C', 3], ['s1A', 1], ['s2A', 1], ['s1B', 2])).toBe('noAccess/3');
    expect(s.takeTrace().filter((line) => line.startsWith('undo'))).toEqual([
      'undo s1B 2',
      'undo s1A 1',
      'undo s1C 3',
    ]);
  });

  it('hear undo instead of set after one that threw in set, then rollback, each in reverse [docs/set.md 3]', async () => {
    await using s = await SetStage.open({ s1: { s1A: {}, s1B: {}, s1C: {}, s1Table: {} } });
    s.scripts.set('s1B', { set: { ...throws, effect: true } });
    s.takeTrace();
    expect(await s.set(['s1A', 1], ['s1B', 2], ['s1C', 3], ['s1X.1', 4])).toBe('commitFailed/2');
    expect(s.takeTrace().slice(4)).toEqual([
      'set s1A 1',
      'set s1B 2',
      'new s1',
      'undo s1.1 2=4',
      'undo s1C 3',
      'rollback s1B 2',
      'rollback s1A 1',
    ]);
    expect(s.state).toBe('');
  });

  it('are set also after one that answered an error, and then rolled back [docs/set.md 3]', async () => {
    await using s = await SetStage.open({ s1: { s1A: {}, s1B: {}, s1C: {} } });
    s.scripts.set('s1B', { set: answers('genErr') });
    s.takeTrace();
    expect(await s.set(['s1A', 1], ['s1B', 2], ['s1C', 3])).toBe('genErr/2');
    expect(s.takeTrace().slice(3)).toEqual([
      'set s1A 1',
      'set s1B 2',
      'set s1C 3',
      'rollback s1C 3',
      'rollback s1A 1',
    ]);
    expect(s.state).toBe('');
  });

  it('that failed name status and index by the lowest, of all subtrees [docs/set.md 3, PR-10]', async () => {
    await using s = await SetStage.open({ s1: { s1A: {}, s1B: {} }, s2: { s2A: {} } });
    s.scripts.set('s1B', { set: answers('commitFailed') });
    s.scripts.set('s2A', { set: answers('genErr') });
    expect(await s.set(['s1A', 1], ['s2A', 2], ['s1B', 2])).toBe('genErr/2');
    expect(s.state).toBe('');
  });

  it('with a failing undo in phase two do not change the status [docs/set.md 3]', async () => {
    await using s = await SetStage.open({ s1: { s1A: {}, s1B: {} } });
    s.scripts.set('s1A', { set: throws });
    s.scripts.set('s1B', { undo: answers('undoFailed') });
    expect(await s.set(['s1A', 1], ['s1B', 2])).toBe('commitFailed/1');
    expect(s.told.filter((line) => line.startsWith('undo'))).toEqual(['undo:failed s1 undo']);
    expect(s.agent.metrics().undoFailures).toBe(1);
  });
});

describe('a row', () => {
  it('names the column that is refused, by number or by name [OTP-040, PR-06]', async () => {
    await using s = await SetStage.open({ s1: { s1Table: {} }, s2: { s2A: {} } });
    const changes = [
      ['s1Z.1', 1],
      ['s2A', 2],
      ['s1X.1', 3],
    ] as const;
    for (const [column, index] of [
      [4, 1],
      ['s1Z', 1],
      [2, 3],
      ['s1X', 3],
    ] as const) {
      s.scripts.set('s1.1', { isSetOk: answers({ error: 'wrongValue', column }) });
      expect(await s.set(...changes)).toBe(`wrongValue/${index}`);
      s.scripts.set('s1.1', {
        isSetOk: { ends: 'throws', value: new SetError('noAccess', column) },
      });
      expect(await s.set(...changes)).toBe(`noAccess/${index}`);
      s.scripts.set('s1.1', { set: answers({ error: 'commitFailed', column }) });
      expect(await s.set(...changes)).toBe(`commitFailed/${index}`);
    }
    expect(s.told.filter((line) => line.startsWith('subtree:crashed'))).toEqual([]);
  });

  it.each([
    ['a column that is not in the call', { error: 'wrongValue', column: 3 }],
    ['column 0', { error: 'wrongValue', column: 0 }],
    ['no column at all', { error: 'wrongValue' }],
    ['a bare label', 'wrongValue'],
    ['what is no answer', { rubbish: true }],
  ])(
    "with %s is genErr at the row's first varbind [OTP-041, OTP-042, OTP-047]",
    async (_, value) => {
      await using s = await SetStage.open({ s1: { s1Table: {} }, s2: { s2A: {} } });
      s.scripts.set('s1.1', { isSetOk: answers(value) });
      expect(await s.set(['s2A', 2], ['s1Z.1', 1], ['s1X.1', 3])).toBe('genErr/2');
      s.scripts.set('s1.1', { set: answers(value) });
      expect(await s.set(['s2A', 2], ['s1Z.1', 1], ['s1X.1', 3])).toBe('commitFailed/2');
      expect(s.state).toBe('');
    },
  );

  it('that is not there where managers make none is noCreation before anybody is asked [SET-025]', async () => {
    await using s = await SetStage.open({ s2: { s2A: {} } });
    const rows = table.stored({ rows: [{ s1Index: 1, s1X: 1 }] });
    await s.load('s1', {}, { s1Table: rows });
    s.scripts.set('s2A', { isSetOk: answers('noAccess') });
    s.takeTrace();
    expect(await s.set(['s2A', 1], ['s1X.2', 5])).toBe('noCreation/2');
    expect(s.takeTrace()).toEqual([]);
    expect(await s.set(['s2A', 1], ['s1X.1', 5])).toBe('noAccess/1');
    expect(await s.set(['s1X.1', 5])).toBe('noError/0');
    expect(await s.get('s1X.1')).toBe('5');
  });

  it('is one call for all its columns, each row its own [SET-055]', async () => {
    await using s = await SetStage.open({ s1: { s1Table: {} } });
    s.takeTrace();
    const rows = Array.from({ length: 99 }, (_, i) => i + 1);
    const changes = rows.flatMap((row) =>
      ['s1X', 's1Y', 's1Z'].map((column) => [`${column}.${row}`, row] as const),
    );
    expect(await s.set(...changes)).toBe('noError/0');
    const trace = s.takeTrace();
    expect(trace).toHaveLength(2 * 99);
    expect(trace[0]).toBe('isSetOk s1.1 2=1 3=1 4=1');
    expect(trace[99]).toBe('set s1.1 2=1 3=1 4=1');
  });
});

describe('functions that are absent', () => {
  it('isSetOk: a yes without a call, and no undo [OTP-032, docs/set.md 2]', async () => {
    await using s = await SetStage.open({ s1: { s1A: { isSetOk: false } }, s2: { s2A: {} } });
    s.scripts.set('s2A', { isSetOk: answers('noAccess') });
    s.takeTrace();
    expect(await s.set(['s1A', 1], ['s2A', 1])).toBe('noAccess/2');
    expect(s.takeTrace()).toEqual(['isSetOk s2A 1']);
    s.scripts.clear();
    expect(await s.set(['s1A', 1], ['s2A', 1])).toBe('noError/0');
    expect(s.takeTrace()).toEqual(['isSetOk s2A 1', 'set s1A 1', 'set s2A 1']);
  });

  it('isSetOk: after a set that threw it hears nothing [docs/set.md 2]', async () => {
    await using s = await SetStage.open({ s1: { s1A: {}, s1B: { isSetOk: false } } });
    s.scripts.set('s1A', { set: throws });
    s.takeTrace();
    expect(await s.set(['s1A', 1], ['s1B', 1])).toBe('commitFailed/1');
    expect(s.takeTrace()).toEqual(['isSetOk s1A 1', 'set s1A 1', 'new s1', 'rollback s1A 1']);
  });

  it('undo: nothing to release [OTP-050]', async () => {
    await using s = await SetStage.open({ s1: { s1A: { undo: false } }, s2: { s2A: {} } });
    s.scripts.set('s2A', { isSetOk: throws });
    s.takeTrace();
    expect(await s.set(['s1A', 1], ['s2A', 1])).toBe('genErr/2');
    expect(s.takeTrace()).toEqual(['isSetOk s1A 1', 'isSetOk s2A 1', 'new s2']);
    expect(s.agent.metrics().undoFailures).toBe(0);
  });
});

describe('restore: true', () => {
  const open = (isSetOk: boolean) =>
    SetStage.open({
      s1: { s1A: { restore: true, isSetOk }, s1Table: { restore: true, isSetOk } },
      s2: { s2A: {} },
    });

  it.each([true, false])(
    'sets back what was read in phase one (with isSetOk: %s) [docs/set.md 3]',
    async (isSetOk) => {
      await using s = await open(isSetOk);
      await s.set(['s1A', 3], ['s1X.1', 4], ['s1Y.1', 5]);
      const before = s.state;
      s.scripts.set('s2A', { set: answers('commitFailed') });
      s.takeTrace();
      expect(await s.set(['s1A', 8], ['s1X.1', 9], ['s2A', 1])).toBe('commitFailed/3');
      expect(s.takeTrace().filter((line) => line.startsWith('set'))).toEqual([
        'set s1A 8',
        'set s1.1 2=9',
        'set s2A 1',
        'setBack s1.1 2=4',
        'setBack s1A 3',
      ]);
      expect(s.state).toBe(before);
    },
  );

  it('sets back also what crashed, on the new incarnation', async () => {
    await using s = await open(true);
    await s.set(['s1A', 3]);
    s.scripts.set('s1A', { set: { ...throws, effect: true } });
    expect(await s.set(['s1A', 8])).toBe('commitFailed/1');
    expect(s.state).toBe('s1A=3');
  });

  it.each([
    ['answers an error', answers('commitFailed')],
    ['throws', throws],
    ['answers rubbish', rubbish],
    ['stays silent', never],
  ])('is undoFailed/0 where that set %s', async (_, setBack) => {
    await using s = await open(true);
    s.scripts.set('s1A', { setBack });
    s.scripts.set('s2A', { set: answers('commitFailed') });
    expect(await s.set(['s1A', 8], ['s2A', 1])).toBe('undoFailed/0');
    expect(s.state).toBe('s1A=8');
  });

  it('is genErr where the value cannot be read in phase one, by a crash', async () => {
    await using s = await open(true);
    s.scripts.set('s1A', { get: throws });
    s.takeTrace();
    expect(await s.set(['s2A', 1], ['s1A', 8])).toBe('genErr/2');
    expect(s.takeTrace()).toEqual(['isSetOk s2A 1', 'undo s2A 1', 'new s1']);
  });
});

describe('what comes after its deadline', () => {
  it('is dropped and counted: a late yes is not set, a late set changes no answer [PR-24, PR-33]', async () => {
    await using s = await SetStage.open({ s1: { s1A: {} }, s2: { s2A: {} } });
    s.scripts.set('s1A', { isSetOk: answers('noError', { delayMs: SET_MS + 1 }) });
    s.takeTrace();
    expect(await s.set(['s1A', 1], ['s2A', 2])).toBe('genErr/1');
    await s.clock.advanceAsync(SET_MS);
    expect(s.takeTrace()).toEqual(['isSetOk s1A 1', 'isSetOk s2A 2', 'undo s2A 2', 'new s1']);
    s.scripts.set('s1A', { set: answers('noError', { delayMs: SET_MS + 1 }) });
    expect(await s.set(['s1A', 1], ['s2A', 2])).toBe('commitFailed/1');
    await s.clock.advanceAsync(SET_MS);
    expect(s.agent.metrics().staleAnswers).toBe(2);
    expect(s.state).toBe('');
  });

  it('delays nobody longer than a phase takes [PR-33, SET-050]', async () => {
    await using s = await SetStage.open({ s1: { s1A: {} }, s2: { s2A: {} }, s3: { s3A: {} } });
    for (const [script, expected, limitMs] of [
      [{ isSetOk: never }, 'genErr/2', SET_MS],
      [{ set: never }, 'commitFailed/2', SET_MS],
      [{ isSetOk: slow, set: never, rollback: never }, 'undoFailed/0', 2 * SET_MS + 50],
    ] as const) {
      s.scripts.set('s2A', script);
      const begunMs = s.clock.nowMs();
      const answer = s.request(['s1A', 1], ['s2A', 2], ['s3A', 3]);
      let endedMs: number | undefined;
      void answer.then(() => (endedMs = s.clock.nowMs()));
      await s.clock.advanceAsync(limitMs);
      expect(endedMs).toBe(begunMs + limitMs);
      expect(`${(await answer)?.errorStatus}/${(await answer)?.errorIndex}`).toBe(expected);
    }
  });
});
