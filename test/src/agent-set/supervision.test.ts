import { describe, expect, it } from 'vitest';
import { instance } from '../../support/set-module.js';
import { names, status, values } from '../../support/snmp-client.js';
import {
  answers,
  GET_MS,
  never,
  rejects,
  rubbish,
  SetStage,
  throws,
  type Act,
} from '../../support/set-stage.js';

const slow = (delayMs: number) => answers('noError', { delayMs });
const two = { s1: { s1A: {}, s1B: {} }, s2: { s2A: {} } };

/** The incarnation of a subtree's actor. */
function incarnationOf({ agent }: SetStage, name: string): number | undefined {
  const subtrees = agent.tree().children?.find(({ id }) => id === 'subtrees');
  const supervisor = subtrees?.children?.find(({ id }) => id === name);
  return supervisor?.children?.find(({ id }) => id === 'cell')?.incarnation;
}

describe('an actor that crashes', () => {
  it('while it is idle leaves no trace on the wire [SUP-001, SUP-021]', async () => {
    await using s = await SetStage.open(two);
    await s.set(['s1A', 5], ['s2A', 6]);
    s.scripts.set('s1A', { get: throws });
    expect(await s.get('s1A')).toBe('genErr/1');
    s.scripts.clear();
    expect(await s.get('s1A', 's2A')).toBe('5 6');
    expect([incarnationOf(s, 's1'), incarnationOf(s, 's2')]).toEqual([2, 1]);
  });

  it.each<[string, Act]>([
    ['throws', throws],
    ['rejects', rejects],
    ['never answers', never],
  ])(
    'in a read that %s: genErr at that varbind, then it serves again [SUP-002, SUP-005, SUP-032]',
    async (_, get) => {
      await using s = await SetStage.open(two);
      s.scripts.set('s1A', { get });
      const begunMs = s.clock.nowMs();
      const answer = s.client.get(
        [1, 3, 6, 1, 4, 1, 32473, 77, 2, 1, 0],
        [1, 3, 6, 1, 4, 1, 32473, 77, 1, 1, 0],
      );
      await s.clock.advanceAsync(GET_MS);
      expect(status(await answer)).toBe('genErr/2');
      expect(s.clock.nowMs() - begunMs).toBe(GET_MS);
      s.scripts.clear();
      expect(await s.get('s1A')).toBe('0');
      expect(s.told).toContain('subtree:crashed s1 get');
      expect(await s.leftovers()).toEqual([]);
    },
  );

  it('in a GETNEXT or in one step of a GETBULK: genErr at the varbind asked, and no part of it [SUP-003]', async () => {
    await using s = await SetStage.open(two);
    s.scripts.set('s1B', { get: throws });
    const [s1A, s2] = [instance('s1A'), instance('s2A').slice(0, -2)];
    expect(status(await s.until(s.client.getNext(s2, s1A)))).toBe('genErr/2');
    const bulk = await s.until(s.client.getBulk(1, 5, s2, s2, s1A.slice(0, -2)));
    expect(status(bulk)).toBe('genErr/3');
    expect(names(bulk)).toEqual([s2, s2, s1A.slice(0, -2)].map((name) => name.join('.')));
    s.scripts.clear();
    expect(values(await s.until(s.client.getNext(s2, s1A)))).toEqual([
      'Integer32:0',
      'Integer32:0',
    ]);
    expect(s.agent.metrics().subtreeCrashes).toBe(2);
  });

  it('is not missed while it is restarted: reads and SETs wait [SUP-004, docs/set.md 6]', async () => {
    await using s = await SetStage.open(two);
    let isSlow = false;
    await s.agent.unload('s1');
    await s.load('s1', { s1A: {} }, {
      s1A: {
        ...s.objects('s1', { s1A: {} })['s1A'],
        new: () =>
          isSlow ? new Promise((resolve) => s.clock.startTimer(100, () => resolve(0))) : 0,
      },
    } as never);
    isSlow = true;
    s.scripts.set('s1A', { get: throws });
    await s.get('s1A');
    s.scripts.clear();
    const begunMs = s.clock.nowMs();
    const answered = [s.get('s1A'), s.set(['s1A', 7])];
    const endedMs: number[] = [];
    for (const one of answered) void one.then(() => endedMs.push(s.clock.nowMs() - begunMs));
    await s.clock.advanceAsync(100);
    const [read, set] = await Promise.all(answered);
    // Both were waiting: the read is before the SET or after it.
    expect(['0', '7']).toContain(read);
    expect(set).toBe('noError/0');
    expect(endedMs).toEqual([100, 100]);
  });

  it('and is not up again in time: genErr, for a read and for a SET [SUP-004, docs/set.md 6]', async () => {
    await using s = await SetStage.open({ s2: { s2A: {} } });
    let isStuck = false;
    await s.load('s1', { s1A: {} }, {
      s1A: {
        ...s.objects('s1', { s1A: {} })['s1A'],
        new: () =>
          isStuck ? new Promise((resolve) => s.clock.startTimer(900, () => resolve(0))) : 0,
      },
    } as never);
    isStuck = true;
    s.scripts.set('s1A', { get: throws });
    await s.get('s1A');
    s.scripts.clear();
    const [read, set] = [s.get('s2A', 's1A'), s.set(['s2A', 1], ['s1A', 7])];
    expect(await Promise.all([read, set])).toEqual(['genErr/2', 'genErr/2']);
    expect(s.value('s2A')).toBe(0);
    expect(await s.set(['s1A', 7])).toBe('genErr/1');
    await s.clock.advanceAsync(900);
    expect(await s.set(['s1A', 8])).toBe('noError/0');
  });

  it('while it votes, by a read: its vote is lost [SUP-006]', async () => {
    await using s = await SetStage.open(two);
    s.scripts.set('s1A', { isSetOk: slow(50) });
    s.scripts.set('s1B', { get: throws });
    s.takeTrace();
    const set = s.request(['s2A', 1], ['s1A', 2]);
    await s.clock.advanceAsync(10);
    expect(await s.get('s1B')).toBe('genErr/1');
    expect(status(await s.until(set))).toBe('genErr/2');
    expect(s.takeTrace()).toEqual(['isSetOk s2A 1', 'isSetOk s1A 2', 'undo s2A 1', 'new s1']);
    expect(await s.leftovers()).toEqual([]);
  });

  it('after its vote, before the last one: the vote is void, undo on the new incarnation [SUP-007]', async () => {
    await using s = await SetStage.open(two);
    s.scripts.set('s2A', { isSetOk: slow(50) });
    s.scripts.set('s1B', { get: throws });
    s.takeTrace();
    const set = s.request(['s2A', 1], ['s1A', 2]);
    await s.clock.advanceAsync(10);
    expect(await s.get('s1B')).toBe('genErr/1');
    expect(status(await s.until(set))).toBe('genErr/2');
    expect(s.takeTrace()).toEqual([
      'isSetOk s2A 1',
      'isSetOk s1A 2',
      'new s1',
      'undo s2A 1',
      'undo s1A 2',
    ]);
    expect(s.state).toBe('');
  });

  it('after its set, before the others have set: the SET is done [SUP-012]', async () => {
    await using s = await SetStage.open(two);
    s.scripts.set('s2A', { set: slow(50) });
    const set = s.request(['s1A', 1], ['s2A', 2]);
    await s.clock.advanceAsync(10);
    const restarted = s.agent.restart('s1');
    expect(status(await s.until(set))).toBe('noError/0');
    await s.until(restarted);
    expect(await s.get('s1A', 's2A')).toBe('1 2');
  });

  it('in every one of its functions, again and again: each SET is answered, nothing is left [SUP-020, SUP-033]', async () => {
    await using s = await SetStage.open(two);
    for (const operation of ['isSetOk', 'set', 'undo', 'rollback'] as const) {
      for (const act of [throws, rejects, never]) {
        s.scripts.set('s1A', { [operation]: act });
        s.scripts.set('s2A', operation === 'undo' ? { isSetOk: answers('noAccess') } : {});
        if (operation === 'rollback') s.scripts.set('s2A', { set: answers('commitFailed') });
        for (let i = 0; i < 10; i++) {
          const answer = await s.set(['s1A', i], ['s2A', i]);
          expect(answer).toBe(
            {
              isSetOk: 'genErr/1',
              set: 'commitFailed/1',
              undo: 'noAccess/2',
              rollback: 'undoFailed/0',
            }[operation],
          );
        }
        s.scripts.clear();
        expect(await s.set(['s1A', 0], ['s2A', 0])).toBe('noError/0');
      }
    }
    expect(await s.leftovers()).toEqual([]);
    expect(s.agent.metrics().subtreeCrashes).toBe(120);
  });

  it('is shown to observers, with what it was doing [docs/set.md 6]', async () => {
    await using s = await SetStage.open(two);
    s.scripts.set('s1A', { isSetOk: throws });
    await s.set(['s1A', 1]);
    s.scripts.set('s1A', { set: throws, rollback: rubbish });
    await s.set(['s1A', 1]);
    expect(s.told).toEqual([
      'subtree:crashed s1 isSetOk',
      'set:finished refused genErr/1',
      'subtree:crashed s1 set',
      'answer:illegal s1 rollback',
      'undo:failed s1 rollback',
      'subtree:crashed s1 rollback',
      'set:finished inDoubt undoFailed/0',
    ]);
  });
});

