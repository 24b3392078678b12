import { assign, createActor, setup, type SnapshotFrom } from 'xstate';
import { KILLED, SHUTDOWN, type ExitReason } from './exit-reason.js';
import { admitRestart, type RestartLimits } from './restart-intensity.js';
import { endsSupervisor, mustRestart, type AutoShutdown, type ExitedChild } from './strategy.js';

export interface SupervisorLimits extends RestartLimits {
  readonly autoShutdown: AutoShutdown;
}

interface SupervisorContext {
  readonly limits: SupervisorLimits;
  /** Restarts within the window, oldest first. BOUNDED by intensity + 1. */
  readonly restartsMs: readonly number[];
  /** Decided when the chart leaves `running`, told when the children are down. */
  readonly exitReason: ExitReason;
}

export type SupervisorEvent =
  | { readonly type: 'children.started' }
  | { readonly type: 'start.failed'; readonly error: unknown }
  | {
      readonly type: 'child.exited';
      readonly id: string;
      readonly child: ExitedChild;
      readonly reason: ExitReason;
      readonly nowMs: number;
    }
  | { readonly type: 'restart.completed' }
  | { readonly type: 'restart.failed'; readonly id: string }
  | { readonly type: 'retry.due'; readonly id: string; readonly nowMs: number }
  | { readonly type: 'children.stopped' }
  | { readonly type: 'lifecycle.stop'; readonly reason: ExitReason }
  | { readonly type: 'lifecycle.kill'; readonly reason: ExitReason };

/** What the shell has to do, in this order. */
export type SupervisorOrder =
  | { readonly type: 'startChildren' | 'stopChildren' | 'killChildren' | 'announceExit' }
  | {
      readonly type:
        | 'restartChildren'
        | 'scheduleRetry'
        | 'settleChild'
        | 'announceGivenUp'
        | 'announceAutoShutdown';
      readonly params: { readonly id: string };
    };

const id = ({ event }: { event: { readonly id: string } }): { id: string } => ({ id: event.id });
/** Typed placeholders: what an order means is the shell's business. */
const order: (args: unknown, params: { readonly id: string }) => void = () => undefined;

/**
 * The life of a supervisor.
 *
 * - `starting`: the children are started in order. The first that fails ends the supervisor.
 * - `running`: requests and exits are dealt with, one at a time. Also waits for a retry here.
 * - `restarting`: a restart is under way; nothing else is dealt with meanwhile.
 * - `stopping`: the children are stopped, in reverse order; the reason of the exit is settled.
 * - `stopped` (final): no child runs; the exit has been told.
 * - `failed` (final): the same, but it never got to `running`.
 *
 * Source: OTP supervisor. Deviation: `lifecycle.kill` kills the children too, where OTP's `kill`
 * leaves that to links.
 */
