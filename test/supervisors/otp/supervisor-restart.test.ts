import { describe, expect, it } from 'vitest';
import { CRASH, Stage, exitOf, microtasks } from './stage.js';
import type { ExitReason, Strategy } from '../../../supervisors/otp/index.js';

const lenient = { intensity: 100, periodMs: 1000 };

async function trio(strategy: Strategy): Promise<Stage> {
  const stage = new Stage();
  await stage.supervisor({
    strategy,
    ...lenient,
    children: ['a', 'b', 'c'].map((id) => stage.spec(id)),
  });
  stage.news();
  return stage;
}

describe('restart strategies', () => {
  it('oneForOne restarts the child alone [OTP supervisor]', async () => {
    const stage = await trio('oneForOne');
    await stage.exit('b', CRASH);
    expect(stage.news()).toEqual(['start b']);
  });

  it('oneForAll stops the others in reverse and starts all in order [OTP supervisor]', async () => {
    const stage = await trio('oneForAll');
    await stage.exit('b', CRASH);
    expect(stage.news()).toEqual(['stop c', 'stop a', 'start a', 'start b', 'start c']);
  });

  it('restForOne leaves the earlier children alone [OTP supervisor]', async () => {
    const stage = await trio('restForOne');
    await stage.exit('b', CRASH);
    expect(stage.news()).toEqual(['stop c', 'start b', 'start c']);
  });

  it('a temporary sibling that a restart stops is forgotten [OTP terminate_children]', async () => {
    const stage = new Stage();
    const supervisor = await stage.supervisor({
      strategy: 'oneForAll',
      children: [stage.spec('a'), stage.spec('t', { restart: 'temporary' }), stage.spec('c')],
    });
    stage.news();
    await stage.exit('a', CRASH);
    expect(stage.news()).toEqual(['stop c', 'stop t', 'start a', 'start c']);
    expect(supervisor.whichChildren().map(({ id }) => id)).toEqual(['a', 'c']);
  });

  it('a restart of all also starts a child that had ended before [OTP start_children]', async () => {
    const stage = new Stage();
    await stage.supervisor({
      strategy: 'oneForAll',
      children: [stage.spec('a', { restart: 'transient' }), stage.spec('b')],
    });
    await stage.exit('a', { kind: 'normal' });
    stage.news();
    await stage.exit('b', CRASH);
    expect(stage.news()).toEqual(['start a', 'start b']);
  });

  it('two exits at the same time cause one restart of all [OTP unlink_flush]', async () => {
    const stage = await trio('oneForAll');
    stage.probe('a').exit(CRASH);
    stage.probe('b').exit(CRASH);
    await microtasks();
    expect(stage.news()).toEqual(['stop c', 'start a', 'start b', 'start c']);
  });
});

describe('restart types', () => {
  const reasons: readonly ExitReason[] = [
    { kind: 'normal' },
    { kind: 'shutdown' },
    { kind: 'shutdown', detail: 'x' },
    CRASH,
    { kind: 'defect', error: 'bug' },
    { kind: 'killed' },
  ];
  for (const restart of ['permanent', 'transient', 'temporary'] as const) {
    for (const [index, reason] of reasons.entries()) {
      const again = restart === 'permanent' || (restart === 'transient' && index > 2);
      const kept = restart !== 'temporary';
      const fate = again ? 'is restarted' : kept ? 'stays down, spec kept' : 'is forgotten';
      it(`a ${restart} child that exits ${reason.kind} (${index}) ${fate} [OTP do_restart]`, async () => {
        const stage = new Stage();
        const supervisor = await stage.supervisor({ children: [stage.spec('a', { restart })] });
        stage.news();
        await stage.exit('a', reason);
        expect(stage.news()).toEqual(again ? ['start a'] : []);
        expect(supervisor.whichChildren().map(({ state }) => state)).toEqual(
          again ? ['running'] : kept ? ['stopped'] : [],
        );
      });
    }
  }
});

describe('restart intensity', () => {
  it('one restart in 5000 ms is allowed by default [OTP supervisor]', async () => {
    const stage = new Stage();
    const supervisor = await stage.supervisor({ children: [stage.spec('a'), stage.spec('b')] });
    await stage.exit('b', CRASH);
    stage.clock.advance(5000);
    expect(supervisor.state).toBe('running');
    stage.news();
    await stage.exit('b', CRASH);
    expect(stage.news()).toEqual(['stop a']);
    expect(await exitOf(supervisor)).toEqual({ kind: 'shutdown' });
  });

  it('a restart older than the period does not count [OTP add_restart]', async () => {
    const stage = new Stage();
    const supervisor = await stage.supervisor({ children: [stage.spec('a')] });
    await stage.exit('a', CRASH);
    stage.clock.advance(5001);
    await stage.exit('a', CRASH);
    expect(supervisor.state).toBe('running');
  });

  it('reaching it stops the others in reverse and exits with shutdown [OTP supervisor]', async () => {
    const stage = new Stage();
    const supervisor = await stage.supervisor({
      intensity: 0,
      children: ['a', 'b', 'c'].map((id) => stage.spec(id)),
    });
    stage.news();
    const seen = stage.record();
    await stage.exit('b', CRASH);
    expect(stage.news()).toEqual(['stop c', 'stop a']);
    expect(await exitOf(supervisor)).toEqual({ kind: 'shutdown' });
    expect(seen).toContain('supervisor:given-up root');
    expect(seen.at(-1)).toBe('supervisor:exited root');
  });
});

