import { describe, expect, it } from 'vitest';
import { createActor, createMachine, setup } from 'xstate';
import { Stage, exitOf, microtasks } from './stage.js';
import {
  ActorChild,
  ServiceChild,
  startTask,
  type ChildHandle,
  type ExitReason,
} from '../../../supervisors/otp/index.js';

const shutdown: ExitReason = { kind: 'shutdown' };

const cellMachine = setup({
  types: {
    events: {} as { type: 'fail' | 'throw' | 'spawn' | 'lifecycle.stop' },
    output: {} as { why: string },
  },
  actors: { child: createMachine({}) },
  actions: {
    throw: () => {
      throw new Error('defect in the machine');
    },
  },
}).createMachine({
  initial: 'serving',
  output: { why: 'instrumentation failed' },
  states: {
    serving: {
      on: {
        fail: 'crashed',
        throw: { actions: 'throw' },
        spawn: 'parenting',
        'lifecycle.stop': 'stopped',
      },
    },
    parenting: { invoke: { src: 'child' } },
    crashed: { type: 'final' },
    stopped: { type: 'final' },
  },
});

function cell(order?: 'orderly'): ActorChild<typeof cellMachine> {
  return ActorChild.start({
    create: () => createActor(cellMachine),
    reasonOf: ({ why }) => ({ kind: 'error', error: why }),
    ...(order === undefined
      ? {}
      : { requestStop: (actor) => actor.send({ type: 'lifecycle.stop' }) }),
  });
}

/** What was told, with how the signal stood when it was told. */
function watch(child: ActorChild<typeof cellMachine>): unknown[] {
  const told: unknown[] = [];
  child.onExit((reason) => told.push([reason.kind, child.signal.aborted]));
  return told;
}

describe('an XState actor as a child', () => {
  it('exits with the reason of its output when it reaches a final state', () => {
    const child = cell();
    const told = watch(child);
    expect(child.signal.aborted).toBe(false);
    child.actor.send({ type: 'fail' });
    expect(told).toEqual([['error', true]]);
  });

  it('exits with a defect when the machine throws, and the process survives', async () => {
    const child = cell();
    const told = watch(child);
    child.actor.send({ type: 'throw' });
    expect(told).toEqual([['defect', true]]);
    const reason = await exitOf(child);
    expect(reason).toMatchObject({ error: { message: 'defect in the machine' } });
  });

  it('stops at once with the reason it was asked with, or by its own event', () => {
    const abrupt = cell();
    const toldAbrupt = watch(abrupt);
    abrupt.stop(shutdown);
    expect(toldAbrupt).toEqual([['shutdown', true]]);
    const orderly = cell('orderly');
    const toldOrderly = watch(orderly);
    orderly.stop(shutdown);
    expect(toldOrderly).toEqual([['error', true]]);
    expect(orderly.actor.getSnapshot().value).toBe('stopped');
  });

  it('is killed at once, and tells it once', () => {
    const child = cell();
    const told = watch(child);
    child.kill();
    child.kill();
    child.stop(shutdown);
    expect(told).toEqual([['killed', true]]);
    expect(child.actor.getSnapshot().status).toBe('stopped');
  });

  it('counts as killed when somebody else stops the actor', () => {
    const child = cell();
    const told = watch(child);
    child.actor.stop();
    expect(told).toEqual([['killed', true]]);
  });

  it('must not have XState children [STYLE 1.1]', async () => {
    const child = cell();
    child.actor.send({ type: 'spawn' });
    expect(await exitOf(child)).toMatchObject({
      kind: 'defect',
      error: { name: 'InvariantViolation' },
    });
    expect(child.actor.getSnapshot().status).toBe('stopped');
  });

  it('is no child when the machine throws while it starts', () => {
    const signals: AbortSignal[] = [];
    const broken = createMachine({
      entry: () => {
        throw new Error('at entry');
      },
    });
    const start = (): unknown =>
      ActorChild.start({
        create: (signal) => {
          signals.push(signal);
          return createActor(broken);
        },
      });
    expect(start).toThrow('at entry');
    expect(signals[0]?.aborted).toBe(true);
  });

  it('a reason that cannot be computed is a defect', async () => {
    const child = ActorChild.start({
      create: () => createActor(cellMachine),
      reasonOf: () => {
        throw new Error('no reason');
      },
    });
    child.actor.send({ type: 'fail' });
    expect(await exitOf(child)).toMatchObject({ kind: 'defect' });
  });

  it('comes back under a supervisor within microtasks after the machine threw', async () => {
    const stage = new Stage();
    const cells: ActorChild<typeof cellMachine>[] = [];
    await stage.supervisor({
      children: [
        {
          id: 'cell',
          start: () => {
            const child = cell();
            cells.push(child);
            return child;
          },
        },
      ],
    });
    cells[0]?.actor.send({ type: 'throw' });
    await microtasks();
    expect(cells).toHaveLength(2);
    expect(cells[1]?.actor.getSnapshot().value).toBe('serving');
  });
});

