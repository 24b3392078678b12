import { getInitialSnapshot, getNextSnapshot, type AnyStateMachine } from 'xstate';
import { invariant } from '../base/index.js';

/**
 * A finite chart (no context, no guards, no actions) as a table: XState is asked once, when the
 * module loads, what every event does in every state; afterwards a transition is a look-up.
 *
 * Why: a SET lives for some microseconds. A fresh XState actor and its two transitions take about
 * 18 of them, the look-ups less than one, and they cannot disagree: the table is XState's answer.
 */
export interface CompiledChart<State extends string, EventType extends string> {
  readonly initial: State;
  /** The state after `event`. @throws InvariantViolation where the chart does not take it there. */
  next(state: State, event: EventType): State;
  accepts(state: State, event: EventType): boolean;
}

/** States that one chart may have: charts are drawn by people. */
const MAX_STATES = 100;

export function compileChart<State extends string, EventType extends string>(
  machine: AnyStateMachine,
  events: readonly EventType[],
): CompiledChart<State, EventType> {
  const first = getInitialSnapshot(machine);
  /** BOUNDED by MAX_STATES. */
  const table = new Map<State, ReadonlyMap<EventType, State>>();
  const open = [first];
  for (let snapshot = open.pop(); snapshot !== undefined; snapshot = open.pop()) {
    const state = snapshot.value as State;
    if (table.has(state)) continue;
    invariant(table.size < MAX_STATES, 'a chart has few states');
    const row = new Map<EventType, State>();
    for (const event of events) {
      if (!snapshot.can({ type: event })) continue;
      const after = getNextSnapshot(machine, snapshot, { type: event });
      row.set(event, after.value as State);
      open.push(after);
    }
    table.set(state, row);
  }
  return {
    initial: first.value as State,
    accepts: (state, event) => table.get(state)?.has(event) === true,
    next(state, event) {
      const after = table.get(state)?.get(event);
      invariant(after !== undefined, `no ${event} in ${state}`);
      return after;
    },
  };
}
