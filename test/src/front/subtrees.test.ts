import { describe, expect, it } from 'vitest';
import type { Agent } from '../../../src/agent.js';
import type { SubtreeDefinition } from '../../../src/agent-options.js';
import { scalar } from '../../../src/instrumentation/index.js';
import { functions } from '../../support/conf-agent.js';
import { SETS_MIB } from '../../support/set-module.js';
import { status } from '../../support/snmp-client.js';
import { answers, never, SET_MS, SetStage, throws } from '../../support/set-stage.js';

const slow = (delayMs: number) => answers('noError', { delayMs });
const fail = (): never => {
  throw new Error('no');
};

/** Subtrees in the supervision tree. */
/** What an SNMPv3 engine says of itself: always there, and nobody's matter here. */
const ENGINE = ['engine', 'mpd', 'usm', 'vacm', 'target', 'community', 'notification'];

function subtreesOf(agent: Agent): string[] {
  const subtrees = agent.tree().children?.find(({ id }) => id === 'subtrees');
  return (subtrees?.children ?? [])
    .filter(({ id }) => !ENGINE.includes(id))
    .map(({ id, state }) => `${id} ${state}`);
}

describe('loading', () => {
  it('runs new of every object before any request reaches it [OTP-001, SUP-029]', async () => {
    await using s = await SetStage.open();
    let finish: () => void = () => undefined;
    const loading = s.load(
      's1',
      { s1A: {} },
      {
        s1A: {
          get: () => 3,
          new: () => new Promise<void>((resolve) => (finish = resolve)),
        },
      },
    );
    await s.clock.advanceAsync(0);
    expect(await s.get('s1A')).toBe('noSuchObject');
    finish();
    await loading;
    expect(await s.get('s1A')).toBe('3');
  });

  it('is of all subtrees or of none: a failing new refuses it, and delete runs for the others [SUP-029]', async () => {
    await using s = await SetStage.open();
    const loading = s.agent.load(SETS_MIB, [
      { name: 's1', ...s.objects('s1', { s1A: {} }) },
      { name: 's2', s2A: { get: () => 1, new: fail } },
      { name: 's3', ...s.objects('s3', { s3A: {} }) },
    ]);
    await expect(loading).rejects.toMatchObject({ code: 'SNMP_SUBTREE_START' });
    expect(s.takeTrace()).toEqual(['new s1', 'delete s1']);
    expect(await s.get('s1A', 's2A', 's3A')).toBe('noSuchObject noSuchObject noSuchObject');
    expect(subtreesOf(s.agent)).toEqual(['snmp running']);
    // Nothing of it is in the way of another try.
    await s.load('s1', { s1A: {} });
    expect(await s.get('s1A')).toBe('0');
  });

  it.each<[string, SubtreeDefinition, string]>([
    [
      'rejects',
      { name: 's1', s1A: { get: () => 1, new: () => Promise.reject(new Error('no')) } },
      'SNMP_SUBTREE_START',
    ],
    [
      'stays silent',
      { name: 's1', s1A: { get: () => 1, new: () => new Promise(() => undefined) } },
      'SNMP_SUBTREE_START',
    ],
  ])('is refused where a new %s', async (_, definition, code) => {
    await using s = await SetStage.open();
    const loading = s.agent.load(SETS_MIB, definition);
    await expect(s.until(loading)).rejects.toMatchObject({ code });
    expect(subtreesOf(s.agent)).toEqual(['snmp running']);
    expect(s.clock.pendingTimers).toBe(0);
  });

  it('refuses what overlaps; the first one is untouched [OTP-062, OTP-063]', async () => {
    await using s = await SetStage.open({ s1: { s1A: {} } });
    await s.set(['s1A', 7]);
    s.takeTrace();
    await expect(s.load('other', { s1A: {} })).rejects.toMatchObject({ code: 'SNMP_OID_CONFLICT' });
    expect(s.takeTrace()).toEqual([]);
    expect(await s.get('s1A')).toBe('7');
    expect(subtreesOf(s.agent)).toEqual(['snmp running', 's1 running']);
  });

  it('refuses what overlaps one that is being loaded: its new does not run', async () => {
    await using s = await SetStage.open();
    const slowNew = () => new Promise((resolve) => s.clock.startTimer(50, () => resolve(0)));
    const first = s.load('s1', { s1A: {} }, { s1A: { get: () => 3, new: slowNew } });
    await expect(s.load('other', { s1A: {} })).rejects.toMatchObject({ code: 'SNMP_OID_CONFLICT' });
    expect(s.takeTrace()).toEqual([]);
    await s.until(first);
    expect(await s.get('s1A')).toBe('3');
  });

  it.each<[string, SubtreeDefinition | SubtreeDefinition[], string]>([
    [
      'a name twice',
      [
        { name: 'x', s2A: { get: () => 1 } },
        { name: 'x', s3A: { get: () => 1 } },
      ],
      'SNMP_SUBTREE_NAME_TAKEN',
    ],
    ['a name that is taken', { name: 's1', s2A: { get: () => 1 } }, 'SNMP_SUBTREE_NAME_TAKEN'],
    [
      'no name for one of several',
      [{ s2A: { get: () => 1 } }, { name: 'y', s3A: { get: () => 1 } }],
      'SNMP_LOAD_NAME_MISSING',
    ],
    [
      'an object that is not in the module',
      { name: 'x', nothing: { get: () => 1 } },
      'SNMP_LOAD_UNKNOWN_OBJECT',
    ],
    ['a column', { name: 'x', s2X: { get: () => 1 } }, 'SNMP_LOAD_UNKNOWN_OBJECT'],
    ['no object at all', { name: 'x' }, 'SNMP_LOAD_EMPTY'],
    [
      'isSetOk without set',
      { name: 'x', s2A: functions.scalar({ get: () => 1, isSetOk: () => 'noError' }) },
      'SNMP_LOAD_BAD_FUNCTIONS',
    ],
    [
      'a vote that nobody would ask for',
      { name: 'x', s2A: { get: () => 1, set: () => 'noError', isSetOK: () => 'noError' } as never },
      'SNMP_LOAD_BAD_FUNCTIONS',
    ],
    [
      'terms of supervision that there are none of',
      { name: 'x', supervise: { intensty: 3 } as never, s2A: { get: () => 1 } },
      'SNMP_OPTION_INVALID',
    ],
    ['no get', { name: 'x', s2A: { set: () => 'noError' } as never }, 'SNMP_LOAD_BAD_FUNCTIONS'],
    [
      'an object outside of the subtree',
      { subtree: 's2', s3A: { get: () => 1 } },
      'SNMP_LOAD_OUTSIDE_SUBTREE',
    ],
  ])('refuses %s, and changes nothing [OTP-046]', async (_, definitions, code) => {
    await using s = await SetStage.open({ s1: { s1A: {} } });
    const loading = s.agent.load(SETS_MIB, definitions);
    await expect(loading).rejects.toMatchObject({ code });
    expect(subtreesOf(s.agent)).toEqual(['snmp running', 's1 running']);
    expect(await s.get('s2A', 's3A', 's1A')).toBe('noSuchObject noSuchObject 0');
  });

  it('shows the module in sysORTable from its first subtree to its last', async () => {
    await using s = await SetStage.open({ s1: { s1A: {} } });
    const shown = (): number =>
      s.agent.capabilities.rows.filter(({ sysORDescr }) => sysORDescr.includes('SETS-MIB')).length;
    await s.load('s2', { s2A: {} });
    expect(shown()).toBe(1);
    await s.agent.unload('s1');
    expect(shown()).toBe(1);
    await s.agent.unload('s2');
    expect(shown()).toBe(0);
  });
});

