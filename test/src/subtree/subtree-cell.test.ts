import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../../src/base/index.js';
import {
  ForeignCallContext,
  SetError,
  type ScalarFunctions,
} from '../../../src/instrumentation/index.js';
import { SubtreeCell, type CellEnd, type OperationResult } from '../../../src/subtree/index.js';
import { DEADLINES, groupsOf, objectsOf, REQUESTER } from './subtree-parts.js';

const never = (): Promise<never> => new Promise(() => undefined);
const fail = (text: string) => (): never => {
  throw new Error(text);
};

interface Stage {
  readonly clock: SimulatedClock;
  readonly cell: SubtreeCell;
  readonly ends: CellEnd[];
  stale: number;
  readonly failedDeletes: string[];
  read(call: () => unknown): string[];
  operate(operation: 'isSetOk' | 'set' | 'undo' | 'rollback', index?: number): OperationResult[];
}

function stage(functions: Readonly<Record<string, ScalarFunctions>>): Stage {
  const clock = new SimulatedClock();
  const objects = objectsOf(clock, functions);
  const cell = new SubtreeCell(1, objects, DEADLINES, clock, {
    staleAnswer: () => void (made.stale += 1),
    deleteFailed: (object, cause) => void made.failedDeletes.push(`${object}: ${String(cause)}`),
    signalListenerFailed: () => undefined,
  });
  const context = (): ForeignCallContext => new ForeignCallContext(1, REQUESTER);
  const groups = groupsOf(objects);
  const made: Stage = {
    clock,
    cell,
    ends: [],
    stale: 0,
    failedDeletes: [],
    read: (call) => {
      const kinds: string[] = [];
      cell.read('get', call, context(), DEADLINES.getMs, ({ kind }) => void kinds.push(kind));
      return kinds;
    },
    operate: (operation, index = 0) => {
      const results: OperationResult[] = [];
      const group = groups[index];
      if (group === undefined) throw new Error('no such group');
      cell.operate(operation, group, context(), DEADLINES.setMs, (result) => {
        results.push(result);
      });
      return results;
    },
  };
  cell.onExit((end) => void made.ends.push(end));
  return made;
}

const get = (): number => 1;

describe('an incarnation that starts', () => {
  it('calls new of every object in order, then serves [OTP-001]', () => {
    const calls: string[] = [];
    const s = stage({
      s1A: { get, new: () => calls.push('A') },
      s1B: { get },
      s1C: { get, new: () => calls.push('C') },
    });
    expect(s.cell.serving).toBe(false);
    expect(s.cell.start()).toBe(undefined);
    expect([calls, s.cell.serving, s.ends]).toEqual([['A', 'C'], true, []]);
  });

  it('waits for a new that is asynchronous', async () => {
    const s = stage({ s1A: { get, new: () => Promise.resolve() } });
    const started = s.cell.start();
    expect(s.cell.serving).toBe(false);
    await started;
    expect(s.cell.serving).toBe(true);
    expect(s.clock.pendingTimers).toBe(0);
  });

  it('does not start where a new throws; later objects are not asked', () => {
    const calls: string[] = [];
    const s = stage({
      s1A: { get, new: fail('no') },
      s1B: { get, new: () => calls.push('B') },
    });
    expect(() => s.cell.start()).toThrow('new of s1A failed');
    expect([calls, s.cell.isAlive, s.ends[0]?.kind]).toEqual([[], false, 'crashed']);
  });

  it('takes down what was begun, in reverse order, where a new throws [SUP-029]', async () => {
    for (const pause of [() => undefined, () => Promise.resolve()]) {
      const calls: string[] = [];
      const say = (call: string) => () => {
        calls.push(call);
        return pause();
      };
      const s = stage({
        s1A: { get, new: say('new A'), delete: say('delete A') },
        s1B: { get, new: say('new B'), delete: say('delete B') },
        s1C: { get, new: fail('no'), delete: say('delete C') },
      });
      await expect((async () => s.cell.start())()).rejects.toThrow('new of s1C failed');
      expect(calls).toEqual(['new A', 'new B', 'delete B', 'delete A']);
      expect([s.cell.isAlive, s.ends.length, s.clock.pendingTimers]).toEqual([false, 1, 0]);
    }
  });

  it('does not start where a new rejects, or misses its deadline', async () => {
    const rejecting = stage({ s1A: { get, new: () => Promise.reject(new Error('no')) } });
    await expect(rejecting.cell.start()).rejects.toMatchObject({ code: 'SNMP_SUBTREE_START' });
    const silent = stage({ s1A: { get, new: never } });
    const started = silent.cell.start();
    silent.clock.advance(DEADLINES.lifecycleMs);
    await expect(started).rejects.toMatchObject({ code: 'SNMP_SUBTREE_START' });
  });

  it('can be killed while it starts', async () => {
    const s = stage({ s1A: { get, new: never } });
    const started = s.cell.start();
    s.cell.kill();
    await expect(started).rejects.toMatchObject({ code: 'SNMP_SUBTREE_START' });
    expect([s.cell.serving, s.clock.pendingTimers]).toEqual([false, 0]);
  });

  it('can be stopped while it starts, and never serves', async () => {
    const s = stage({ s1A: { get, new: () => Promise.resolve() } });
    const started = s.cell.start();
    s.cell.stop();
    await expect(started).rejects.toMatchObject({ code: 'SNMP_SUBTREE_START' });
    expect([s.cell.serving, s.ends.length]).toEqual([false, 1]);
  });
});

