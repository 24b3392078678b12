import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Supervisor } from '../../../supervisors/index.js';
import { scalar, type ScalarFunctions } from '../../../src/instrumentation/index.js';
import { instance, SETS_MIB } from '../../support/set-module.js';
import { SetStage, throws } from '../../support/set-stage.js';

/** Supervisors by name, caught as they are started: nobody outside holds them. */
const caught = new Map<string, Supervisor>();

beforeEach(() => {
  caught.clear();
  const start = Supervisor.start.bind(Supervisor);
  vi.spyOn(Supervisor, 'start').mockImplementation(async (options, parent) => {
    const supervisor = await start(options, parent);
    caught.set(options.name, supervisor);
    return supervisor;
  });
});
afterEach(() => void vi.restoreAllMocks());

/** The handle of a child of the root. */
function part(id: string): { kill(): void } {
  const child = caught
    .get('agent')
    ?.whichChildren()
    .find((one) => one.id === id);
  if (child?.handle === undefined) throw new Error(`the agent has no ${id}`);
  return child.handle;
}

const temporary = { supervise: { restart: 'temporary' } } as const;
const once = { supervise: { intensity: 0 } } as const;

describe('a supervisor that starts over', () => {
  it.each(['s1', 'subtrees', 'master'])(
    'because %s exited serves what is temporary again [SUP-021]',
    async (who) => {
      await using s = await SetStage.open();
      await s.load('s1', { s1A: {} }, temporary);
      await s.load('s2', { s2A: {} });
      await s.set(['s1A', 5], ['s2A', 6]);
      if (who === 's1') caught.get('s1')?.kill();
      else part(who).kill();
      await s.clock.advanceAsync(100);
      expect(await s.get('s1A', 's2A')).toBe('5 6');
      expect(await s.set(['s1A', 7], ['s2A', 8])).toBe('noError/0');
    },
  );

  it('in order, by restart, lets nobody find what is temporary missing meanwhile [SUP-004]', async () => {
    await using s = await SetStage.open();
    const slow = (): Promise<void> =>
      new Promise((resolve) => void s.clock.startTimer(100, resolve));
    const s1A = scalar.functions({ get: () => 5, new: slow, delete: slow });
    const loaded = s.agent.load(SETS_MIB, { name: 's1', ...temporary, s1A });
    await s.until(loaded);
    const restarted = s.agent.restart('s1');
    await s.clock.advanceAsync(50);
    const whileDeleted = s.get('s1A');
    await s.clock.advanceAsync(100);
    const whileMade = s.get('s1A');
    expect(await whileDeleted).toBe('5');
    expect(await whileMade).toBe('5');
    await restarted;
  });

  it('by restart does not hear a SET that was planned before it was gone', async () => {
    await using s = await SetStage.open({ s2: { s2A: {} } });
    const slow = (): Promise<void> =>
      new Promise((resolve) => void s.clock.startTimer(50, resolve));
    const { s1A } = s.objects('s1', { s1A: {} });
    const functions = { ...s1A, new: slow } as ScalarFunctions;
    await s.until(s.load('s1', {}, { ...temporary, s1A: functions }));
    // A SET that waits in the queue when its subtree goes: it is looked at again when it begins.
    s.scripts.set('s2A', { isSetOk: { ends: 'returns', delayMs: 100 } });
    const before = s.request(['s2A', 1]);
    s.scripts.set('s1A', { get: throws, isSetOk: throws });
    const waiting = s.request(['s1A', 2], ['s2A', 2]);
    expect(await s.client.get(instance('s1A'))).toMatchObject({ errorStatus: 'genErr' });
    await s.clock.advanceAsync(80);
    const restarted = s.agent.restart('s1');
    await s.until(Promise.all([before, waiting, restarted]));
    expect(await waiting).toMatchObject({ errorStatus: 'notWritable', errorIndex: 1 });
    expect(s.told).not.toContain('subtree:crashed s1 isSetOk');
    s.scripts.clear();
    expect(await s.get('s1A', 's2A')).toBe('0 1');
  });

  it('serves what had been given up: it is a fresh start for that too', async () => {
    await using s = await SetStage.open();
    await s.load('s1', { s1A: {} }, once);
    s.scripts.set('s1A', { get: throws });
    expect(await s.get('s1A')).toBe('genErr/1');
    s.scripts.clear();
    expect(await s.get('s1A')).toBe('noSuchObject');
    part('subtrees').kill();
    await s.clock.advanceAsync(100);
    expect(await s.get('s1A')).toBe('0');
    await s.agent.restart('s1');
    expect(await s.get('s1A')).toBe('0');
  });

  it('leaves down what had been given up and has no place any more', async () => {
    await using s = await SetStage.open();
    await s.load('s1', { s1A: {} }, once);
    s.scripts.set('s1A', { get: throws });
    await s.get('s1A');
    s.scripts.clear();
    await s.load('other', { s1A: {} });
    await s.set(['s1A', 5]);
    part('subtrees').kill();
    await s.clock.advanceAsync(100);
    expect(await s.get('s1A')).toBe('5');
    await s.agent.unload('other');
    expect(await s.get('s1A')).toBe('noSuchObject');
    await s.agent.restart('s1');
    expect(await s.get('s1A')).toBe('5');
  });
});