describe('unloading', () => {
  it('ends the service at once, and runs delete after the last request [OTP-003, OTP-064]', async () => {
    await using s = await SetStage.open({ s1: { s1A: {} }, s2: { s2A: {} } });
    s.scripts.set('s1A', { get: answers(5, { delayMs: 40 }) });
    const read = s.get('s1A');
    await s.clock.advanceAsync(10);
    const unloaded = s.agent.unload('s1');
    await s.clock.advanceAsync(0);
    expect(
      await s.client
        .get([1, 3, 6, 1, 4, 1, 32473, 77, 1, 1, 0])
        .then((answer) => answer?.varBinds[0]?.value.type),
    ).toBe('noSuchObject');
    expect(s.takeTrace()).not.toContain('delete s1');
    expect(await read).toBe('5');
    await s.until(unloaded);
    expect(s.takeTrace()).toEqual(['delete s1']);
    expect(s.told.at(-1)).toBe('subtree:unloaded s1');
    expect(subtreesOf(s.agent)).toEqual(['snmp running', 's2 running']);
  });

  it('lets a SET that is under way come to its end; no function is called after delete [OTP-004]', async () => {
    await using s = await SetStage.open({ s1: { s1A: {} }, s2: { s2A: {} } });
    s.scripts.set('s1A', { isSetOk: slow(20), set: slow(20) });
    s.scripts.set('s2A', { set: answers('commitFailed', { delayMs: 90 }) });
    s.takeTrace();
    const set = s.request(['s1A', 1], ['s2A', 2]);
    const waiting = s.request(['s1A', 3]);
    await s.clock.advanceAsync(10);
    const unloaded = s.agent.unload('s1');
    expect(status(await s.until(set))).toBe('commitFailed/2');
    // It had not begun: what it names is not there any more.
    expect(status(await s.until(waiting))).toBe('notWritable/1');
    await s.until(unloaded);
    expect(s.takeTrace()).toEqual([
      'isSetOk s1A 1',
      'isSetOk s2A 2',
      'set s1A 1',
      'set s2A 2',
      'rollback s1A 1',
      'delete s1',
    ]);
    expect(await s.leftovers()).toEqual([]);
  });

  it('answers reads that wait for it: genErr', async () => {
    await using s = await SetStage.open({ s1: { s1A: {} } });
    s.scripts.set('s1A', { set: slow(100) });
    const set = s.request(['s1A', 1]);
    await s.clock.advanceAsync(10);
    const read = s.get('s1A');
    const unloaded = s.agent.unload('s1');
    expect(await read).toBe('genErr/1');
    expect(status(await s.until(set))).toBe('noError/0');
    await s.until(unloaded);
  });

  it('completes where a delete throws or stays silent [SUP-029]', async () => {
    for (const destroy of [fail, () => new Promise(() => undefined)]) {
      await using s = await SetStage.open();
      await s.load('s1', { s1A: {} }, { s1A: { get: () => 1, delete: destroy } });
      await s.until(s.agent.unload('s1'));
      expect(await s.get('s1A')).toBe('noSuchObject');
      expect(subtreesOf(s.agent)).toEqual(['snmp running']);
      await s.load('s1', { s1A: {} });
      expect(await s.get('s1A')).toBe('0');
    }
  });

  it('calls every delete, however long those before it were silent, and tells [OTP-003, SUP-029]', async () => {
    await using s = await SetStage.open({}, { deadlines: { lifecycleMs: 5000 } });
    const calls: string[] = [];
    await s.agent.load(SETS_MIB, {
      name: 's1',
      s1A: { get: () => 1, delete: () => void calls.push('A') },
      s1B: { get: () => 1, delete: () => new Promise(() => undefined) },
      s1C: { get: () => 1, delete: fail },
    });
    await s.until(s.agent.unload('s1'));
    expect(calls).toEqual(['A']);
    expect(s.told.slice(-3)).toEqual([
      'delete:failed s1 s1C',
      'delete:failed s1 s1B',
      'subtree:unloaded s1',
    ]);
    expect(s.agent.metrics()).toMatchObject({ deleteFailures: 2, subtreeCrashes: 0 });
  });

  it('is of something that is loaded, once', async () => {
    await using s = await SetStage.open({ s1: { s1A: {} } });
    await expect(s.agent.unload('none')).rejects.toMatchObject({ code: 'SNMP_SUBTREE_UNKNOWN' });
    const both = await Promise.allSettled([s.agent.unload('s1'), s.agent.unload('s1')]);
    expect(both.map((one) => one.status)).toEqual(['fulfilled', 'rejected']);
  });

  it('is of a subtree that was given up, too', async () => {
    await using s = await SetStage.open();
    await s.load('s1', { s1A: {} }, { supervise: { intensity: 0 } });
    s.scripts.set('s1A', { get: throws });
    await s.get('s1A');
    await s.clock.advanceAsync(0);
    await s.agent.unload('s1');
    expect(subtreesOf(s.agent)).toEqual(['snmp running']);
  });
});

