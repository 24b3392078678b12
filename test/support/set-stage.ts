import type { Agent } from '../../src/agent.js';
import type { AgentEvents } from '../../src/agent-events.js';
import type { AgentOptions, SubtreeDefinition } from '../../src/agent-options.js';
import { SimulatedClock } from '../../src/base/index.js';
import type {
  CallContext,
  ColumnValue,
  ScalarFunctions,
  TableFunctions,
} from '../../src/instrumentation/index.js';
import { startAgent } from '../../src/start-agent.js';
import { instance, SETS_MIB, type SubtreeName } from './set-module.js';
import { integer, SnmpClient, status, type Answer } from './snmp-client.js';

/** How one call of a function goes. */
export interface Act {
  readonly ends: 'returns' | 'throws' | 'rejects' | 'never';
  /** What is returned (default noError) or thrown (default an Error). */
  readonly value?: unknown;
  /** Simulated milliseconds before it ends; without them it is synchronous. */
  readonly delayMs?: number;
  /** Whether it does to the device what it is for. Default: where it returns noError. */
  readonly effect?: boolean;
}

export type Operation = 'isSetOk' | 'set' | 'undo' | 'rollback' | 'setBack' | 'get';

/** What each function does in one group's SETs; what is not there answers noError at once. */
export type Script = Readonly<Partial<Record<Operation, Act>>>;

export const answers = (value: unknown, more: Partial<Act> = {}): Act => ({
  ends: 'returns',
  value,
  ...more,
});
export const throws: Act = { ends: 'throws' };
export const rejects: Act = { ends: 'rejects' };
export const never: Act = { ends: 'never' };
/** What no function may answer. */
export const rubbish: Act = answers({ rubbish: true });

/** Which functions a scalar or a table has besides get and set. Default: all but `restore`. */
export interface Provided {
  readonly isSetOk?: boolean;
  readonly undo?: boolean;
  readonly rollback?: boolean;
  readonly restore?: boolean;
}

/** By descriptor (`s1A`, `s1Table`): what the object has. */
export type Objects = Readonly<Record<string, Provided>>;

interface StageOptions extends Omit<AgentOptions, 'clock'> {
  readonly clock?: SimulatedClock;
}

/** The deadlines of the stage, short ones. */
export const SET_MS = 300;
export const GET_MS = 500;

/**
 * An agent with subtrees of SETS-MIB in simulated time. The functions do what scripts say and write
 * down that they were called. Values are kept outside the actors, as devices keep them: group `s1A`
 * for a scalar, `s1.2` for a row, with its columns by number.
 */
export class SetStage implements AsyncDisposable {
  readonly agent: Agent;
  readonly clock: SimulatedClock;
  /** Community `private`, v2c. */
  readonly client: SnmpClient;
  /** Calls in order: `isSetOk s1A 5`, `set s1.2 2=5 3=6`, `new s1`. */
  readonly trace: string[] = [];
  /**
   * By group: what its functions do from now on. `s1A 5` goes before `s1A`: what they do in SETs of
   * that value, so that each of several SETs has a script of its own.
   */
  readonly scripts = new Map<string, Script>();
  /** Values by `s1A` or `s1.2.3`: row 2, column 3. Every one starts as 0. */
  readonly values = new Map<string, number>();
  /** When functions ended, and did so in time or not: after how many calls of the trace. */
  readonly ended: { readonly operation: Operation; readonly group: string; readonly at: number }[] =
    [];
  /** Told of each call of the trace, before the function does anything. */
  called: (line: string) => void = () => undefined;
  /** What the agent told its program. */
  readonly told: string[] = [];
  readonly #before = new Map<string, ReadonlyMap<string, number>>();
  /** The request of a group's last `set`. */
  readonly #lastSet = new Map<string, number>();

  private constructor(agent: Agent, clock: SimulatedClock) {
    this.agent = agent;
    this.clock = clock;
    this.client = new SnmpClient((octets) => agent.inject(octets));
  }

  static async open(
    subtrees: Readonly<Partial<Record<SubtreeName, Objects>>> = {},
    { clock = new SimulatedClock(), ...options }: StageOptions = {},
  ): Promise<SetStage> {
    const agent = await startAgent({
      access: { communities: { public: 'read', private: 'write' } },
      deadlines: { setMs: SET_MS, getMs: GET_MS, lifecycleMs: 1000 },
      system: false,
      ...options,
      clock,
    });
    const stage = new SetStage(agent, clock);
    stage.#listen();
    for (const [name, objects] of Object.entries(subtrees)) await stage.load(name, objects);
    return stage;
  }

