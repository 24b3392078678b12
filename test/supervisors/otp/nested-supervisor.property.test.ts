import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../support/arbitraries.js';
import {
  NestedModel,
  type ModelNode,
  type ModelReason,
  type ModelRestart,
  type ModelStrategy,
  type ModelSupervisor,
} from './nested-model.js';
import { CRASH, Stage } from './stage.js';
import { supervisorSpec, type ChildSpec, type ExitReason } from '../../../supervisors/otp/index.js';

const REASONS: Record<ModelReason, ExitReason> = {
  normal: { kind: 'normal' },
  shutdown: { kind: 'shutdown', detail: 'x' },
  error: CRASH,
};

const restart = fc.constantFrom<ModelRestart>('permanent', 'permanent', 'transient', 'temporary');
const strategy = fc.constantFrom<ModelStrategy>('oneForOne', 'oneForAll', 'restForOne');
const limits = { intensity: fc.constantFrom(0, 1, 1, 3), periodMs: fc.constantFrom(10, 1000) };

interface Shape {
  readonly restart: ModelRestart;
  readonly strategy: ModelStrategy;
  readonly intensity: number;
  readonly periodMs: number;
  readonly children: readonly (Shape | ModelRestart)[];
}

const shape = (depth: number): fc.Arbitrary<Shape> => {
  const child: fc.Arbitrary<Shape | ModelRestart> =
    depth === 0
      ? restart
      : fc.oneof({ weight: 1, arbitrary: restart }, { weight: 1, arbitrary: shape(depth - 1) });
  return fc.record({
    restart,
    strategy,
    ...limits,
    children: fc.array(child, { minLength: 1, maxLength: 3 }),
  });
};

/** With ids by place: `w0.2`, `s0.1`. */
function named(given: Shape, path = 'r'): ModelSupervisor {
  return {
    kind: 'supervisor',
    ...given,
    id: path,
    children: given.children.map((child, i): ModelNode => {
      const id = `${path}.${i}`;
      return typeof child === 'string' ? { kind: 'worker', id, restart: child } : named(child, id);
    }),
  };
}

function specOf(stage: Stage, node: ModelNode): ChildSpec {
  if (node.kind === 'worker') return stage.spec(node.id, { restart: node.restart });
  const { id, strategy: how, intensity, periodMs, children } = node;
  return supervisorSpec(
    id,
    { strategy: how, intensity, periodMs, children: children.map((one) => specOf(stage, one)) },
    { restart: node.restart },
  );
}

const step = fc.record({
  /** Which of those that run, modulo. */
  which: fc.nat(20),
  reason: fc.constantFrom<ModelReason>('error', 'error', 'error', 'normal', 'shutdown'),
  // Sums meet the edge of the shorter period, and miss it by one.
  afterMs: fc.constantFrom(0, 0, 0, 1, 5, 9, 10, 11),
});

const CLASSES = [
  ...['oneForOne', 'oneForAll', 'restForOne'].flatMap((name) => [
    `${name} of a worker`,
    `${name} of a supervisor`,
  ]),
  'forgotten',
  'left down',
  'gave up',
  'gave up below',
];

describe('supervisors under supervisors', () => {
  /*
   * Invariant: after every exit the workers that were started and stopped, and in which order, are
   * OTP's; the root lives or not alike. Model: nested-model.ts. Coverage: every class in at least
   * 3 % of the runs.
   */
  it('do what OTP does, for any tree and any sequence of exits [SUP-022, PR-56, OTP supervisor]', async () => {
    const seen = new Map<string, number>();
    let cases = 0;
    await fc.assert(
      fc.asyncProperty(
        shape(2),
        fc.array(step, { minLength: 1, maxLength: 20 }),
        async (given, steps) => {
          const root = named({ ...given, restart: 'permanent' });
          const stage = new Stage();
          const model = new NestedModel(root);
          const { strategy: how, intensity, periodMs } = root;
          const children = root.children.map((node) => specOf(stage, node));
          const supervisor = await stage.supervisor({
            strategy: how,
            intensity,
            periodMs,
            children,
          });
          expect(stage.news()).toEqual(model.log.splice(0));
          for (const { which, reason, afterMs } of steps) {
            await stage.clock.advanceAsync(afterMs);
            model.advance(afterMs);
            const { running } = model;
            const id = running[which % Math.max(running.length, 1)];
            if (id === undefined) break;
            stage.probe(id).exit(REASONS[reason]);
            // A turn: restarts of whole trees take more microtasks than one would count.
            await stage.clock.advanceAsync(0);
            model.exits(id, reason);
            expect(stage.news()).toEqual(model.log.splice(0));
            expect(supervisor.state).toBe(model.isAlive ? 'running' : 'stopped');
          }
          await supervisor.stop();
          expect(stage.clock.pendingTimers).toBe(0);
          cases += 1;
          for (const name of model.classes) seen.set(name, (seen.get(name) ?? 0) + 1);
        },
      ),
      runs(400),
    );
    expect(CLASSES.filter((name) => (seen.get(name) ?? 0) / cases < 0.03)).toEqual([]);
  });
});
