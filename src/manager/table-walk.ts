import type { ColumnObject } from '../mib/index.js';
import { compareOids, hasPrefix, type Oid, type VarBind } from '../smi/index.js';
import { RequestError, type RequestResult } from './result.js';
import { DEFAULT_MAX_REQUESTS, unfinished } from './walk.js';

/** Asks for what comes after each of some names, up to so many times. */
export type AskColumns = (after: readonly Oid[], repetitions: number) => Promise<RequestResult>;

/** What came of one row: its index as sub-identifiers, and the columns that it has, ascending. */
export interface RawRow {
  readonly index: Oid;
  readonly cells: readonly Cell[];
}

export interface Cell {
  readonly column: ColumnObject;
  readonly varBind: VarBind;
}

export interface TableWalkLimits {
  /** How many rows are asked for at once; fewer of an agent that finds the answers too big. */
  readonly repetitions: number;
  /** More requests are not sent: the walk fails as tooManyRequests. Default 1 000 000. */
  readonly maxRequests?: number | undefined;
}

/** How far one column has been read. */
interface Cursor {
  readonly column: ColumnObject;
  /** The last name that came. */
  at: Oid;
  /** Came, and belongs to rows that are still to be told. BOUNDED by one answer. */
  cells: VarBind[];
  isOver: boolean;
}

/**
 * The rows of a table, ascending by INDEX, each once. All columns are asked for in one request, so
 * that a row is mostly of one answer; a column that runs ahead, because it has holes, waits for the
 * others. What comes and goes while the table is read may be there in part.
 *
 * @param isV1 - the agent says noSuchName where a column has nothing behind it any more.
 * @throws RequestError where the agent refuses or does not answer; oidNotIncreasing, emptyResponse
 *   and tooManyRequests as `walkNames`.
 */
export async function* walkTable(
  ask: AskColumns,
  columns: readonly ColumnObject[],
  isV1: boolean,
  limits: TableWalkLimits,
): AsyncGenerator<RawRow, void, undefined> {
  const cursors = columns.map((column): Cursor => ({
    column,
    at: column.oid,
    cells: [],
    isOver: false,
  }));
  const filler = new Filler(ask, isV1, limits);
  for (;;) {
    await filler.fill(cursors);
    const index = leastIndex(cursors);
    if (index === undefined) return;
    const cells: Cell[] = [];
    for (const cursor of cursors) {
      const [head] = cursor.cells;
      if (head === undefined || compareOids(indexOf(cursor, head), index) !== 0) continue;
      cells.push({ column: cursor.column, varBind: head });
      cursor.cells.shift();
    }
    yield { index, cells };
  }
}

/** Asks until every column that is not over has a cell to tell. */
class Filler {
  readonly #ask: AskColumns;
  readonly #isV1: boolean;
  readonly #maxRequests: number;
  #repetitions: number;
  /** How many columns one request is about. */
  #width = Infinity;
  #requests = 0;

  constructor(ask: AskColumns, isV1: boolean, limits: TableWalkLimits) {
    this.#ask = ask;
    this.#isV1 = isV1;
    this.#maxRequests = limits.maxRequests ?? DEFAULT_MAX_REQUESTS;
    this.#repetitions = limits.repetitions;
  }

  async fill(cursors: readonly Cursor[]): Promise<void> {
    for (;;) {
      const empty = cursors.filter(({ cells, isOver }) => !isOver && cells.length === 0);
      if (empty.length === 0) return;
      if (this.#requests >= this.#maxRequests) throw unfinished('tooManyRequests');
      this.#requests += 1;
      const asked = empty.slice(0, this.#width);
      const result = await this.#ask(
        asked.map(({ at }) => at),
        this.#repetitions,
      );
      if (result.kind === 'ok') deal(result, asked);
      else if (this.#isV1 && result.errorStatus === 'noSuchName') {
        this.#endColumn(asked, result.errorIndex);
      } else if (!this.#asksForLess(result, asked.length)) throw new RequestError(result);
    }
  }

  /** RFC 1157 4.1.3: nothing comes after that name. Where the agent does not say which: one by one. */
  #endColumn(asked: readonly Cursor[], errorIndex: number): void {
    const named = asked.length === 1 ? asked[0] : asked[errorIndex - 1];
    if (named === undefined) this.#width = 1;
    else named.isOver = true;
  }

  #asksForLess(result: RequestResult, asked: number): boolean {
    const isOurs = result.errorIndication === 'tooBig';
    if (!isOurs && result.errorStatus !== 'tooBig') return false;
    if (!isOurs && this.#repetitions > 1) {
      this.#repetitions = Math.floor(this.#repetitions / 2);
      return true;
    }
    if (asked === 1) return false;
    this.#width = Math.floor(asked / 2);
    return true;
  }
}

/** RFC 3416 4.2.3: one variable for each name asked, again and again, and the last round in part. */
function deal(result: RequestResult, asked: readonly Cursor[]): void {
  if (result.varBinds.length === 0) throw unfinished('emptyResponse', result);
  for (const [i, varBind] of result.varBinds.entries()) {
    const cursor = asked[i % asked.length];
    if (cursor === undefined || cursor.isOver) continue;
    const { column, at } = cursor;
    if (varBind.value.type === 'endOfMibView') {
      cursor.isOver = true;
      continue;
    }
    if (compareOids(varBind.name, at) <= 0) throw unfinished('oidNotIncreasing', result);
    if (!hasPrefix(varBind.name, column.oid)) {
      cursor.isOver = true;
      continue;
    }
    cursor.at = varBind.name;
    cursor.cells.push(varBind);
  }
}

function indexOf({ column }: Cursor, { name }: VarBind): Oid {
  return name.slice(column.oid.length);
}

function leastIndex(cursors: readonly Cursor[]): Oid | undefined {
  let least: Oid | undefined;
  for (const cursor of cursors) {
    const [head] = cursor.cells;
    if (head === undefined) continue;
    const index = indexOf(cursor, head);
    if (least === undefined || compareOids(index, least) < 0) least = index;
  }
  return least;
}