  /** Loads one subtree; `more` goes over what the stage makes of `objects`. */
  load(name: string, objects: Objects, more: Partial<SubtreeDefinition> = {}): Promise<void> {
    return this.agent.load(SETS_MIB, {
      name,
      supervise: { intensity: 1000, periodMs: 10_000 },
      ...this.objects(name, objects),
      ...more,
    });
  }

  /** The functions of a subtree, by descriptor. */
  objects(name: string, objects: Objects): Record<string, ScalarFunctions | TableFunctions> {
    const functions: Record<string, ScalarFunctions | TableFunctions> = {};
    let isFirst = true;
    for (const [descriptor, provided] of Object.entries(objects)) {
      const made = descriptor.endsWith('Table')
        ? this.#table(name, provided)
        : this.#scalar(descriptor, provided);
      // One of the objects speaks for the subtree.
      const lifecycle = {
        new: () => void this.trace.push(`new ${name}`),
        delete: () => void this.trace.push(`delete ${name}`),
      };
      functions[descriptor] = isFirst ? { ...made, ...lifecycle } : made;
      isFirst = false;
    }
    return functions;
  }

  value(name: string): number {
    return this.values.get(name) ?? 0;
  }

  /** All values that are not 0, sorted: `s1A=5 s1.2.3=7`. */
  get state(): string {
    return [...this.values]
      .filter(([, value]) => value !== 0)
      .map(([name, value]) => `${name}=${value}`)
      .toSorted()
      .join(' ');
  }

  /** SetRequest of `s1A`, `s1X.2`, ...; the answer may take simulated time. */
  request(
    ...changes: readonly (readonly [name: string, value: number])[]
  ): Promise<Answer | undefined> {
    return this.client.set(
      ...changes.map(([name, value]) => [instance(name), integer(value)] as const),
    );
  }

  /** The same, with time running until there is an answer: `commitFailed/2`. */
  async set(...changes: readonly (readonly [name: string, value: number])[]): Promise<string> {
    return status(await this.until(this.request(...changes)));
  }

  /** What a GET of these answers, with time running: `5 7`, or the error. */
  async get(...names: readonly string[]): Promise<string> {
    const answer = await this.until(this.client.get(...names.map(instance)));
    if (answer?.errorStatus !== 'noError') return status(answer);
    return answer.varBinds
      .map(({ value }) => ('value' in value ? String(value.value as number) : value.type))
      .join(' ');
  }

  /** Lets time run until `promise` has settled. */
  async until<Value>(promise: Promise<Value>): Promise<Value> {
    let isSettled = false;
    const settle = (): void => {
      isSettled = true;
    };
    promise.then(settle, settle);
    await this.clock.advanceAsync(0);
    for (let i = 0; i < 2000 && !isSettled; i++) await this.clock.advanceAsync(10);
    if (!isSettled) throw new Error('nothing came of it in 20 simulated seconds');
    return promise;
  }

  /** The calls since the last time. */
  takeTrace(): string[] {
    return this.trace.splice(0);
  }

  /** Nothing is left of what was asked for: no timer, no SET that runs or waits. */
  async leftovers(): Promise<string[]> {
    await this.clock.advanceAsync(20_000);
    const { setsRunning, setsWaiting, requestsInFlight } = this.agent.metrics();
    const left = { timers: this.clock.pendingTimers, setsRunning, setsWaiting, requestsInFlight };
    return Object.entries(left).flatMap(([what, count]) =>
      count === 0 ? [] : [`${what}: ${count}`],
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.until(this.agent.stop());
  }

  #listen(): void {
    const say = <Name extends keyof AgentEvents>(
      name: Name,
      text: (event: AgentEvents[Name][0]) => string,
    ): void => {
      const listener = (event: AgentEvents[Name][0]): void =>
        void this.told.push(`${name} ${text(event)}`);
      this.agent.on(name, listener);
    };
    say('subtree:crashed', ({ subtree, operation }) => `${subtree} ${operation}`);
    say('subtree:quarantined', ({ subtree }) => subtree);
    say('subtree:reloaded', ({ subtree }) => subtree);
    say('subtree:unloaded', ({ subtree }) => subtree);
    say('delete:failed', ({ subtree, object }) => `${subtree} ${object}`);
    say('undo:failed', ({ subtree, operation }) => `${subtree} ${operation}`);
    say('answer:illegal', ({ subtree, operation }) => `${subtree} ${operation}`);
    say(
      'set:finished',
      ({ outcome, errorStatus, errorIndex }) => `${outcome} ${errorStatus}/${errorIndex}`,
    );
    say('agent:defect', ({ error }) => String(error));
  }

