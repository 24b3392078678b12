import { describe, expect, it } from 'vitest';
import { CRASH, Stage, codeOf, exitOf, microtasks, type Conduct } from './stage.js';
import {
  DynamicSupervisor,
  dynamicSupervisorSpec,
  type DynamicSupervisorDeclaration,
} from '../../../supervisors/otp/index.js';

interface Args {
  readonly name: string;
  readonly conduct?: Conduct;
}

function start(
  stage: Stage,
  terms: Partial<DynamicSupervisorDeclaration<Args>> = {},
  child: Partial<DynamicSupervisorDeclaration<Args>['child']> = {},
): Promise<DynamicSupervisor<Args>> {
  const { clock, events } = stage;
  return DynamicSupervisor.start<Args>({
    name: 'sessions',
    clock,
    events,
    ...terms,
    child: { start: ({ name, conduct }) => stage.start(name, conduct), ...child },
  });
}

describe('a dynamic supervisor', () => {
  it('starts children by their arguments and restarts each with its own [OTP simple_one_for_one]', async () => {
    const stage = new Stage();
    const supervisor = await start(stage);
    const { id, handle } = await supervisor.startChild({ name: 'x' });
    await supervisor.startChild({ name: 'y' });
    expect(handle).toBe(stage.probe('x'));
    stage.news();
    await stage.exit('x', CRASH);
    expect(stage.news()).toEqual(['start x']);
    expect(supervisor.tree().children).toMatchObject([
      { id, incarnation: 2, restarts: 1 },
      { incarnation: 1 },
    ]);
  });

  it('forgets children that end or are terminated [OTP simple_one_for_one]', async () => {
    const stage = new Stage();
    const supervisor = await start(stage, {}, { restart: 'transient' });
    const { id } = await supervisor.startChild({ name: 'x' });
    await supervisor.startChild({ name: 'y' });
    await supervisor.terminateChild(id);
    await stage.exit('y', { kind: 'normal' });
    expect(supervisor.countChildren()).toEqual({ specs: 0, active: 0, supervisors: 0, workers: 0 });
    expect(await codeOf(supervisor.terminateChild(id))).toBe('SNMP_SUPERVISOR_NOT_FOUND');
  });

  it('holds at most maxChildren', async () => {
    const stage = new Stage();
    const supervisor = await start(stage, { maxChildren: 1 }, { restart: 'temporary' });
    await supervisor.startChild({ name: 'x' });
    expect(await codeOf(supervisor.startChild({ name: 'y' }))).toBe('SNMP_SUPERVISOR_MAX_CHILDREN');
    await stage.exit('x', CRASH);
    expect(await codeOf(supervisor.startChild({ name: 'y' }))).toBe('resolved');
  });

  it('does not keep a child that does not start', async () => {
    const stage = new Stage();
    const supervisor = await start(stage);
    stage.failures.set('x', 1);
    expect(await codeOf(supervisor.startChild({ name: 'x' }))).toBe('SNMP_SUPERVISOR_START_FAILED');
    expect(supervisor.countChildren().specs).toBe(0);
  });

  it('stops all children together, each with its time [OTP terminate_dynamic_children]', async () => {
    const stage = new Stage();
    const supervisor = await start(stage);
    for (const name of ['x', 'y', 'z']) {
      await supervisor.startChild({ name, conduct: name === 'z' ? 'prompt' : 'deaf' });
    }
    stage.news();
    const stopped = supervisor.stop();
    await microtasks();
    expect(stage.news()).toEqual(['stop x', 'stop y', 'stop z']);
    await stage.exit('x', { kind: 'shutdown' });
    await stage.clock.advanceAsync(5000);
    await stopped;
    expect(stage.news()).toEqual(['kill y']);
    expect(stage.clock.pendingTimers).toBe(0);
    expect(supervisor.countChildren().specs).toBe(0);
  });

  it('stops at once when it has no children', async () => {
    const supervisor = await start(new Stage());
    await supervisor.stop();
    expect(supervisor.state).toBe('stopped');
  });

  it('counts the restarts of all children together [OTP supervisor]', async () => {
    const stage = new Stage();
    const supervisor = await start(stage);
    await supervisor.startChild({ name: 'x' });
    await supervisor.startChild({ name: 'y' });
    await stage.exit('x', CRASH);
    await stage.exit('y', CRASH);
    expect(await exitOf(supervisor)).toEqual({ kind: 'shutdown' });
  });

  it('ends with its last child if allSignificant is declared [OTP do_auto_shutdown]', async () => {
    const stage = new Stage();
    const supervisor = await start(
      stage,
      { autoShutdown: 'allSignificant' },
      { restart: 'temporary', significant: true },
    );
    await supervisor.startChild({ name: 'x' });
    await supervisor.startChild({ name: 'y' });
    await stage.exit('x', { kind: 'normal' });
    expect(supervisor.state).toBe('running');
    await stage.exit('y', { kind: 'normal' });
    expect(supervisor.state).toBe('stopped');
  });

  it('checks its template before the first child', async () => {
    expect(await codeOf(start(new Stage(), {}, { shutdown: -1 }))).toBe('SNMP_SUPERVISOR_BAD_SPEC');
  });

  it('can be declared as a child; each incarnation is handed out', async () => {
    const stage = new Stage();
    const held: DynamicSupervisor<Args>[] = [];
    const root = await stage.supervisor({
      children: [
        dynamicSupervisorSpec<Args>(
          'sessions',
          { intensity: 0, child: { start: ({ name }) => stage.start(name) } },
          (supervisor) => held.push(supervisor),
        ),
      ],
    });
    await held[0]?.startChild({ name: 'x' });
    expect(root.tree().children?.[0]?.children).toMatchObject([{ id: '1', state: 'running' }]);
    await stage.exit('x', CRASH);
    expect(held).toHaveLength(2);
    expect(root.tree().children?.[0]).toMatchObject({ incarnation: 2, children: [] });
  });
});
