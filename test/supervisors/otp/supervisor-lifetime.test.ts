import { describe, expect, it } from 'vitest';
import { CRASH, Probe, Stage, codeOf, exitOf, microtasks } from './stage.js';
import { Supervisor, type ChildHandle } from '../../../supervisors/otp/index.js';

describe('starting', () => {
  it('starts in order and stops in reverse order [OTP supervisor]', async () => {
    const stage = new Stage();
    const supervisor = await stage.supervisor({
      children: ['a', 'b', 'c'].map((id) => stage.spec(id)),
    });
    expect(stage.news()).toEqual(['start a', 'start b', 'start c']);
    await supervisor.stop();
    expect(stage.news()).toEqual(['stop c', 'stop b', 'stop a']);
    expect(await exitOf(supervisor)).toEqual({ kind: 'shutdown' });
  });

  it('starts synchronous children on the stack of the caller', () => {
    const stage = new Stage();
    void stage.supervisor({ children: [stage.spec('a'), stage.spec('b')] });
    expect(stage.news()).toEqual(['start a', 'start b']);
  });

  it('a child that fails takes the earlier ones down in reverse and fails the start [OTP init]', async () => {
    const stage = new Stage();
    stage.failures.set('c', 1);
    const started = stage.supervisor({
      children: ['a', 'b', 'c', 'd'].map((id) => stage.spec(id)),
    });
    await expect(started).rejects.toMatchObject({
      code: 'SNMP_SUPERVISOR_START_FAILED',
      cause: { message: 'c does not start' },
    });
    expect(stage.news()).toEqual(['start a', 'start b', 'fail c', 'stop b', 'stop a']);
  });

  it('a start that answers too late fails, and its handle is killed', async () => {
    const stage = new Stage();
    let arrive: (handle: ChildHandle) => void = () => undefined;
    let signal: AbortSignal | undefined;
    const started = stage.supervisor({
      children: [
        {
          id: 'a',
          start: (context) => {
            signal = context.signal;
            return new Promise<ChildHandle>((resolve) => {
              arrive = resolve;
            });
          },
        },
      ],
    });
    const code = codeOf(started);
    await stage.clock.advanceAsync(4999);
    expect(signal?.aborted).toBe(false);
    await stage.clock.advanceAsync(1);
    expect(await code).toBe('SNMP_SUPERVISOR_START_FAILED');
    expect(signal?.aborted).toBe(true);
    arrive(new Probe(stage, 'late', 'prompt'));
    await microtasks();
    expect(stage.news()).toEqual(['kill late']);
    expect(stage.clock.pendingTimers).toBe(0);
  });

  it('a child may have nothing to run; a temporary one is then not kept [OTP ignore]', async () => {
    const stage = new Stage();
    const supervisor = await stage.supervisor({
      children: [
        { id: 'a', start: () => 'ignore' },
        { id: 't', restart: 'temporary', start: () => 'ignore' },
      ],
    });
    expect(supervisor.whichChildren()).toMatchObject([{ id: 'a', state: 'stopped' }]);
  });

  it('a child that had exited before its start returned is restarted', async () => {
    const stage = new Stage();
    let starts = 0;
    await stage.supervisor({
      children: [
        {
          id: 'a',
          start: () => {
            starts += 1;
            const probe = new Probe(stage, 'a', 'prompt');
            if (starts === 1) probe.exit(CRASH);
            return probe;
          },
        },
      ],
    });
    await microtasks();
    expect(starts).toBe(2);
  });

  it('what a start returns must be a handle', async () => {
    const stage = new Stage();
    const wrong = {} as ChildHandle;
    expect(await codeOf(stage.supervisor({ children: [{ id: 'a', start: () => wrong }] }))).toBe(
      'SNMP_SUPERVISOR_START_FAILED',
    );
  });
});