export const supervisorMachine = setup({
  types: {
    context: {} as SupervisorContext,
    events: {} as SupervisorEvent,
    input: {} as SupervisorLimits,
  },
  guards: {
    restartAdmitted: ({ context, event }) =>
      event.type === 'child.exited' &&
      mustRestart(event.child.restart, event.reason) &&
      admitRestart(context.restartsMs, event.nowMs, context.limits).admitted,
    restartDue: ({ event }) =>
      event.type === 'child.exited' && mustRestart(event.child.restart, event.reason),
    endsSupervisor: ({ context, event }) =>
      event.type === 'child.exited' && endsSupervisor(context.limits.autoShutdown, event.child),
    retryAdmitted: ({ context, event }) =>
      event.type === 'retry.due' &&
      admitRestart(context.restartsMs, event.nowMs, context.limits).admitted,
  },
  actions: {
    countRestart: assign({
      restartsMs: ({ context, event }) =>
        'nowMs' in event
          ? admitRestart(context.restartsMs, event.nowMs, context.limits).timesMs
          : context.restartsMs,
    }),
    endWithShutdown: assign({ exitReason: SHUTDOWN }),
    endAsAsked: assign({
      exitReason: ({ context, event }) => ('reason' in event ? event.reason : context.exitReason),
    }),
    endWithError: assign({
      exitReason: ({ context, event }): ExitReason =>
        event.type === 'start.failed' ? { kind: 'error', error: event.error } : context.exitReason,
    }),
    startChildren: () => undefined,
    stopChildren: () => undefined,
    killChildren: () => undefined,
    announceExit: () => undefined,
    restartChildren: order,
    scheduleRetry: order,
    settleChild: order,
    announceGivenUp: order,
    announceAutoShutdown: order,
  },
}).createMachine({
  id: 'supervisor',
  context: ({ input }) => ({ limits: input, restartsMs: [], exitReason: KILLED }),
  initial: 'starting',
  on: { 'lifecycle.kill': { target: '.stopped', actions: ['endAsAsked', 'killChildren'] } },
  states: {
    starting: {
      entry: 'startChildren',
      on: {
        'children.started': 'running',
        'start.failed': { target: 'abandoning', actions: 'endWithError' },
      },
    },
    running: {
      on: {
        'child.exited': [
          {
            guard: 'restartAdmitted',
            target: 'restarting',
            actions: ['countRestart', { type: 'restartChildren', params: id }],
          },
          {
            guard: 'restartDue',
            target: 'stopping',
            actions: ['countRestart', 'endWithShutdown', { type: 'announceGivenUp', params: id }],
          },
          {
            guard: 'endsSupervisor',
            target: 'stopping',
            actions: [
              'endWithShutdown',
              { type: 'settleChild', params: id },
              { type: 'announceAutoShutdown', params: id },
            ],
          },
          { actions: { type: 'settleChild', params: id } },
        ],
        'retry.due': [
          {
            guard: 'retryAdmitted',
            target: 'restarting',
            actions: ['countRestart', { type: 'restartChildren', params: id }],
          },
          {
            target: 'stopping',
            actions: ['countRestart', 'endWithShutdown', { type: 'announceGivenUp', params: id }],
          },
        ],
        'lifecycle.stop': { target: 'stopping', actions: 'endAsAsked' },
      },
    },
    restarting: {
      on: {
        'restart.completed': 'running',
        'restart.failed': {
          target: 'running',
          actions: { type: 'scheduleRetry', params: id },
        },
      },
    },
    stopping: { entry: 'stopChildren', on: { 'children.stopped': 'stopped' } },
    abandoning: { entry: 'stopChildren', on: { 'children.stopped': 'failed' } },
    stopped: { type: 'final', entry: 'announceExit' },
    failed: { type: 'final', entry: 'announceExit' },
  },
});

export type SupervisorSnapshot = SnapshotFrom<typeof supervisorMachine>;

export interface SupervisorStep {
  readonly snapshot: SupervisorSnapshot;
  readonly orders: readonly SupervisorOrder[];
}

/**
 * What XState's own `transition` builds, and throws away, for every step: an actor that never
 * runs, and a scope that only notes actions. Ours is built once; a step then costs a fifth.
 */
const idle = createActor(supervisorMachine, {
  input: { intensity: 0, periodMs: 1, autoShutdown: 'never' },
});

type Scope = Parameters<typeof supervisorMachine.transition>[2];

function noting(orders: SupervisorOrder[]): Scope {
  const ignore = (): void => undefined;
  return {
    self: idle,
    system: idle.system,
    id: idle.id,
    sessionId: idle.sessionId,
    logger: ignore,
    defer: ignore,
    emit: ignore,
    stopChild: ignore,
    // XState's type of an action forgets which parameters go with which name; `setup` checked it.
    actionExecutor: (action) => void orders.push(action as SupervisorOrder),
  };
}

/** The first step: nothing runs yet, and `startChildren` is ordered. */
export function enterSupervisor(limits: SupervisorLimits): SupervisorStep {
  const orders: SupervisorOrder[] = [];
  const snapshot = supervisorMachine.getInitialSnapshot(noting(orders), limits);
  return { snapshot, orders };
}

/** Pure. An event that a state does not know leaves it as it is and orders nothing. */
export function stepSupervisor(from: SupervisorSnapshot, event: SupervisorEvent): SupervisorStep {
  if (from.status !== 'active') return { snapshot: from, orders: [] };
  const orders: SupervisorOrder[] = [];
  const snapshot = supervisorMachine.transition(from, event, noting(orders));
  return { snapshot, orders };
}
