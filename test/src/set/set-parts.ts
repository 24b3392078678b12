import type { ManagedObject, SetGroup } from '../../../src/instrumentation/index.js';
import type {
  GroupResult,
  GroupVote,
  Participant,
  Share,
  TransactionFacts,
} from '../../../src/set/index.js';

export const FACTS: TransactionFacts = {
  id: 7,
  requestId: 1,
  contextName: '',
  requester: { version: 'v2c', securityName: 'test', address: '192.0.2.1', port: 1 },
};

/** A group that nobody calls: only its position counts. */
export function group(firstPosition: number): SetGroup {
  return {
    object: undefined as unknown as ManagedObject,
    rowIndex: [],
    changes: [],
    firstPosition,
    siblings: [],
    memo: undefined,
  };
}

export const accepted: GroupVote = { kind: 'accepted' };
export const lost: GroupVote = { kind: 'lost' };
export const notAsked: GroupVote = { kind: 'notAsked' };
export const refused = (
  position: number,
  status: Extract<GroupVote, { kind: 'refused' }>['status'] = 'wrongValue',
): GroupVote => ({ kind: 'refused', status, position });

export const applied: GroupResult = { kind: 'applied' };
export const unknown: GroupResult = { kind: 'unknown' };
export const voided: GroupResult = { kind: 'void' };
export const notSet: GroupResult = { kind: 'notSet' };
export const declined = (
  position: number,
  status: Extract<GroupResult, { kind: 'declined' }>['status'] = 'commitFailed',
): GroupResult => ({ kind: 'declined', status, position });

/** What a fake participant answers in each phase. */
export interface Answers {
  readonly votes: readonly GroupVote[];
  readonly holds?: boolean;
  readonly results?: readonly GroupResult[];
  readonly restored?: boolean;
}

/** Answers when it is told to, or at once; writes down what it was told. */
export class FakeParticipant implements Participant {
  readonly id: string;
  readonly told: string[];
  readonly #answers: Answers;
  readonly #later: ((answer: () => void) => void) | undefined;

  /** @param told - where all participants of a test write, in order. */
  constructor(
    id: string,
    answers: Answers,
    told: string[] = [],
    later?: (answer: () => void) => void,
  ) {
    this.id = id;
    this.#answers = answers;
    this.told = told;
    this.#later = later;
  }

  share(...positions: readonly number[]): Share {
    return { participant: this, groups: positions.map(group) };
  }

  setsAtOnce(): boolean {
    return this.#later === undefined;
  }

  vote(
    _facts: TransactionFacts,
    groups: readonly SetGroup[],
    settle: (votes: readonly GroupVote[]) => void,
  ): void {
    this.#answer('vote', groups, () => settle(this.#answers.votes));
  }

  holds(): boolean {
    return this.#answers.holds ?? true;
  }

  apply(
    _facts: TransactionFacts,
    groups: readonly SetGroup[],
    settle: (results: readonly GroupResult[]) => void,
  ): void {
    this.#answer('apply', groups, () => settle(this.#answers.results ?? groups.map(() => applied)));
  }

  release(_facts: TransactionFacts, groups: readonly SetGroup[], settle: () => void): void {
    this.#answer('release', groups, settle);
  }

  revert(
    _facts: TransactionFacts,
    unset: readonly SetGroup[],
    set: readonly SetGroup[],
    settle: (allRestored: boolean) => void,
  ): void {
    const text = [...positions(unset).map((position) => `-${position}`), ...positions(set)];
    this.#say('revert', text.join(','));
    this.#settle(() => settle(this.#answers.restored ?? true));
  }

  distrust(): void {
    this.#say('distrust', '');
  }

  finish(_facts: TransactionFacts, committed: boolean): void {
    this.#say('finish', committed ? 'committed' : '');
  }

  #answer(phase: string, groups: readonly SetGroup[], settle: () => void): void {
    this.#say(phase, positions(groups).join(','));
    this.#settle(settle);
  }

  #settle(settle: () => void): void {
    if (this.#later === undefined) settle();
    else this.#later(settle);
  }

  #say(phase: string, text: string): void {
    this.told.push(`${this.id} ${phase} ${text}`.trimEnd());
  }
}

function positions(groups: readonly SetGroup[]): number[] {
  return groups.map(({ firstPosition }) => firstPosition);
}