describe('restarting', () => {
  it('runs delete, then new, and requests wait meanwhile [docs/set.md 6]', async () => {
    await using s = await SetStage.open({ s1: { s1A: {} } });
    await s.set(['s1A', 4]);
    s.takeTrace();
    const restarted = s.agent.restart('s1');
    const read = s.get('s1A');
    await restarted;
    expect(await read).toBe('4');
    expect(s.takeTrace()).toEqual(['delete s1', 'new s1']);
  });

  it('waits for the SET that is under way [OTP-004]', async () => {
    await using s = await SetStage.open({ s1: { s1A: {} } });
    s.scripts.set('s1A', { isSetOk: slow(20), set: slow(20) });
    s.takeTrace();
    const set = s.request(['s1A', 1]);
    await s.clock.advanceAsync(10);
    const restarted = s.agent.restart('s1');
    const next = s.request(['s1A', 2]);
    expect(status(await s.until(set))).toBe('noError/0');
    await s.until(restarted);
    expect(status(await s.until(next))).toBe('noError/0');
    expect(s.takeTrace()).toEqual([
      'isSetOk s1A 1',
      'set s1A 1',
      'delete s1',
      'new s1',
      'isSetOk s1A 2',
      'set s1A 2',
    ]);
  });

  it('does not wait for ever: a hung SET misses its deadline first', async () => {
    await using s = await SetStage.open({ s1: { s1A: {} } });
    s.scripts.set('s1A', { set: never });
    const set = s.request(['s1A', 1]);
    const begunMs = s.clock.nowMs();
    const restarted = s.agent.restart('s1');
    expect(status(await s.until(set))).toMatch(/commitFailed\/1|undoFailed\/0/);
    await s.until(restarted);
    expect(s.clock.nowMs() - begunMs).toBeLessThan(4 * SET_MS);
    s.scripts.clear();
    expect(await s.set(['s1A', 1])).toBe('noError/0');
  });

  // Found by the property of concurrent SETs: the supervisor of all subtrees does one thing at a
  // time, and must not spend it waiting for a SET that waits for another subtree.
  it('of two subtrees in the middle of a SET over both lets it roll back', async () => {
    await using s = await SetStage.open({ s1: { s1A: {} }, s2: { s2A: {} } });
    s.scripts.set('s1A', { set: answers('commitFailed') });
    s.scripts.set('s2A', { set: never });
    const set = s.request(['s1A', 1], ['s2A', 2]);
    const restarted = Promise.all([s.agent.restart('s2'), s.agent.restart('s1')]);
    expect(status(await s.until(set))).toBe('commitFailed/1');
    await s.until(restarted);
    expect(await s.leftovers()).toEqual([]);
  });

  it('is refused where new fails: then the subtree is unregistered, until it can be', async () => {
    await using s = await SetStage.open();
    let isBroken = false;
    await s.load(
      's1',
      { s1A: {} },
      {
        s1A: { get: () => 1, new: () => (isBroken ? fail() : undefined) },
      },
    );
    isBroken = true;
    await expect(s.agent.restart('s1')).rejects.toMatchObject({ code: 'SNMP_SUBTREE_START' });
    expect(await s.get('s1A')).toBe('noSuchObject');
    isBroken = false;
    await s.agent.restart('s1');
    expect(await s.get('s1A')).toBe('1');
  });

  it('of one that was given up is refused where somebody has its place', async () => {
    await using s = await SetStage.open();
    await s.load('s1', { s1A: {} }, { supervise: { intensity: 0 } });
    s.scripts.set('s1A', { get: throws });
    await s.get('s1A');
    await s.clock.advanceAsync(0);
    s.scripts.clear();
    await s.load('heir', { s1A: {} }, { s1A: { get: () => 9 } });
    await expect(s.agent.restart('s1')).rejects.toMatchObject({ code: 'SNMP_OID_CONFLICT' });
    expect(await s.get('s1A')).toBe('9');
    await s.agent.unload('heir');
    await s.agent.restart('s1');
    expect(await s.get('s1A')).toBe('0');
  });

  it('brings back a temporary subtree, crashed or not', async () => {
    await using s = await SetStage.open();
    await s.load('s1', { s1A: {} }, { supervise: { restart: 'temporary' } });
    await s.agent.restart('s1');
    expect(await s.get('s1A')).toBe('0');
    s.scripts.set('s1A', { get: throws });
    await s.get('s1A');
    await s.clock.advanceAsync(0);
    s.scripts.clear();
    expect(await s.get('s1A')).toBe('noSuchObject');
    await s.agent.restart('s1');
    expect(await s.get('s1A')).toBe('0');
    await s.agent.unload('s1');
    expect(subtreesOf(s.agent)).toEqual(['snmp running']);
  });

  it('several times at once is one after another', async () => {
    await using s = await SetStage.open({ s1: { s1A: {} } });
    s.takeTrace();
    await Promise.all([s.agent.restart('s1'), s.agent.restart('s1'), s.agent.restart('s1')]);
    expect(s.takeTrace()).toEqual([
      'delete s1',
      'new s1',
      'delete s1',
      'new s1',
      'delete s1',
      'new s1',
    ]);
    expect(await s.get('s1A')).toBe('0');
  });

  it('and unloading at once leave nothing behind', async () => {
    await using s = await SetStage.open({ s1: { s1A: {} } });
    const all = await Promise.allSettled([
      s.agent.restart('s1'),
      s.agent.unload('s1'),
      s.agent.restart('s1'),
    ]);
    expect(all.map((one) => one.status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(subtreesOf(s.agent)).toEqual(['snmp running']);
    expect(await s.get('s1A')).toBe('noSuchObject');
  });

  it('is of something that is loaded', async () => {
    await using s = await SetStage.open();
    await expect(s.agent.restart('none')).rejects.toMatchObject({ code: 'SNMP_SUBTREE_UNKNOWN' });
  });
});

describe('what the runtime keeps', () => {
  it('tells the program of a committed SET, and of no other', async () => {
    const kept = scalar.stored<number>({ value: 1 });
    await using s = await SetStage.open({ s2: { s2A: {} } });
    await s.load('s1', {}, { s1A: kept });
    const changes: string[] = [];
    kept.on('change', (now, before) => void changes.push(`${before} ${now}`));
    s.scripts.set('s2A', { set: answers('commitFailed') });
    expect(await s.set(['s1A', 5], ['s2A', 1])).toBe('commitFailed/2');
    expect([changes, kept.value]).toEqual([[], 1]);
    s.scripts.clear();
    expect(await s.set(['s1A', 5], ['s2A', 1])).toBe('noError/0');
    expect([changes, kept.value]).toEqual([['1 5'], 5]);
  });

  it('outlives its actor, and is rolled back when that is given up [docs/set.md 3]', async () => {
    const kept = scalar.stored<number>({ value: 1 });
    await using s = await SetStage.open();
    await s.load('s1', { s1B: {} }, { s1A: kept, supervise: { intensity: 0 } });
    s.scripts.set('s1B', { set: throws });
    expect(await s.set(['s1A', 5], ['s1B', 1])).toBe('undoFailed/0');
    expect(kept.value).toBe(1);
  });
});
