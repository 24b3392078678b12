import { describe, expect, it } from 'vitest';
import { CRASH, Stage, exitOf, microtasks } from './stage.js';
import { Supervisor, supervisorSpec, type ChildSpec } from '../../../supervisors/otp/index.js';

/** root -> quiet, group (transient) -> cell, as a poisoned subtree would be declared. */
async function nest(stage: Stage): Promise<Supervisor> {
  return stage.supervisor({
    children: [
      stage.spec('quiet'),
      supervisorSpec('group', { children: [stage.spec('cell')] }, { restart: 'transient' }),
    ],
  });
}

describe('a supervisor under a supervisor', () => {
  it('restarts its own child without its parent noticing', async () => {
    const stage = new Stage();
    const supervisor = await nest(stage);
    stage.news();
    await stage.exit('cell', CRASH);
    expect(stage.news()).toEqual(['start cell']);
    expect(supervisor.tree().children?.[1]).toEqual({
      id: 'group',
      type: 'supervisor',
      state: 'running',
      restarts: 0,
      incarnation: 1,
      children: [{ id: 'cell', type: 'worker', state: 'running', restarts: 1, incarnation: 2 }],
    });
  });

  it('gives up with shutdown, so that a transient one stays down until restartChild [OTP]', async () => {
    const stage = new Stage();
    const supervisor = await nest(stage);
    await stage.exit('cell', CRASH);
    await stage.exit('cell', CRASH);
    expect(supervisor.state).toBe('running');
    expect(supervisor.whichChildren()[1]).toMatchObject({ id: 'group', state: 'stopped' });
    await supervisor.restartChild('group');
    expect(supervisor.tree().children?.[1]).toMatchObject({
      state: 'running',
      incarnation: 2,
      children: [{ id: 'cell', state: 'running', restarts: 0, incarnation: 3 }],
    });
  });

  it('a permanent one is restarted when it gave up, within microtasks', async () => {
    const stage = new Stage();
    await stage.supervisor({
      children: [supervisorSpec('group', { intensity: 0, children: [stage.spec('cell')] })],
    });
    stage.news();
    await stage.exit('cell', CRASH);
    expect(stage.news()).toEqual(['start cell']);
    expect(stage.clock.pendingTimers).toBe(0);
  });

  it('is stopped in its turn, and its children by it [OTP supervisor]', async () => {
    const stage = new Stage();
    const supervisor = await nest(stage);
    stage.news();
    await supervisor.stop();
    expect(stage.news()).toEqual(['stop cell', 'stop quiet']);
  });

  it('a start that fails below fails above, and all that ran is stopped [OTP init]', async () => {
    const stage = new Stage();
    stage.failures.set('cell', 1);
    await expect(nest(stage)).rejects.toMatchObject({
      code: 'SNMP_SUPERVISOR_START_FAILED',
      cause: { code: 'SNMP_SUPERVISOR_START_FAILED', cause: { message: 'cell does not start' } },
    });
    expect(stage.news()).toEqual(['start quiet', 'fail cell', 'stop quiet']);
  });

  it('tells its events into the sink of the root, with the path of ids', async () => {
    const stage = new Stage();
    const seen = stage.record();
    const supervisor = await nest(stage);
    expect(seen.splice(0)).toEqual([
      'child:started root/quiet',
      'child:started root/group/cell',
      'supervisor:started root/group',
      'child:started root/group',
      'supervisor:started root',
    ]);
    await stage.exit('cell', CRASH);
    expect(seen.splice(0)).toEqual([
      'child:exited root/group/cell',
      'child:restarting root/group/cell',
      'child:started root/group/cell',
      'child:restarted root/group/cell',
    ]);
    await stage.exit('cell', CRASH);
    expect(seen.splice(0)).toEqual([
      'child:exited root/group/cell',
      'supervisor:given-up root/group',
      'supervisor:exited root/group',
      'child:exited root/group',
    ]);
    await supervisor.stop();
  });

  it('dies with its children when it is killed while it starts', async () => {
    const stage = new Stage();
    const never: ChildSpec = { id: 'never', start: () => new Promise(() => undefined) };
    let root: Supervisor | undefined;
    root = await stage.supervisor({ intensity: 5, children: [] });
    void root
      .startChild(
        supervisorSpec('group', {
          children: [stage.spec('cell'), { ...never, startTimeoutMs: Infinity }],
        }),
      )
      .catch(() => undefined);
    await microtasks();
    expect(stage.news()).toEqual(['start cell']);
    root.kill();
    await microtasks();
    expect(stage.news()).toEqual(['kill cell']);
    expect(await exitOf(root)).toEqual({ kind: 'killed' });
    expect(stage.clock.pendingTimers).toBe(0);
  });

  it('is killed when its start takes longer than its spec allows', async () => {
    const stage = new Stage();
    const slow: ChildSpec = { id: 'slow', start: () => new Promise(() => undefined) };
    const started = stage.supervisor({
      children: [
        supervisorSpec('group', { children: [stage.spec('cell'), slow] }, { startTimeoutMs: 100 }),
      ],
    });
    const failed = expect(started).rejects.toMatchObject({ code: 'SNMP_SUPERVISOR_START_FAILED' });
    await stage.clock.advanceAsync(100);
    await failed;
    expect(stage.news()).toEqual(['start cell', 'kill cell']);
    expect(stage.clock.pendingTimers).toBe(0);
  });
});

describe('events', () => {
  it('child:restarted tells how long the child was away', async () => {
    const stage = new Stage();
    await stage.supervisor({ intensity: 9, children: [stage.spec('a')] });
    const durations: number[] = [];
    stage.events.on('child:restarted', ({ durationMs }) => durations.push(durationMs));
    stage.failures.set('a', 1);
    await stage.exit('a', CRASH);
    stage.clock.advance(7);
    await microtasks();
    expect(durations).toEqual([7]);
  });

  it('child:exited carries the reason, the incarnation, and whether it was asked', async () => {
    const stage = new Stage();
    const supervisor = await stage.supervisor({ children: [stage.spec('a')] });
    const exits: unknown[] = [];
    stage.events.on('child:exited', (event) => exits.push(event));
    await stage.exit('a', CRASH);
    await supervisor.stop();
    const common = { path: ['root', 'a'], id: 'a', type: 'worker' };
    expect(exits).toEqual([
      { ...common, incarnation: 1, reason: CRASH, asked: false },
      { ...common, incarnation: 2, reason: { kind: 'shutdown' }, asked: true },
    ]);
  });

  it('a listener that throws does not disturb the supervisor', async () => {
    const stage = new Stage();
    const supervisor = await stage.supervisor({ children: [stage.spec('a')] });
    stage.events.on('child:exited', () => {
      throw new Error('listener');
    });
    await stage.exit('a', CRASH);
    expect(supervisor.whichChildren()[0]?.state).toBe('running');
    expect(stage.events.failures).toBe(1);
  });
});