describe('an incarnation that serves', () => {
  it.each([
    ['throws', fail('no')],
    ['rejects', () => Promise.reject(new Error('no'))],
    ['misses its deadline', never],
  ])('crashes where a read %s [SUP-002, SUP-005, docs/set.md 6]', async (_, call) => {
    const s = stage({ s1A: { get } });
    void s.cell.start();
    const kinds = s.read(call);
    await s.clock.advanceAsync(DEADLINES.getMs);
    expect(kinds).toHaveLength(1);
    expect([s.cell.serving, s.ends[0]?.kind]).toEqual([false, 'crashed']);
    expect(s.clock.pendingTimers).toBe(0);
  });

  it('survives every answer by value, legal or not [docs/set.md 6]', () => {
    const illegal = {
      get hostile(): never {
        throw new Error('do not look');
      },
      error: Symbol('error'),
    };
    const s = stage({ s1A: { get, set: () => illegal as never } });
    void s.cell.start();
    expect(s.operate('set')[0]?.kind).toBe('illegal');
    expect(s.ends).toEqual([]);
  });

  it('takes a thrown SetError for an answer [docs/set.md 6]', () => {
    const thrown = (): never => {
      throw new SetError('commitFailed');
    };
    const s = stage({
      s1A: { get, set: thrown, isSetOk: () => Promise.reject(new SetError('genErr')) },
    });
    void s.cell.start();
    expect(s.operate('set')).toEqual([{ kind: 'error', status: 'commitFailed', position: 1 }]);
    expect(s.ends).toEqual([]);
  });

  it('takes an answer that cannot be looked at for an illegal one', () => {
    const hostile = new Proxy(
      {},
      {
        has: fail('do not look'),
        getPrototypeOf: fail('do not look'),
        get: () => undefined,
      },
    );
    const throwsHostile = (): never => {
      // oxlint-disable-next-line only-throw-error -- what foreign code throws need not be an Error
      throw hostile;
    };
    const s = stage({
      s1A: { get, set: () => hostile as never },
      s1B: { get, set: throwsHostile },
    });
    void s.cell.start();
    expect(s.operate('set', 0)[0]?.kind).toBe('illegal');
    expect(s.ends).toEqual([]);
    expect(s.operate('set', 1)[0]?.kind).toBe('lost');
    expect(s.ends[0]?.kind).toBe('crashed');
  });

  it('settles all that is under way when it crashes, and nothing after that [PR-31]', async () => {
    const s = stage({ s1A: { get, isSetOk: never, set: () => 'noError' } });
    void s.cell.start();
    const read = s.read(never);
    const vote = s.operate('isSetOk');
    s.read(fail('crash'));
    expect([read, vote]).toEqual([['aborted'], [{ kind: 'lost' }]]);
    expect(s.clock.pendingTimers).toBe(0);
    let calls = 0;
    expect(s.read(() => (calls += 1))).toEqual(['aborted']);
    expect(s.operate('set')).toEqual([{ kind: 'lost' }]);
    expect([calls, s.ends.length]).toEqual([0, 1]);
  });

  it('drops answers that come too late, and counts them [PR-24, docs/set.md 4]', async () => {
    let answer: (value: unknown) => void = () => undefined;
    const s = stage({ s1A: { get } });
    void s.cell.start();
    const kinds = s.read(() => new Promise((resolve) => (answer = resolve)));
    s.clock.advance(DEADLINES.getMs);
    expect(kinds).toEqual(['deadline']);
    answer(5);
    await s.clock.advanceAsync(0);
    expect([kinds, s.stale]).toEqual([['deadline'], 1]);
  });

  it('ends the signal of every call that is over', () => {
    const s = stage({ s1A: { get } });
    void s.cell.start();
    const context = new ForeignCallContext(1, REQUESTER);
    s.cell.read('get', never, context, DEADLINES.getMs, () => undefined);
    expect(context.signal.aborted).toBe(false);
    s.clock.advance(DEADLINES.getMs);
    expect(context.signal.aborted).toBe(true);
  });

  it('tells late listeners at once how it ended', () => {
    const s = stage({ s1A: { get } });
    void s.cell.start();
    s.cell.kill();
    const ends: CellEnd[] = [];
    s.cell.onExit((end) => void ends.push(end));
    expect(ends).toEqual([{ kind: 'crashed', operation: 'kill', cause: 'killed' }]);
  });

  it('tells a listener nothing that was taken off', () => {
    const s = stage({ s1A: { get } });
    const off = s.cell.onExit(() => expect.unreachable());
    off();
    s.cell.kill();
    expect(s.ends).toHaveLength(1);
  });
});

