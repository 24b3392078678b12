import type { ManagedTable, ReadAnswer } from '../../instrumentation/index.js';
import {
  formatOid,
  NO_SUCH_INSTANCE,
  NO_SUCH_OBJECT,
  type Oid,
  type SnmpValue,
  type VarBind,
} from '../../smi/index.js';
import type { SubtreeRef } from '../../subtree/index.js';
import type { Registration } from '../registrations.js';
import {
  canBeRead,
  ChangeWatch,
  interpretOutcome,
  MAX_READ_ATTEMPTS,
  NO_CALL,
  type ReadReply,
  type ReadRequest,
} from './read-request.js';

/** A row of a table behind functions, with the varbinds that ask for its columns (GET-036). */
interface RowCall {
  readonly object: ManagedTable;
  readonly owner: SubtreeRef;
  readonly rowIndex: Oid;
  /** Positions in the request by column; one column may be asked for twice. */
  readonly positions: Map<number, number[]>;
}

/**
 * GET (RFC 3416 4.2.1): each name's value, or noSuchObject, or noSuchInstance, in request order;
 * genErr at the first varbind whose value could not be found out.
 *
 * Answers in the same turn unless a function is async or a subtree cannot be read just now.
 */
export function answerGet(
  request: ReadRequest,
  varBinds: readonly VarBind[],
): ReadReply | Promise<ReadReply> {
  const read = new GetRead(request, varBinds);
  const pending = read.start();
  return pending === undefined ? read.reply() : finishLater(request, varBinds, read, pending);
}

async function finishLater(
  request: ReadRequest,
  varBinds: readonly VarBind[],
  first: GetRead,
  firstPending: Promise<unknown>,
): Promise<ReadReply> {
  let read = first;
  let pending: Promise<unknown> | undefined = firstPending;
  for (let attempt = 1; ; attempt++) {
    const watch = read.watchOwners();
    await pending;
    if (!watch.moved) return read.reply();
    if (attempt === MAX_READ_ATTEMPTS) return { status: 'genErr', index: 1 };
    read = new GetRead(request, varBinds);
    pending = read.start();
    if (pending === undefined) return read.reply();
  }
}

class GetRead {
  readonly #request: ReadRequest;
  readonly #varBinds: readonly VarBind[];
  readonly #answers: ReadAnswer[] = [];
  readonly #owners: (SubtreeRef | undefined)[] = [];
  /** BOUNDED by the varbinds of the request. */
  #pending: Promise<void>[] | undefined;
  #rows: Map<string, RowCall> | undefined;

  constructor(request: ReadRequest, varBinds: readonly VarBind[]) {
    this.#request = request;
    this.#varBinds = varBinds;
  }

  /** Returns what there is to wait for, or undefined when every answer is there. */
  start(): Promise<unknown> | undefined {
    const { registrations, view } = this.#request;
    for (let i = 0; i < this.#varBinds.length; i++) {
      const { name } = this.#varBinds[i] as VarBind;
      const registration = registrations.find(name);
      this.#owners.push(registration?.owner);
      this.#answers.push(
        registration === undefined
          ? NO_SUCH_OBJECT
          : view.includes(name)
            ? this.#readOne(registration, name, i)
            : this.#hidden(registration, name),
      );
    }
    if (this.#rows !== undefined) for (const row of this.#rows.values()) this.#readRow(row);
    return this.#pending === undefined ? undefined : Promise.all(this.#pending);
  }

