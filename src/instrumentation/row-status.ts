import { assertNever } from '../base/index.js';

/** RFC 2579 RowStatus, by number. The last three are written and never read. */
export const ROW_STATUS = {
  active: 1,
  notInService: 2,
  notReady: 3,
  createAndGo: 4,
  createAndWait: 5,
  destroy: 6,
} as const;

export type RowAction = Exclude<keyof typeof ROW_STATUS, 'notReady'>;

/** The states A, B, C and D of RFC 2579. */
export type RowState = 'absent' | 'notReady' | 'notInService' | 'active';

/** What RFC 2579 leaves to the agent. */
export interface RowStatusRules {
  /** Whether a row may be made in steps. */
  readonly createAndWait: boolean;
  /** Whether an active row may be taken out of service. */
  readonly notInService: boolean;
  /** Whether writing another column makes a row that is not there. */
  readonly implicitCreate: boolean;
}

/** What the next state depends on besides the state. */
export interface RowSituation {
  /** What the SET writes into the status column; undefined where it does not. */
  readonly action: RowAction | undefined;
  /** Whether, with what the SET brings and the defaults, no required column is missing. */
  readonly isComplete: boolean;
  /** Whether an active row is in use; asked only where that matters. */
  readonly isBusy: () => boolean;
}

export type RowRefusal = 'inconsistentName' | 'inconsistentValue' | 'wrongValue';

/**
 * The state machine of RFC 2579: what a SET does to the state of a row, or why it may not. A
 * refusal is about the status varbind; where there is none, about the first of the row.
 */
export function nextRowState(
  state: RowState,
  situation: RowSituation,
  rules: RowStatusRules,
): RowState | RowRefusal {
  switch (state) {
    case 'absent':
      return fromAbsent(situation, rules);
    case 'notReady':
      return fromNotReady(situation, rules);
    case 'notInService':
      return fromNotInService(situation);
    case 'active':
      return fromActive(situation, rules);
    default:
      return assertNever(state);
  }
}

function fromAbsent({ action, isComplete }: RowSituation, rules: RowStatusRules) {
  switch (action) {
    case 'createAndGo':
      return isComplete ? 'active' : 'inconsistentValue';
    case 'createAndWait':
      return rules.createAndWait ? unavailable(isComplete) : 'wrongValue';
    case 'active':
    case 'notInService':
      return 'inconsistentValue';
    case 'destroy':
      return 'absent';
    case undefined:
      return rules.implicitCreate ? unavailable(isComplete) : 'inconsistentName';
  }
}

function fromNotReady({ action, isComplete }: RowSituation, rules: RowStatusRules) {
  switch (action) {
    case 'createAndGo':
    case 'createAndWait':
      return 'inconsistentValue';
    case 'active':
      return isComplete ? 'active' : 'inconsistentValue';
    case 'notInService':
      if (!rules.notInService) return 'wrongValue';
      return isComplete ? 'notInService' : 'inconsistentValue';
    case 'destroy':
      return 'absent';
    case undefined:
      return unavailable(isComplete);
  }
}

/** What the row needs may become more, by the very SET that is looked at: then it is notReady. */
function fromNotInService({ action, isComplete }: RowSituation) {
  switch (action) {
    case 'createAndGo':
    case 'createAndWait':
      return 'inconsistentValue';
    case 'active':
      return isComplete ? 'active' : 'inconsistentValue';
    case 'destroy':
      return 'absent';
    case 'notInService':
    case undefined:
      return unavailable(isComplete);
  }
}

function fromActive({ action, isBusy }: RowSituation, rules: RowStatusRules) {
  switch (action) {
    case 'createAndGo':
    case 'createAndWait':
      return 'inconsistentValue';
    case 'notInService':
      if (!rules.notInService) return 'wrongValue';
      return isBusy() ? 'inconsistentValue' : 'notInService';
    case 'destroy':
      return isBusy() ? 'inconsistentValue' : 'absent';
    case 'active':
    case undefined:
      return 'active';
  }
}

function unavailable(isComplete: boolean): RowState {
  return isComplete ? 'notInService' : 'notReady';
}

export function isRefusal(outcome: RowState | RowRefusal): outcome is RowRefusal {
  return (
    outcome === 'inconsistentName' || outcome === 'inconsistentValue' || outcome === 'wrongValue'
  );
}

/** What a SET writes into the status column, by number. */
export function rowAction(value: number): RowAction | undefined {
  return ACTIONS.get(value);
}

/** BOUNDED by RFC 2579: five values can be written. */
const ACTIONS: ReadonlyMap<number, RowAction> = new Map([
  [ROW_STATUS.active, 'active'],
  [ROW_STATUS.notInService, 'notInService'],
  [ROW_STATUS.createAndGo, 'createAndGo'],
  [ROW_STATUS.createAndWait, 'createAndWait'],
  [ROW_STATUS.destroy, 'destroy'],
]);
