import type { SubtreeDefinition } from '../../src/agent-options.js';
import { scalar } from '../../src/instrumentation/index.js';
import { compareOids, type Oid } from '../../src/smi/index.js';
import type { SetStage } from '../support/set-stage.js';
import type { Given, Way } from './loading-model.js';

/** Scalars of SETS-MIB, in the order of their OIDs. */
export const OBJECTS = ['s1A', 's1B', 's1C', 's2A', 's2B', 's3A'] as const;
export const NAMES = ['n1', 'n2', 'n3', 'n4'] as const;

export type Drawn = Omit<Given, 'version'>;

/** Two subtrees that take turns in the OID tree, and start. */
export function beginnings(isFragile: boolean): Drawn[] {
  const objects = (...names: readonly string[]) =>
    names.map((object) => ({ object, create: 'at once' as const, destroy: 'later' as const }));
  return [
    { name: 'n1', isFragile, objects: objects('s2A', 's1A') },
    { name: 'n2', isFragile: !isFragile, objects: objects('s1B', 's3A') },
  ];
}

/** The value whose isSetOk crashes the actor. */
export const CRASH = 666;

const ROOT: Oid = [1, 3, 6, 1, 4, 1, 32473, 77];
const AFTER = [...ROOT.slice(0, -1), 78];

/** An agent, and the functions that are loaded into it. */
export class Play {
  readonly stage: SetStage;
  /** Calls of `new`, `delete` and the functions of SETs, in order: `set 3 s1A 5`. */
  readonly calls: string[] = [];
  readonly reads: string[] = [];
  poisoned: string | undefined;
  #versions = 0;

  constructor(stage: SetStage) {
    this.stage = stage;
  }

  given(drawn: Drawn): Given {
    this.#versions += 1;
    return { ...drawn, version: this.#versions };
  }

  definition({ name, version, objects, isFragile }: Given): SubtreeDefinition {
    return {
      name,
      supervise: { intensity: isFragile ? 0 : 1000, periodMs: 1000 },
      ...Object.fromEntries(
        objects.map(({ object, create, destroy }) => {
          const say = (what: string) => `${what} ${version} ${object}`;
          const functions = scalar.functions<number>({
            new: () => this.#run(say('new'), create),
            delete: () => this.#run(say('delete'), destroy),
            get: () => {
              this.reads.push(`get ${version} ${object}`);
              if (this.poisoned === object) throw new Error('poison');
              return version;
            },
            isSetOk: (value) =>
              this.#run(`${say('isSetOk')} ${value}`, value === CRASH ? 'throws' : 'at once'),
            set: (value) => this.#run(`${say('set')} ${value}`, 'later', 60),
            undo: (value) => this.#run(`${say('undo')} ${value}`, 'at once'),
            rollback: (value) => this.#run(`${say('rollback')} ${value}`, 'at once'),
          });
          return [object, functions];
        }),
      ),
    };
  }

  takeCalls(): string[] {
    return this.calls.splice(0);
  }

  /** Names and values below the module, by GETNEXT; `stop` ends a walk that does not. */
  async walk(stop = 50): Promise<(readonly [Oid, number])[]> {
    const seen: (readonly [Oid, number])[] = [];
    for (let at = ROOT; seen.length < stop;) {
      const found = (await this.stage.client.getNext(at))?.varBinds[0];
      if (found === undefined || compareOids(found.name, AFTER) >= 0) return seen;
      if (found.value.type === 'endOfMibView') return seen;
      if (compareOids(found.name, at) < 0) throw new Error('the walk goes back');
      // genErr echoes the name: the walk of a manager would stop here.
      if (!('value' in found.value)) return seen;
      if (compareOids(found.name, at) === 0) throw new Error('the walk stands still');
      seen.push([found.name, Number(found.value.value)]);
      at = found.name;
    }
    throw new Error('the walk does not end');
  }

  #run(call: string, way: Way, laterMs = 20): never {
    this.calls.push(call);
    const end = (): 'noError' => {
      if (way === 'throws' || way === 'rejects') throw new Error('as drawn');
      return 'noError';
    };
    if (way === 'silent') return new Promise(() => undefined) as never;
    if (way === 'at once' || way === 'throws') return end() as never;
    if (way === 'rejects') return (async () => end())() as never;
    return new Promise((resolve) =>
      this.stage.clock.startTimer(laterMs, () => resolve(end())),
    ) as never;
  }
}

/** `ok`, or the code of the error. */
export async function resultOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'ok';
  } catch (error) {
    return (error as { code: string }).code;
  }
}