describe('a task as a child', () => {
  const untilAborted = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => signal.addEventListener('abort', () => resolve()));

  it('exits normal when it returns and error when it rejects', async () => {
    expect(await exitOf(startTask(() => Promise.resolve()))).toEqual({ kind: 'normal' });
    expect(await exitOf(startTask(() => Promise.reject(new Error('x'))))).toMatchObject({
      kind: 'error',
      error: { message: 'x' },
    });
  });

  it('is stopped by its signal, whether it then returns or rejects', async () => {
    const obedient = startTask(untilAborted, { label: 'obedient' });
    void obedient.stop(shutdown);
    expect(await exitOf(obedient)).toEqual(shutdown);
    expect(obedient.label).toBe('obedient');
    const rejecting = startTask((signal) =>
      untilAborted(signal).then(() => Promise.reject(new Error('aborted'))),
    );
    void rejecting.stop(shutdown);
    expect(await exitOf(rejecting)).toEqual(shutdown);
  });

  it('is killed without waiting for it', async () => {
    let aborted = false;
    const deaf = startTask((signal) => {
      signal.addEventListener('abort', () => {
        aborted = true;
      });
      return new Promise(() => undefined);
    });
    deaf.kill();
    expect(await exitOf(deaf)).toEqual({ kind: 'killed' });
    expect(aborted).toBe(true);
  });
});

describe('a service as a child', () => {
  const reasonOf = (child: ChildHandle): Promise<ExitReason> => exitOf(child);

  it('closes in order, synchronously or not', async () => {
    const sync = new ServiceChild({ close: () => undefined });
    sync.stop(shutdown);
    expect(await reasonOf(sync)).toEqual(shutdown);
    let closings = 0;
    const async = new ServiceChild({
      label: 'store',
      close: async () => {
        closings += 1;
      },
    });
    async.stop(shutdown);
    async.stop(shutdown);
    expect(await reasonOf(async)).toEqual(shutdown);
    expect([closings, async.label]).toEqual([1, 'store']);
  });

  it('exits with error when it fails or cannot be closed', async () => {
    const broken = new ServiceChild({ close: () => undefined });
    broken.fail('gone');
    expect(await reasonOf(broken)).toEqual({ kind: 'error', error: 'gone' });
    const throwing = new ServiceChild({
      close: () => {
        throw new Error('stuck');
      },
    });
    throwing.stop(shutdown);
    expect(await reasonOf(throwing)).toMatchObject({ kind: 'error' });
    const rejecting = new ServiceChild({ close: () => Promise.reject(new Error('stuck')) });
    rejecting.stop(shutdown);
    expect(await reasonOf(rejecting)).toMatchObject({ kind: 'error' });
  });

  it('lets go at once when it is killed, once', async () => {
    let destroyed = 0;
    const child = new ServiceChild({ close: () => undefined, destroy: () => (destroyed += 1) });
    child.kill();
    child.kill();
    expect(await reasonOf(child)).toEqual({ kind: 'killed' });
    expect(destroyed).toBe(1);
  });
});
