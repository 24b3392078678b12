import { bindObjects } from '../../../src/agent/index.js';
import { silentLogger, SimulatedClock } from '../../../src/base/index.js';
import type {
  ManagedObject,
  ScalarFunctions,
  ScalarSpec,
  SetGroup,
} from '../../../src/instrumentation/index.js';
import type { TransactionFacts } from '../../../src/set/index.js';
import { SubtreeRef, type SubtreeCell, type SubtreeObserver } from '../../../src/subtree/index.js';
import { SETS_MIB } from '../../support/set-module.js';

export const DEADLINES = { getMs: 500, setMs: 300, lifecycleMs: 1000 };

export const REQUESTER = {
  version: 'v2c',
  securityName: 'test',
  address: '192.0.2.1',
  port: 1,
} as const;

export function facts(id: number): TransactionFacts {
  return { id, requestId: id, contextName: '', requester: REQUESTER };
}

/** By descriptor: functions, or what the runtime keeps. */
type Objects = Readonly<Record<string, ScalarFunctions | ScalarSpec>>;

/** Objects of subtree s1 of SETS-MIB: scalars by name. */
export function objectsOf(clock: SimulatedClock, functions: Objects): ManagedObject[] {
  return bindObjects(SETS_MIB, functions, { clock, logger: silentLogger });
}

/** One group per scalar, at positions 1, 2, ...; the value to be written is 10 times that. */
export function groupsOf(objects: readonly ManagedObject[]): SetGroup[] {
  return objects.map((object, i) => {
    const value = 10 * (i + 1);
    const group: SetGroup = {
      object,
      rowIndex: [],
      changes: [
        {
          column: 0,
          name: object.definition.name,
          wire: { type: 'Integer32', value },
          plain: value,
          position: i + 1,
        },
      ],
      firstPosition: i + 1,
      siblings: [],
      memo: undefined,
    };
    return { ...group, siblings: [group] };
  });
}

/** A subtree without a supervisor: whoever tests it starts its incarnations. */
export class RefStage {
  readonly clock = new SimulatedClock();
  readonly told: string[] = [];
  readonly ref: SubtreeRef;
  readonly groups: SetGroup[];

  constructor(functions: Objects, readsWait = true) {
    const say = (text: string): void => void this.told.push(text);
    const observer: SubtreeObserver = {
      up: (_name, incarnation) => say(`up ${incarnation}`),
      crashed: (_name, incarnation, operation) => say(`crashed ${incarnation} ${operation}`),
      staleAnswer: () => say('stale'),
      deleteFailed: (_name, object) => say(`delete of ${object} failed`),
      signalListenerFailed: () => say('signal listener failed'),
      illegalAnswer: (_name, operation) => say(`illegal ${operation}`),
      undoFailed: (_name, operation) => say(`${operation} failed`),
    };
    const objects = objectsOf(this.clock, functions);
    this.ref = new SubtreeRef('s1', objects, DEADLINES, this.clock, observer, readsWait);
    this.groups = groupsOf(objects);
  }

  /** Starts an incarnation whose `new` functions are synchronous. */
  up(): SubtreeCell {
    return this.ref.startIncarnation().cell;
  }

  /** Reads the first object; what becomes of it is noted as `<name> <outcome>`. */
  read(name: string, call: () => unknown = () => 1): void {
    const outcome = this.ref.read('get', facts(1), call);
    const note = ({ kind }: Awaited<typeof outcome>): void =>
      void this.told.push(`${name} ${kind}`);
    if (outcome instanceof Promise) void outcome.then(note);
    else note(outcome);
  }

  vote(id = 1, groups = this.groups): void {
    this.ref.vote(facts(id), groups, (votes) => {
      this.told.push(`votes ${votes.map(({ kind }) => kind).join(' ')}`);
    });
  }

  apply(id = 1, groups = this.groups): void {
    this.ref.apply(facts(id), groups, (results) => {
      this.told.push(`results ${results.map(({ kind }) => kind).join(' ')}`);
    });
  }

  release(id = 1, groups = this.groups): void {
    this.ref.release(facts(id), groups, () => void this.told.push('released'));
  }

  revert(unset: readonly SetGroup[], set: readonly SetGroup[], id = 1): void {
    this.ref.revert(facts(id), unset, set, (allRestored) => {
      this.told.push(`reverted ${allRestored}`);
    });
  }

  finish(committed = true, id = 1): void {
    this.ref.finish(facts(id), committed);
  }

  /** What was told since the last time. */
  take(): string[] {
    return this.told.splice(0);
  }
}