describe('a subtree that crashes too often', () => {
  const fragile = { supervise: { intensity: 3, periodMs: 10_000 } };

  /** s1 given up, s2 beside it. */
  async function givenUp(): Promise<SetStage> {
    const s = await SetStage.open({ s2: { s2A: {} } });
    await s.load('s1', { s1A: {}, s1B: {} }, fragile);
    await s.set(['s1A', 5]);
    s.scripts.set('s1B', { get: throws });
    for (let i = 0; i < 4; i++) expect(await s.get('s1B')).toBe('genErr/1');
    await s.clock.advanceAsync(0);
    return s;
  }

  it('is unregistered: noSuchObject, passed over, notWritable; the rest serves on [SUP-023, docs/set.md 6]', async () => {
    await using s = await givenUp();
    expect(await s.get('s1A', 's2A')).toBe('noSuchObject 0');
    const next = await s.client.getNext([1, 3, 6, 1, 4, 1, 32473, 77]);
    expect(next?.varBinds[0]?.name.slice(0, 10)).toEqual([1, 3, 6, 1, 4, 1, 32473, 77, 2, 1]);
    expect(await s.set(['s2A', 1], ['s1A', 1])).toBe('notWritable/2');
    expect(s.told).toContain('subtree:quarantined s1');
    expect(s.agent.metrics().subtreesQuarantined).toBe(1);
    expect(await s.leftovers()).toEqual([]);
  });

  it('comes back by restart, with its intensity anew [docs/set.md 6]', async () => {
    await using s = await givenUp();
    s.scripts.clear();
    await s.until(s.agent.restart('s1'));
    expect(await s.get('s1A')).toBe('5');
    s.scripts.set('s1B', { get: throws });
    for (let i = 0; i < 3; i++) await s.get('s1B');
    expect(await s.get('s1A')).toBe('5');
  });

  it('answers those who wait for it: genErr [docs/set.md 6]', async () => {
    await using s = await SetStage.open({ s2: { s2A: {} } });
    let isBroken = false;
    await s.load('s1', { s1A: {} }, {
      ...fragile,
      s1A: {
        ...s.objects('s1', { s1A: {} })['s1A'],
        new: () => {
          if (isBroken) throw new Error('cannot start any more');
        },
      },
    } as never);
    isBroken = true;
    s.scripts.set('s1A', { get: throws });
    const answered = [s.get('s1A'), s.get('s1A'), s.set(['s2A', 1], ['s1A', 1])];
    expect(await Promise.all(answered)).toEqual(['genErr/1', 'genErr/1', 'genErr/2']);
    expect(s.told).toContain('subtree:quarantined s1');
    expect(s.value('s2A')).toBe(0);
    expect(await s.leftovers()).toEqual([]);
  });

  it('in the middle of a SET: what cannot be rolled back any more is undoFailed/0 [docs/set.md 3]', async () => {
    await using s = await SetStage.open({ s2: { s2A: {} } });
    await s.load('s1', { s1A: {}, s1B: {} }, { supervise: { intensity: 0, periodMs: 10_000 } });
    s.scripts.set('s1A', { set: { ...throws, effect: true } });
    expect(await s.set(['s2A', 1], ['s1A', 1])).toBe('undoFailed/0');
    expect(s.state).toBe('s1A=1');
    expect(s.told).toContain('undo:failed s1 rollback');
    expect(await s.get('s1A')).toBe('noSuchObject');
    expect(await s.leftovers()).toEqual([]);
  });

  it('while others run on: their SETs are what they would be without it [PR-34]', async () => {
    await using s = await givenUp();
    expect(await s.set(['s2A', 9])).toBe('noError/0');
    expect(await s.get('s2A')).toBe('9');
  });
});

