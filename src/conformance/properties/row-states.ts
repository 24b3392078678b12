import type { ErrorStatus } from '../../smi/index.js';

/** The states of a conceptual row (RFC 2579, RowStatus). */
export type RowState = 'absent' | 'notReady' | 'notInService' | 'active';

/** What a SET writes into the status column; `undefined` stands for not at all. */
export type RowOrder =
  | 'active'
  | 'notInService'
  | 'notReady'
  | 'createAndGo'
  | 'createAndWait'
  | 'destroy';

export const ROW_ORDERS: Readonly<Record<RowOrder, number>> = {
  active: 1,
  notInService: 2,
  notReady: 3,
  createAndGo: 4,
  createAndWait: 5,
  destroy: 6,
};

/** What the table of RFC 2579 allows. */
export interface RowRule {
  /** States after noError; empty: it must be refused. */
  readonly after: readonly RowState[];
  /** Whether it may be refused as well, which leaves the state as it was. */
  readonly mayFail: boolean;
}

const must = (...after: readonly RowState[]): RowRule => ({ after, mayFail: false });
const may = (...after: readonly RowState[]): RowRule => ({ after, mayFail: true });
const REFUSED: RowRule = { after: [], mayFail: true };
const INCOMPLETE: readonly RowState[] = ['notReady', 'notInService'];

/**
 * RFC 2579, the table of RowStatus: state A is absent, B notReady, C notInService, D active. Where
 * an order comes with other columns these may be refused for reasons of their own.
 */
const TABLE: Readonly<Record<RowState, Readonly<Record<RowOrder | 'columns', RowRule>>>> = {
  absent: {
    createAndGo: may('active'),
    createAndWait: may(...INCOMPLETE),
    active: REFUSED,
    notInService: REFUSED,
    notReady: REFUSED,
    destroy: must('absent'),
    columns: may(...INCOMPLETE),
  },
  notReady: {
    createAndGo: REFUSED,
    createAndWait: REFUSED,
    active: may('active'),
    notInService: may('notInService'),
    notReady: REFUSED,
    destroy: must('absent'),
    columns: may(...INCOMPLETE),
  },
  notInService: {
    createAndGo: REFUSED,
    createAndWait: REFUSED,
    active: may('active'),
    notInService: must('notInService'),
    notReady: REFUSED,
    destroy: must('absent'),
    columns: may(...INCOMPLETE),
  },
  active: {
    createAndGo: REFUSED,
    createAndWait: REFUSED,
    active: must('active'),
    notInService: may('notInService'),
    notReady: REFUSED,
    destroy: may('absent'),
    columns: may('active'),
  },
};

/** The rule for an order, with or without other columns in the same SET. */
export function rowRule(
  state: RowState,
  order: RowOrder | undefined,
  hasColumns: boolean,
): RowRule {
  const rule = TABLE[state][order ?? 'columns'];
  return hasColumns ? { ...rule, mayFail: true } : rule;
}

/** What must be answered where the table names one status; undefined where it leaves it open. */
export function statusOfRefusal(
  state: RowState,
  order: RowOrder | undefined,
): ErrorStatus | undefined {
  if (order === 'notReady') return 'wrongValue';
  const creates = order === 'createAndGo' || order === 'createAndWait';
  return creates && state !== 'absent' ? 'inconsistentValue' : undefined;
}