  #scalar(name: string, provided: Provided): ScalarFunctions {
    const call =
      (operation: Operation, effect: () => void = () => undefined) =>
      (value: unknown, context: CallContext): never =>
        this.#call(operation, name, `${value as number}`, context, effect) as never;
    return provide(provided, {
      get: (context) => this.#get(name, context, () => this.value(name)) as never,
      isSetOk: call('isSetOk'),
      set: (value, context) => this.#set(name, `${value as number}`, context, [[name, value]]),
      undo: call('undo'),
      rollback: call('rollback', () => this.#restore(name)),
    });
  }

  #table(name: string, provided: Provided): TableFunctions {
    const cell = (row: number | undefined, column: number): string => `${name}.${row}.${column}`;
    const group = (row: readonly number[]): string => `${name}.${row.join('.')}`;
    const text = (columns: readonly ColumnValue[]): string =>
      columns.map(({ column, value }) => `${column}=${value as number}`).join(' ');
    const call =
      (operation: Operation, effect: (row: readonly number[]) => void = () => undefined) =>
      (row: readonly number[], columns: readonly ColumnValue[], context: CallContext): never =>
        this.#call(operation, group(row), text(columns), context, () => effect(row)) as never;
    return provide(provided, {
      get: (row, columns, context) =>
        this.#get(group(row), context, () =>
          columns.map((column) => this.value(cell(row[0], column))),
        ) as never,
      getNext: (_row, columns) => columns.map(() => 'endOfTable' as const),
      isSetOk: call('isSetOk'),
      set: (row, columns, context) =>
        this.#set(
          group(row),
          text(columns),
          context,
          columns.map(({ column, value }) => [cell(row[0], column), value]),
        ),
      undo: call('undo'),
      rollback: call('rollback', (row) => this.#restore(group(row))),
    });
  }

  #get(group: string, context: CallContext, read: () => unknown): unknown {
    const act = this.scripts.get(group)?.get;
    if (act === undefined) return read();
    // Without a value of its own it reads, when its time has come.
    const isReading = act.ends === 'returns' && !('value' in act);
    return this.#perform(act, context, () => undefined, isReading ? read : undefined);
  }

  #set(
    group: string,
    text: string,
    context: CallContext,
    changes: readonly (readonly [name: string, value: unknown])[],
  ): never {
    // With `restore` the runtime sets a second time, to put back what it read.
    const isBack = this.#lastSet.get(group) === context.requestId;
    this.#lastSet.set(group, context.requestId);
    const operation = isBack ? 'setBack' : 'set';
    if (!isBack) {
      this.#before.set(group, new Map(changes.map(([name]) => [name, this.value(name)])));
    }
    return this.#call(operation, group, text, context, () => {
      for (const [name, value] of changes) this.values.set(name, value as number);
    }) as never;
  }

  #restore(group: string): void {
    for (const [name, value] of this.#before.get(group) ?? []) this.values.set(name, value);
  }

  #call(
    operation: Operation,
    group: string,
    text: string,
    context: CallContext,
    effect: () => void,
  ): unknown {
    const line = `${operation} ${group} ${text}`;
    this.trace.push(line);
    this.called(line);
    const script = this.scripts.get(`${group} ${text}`) ?? this.scripts.get(group);
    const act = script?.[operation] ?? answers('noError');
    return this.#perform(act, context, effect, undefined, () =>
      this.ended.push({ operation, group, at: this.trace.length }),
    );
  }

  #perform(
    act: Act,
    context: CallContext,
    effect: () => void,
    read?: () => unknown,
    ended: () => void = () => undefined,
  ): unknown {
    const { ends, delayMs } = act;
    const value = 'value' in act ? act.value : 'noError';
    const hasEffect = act.effect ?? (ends === 'returns' && value === 'noError');
    const end = (): unknown => {
      ended();
      if (read !== undefined) return read();
      // Nobody waits for it any longer: a good citizen then leaves things alone.
      if (hasEffect && !(delayMs !== undefined && context.signal.aborted)) effect();
      if (ends === 'returns') return value;
      throw 'value' in act ? value : new Error('as its script says');
    };
    if (ends === 'never') {
      if (hasEffect) effect();
      return new Promise(() => undefined);
    }
    if (delayMs !== undefined) {
      return new Promise((resolve, reject) => {
        this.clock.startTimer(delayMs, () => {
          try {
            resolve(end());
          } catch (error) {
            reject(error);
          }
        });
      });
    }
    if (ends === 'rejects') {
      return (async () => end())();
    }
    return end();
  }
}

/** `all` without what is not to be there. */
function provide<Functions extends ScalarFunctions | TableFunctions>(
  { isSetOk = true, undo = true, restore = false, rollback = !restore }: Provided,
  all: Functions,
): Functions {
  const functions = { ...all };
  if (!isSetOk) delete functions.isSetOk;
  if (!undo) delete functions.undo;
  if (!rollback) delete functions.rollback;
  if (restore) functions.restore = true;
  return functions;
}
