import { describe, expect, it } from 'vitest';
import { CRASH, Probe, Stage, codeOf, microtasks } from './stage.js';
import type { ChildHandle } from '../../../supervisors/otp/index.js';

const lenient = { intensity: 100, periodMs: 1000 };

describe('startChild', () => {
  it('adds the child after all others and returns its handle [OTP start_child]', async () => {
    const stage = new Stage();
    const supervisor = await stage.supervisor({ children: [stage.spec('a')] });
    expect(await supervisor.startChild(stage.spec('b'))).toBe(stage.probe('b'));
    stage.news();
    await supervisor.stop();
    expect(stage.news()).toEqual(['stop b', 'stop a']);
  });

  it('does not keep the spec of a child that does not start [OTP start_child]', async () => {
    const stage = new Stage();
    const supervisor = await stage.supervisor({});
    stage.failures.set('a', 1);
    await expect(supervisor.startChild(stage.spec('a'))).rejects.toMatchObject({
      code: 'SNMP_SUPERVISOR_START_FAILED',
      cause: { message: 'a does not start' },
    });
    expect(supervisor.countChildren().specs).toBe(0);
    expect(supervisor.state).toBe('running');
  });

  it('refuses an id that is taken, running or not [OTP start_child]', async () => {
    const stage = new Stage();
    const supervisor = await stage.supervisor({ children: [stage.spec('a')] });
    expect(await codeOf(supervisor.startChild(stage.spec('a')))).toBe(
      'SNMP_SUPERVISOR_ALREADY_STARTED',
    );
    await supervisor.terminateChild('a');
    expect(await codeOf(supervisor.startChild(stage.spec('a')))).toBe(
      'SNMP_SUPERVISOR_ALREADY_PRESENT',
    );
    expect(await codeOf(supervisor.startChild(stage.spec('b', { shutdown: -1 })))).toBe(
      'SNMP_SUPERVISOR_BAD_SPEC',
    );
  });
});

describe('terminateChild, restartChild, deleteChild', () => {
  it('a terminated child keeps its spec and place, and is not restarted [OTP]', async () => {
    const stage = new Stage();
    const supervisor = await stage.supervisor({ children: [stage.spec('a'), stage.spec('b')] });
    await supervisor.terminateChild('a');
    await supervisor.terminateChild('a');
    stage.news();
    expect(supervisor.whichChildren().map(({ id, state }) => `${id} ${state}`)).toEqual([
      'a stopped',
      'b running',
    ]);
    expect(await supervisor.restartChild('a')).toBe(stage.probe('a'));
    await supervisor.stop();
    expect(stage.news()).toEqual(['start a', 'stop b', 'stop a']);
  });

  it('a temporary child that is terminated is forgotten [OTP terminate_child]', async () => {
    const stage = new Stage();
    const supervisor = await stage.supervisor({
      children: [stage.spec('t', { restart: 'temporary' })],
    });
    await supervisor.terminateChild('t');
    expect(await codeOf(supervisor.terminateChild('t'))).toBe('SNMP_SUPERVISOR_NOT_FOUND');
  });

  it('only a stopped child can be restarted or deleted [OTP]', async () => {
    const stage = new Stage();
    const supervisor = await stage.supervisor({ ...lenient, children: [stage.spec('a')] });
    const ask = async (): Promise<unknown[]> => [
      await codeOf(supervisor.restartChild('a')),
      await codeOf(supervisor.deleteChild('a')),
    ];
    expect(await ask()).toEqual(['SNMP_SUPERVISOR_RUNNING', 'SNMP_SUPERVISOR_RUNNING']);
    stage.failures.set('a', 1);
    await stage.exit('a', CRASH);
    expect(await ask()).toEqual(['SNMP_SUPERVISOR_RESTARTING', 'SNMP_SUPERVISOR_RESTARTING']);
    await supervisor.terminateChild('a');
    stage.failures.set('a', 1);
    expect(await ask()).toEqual(['SNMP_SUPERVISOR_START_FAILED', 'resolved']);
    expect(await ask()).toEqual(['SNMP_SUPERVISOR_NOT_FOUND', 'SNMP_SUPERVISOR_NOT_FOUND']);
  });

  it('requests wait for what is under way and keep their order', async () => {
    const stage = new Stage();
    const supervisor = await stage.supervisor({ children: [stage.spec('a', {}, 'deaf')] });
    stage.news();
    const done: string[] = [];
    const first = supervisor.terminateChild('a').then(() => done.push('terminated'));
    const second = supervisor.restartChild('a').then(() => done.push('restarted'));
    await microtasks();
    expect(stage.news()).toEqual(['stop a']);
    await stage.clock.advanceAsync(5000);
    await Promise.all([first, second]);
    expect(stage.news()).toEqual(['kill a', 'start a']);
    expect(done).toEqual(['terminated', 'restarted']);
  });

  it('an exit during an asynchronous start is dealt with after it', async () => {
    const stage = new Stage();
    const supervisor = await stage.supervisor({ children: [stage.spec('a')] });
    let arrive: (handle: ChildHandle) => void = () => undefined;
    const started = supervisor.startChild({
      id: 'slow',
      start: () =>
        new Promise<ChildHandle>((resolve) => {
          arrive = resolve;
        }),
    });
    await microtasks();
    stage.news();
    await stage.exit('a', CRASH);
    expect(stage.news()).toEqual([]);
    arrive(new Probe(stage, 'slow', 'prompt'));
    await started;
    await microtasks();
    expect(stage.news()).toEqual(['start a']);
    expect(stage.clock.pendingTimers).toBe(0);
  });
});

describe('countChildren', () => {
  it('counts specs, active, supervisors and workers [OTP count_children]', async () => {
    const stage = new Stage();
    const supervisor = await stage.supervisor({
      children: [stage.spec('a'), stage.spec('b'), stage.spec('s', { type: 'supervisor' })],
    });
    await supervisor.terminateChild('a');
    expect(supervisor.countChildren()).toEqual({ specs: 3, active: 2, supervisors: 1, workers: 2 });
  });
});

describe('incarnations', () => {
  it('count on while the spec is kept, and begin again with a new spec of the same id', async () => {
    const stage = new Stage();
    const supervisor = await stage.supervisor({ children: [stage.spec('a')] });
    const incarnation = (): number | undefined => supervisor.tree().children?.[0]?.incarnation;
    await supervisor.terminateChild('a');
    await supervisor.restartChild('a');
    expect(incarnation()).toBe(2);
    await supervisor.terminateChild('a');
    await supervisor.deleteChild('a');
    await supervisor.startChild(stage.spec('a'));
    expect(incarnation()).toBe(1);
  });
});