describe('the agent that stops', () => {
  it('answers SETs that are under way first [SUP-030]', async () => {
    const s = await SetStage.open(two);
    s.scripts.set('s1A', { set: slow(50) });
    const set = s.request(['s1A', 1], ['s2A', 2]);
    const waiting = s.request(['s1A', 3]);
    await s.clock.advanceAsync(10);
    s.takeTrace();
    const stopped = s.agent.stop();
    expect(status(await s.until(set))).toBe('noError/0');
    expect(status(await s.until(waiting))).toBe('noError/0');
    await s.until(stopped);
    expect(s.takeTrace()).toEqual(['isSetOk s1A 3', 'set s1A 3', 'delete s2', 'delete s1']);
    expect(s.state).toBe('s1A=3 s2A=2');
    expect(s.clock.pendingTimers).toBe(0);
  });

  it('takes no new requests', async () => {
    const s = await SetStage.open(two);
    s.scripts.set('s1A', { set: slow(50) });
    const set = s.request(['s1A', 1]);
    const stopped = s.agent.stop();
    expect(await s.request(['s2A', 1])).toBe(undefined);
    expect(status(await s.until(set))).toBe('noError/0');
    await s.until(stopped);
  });

  it('waits no longer than the deadlines allow: a queue behind a hung subtree is refused [SUP-030]', async () => {
    const s = await SetStage.open(two);
    s.scripts.set('s1A', { isSetOk: never });
    const sets = Array.from({ length: 50 }, (_, i) => s.request(['s1A', i]));
    const begunMs = s.clock.nowMs();
    await s.until(s.agent.stop());
    expect(s.clock.nowMs() - begunMs).toBeLessThan(4 * 300 + GET_MS + 300);
    expect(new Set((await Promise.all(sets)).map(status))).toEqual(new Set(['genErr/1']));
    expect(s.clock.pendingTimers).toBe(0);
  });

  it('can be stopped twice, and starts anew in the same process [SUP-031]', async () => {
    const s = await SetStage.open(two);
    await s.until(Promise.all([s.agent.stop(), s.agent.stop()]));
    await expect(s.agent.restart('s1')).rejects.toMatchObject({ code: 'SNMP_AGENT_STOPPED' });
    await using again = await SetStage.open(two);
    expect(again.agent.metrics().snmp['snmpInPkts']).toBe(0);
    expect(again.agent.upTimeCentiseconds).toBe(0);
  });
});