describe('a restart whose start fails', () => {
  it('is tried again through the mailbox, counted each time [OTP try_again_restart]', async () => {
    const stage = new Stage();
    const supervisor = await stage.supervisor({ ...lenient, children: [stage.spec('a')] });
    stage.news();
    stage.failures.set('a', 2);
    await stage.exit('a', CRASH);
    expect(stage.news()).toEqual(['fail a']);
    expect(supervisor.tree().children?.[0]).toMatchObject({ state: 'restarting', restarts: 0 });
    await stage.clock.advanceAsync(0);
    expect(stage.news()).toEqual(['fail a', 'start a']);
    expect(supervisor.tree().children?.[0]).toMatchObject({ state: 'running', restarts: 1 });
  });

  it('uses up the intensity [OTP restart/2]', async () => {
    const stage = new Stage();
    const supervisor = await stage.supervisor({
      intensity: 3,
      children: [stage.spec('z'), stage.spec('a')],
    });
    stage.news();
    stage.failures.set('a', 99);
    await stage.exit('a', CRASH);
    await stage.clock.advanceAsync(0);
    expect(stage.news()).toEqual(['fail a', 'fail a', 'fail a', 'stop z']);
    expect(await exitOf(supervisor)).toEqual({ kind: 'shutdown' });
    expect(stage.clock.pendingTimers).toBe(0);
  });

  it('lets a stop get in between [OTP try_again_restart]', async () => {
    const stage = new Stage();
    const supervisor = await stage.supervisor({ ...lenient, children: [stage.spec('a')] });
    stage.failures.set('a', 99);
    await stage.exit('a', CRASH);
    stage.news();
    await supervisor.stop();
    await stage.clock.advanceAsync(0);
    expect(stage.news()).toEqual([]);
    expect(supervisor.state).toBe('stopped');
    expect(stage.clock.pendingTimers).toBe(0);
  });

  it('is given up when the child is terminated meanwhile [OTP terminate_child]', async () => {
    const stage = new Stage();
    const supervisor = await stage.supervisor({ ...lenient, children: [stage.spec('a')] });
    stage.failures.set('a', 1);
    await stage.exit('a', CRASH);
    stage.news();
    await supervisor.terminateChild('a');
    await stage.clock.advanceAsync(0);
    expect(stage.news()).toEqual([]);
    expect(supervisor.whichChildren()[0]?.state).toBe('stopped');
  });

  it('goes on from the child that failed, in restForOne [OTP restart_multiple_children]', async () => {
    const stage = new Stage();
    await stage.supervisor({
      strategy: 'restForOne',
      ...lenient,
      children: ['a', 'b', 'c'].map((id) => stage.spec(id)),
    });
    stage.news();
    stage.failures.set('b', 1);
    await stage.exit('a', CRASH);
    expect(stage.news()).toEqual(['stop c', 'stop b', 'start a', 'fail b']);
    await stage.clock.advanceAsync(0);
    expect(stage.news()).toEqual(['start b', 'start c']);
  });

  it('takes everything down again, in oneForAll [OTP restart_multiple_children]', async () => {
    const stage = new Stage();
    await stage.supervisor({
      strategy: 'oneForAll',
      ...lenient,
      children: ['a', 'b'].map((id) => stage.spec(id)),
    });
    stage.news();
    stage.failures.set('b', 1);
    await stage.exit('a', CRASH);
    await stage.clock.advanceAsync(0);
    expect(stage.news()).toEqual(['stop b', 'start a', 'fail b', 'stop a', 'start a', 'start b']);
  });
});

describe('the speed of a restart', () => {
  it('only microtasks lie between an exit and a synchronous start', async () => {
    const stage = await trio('oneForAll');
    let macrotask = false;
    setImmediate(() => {
      macrotask = true;
    });
    stage.probe('a').exit(CRASH);
    expect(stage.news()).toEqual([]);
    await microtasks();
    expect(macrotask).toBe(false);
    expect(stage.news()).toHaveLength(5);
  });
});
