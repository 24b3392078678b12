import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OtpModel, type ModelReason, type ModelRestart } from './otp-model.js';
import { CRASH, Stage, microtasks } from './stage.js';
import type { ExitReason } from '../../../supervisors/otp/index.js';
import { runs } from '../../support/arbitraries.js';

const REASONS: Record<ModelReason, ExitReason> = {
  normal: { kind: 'normal' },
  shutdown: { kind: 'shutdown', detail: 'x' },
  error: CRASH,
};

const CLASSES = [
  'oneForOne',
  'oneForAll',
  'restForOne',
  'restarted together',
  'temporary forgotten with others',
  'left down transient',
  'left down temporary',
  'tried again',
  'restart cancelled',
  'gave up',
  'anySignificant',
  'allSignificant',
  'others significant',
] as const;

/** Below these many of the runs a class counts as untested. */
const MIN_RUNS_PER_CLASS = 10;

const flags = fc.record({
  strategy: fc.constantFrom('oneForOne', 'oneForAll', 'restForOne'),
  intensity: fc.constantFrom(0, 1, 2, 3, 8),
  periodMs: fc.constantFrom(10, 1000),
  autoShutdown: fc.constantFrom('never', 'anySignificant', 'allSignificant', 'allSignificant'),
});

const specs = fc
  .array(
    fc.record({
      restart: fc.constantFrom<ModelRestart>('permanent', 'permanent', 'transient', 'temporary'),
      significant: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((list) => list.map((spec, index) => ({ ...spec, id: `c${index}` })));

const child = fc.nat({ max: 4 });
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('exits' as const),
      // Several at once: what the restart for the first makes of the others is the hard part.
      ids: fc.uniqueArray(child, { minLength: 1, maxLength: 3 }),
      reason: fc.constantFrom<ModelReason>('normal', 'shutdown', 'error', 'error'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('advance' as const),
      // Sums meet the edge of the shorter period, and miss it by one.
      byMs: fc.constantFrom(1, 5, 5, 9, 10, 10, 11),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('failing' as const),
      id: child,
      count: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    // Leaves a retry pending, for the steps after it to meet.
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('stuck' as const), id: child }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('terminate' as const),
      id: child,
      pending: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('restart' as const), id: child }) },
  // Time does not pass, but 0 ms timers do: without it retries stay pending across steps.
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('settle' as const) }) },
);

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

describe('a supervisor', () => {
  /*
   * Invariant: after every step the supervisor has started and stopped the same children in the
   * same order as OTP would, keeps the same specs in the same states, and lives or not alike.
   * Model: otp-model.ts. Generator: flags, specs and steps above. Coverage: every class in CLASSES.
   */
  it('does what OTP does, for any sequence of exits, failing starts and requests [PR-56, OTP supervisor]', async () => {
    const seen = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(flags, specs, fc.array(step, { maxLength: 16 }), async (f, s, steps) => {
        const declared = s.map((spec) => ({
          ...spec,
          significant:
            spec.significant && spec.restart !== 'permanent' && f.autoShutdown !== 'never',
        }));
        const stage = new Stage();
        const model = new OtpModel(f, declared);
        const supervisor = await stage.supervisor({
          ...f,
          children: declared.map((spec) => stage.spec(spec.id, spec)),
        });
        for (const each of steps) {
          await perform(each, stage, model, supervisor);
          expect(stage.news()).toEqual(model.log.splice(0));
          const children = supervisor.whichChildren().map(({ id, state }) => `${id} ${state}`);
          expect(children).toEqual(model.children);
          expect(supervisor.state).toBe(model.alive ? 'running' : 'stopped');
        }
        await stage.clock.advanceAsync(0);
        model.settle();
        await supervisor.stop();
        expect(stage.clock.pendingTimers).toBe(0);
        for (const name of model.classes) seen.set(name, (seen.get(name) ?? 0) + 1);
      }),
      runs(800),
    );
    const rare = CLASSES.filter((name) => (seen.get(name) ?? 0) < MIN_RUNS_PER_CLASS);
    expect(rare).toEqual([]);
  });
});

async function perform(
  each: Step,
  stage: Stage,
  model: OtpModel,
  supervisor: Awaited<ReturnType<Stage['supervisor']>>,
): Promise<void> {
  switch (each.kind) {
    case 'exits': {
      const ids = each.ids.map((index) => `c${index}`);
      const running = ids.filter((id) => model.children.includes(`${id} running`));
      for (const id of running) stage.probe(id).exit(REASONS[each.reason]);
      await microtasks();
      model.exits(running, each.reason);
      return;
    }
    case 'advance':
      // Retries that are due come up before time moves.
      await stage.clock.advanceAsync(0);
      model.settle();
      await stage.clock.advanceAsync(each.byMs);
      model.advance(each.byMs);
      return;
    case 'failing':
      stage.failures.set(`c${each.id}`, each.count);
      model.failures.set(`c${each.id}`, each.count);
      return;
    case 'stuck':
      if (!model.children.includes(`c${each.id} running`)) return;
      stage.failures.set(`c${each.id}`, 2);
      model.failures.set(`c${each.id}`, 2);
      await stage.exit(`c${each.id}`, CRASH);
      model.exits([`c${each.id}`], 'error');
      return;
    case 'terminate': {
      const pending = each.pending
        ? model.children.find((line) => line.endsWith('restarting'))
        : undefined;
      const id = pending?.split(' ')[0] ?? `c${each.id}`;
      await supervisor.terminateChild(id).catch(() => undefined);
      model.terminate(id);
      return;
    }
    case 'restart':
      await supervisor.restartChild(`c${each.id}`).catch(() => undefined);
      model.restartByHand(`c${each.id}`);
      return;
    case 'settle':
      await stage.clock.advanceAsync(0);
      model.settle();
      return;
    default:
      throw new Error(`unknown step ${String(each satisfies never)}`);
  }
}