describe('stopping', () => {
  it('kills a child that is not gone after its shutdown time [OTP shutdown]', async () => {
    const stage = new Stage();
    const supervisor = await stage.supervisor({
      children: [stage.spec('a'), stage.spec('b', {}, 'deaf')],
    });
    stage.news();
    const stopped = supervisor.stop();
    await stage.clock.advanceAsync(4999);
    expect(stage.news()).toEqual(['stop b']);
    await stage.clock.advanceAsync(1);
    await stopped;
    expect(stage.news()).toEqual(['kill b', 'stop a']);
    expect(stage.clock.pendingTimers).toBe(0);
  });

  it('waits for a child that goes within its time, and no longer [OTP shutdown]', async () => {
    const stage = new Stage();
    const supervisor = await stage.supervisor({ children: [stage.spec('a', {}, 'deaf')] });
    const stopped = supervisor.stop();
    await stage.clock.advanceAsync(4000);
    await stage.exit('a', { kind: 'shutdown' });
    await stopped;
    expect(stage.news()).toEqual(['start a', 'stop a']);
    expect(stage.clock.pendingTimers).toBe(0);
  });

  it('brutalKill kills without asking [OTP brutal_kill]', async () => {
    const stage = new Stage();
    const supervisor = await stage.supervisor({
      children: [stage.spec('a', { shutdown: 'brutalKill' })],
    });
    stage.news();
    await supervisor.stop();
    expect(stage.news()).toEqual(['kill a']);
  });

  it('Infinity waits without a deadline [OTP infinity]', async () => {
    const stage = new Stage();
    const supervisor = await stage.supervisor({
      children: [stage.spec('a', { shutdown: Infinity }, 'deaf')],
    });
    const stopped = supervisor.stop();
    await stage.clock.advanceAsync(1e9);
    expect(supervisor.state).toBe('stopping');
    await stage.exit('a', { kind: 'shutdown' });
    await stopped;
    expect(supervisor.state).toBe('stopped');
  });

  for (const conduct of ['throwing', 'rejecting'] as const) {
    it(`a child whose stop is ${conduct} is killed at once`, async () => {
      const stage = new Stage();
      const supervisor = await stage.supervisor({ children: [stage.spec('a', {}, conduct)] });
      stage.news();
      await supervisor.stop();
      expect(stage.news()).toEqual(['stop a', 'kill a']);
    });
  }

  it('a child that reports no exit when it is killed is taken for killed', async () => {
    const stage = new Stage();
    const mute: ChildHandle = { stop: () => undefined, kill: () => {}, onExit: () => () => {} };
    const supervisor = await stage.supervisor({
      children: [{ id: 'a', shutdown: 'brutalKill', start: () => mute }],
    });
    await supervisor.stop();
    expect(supervisor.whichChildren()[0]?.state).toBe('stopped');
  });

  it('kill takes all children along at once, also in the middle of a stop', async () => {
    const stage = new Stage();
    const supervisor = await stage.supervisor({
      children: [stage.spec('a'), stage.spec('b', {}, 'deaf')],
    });
    stage.news();
    const stopped = supervisor.stop();
    await microtasks();
    supervisor.kill();
    expect(stage.news()).toEqual(['stop b', 'kill b', 'kill a']);
    await stopped;
    expect(await exitOf(supervisor)).toEqual({ kind: 'killed' });
    expect(stage.clock.pendingTimers).toBe(0);
  });

  it('refuses requests afterwards, and a second stop resolves', async () => {
    const stage = new Stage();
    const supervisor = await stage.supervisor({ children: [stage.spec('a')] });
    const late = [supervisor.stop(), codeOf(supervisor.restartChild('a')), supervisor.stop()];
    expect((await Promise.all(late))[1]).toBe('SNMP_SUPERVISOR_STOPPED');
    expect(await codeOf(supervisor.terminateChild('a'))).toBe('SNMP_SUPERVISOR_STOPPED');
    await supervisor.stop();
  });

  it('leaves its scope by an orderly stop', async () => {
    const stage = new Stage();
    {
      await using supervisor = await stage.supervisor({ children: [stage.spec('a')] });
      expect(supervisor.state).toBe('running');
    }
    expect(stage.news()).toEqual(['start a', 'stop a']);
  });
});

