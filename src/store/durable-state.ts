import { describeThrown, type Clock, type Logger, type Timer } from '../base/index.js';
import type {
  DurableChange,
  DurableWrite,
  KeptObjects,
  KeptRow,
  SetGroup,
} from '../instrumentation/index.js';
import type { SetJournal, Share, TransactionFacts } from '../set/index.js';
import type { Oid } from '../smi/index.js';
import { preparedContent, readPrepared, type PreparedGroup } from './prepared-sets.js';
import {
  objectKey,
  preparedKey,
  readObjectKey,
  rowFromJson,
  rowToJson,
  sealed,
  unsealed,
} from './record.js';
import type { StateWrite } from './commit-thread.js';
import { GatheredSets } from './gathered-sets.js';
import { exportState, type StateExport } from './state-export.js';
import type { StateStore } from './state-store.js';

/** How long a failed write of the program's own waits before it is tried again. */
const RETRY_MS = 1000;

/** A SET that the process died in. */
export interface UnfinishedSet {
  readonly groups: readonly PreparedGroup[];
  /** Its groups are rolled back: it need not be remembered. */
  forget(): void;
}

/**
 * What an agent keeps, and when: a SET's writes with the SET, the program's own soon, all of them
 * in the order in which they were made.
 */
export class DurableState implements KeptObjects, SetJournal {
  readonly #store: StateStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #failed: (error: unknown) => void;
  /**
   * Not kept yet, the newest by key: the program's own writes, and what a failed SET left in
   * doubt. BOUNDED by the rows and scalars that are stored.
   */
  readonly #own = new Map<string, StateWrite>();
  /** On the way to the disk, in order. BOUNDED by the SETs that run, and one write of the program's. */
  readonly #flying = new Set<readonly StateWrite[]>();
  /** SETs of this turn, to be kept by one write. */
  #gathered: GatheredSets | undefined;
  /** Who is kept where, by OID. BOUNDED by the objects that were ever loaded. */
  readonly #holders = new Map<string, object>();
  /** BOUNDED by the SETs that run, and those in doubt. */
  readonly #prepared = new Set<number>();
  #writing: Promise<void> | undefined;
  #retry: Timer | undefined;
  #isClosed = false;

  /** @param failed - told when something of the program's own could not be kept. */
  constructor(store: StateStore, clock: Clock, logger: Logger, failed: (error: unknown) => void) {
    this.#store = store;
    this.#clock = clock;
    this.#logger = logger;
    this.#failed = failed;
  }

  get engineBoots(): number {
    return this.#store.engineBoots;
  }

  /** Writes that are not on the disk yet. */
  get pendingWrites(): number {
    return this.#own.size;
  }