  watchOwners(): ChangeWatch {
    const watch = new ChangeWatch();
    for (const owner of this.#owners) if (owner !== undefined) watch.watch(owner);
    return watch;
  }

  reply(): ReadReply {
    const varBinds: VarBind[] = [];
    for (let i = 0; i < this.#varBinds.length; i++) {
      const answer = this.#answers[i] as ReadAnswer;
      if (answer.type === 'fault') {
        this.#request.faulted(this.#owners[i]?.id ?? '', answer.reason);
        return { status: 'genErr', index: i + 1 };
      }
      varBinds.push({ name: (this.#varBinds[i] as VarBind).name, value: answer });
    }
    return { varBinds };
  }

  #readOne({ object, owner }: Registration, name: Oid, i: number): ReadAnswer {
    const suffix = object.oid.length;
    if (object.kind === 'scalar') {
      if (!canBeRead(object)) return NO_SUCH_OBJECT;
      if (name.length !== suffix + 1 || name[suffix] !== 0) return NO_SUCH_INSTANCE;
      if (object.isStored && owner.isReadable) return object.interpretRead(object.read(NO_CALL));
      const outcome = owner.read('get', this.#request, (context) => object.read(context));
      if (!(outcome instanceof Promise)) {
        return interpretOutcome(outcome, (returned) => object.interpretRead(returned));
      }
      this.#wait(
        outcome.then((settled) => {
          this.#answers[i] = interpretOutcome(settled, (returned) =>
            object.interpretRead(returned),
          );
        }),
      );
      return NO_SUCH_INSTANCE;
    }
    const column = columnOf(object, name);
    if (column === undefined) return NO_SUCH_OBJECT;
    if (name.length === suffix + 2) return NO_SUCH_INSTANCE;
    const rowIndex = name.slice(suffix + 2);
    if (object.cells !== undefined && owner.isReadable) return object.cells.get(column, rowIndex);
    this.#addToRow(object, owner, rowIndex, column, i);
    return NO_SUCH_INSTANCE;
  }

  /** CONFORMANCE D13: excluded instances of a visible object type, or the whole type. */
  #hidden({ object }: Registration, name: Oid): SnmpValue {
    if (object.kind === 'scalar') {
      return canBeRead(object) && this.#request.view.overlaps(object.oid)
        ? NO_SUCH_INSTANCE
        : NO_SUCH_OBJECT;
    }
    const column = columnOf(object, name);
    if (column === undefined) return NO_SUCH_OBJECT;
    const columnOid = name.slice(0, object.oid.length + 2);
    return this.#request.view.overlaps(columnOid) ? NO_SUCH_INSTANCE : NO_SUCH_OBJECT;
  }

  #addToRow(
    object: ManagedTable,
    owner: SubtreeRef,
    rowIndex: Oid,
    column: number,
    position: number,
  ): void {
    const rows = (this.#rows ??= new Map<string, RowCall>());
    const key = `${formatOid(object.oid)}.${formatOid(rowIndex)}`;
    let row = rows.get(key);
    if (row === undefined) {
      row = { object, owner, rowIndex, positions: new Map() };
      rows.set(key, row);
    }
    const positions = row.positions.get(column);
    if (positions === undefined) row.positions.set(column, [position]);
    else positions.push(position);
  }

  /** OTP-015: one call per row, columns ascending, each once. */
  #readRow({ object, owner, rowIndex, positions }: RowCall): void {
    const columns = [...positions.keys()].sort((left, right) => left - right);
    const place = (answers: readonly ReadAnswer[]): void => {
      for (const [i, column] of columns.entries()) {
        for (const position of positions.get(column) ?? []) {
          this.#answers[position] = answers[i] ?? NO_SUCH_INSTANCE;
        }
      }
    };
    if (object.cells !== undefined) {
      // Stored, but not readable in this turn: wait until it is.
      const { cells } = object;
      this.#wait(
        owner.whenReadable().then((readable) => {
          place(
            columns.map((column) =>
              readable
                ? cells.get(column, rowIndex)
                : { type: 'fault', reason: 'the subtree is down' },
            ),
          );
        }),
      );
      return;
    }
    const outcome = owner.read('get', this.#request, (context) =>
      object.readRow(rowIndex, columns, context),
    );
    const settle = (settled: Awaited<typeof outcome>): void => {
      let answers: readonly ReadAnswer[] = [];
      const whole = interpretOutcome(settled, (returned) => {
        answers = object.interpretRow(returned, columns);
        return NO_SUCH_INSTANCE;
      });
      place(whole.type === 'fault' ? columns.map(() => whole) : answers);
    };
    if (outcome instanceof Promise) this.#wait(outcome.then(settle));
    else settle(outcome);
  }

  #wait(promise: Promise<void>): void {
    (this.#pending ??= []).push(promise);
  }
}

/** The readable column that a name below a table is about. */
function columnOf(object: ManagedTable, name: Oid): number | undefined {
  const at = object.oid.length;
  const column = name[at] === 1 ? name[at + 1] : undefined;
  return column !== undefined && object.readable.includes(column) ? column : undefined;
}
