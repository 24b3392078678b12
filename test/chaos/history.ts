import { GROUPS, type Group } from './chaos-mib.js';

/** One SET of a group. Times are numbers of events: what is smaller was earlier, for certain. */
interface Write {
  readonly generation: number;
  readonly sentAt: number;
  /** When the manager knew; Infinity while it does not. */
  answeredAt: number;
  /** What the manager was told; `dropped` where nobody ever heard of it. */
  status: string;
}

/** One response that showed members of a group. */
interface Observation {
  readonly values: ReadonlyMap<string, number>;
  readonly sentAt: number;
  readonly answeredAt: number;
}

/**
 * What was written and what was seen, per group, in one epoch; judged when every answer is in. A
 * group is a register: whoever reads it sees one SET's generation, of a SET that was not refused,
 * and none that was overwritten before the read was sent. Only a SET that was answered undoFailed
 * may be seen in part, until the next one that was answered noError.
 */
export class History {
  readonly #writes = new Map<Group, Map<number, Write>>();
  readonly #seen = new Map<Group, Observation[]>();
  readonly #violated: (what: string) => void;
  /** Judged over the whole run. */
  observations = 0;
  mixed = 0;

  constructor(violated: (what: string) => void) {
    this.#violated = violated;
    for (const group of GROUPS) {
      this.#writes.set(group, new Map([[0, startOf(0)]]));
      this.#seen.set(group, []);
    }
  }

  began(group: Group, generation: number, sentAt: number): void {
    this.#of(group).set(generation, {
      generation,
      sentAt,
      answeredAt: Number.POSITIVE_INFINITY,
      status: 'open',
    });
  }

  ended(group: Group, generation: number, answeredAt: number, status: string): void {
    const write = this.#of(group).get(generation);
    if (write === undefined) return;
    write.answeredAt = answeredAt;
    write.status = status;
  }

  dropped(group: Group, generation: number): void {
    this.ended(group, generation, Number.POSITIVE_INFINITY, 'dropped');
  }

  saw(group: Group, values: ReadonlyMap<string, number>, sentAt: number, answeredAt: number): void {
    this.#seen.get(group)?.push({ values, sentAt, answeredAt });
  }

  /**
   * Everything is answered: judges what was seen, and begins anew with what the last observation of
   * each group shows, which is of the whole group and of the quiet.
   */
  endEpoch(): void {
    for (const group of GROUPS) {
      const seen = this.#seen.get(group) ?? [];
      const writes = [...this.#of(group).values()];
      for (const observation of seen) this.#judge(group, writes, observation);
      this.observations += seen.length;
      const last = seen.at(-1);
      if (last?.values.size !== group.members.length) {
        this.#violated(`group ${group.index} was not seen whole in the quiet`);
        continue;
      }
      const generations = new Set(last.values.values());
      const status = generations.size > 1 ? 'undoFailed' : 'noError';
      this.#writes.set(
        group,
        new Map([...generations].map((generation) => [generation, startOf(generation, status)])),
      );
      this.#seen.set(group, []);
    }
  }

  #judge(group: Group, writes: readonly Write[], observation: Observation): void {
    const { values, sentAt, answeredAt } = observation;
    const told = `group ${group.index} was seen as ${[...values].map(([name, value]) => `${name}=${value}`).join(' ')}`;
    const committed = writes.filter(({ status }) => status === 'noError');
    const isOverwritten = (write: Write): boolean =>
      committed.some((later) => later.sentAt > write.answeredAt && later.answeredAt < sentAt);
    for (const generation of new Set(values.values())) {
      const write = this.#of(group).get(generation);
      if (write === undefined) this.#violated(`${told}: nobody wrote ${generation}`);
      else if (write.sentAt >= answeredAt) this.#violated(`${told}: before it was written`);
      else if (write.status !== 'noError' && write.status !== 'undoFailed') {
        this.#violated(`${told}: ${generation} was answered ${write.status}`);
      } else if (isOverwritten(write)) {
        this.#violated(`${told}: ${generation} had been overwritten`);
      }
    }
    if (new Set(values.values()).size < 2) return;
    this.mixed += 1;
    const isInDoubt = writes.some(
      (write) =>
        write.status === 'undoFailed' && write.sentAt < answeredAt && !isOverwritten(write),
    );
    if (!isInDoubt) this.#violated(`${told}: half a SET`);
  }

  #of(group: Group): Map<number, Write> {
    const writes = this.#writes.get(group);
    if (writes === undefined) throw new Error(`no group ${group.index}`);
    return writes;
  }
}

/** What was there before the epoch. */
function startOf(generation: number, status = 'noError'): Write {
  return { generation, sentAt: -1, answeredAt: -1, status };
}