  /** As it will be on the disk when what was written so far has got there. */
  kept(oid: Oid): readonly KeptRow[] | undefined {
    const onDisk = this.#store.rows(oid);
    const prefix = objectKey(oid, []).toString('latin1');
    /** By key. BOUNDED by what is not on the disk yet. */
    const newer = new Map<string, StateWrite>();
    for (const writes of [...this.#flying, this.#own.values()]) {
      for (const write of writes) {
        const key = write.key.toString('latin1');
        if (key.startsWith(prefix)) newer.set(key, write);
      }
    }
    return newer.size === 0 ? onDisk : overlaid(oid, onDisk ?? [], newer);
  }

  hold(oid: Oid, holder: object): boolean {
    const name = oid.join('.');
    const before = this.#holders.get(name);
    this.#holders.set(name, holder);
    return before !== undefined && before !== holder;
  }

  write(writes: readonly DurableWrite[]): void {
    this.#queue(writes.map(toStateWrite));
  }

  /** SETs that an earlier process died in, the newest first: the order in which to roll back. */
  unfinished(): readonly UnfinishedSet[] {
    return [...this.#store.prepared()]
      .map(({ key, content }) => ({
        groups: readPrepared(content),
        forget: () => this.#queue([{ key, value: undefined }]),
      }))
      .toReversed();
  }

  prepare(transaction: TransactionFacts, shares: readonly Share[]): Promise<void> | undefined {
    const content = preparedContent(shares, transaction.contextName);
    if (content === undefined) return undefined;
    this.#prepared.add(transaction.id);
    return this.#store.commit([{ key: this.#keyOf(transaction), value: sealed(content) }]);
  }

  commit(transaction: TransactionFacts, shares: readonly Share[]): Promise<void> | undefined {
    const changes = shares.flatMap(({ groups }) => groups.flatMap(changesOf));
    const wasPrepared = this.#prepared.has(transaction.id);
    if (changes.length === 0 && !wasPrepared && this.#gathered === undefined) return undefined;
    const gathered = this.#gather();
    // Whatever the program did between two SETs is between them here too.
    for (const write of this.#takeOwn()) gathered.addOwn(write);
    for (const { before, after } of changes) {
      gathered.add(toStateWrite(after), toStateWrite(before));
    }
    if (wasPrepared) gathered.add({ key: this.#keyOf(transaction), value: undefined });
    return gathered.settled(() => void this.#prepared.delete(transaction.id));
  }

  forget(transaction: TransactionFacts): void {
    if (!this.#prepared.delete(transaction.id)) return;
    this.#queue([{ key: this.#keyOf(transaction), value: undefined }]);
  }

  /** What is on the disk, of one moment. */
  export(): StateExport {
    return exportState(this.#store);
  }

  /** Resolves when what the program wrote so far is on the disk, or could not be written. */
  async flush(): Promise<void> {
    await this.#writing;
  }

  /** What is not on the disk yet gets there first, if it can. A second call does nothing. */
  async close(): Promise<void> {
    await this.flush();
    if (this.#isClosed) return;
    this.#retry?.cancel();
    this.#retry = undefined;
    // What has failed waits for its next attempt: this is the last one.
    this.#queue([]);
    this.#isClosed = true;
    await this.flush();
    if (this.#own.size > 0) {
      this.#logger.error({ writes: this.#own.size }, 'closed with writes that could not be kept');
    }
    await this.#store.close();
  }

  #keyOf(transaction: TransactionFacts): Buffer {
    return preparedKey(this.#store.engineBoots, transaction.id);
  }

  /** Those that come in the same turn go with it. */
  #gather(): GatheredSets {
    if (this.#gathered !== undefined) return this.#gathered;
    const gathered = new GatheredSets();
    this.#gathered = gathered;
    this.#flying.add(gathered.writes);
    void Promise.resolve().then(() => this.#sendGathered());
    return gathered;
  }

  /**
   * What came of a failed commit is not known for sure where the disk did not answer: the state of
   * before is written again as soon as that is possible.
   */
  #sendGathered(): void {
    const gathered = this.#gathered;
    if (gathered === undefined) return;
    this.#gathered = undefined;
    this.#write(gathered.writes, gathered.before).then(
      () => gathered.succeeded(),
      (error: unknown) => gathered.failed(error),
    );
  }

  /** @param otherwise - what is to be written later where this cannot be written now. */
  async #write(writes: readonly StateWrite[], otherwise: readonly StateWrite[]): Promise<void> {
    this.#sendGathered();
    this.#flying.add(writes);
    try {
      await this.#store.commit(writes);
    } catch (error) {
      this.#queueAgain(this.#notOvertaken(writes, otherwise));
      throw error;
    } finally {
      this.#flying.delete(writes);
    }
  }

  /** Without what a later write, on its way already, is about: that one must not be written over. */
  #notOvertaken(
    failed: readonly StateWrite[],
    otherwise: readonly StateWrite[],
  ): readonly StateWrite[] {
    const flying = [...this.#flying];
    const later = flying.slice(flying.indexOf(failed) + 1).flat();
    const keys = new Set(later.map(({ key }) => key.toString('latin1')));
    return otherwise.filter(({ key }) => !keys.has(key.toString('latin1')));
  }

  #takeOwn(): readonly StateWrite[] {
    const own = [...this.#own.values()];
    this.#own.clear();
    return own;
  }

  #queue(writes: readonly StateWrite[]): void {
    for (const write of writes) this.#own.set(write.key.toString('latin1'), write);
    if (this.#isClosed || this.#writing !== undefined || this.#retry !== undefined) return;
    // In a turn of its own, so that many writes are one.
    this.#writing = Promise.resolve().then(() => this.#writeOwn());
  }

  /** What is newer by now stands. */
  #queueAgain(writes: readonly StateWrite[]): void {
    const newer = this.#takeOwn();
    for (const write of [...writes, ...newer]) this.#own.set(write.key.toString('latin1'), write);
    if (this.#isClosed || this.#retry !== undefined) return;
    this.#retry = this.#clock.startTimer(RETRY_MS, () => {
      this.#retry = undefined;
      this.#queue([]);
    });
  }

  async #writeOwn(): Promise<void> {
    while (this.#own.size > 0) {
      const writes = this.#takeOwn();
      try {
        await this.#write(writes, writes);
      } catch (error) {
        this.#writing = undefined;
        this.#logger.error({ error: describeThrown(error) }, 'the state could not be written');
        this.#failed(error);
        return;
      }
    }
    this.#writing = undefined;
  }
}

function changesOf(group: SetGroup): readonly DurableChange[] {
  return group.object.durableChanges?.(group) ?? [];
}

function overlaid(
  oid: Oid,
  onDisk: readonly KeptRow[],
  newer: ReadonlyMap<string, StateWrite>,
): readonly KeptRow[] | undefined {
  const byKey = new Map(
    onDisk.map((row) => [objectKey(oid, row.rowIndex).toString('latin1'), row] as const),
  );
  for (const [key, write] of newer) {
    const rowIndex = readObjectKey(write.key)?.rowIndex;
    if (write.value === undefined || rowIndex === undefined) byKey.delete(key);
    else byKey.set(key, { rowIndex, values: rowFromJson(unsealed(write.value)) });
  }
  if (byKey.size === 0) return undefined;
  // Keys compare as rows do: one character per octet.
  const inOrder = [...byKey].toSorted(([left], [right]) => (left < right ? -1 : 1));
  return inOrder.map(([, row]) => row);
}

function toStateWrite({ oid, rowIndex, values }: DurableWrite): StateWrite {
  return {
    key: objectKey(oid, rowIndex),
    value: values === undefined ? undefined : sealed(rowToJson(values)),
  };
}