describe('automatic shutdown', () => {
  const significant = { restart: 'transient', significant: true } as const;

  it('anySignificant: the first significant child that ends is enough [OTP auto_shutdown]', async () => {
    const stage = new Stage();
    const supervisor = await stage.supervisor({
      autoShutdown: 'anySignificant',
      children: [stage.spec('a', significant), stage.spec('b', significant), stage.spec('c')],
    });
    stage.news();
    await stage.exit('a', { kind: 'normal' });
    expect(stage.news()).toEqual(['stop c', 'stop b']);
    expect(await exitOf(supervisor)).toEqual({ kind: 'shutdown' });
  });

  it('allSignificant: only the last one [OTP auto_shutdown]', async () => {
    const stage = new Stage();
    const supervisor = await stage.supervisor({
      autoShutdown: 'allSignificant',
      children: [
        stage.spec('a', significant),
        stage.spec('b', { ...significant, restart: 'temporary' }),
        stage.spec('c'),
      ],
    });
    stage.news();
    await stage.exit('b', CRASH);
    expect(supervisor.state).toBe('running');
    await stage.exit('a', { kind: 'normal' });
    expect(stage.news()).toEqual(['stop c']);
    expect(supervisor.state).toBe('stopped');
  });

  it('a significant child that is restarted, or terminated by request, does not count [OTP]', async () => {
    const stage = new Stage();
    const supervisor = await stage.supervisor({
      autoShutdown: 'anySignificant',
      children: [stage.spec('a', significant)],
    });
    await stage.exit('a', CRASH);
    await supervisor.terminateChild('a');
    expect(supervisor.state).toBe('running');
  });

  it('a permanent child, or any child without autoShutdown, cannot be significant [OTP]', async () => {
    const stage = new Stage();
    const declare = (
      restart: 'permanent' | 'transient',
      autoShutdown: 'never' | 'anySignificant',
    ) =>
      codeOf(
        stage.supervisor({
          autoShutdown,
          children: [stage.spec('a', { restart, significant: true })],
        }),
      );
    expect(await declare('permanent', 'anySignificant')).toBe('SNMP_SUPERVISOR_BAD_SPEC');
    expect(await declare('transient', 'never')).toBe('SNMP_SUPERVISOR_BAD_SPEC');
    expect(await declare('transient', 'anySignificant')).toBe('resolved');
  });
});

describe('declarations', () => {
  it('refuses what cannot be meant', async () => {
    const stage = new Stage();
    const bad = [
      { intensity: -1 },
      { periodMs: 0 },
      { periodMs: Number.NaN },
      { children: [stage.spec('')] },
      { children: [stage.spec('a', { shutdown: -1 })] },
      { children: [stage.spec('a', { startTimeoutMs: 0 })] },
    ];
    const codes = await Promise.all(bad.map((one) => codeOf(stage.supervisor(one))));
    expect(new Set(codes)).toEqual(new Set(['SNMP_SUPERVISOR_BAD_SPEC']));
    expect(await codeOf(stage.supervisor({ children: [stage.spec('a'), stage.spec('a')] }))).toBe(
      'SNMP_SUPERVISOR_ALREADY_PRESENT',
    );
    expect(stage.news()).toEqual([]);
  });

  it('needs no more than a name', async () => {
    await using supervisor = await Supervisor.start({ name: 'empty' });
    expect(supervisor.tree()).toEqual({
      id: 'empty',
      type: 'supervisor',
      state: 'running',
      restarts: 0,
      incarnation: 1,
      children: [],
    });
  });
});

describe('what cannot be foreseen', () => {
  it('a supervisor that trips itself kills its children and exits with a defect', async () => {
    const stage = new Stage();
    const { clock } = stage;
    let isBroken = false;
    const supervisor = await Supervisor.start({
      name: 'root',
      children: [stage.spec('a'), stage.spec('b')],
      clock: {
        nowMs: () => {
          if (!isBroken) return clock.nowMs();
          isBroken = false;
          throw new Error('no time');
        },
        wallTimeMs: () => clock.wallTimeMs(),
        startTimer: (delayMs, fire) => clock.startTimer(delayMs, fire),
      },
    });
    stage.news();
    isBroken = true;
    stage.probe('a').exit(CRASH);
    expect(await exitOf(supervisor)).toMatchObject({
      kind: 'defect',
      error: { message: 'no time' },
    });
    expect(stage.news()).toEqual(['kill b']);
  });

  it('a defect of a child is logged as an error, a crash as a warning, an orderly stop not', async () => {
    const stage = new Stage();
    const lines: string[] = [];
    const note = (level: string) => (_fields: object, message: string) =>
      void lines.push(`${level}: ${message}`);
    const supervisor = await Supervisor.start({
      name: 'root',
      intensity: 9,
      clock: stage.clock,
      logger: {
        debug: note('debug'),
        info: note('info'),
        warn: note('warn'),
        error: note('error'),
      },
      children: [stage.spec('a')],
    });
    await stage.exit('a', { kind: 'defect', error: new Error('bug') });
    await stage.exit('a', CRASH);
    await supervisor.stop();
    expect(lines).toEqual(['error: a child had a defect', 'warn: a child exited abnormally']);
  });
});
