import type { AnyStateMachine } from 'xstate';

interface Transition {
  readonly target: readonly { readonly key: string }[] | undefined;
  readonly eventType: string;
  readonly guard?: unknown;
}

/** A chart as a mermaid state diagram, from the machine's own states and transitions. */
export function drawChart(machine: AnyStateMachine): string {
  const lines = ['stateDiagram-v2'];
  const states = Object.values(machine.root.states);
  const { initial } = machine.root.config;
  if (typeof initial === 'string') lines.push(`  [*] --> ${initial}`);
  for (const state of states) {
    const everywhere = [...machine.root.transitions.values()].flat() as readonly Transition[];
    const own = [...state.transitions.values()].flat() as readonly Transition[];
    const inherited = state.type === 'final' ? [] : everywhere;
    for (const { target, eventType, guard } of [...own, ...inherited]) {
      const name = typeof guard === 'string' ? `${eventType} [${guard}]` : eventType;
      const to = target?.[0]?.key ?? state.key;
      lines.push(`  ${state.key} --> ${to}: ${name}`);
    }
    if (state.type === 'final') lines.push(`  ${state.key} --> [*]`);
  }
  return lines.join('\n');
}