describe('an incarnation that is stopped in order', () => {
  it('calls delete of every object, in reverse order, then ends [OTP-003]', () => {
    const calls: string[] = [];
    const s = stage({
      s1A: { get, delete: () => calls.push('A') },
      s1B: { get, delete: () => calls.push('B') },
    });
    void s.cell.start();
    s.cell.stop();
    expect([calls, s.ends, s.cell.serving]).toEqual([['B', 'A'], [{ kind: 'stopped' }], false]);
  });

  it('calls delete after the last call that is under way, and only once [OTP-003]', async () => {
    const calls: string[] = [];
    let answer: (value: number) => void = () => undefined;
    const s = stage({ s1A: { get, delete: () => calls.push('delete') } });
    void s.cell.start();
    const kinds = s.read(() => new Promise((resolve) => (answer = resolve)));
    s.cell.stop();
    s.cell.stop();
    expect(calls).toEqual([]);
    answer(1);
    await s.clock.advanceAsync(0);
    expect([kinds, calls, s.ends]).toEqual([['returned'], ['delete'], [{ kind: 'stopped' }]]);
  });

  it('calls delete after the SET that holds it [OTP-004]', () => {
    const calls: string[] = [];
    const set = (): 'noError' => (calls.push('set'), 'noError');
    const s = stage({ s1A: { get, set, delete: () => calls.push('delete') } });
    void s.cell.start();
    s.cell.advance('set.asked');
    s.cell.stop();
    expect([calls, s.cell.isAlive, s.cell.serving]).toEqual([[], true, false]);
    s.cell.advance('set.applied');
    expect(s.operate('set')).toEqual([{ kind: 'ok' }]);
    s.cell.advance('set.ended');
    expect(calls).toEqual(['set', 'delete']);
    expect(s.ends).toEqual([{ kind: 'stopped' }]);
  });

  it('calls the other deletes where one throws, rejects or stays silent', async () => {
    const calls: string[] = [];
    const s = stage({
      s1A: { get, delete: () => calls.push('A') },
      s1B: { get, delete: never },
      s1C: { get, delete: fail('no') },
    });
    void s.cell.start();
    s.cell.stop();
    await s.clock.advanceAsync(DEADLINES.lifecycleMs);
    expect([calls, s.ends]).toEqual([['A'], [{ kind: 'stopped' }]]);
    expect(s.failedDeletes).toEqual(['s1C: Error: no', 's1B: deadline']);
  });

  it('can be killed at its delete, and says that it was', () => {
    const s = stage({ s1A: { get, delete: never } });
    void s.cell.start();
    s.cell.stop();
    s.cell.kill();
    expect(s.ends.map(({ kind }) => kind)).toEqual(['crashed']);
    expect(s.clock.pendingTimers).toBe(0);
  });

  it('crashes where what was under way throws: then nobody calls delete', async () => {
    const calls: string[] = [];
    let reject: (error: Error) => void = () => undefined;
    const s = stage({ s1A: { get, delete: () => calls.push('delete') } });
    void s.cell.start();
    s.read(() => new Promise((_, no) => (reject = no)));
    s.cell.stop();
    reject(new Error('no'));
    await s.clock.advanceAsync(0);
    expect([calls, s.ends.map(({ kind }) => kind)]).toEqual([[], ['crashed']]);
  });

  it('has nothing to stop once it has crashed', () => {
    const calls: string[] = [];
    const s = stage({ s1A: { get, delete: () => calls.push('delete') } });
    void s.cell.start();
    s.cell.fail('get', new Error('no'));
    s.cell.stop();
    s.cell.fail('get', new Error('again'));
    expect([calls, s.ends.length]).toEqual([[], 1]);
  });
});
