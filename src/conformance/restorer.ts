import type { Mib } from '../mib/index.js';
import {
  equalValues,
  formatOid,
  isException,
  type Oid,
  type SnmpValue,
  type VarBind,
} from '../smi/index.js';
import type { Session } from './session.js';
import { instanceOf, labelOf } from './survey/instance.js';
import { sameValue } from './values/same-value.js';
import { showValue } from './values/show-value.js';
import { tolerant } from './violation.js';

const DESTROY: SnmpValue = { type: 'Integer32', value: 6 };
/** A value may have to wait for another one to be back. */
const MAX_PASSES = 4;

interface MadeRow {
  readonly status: Oid;
  /** BOUNDED by the table's columns. */
  readonly cells: ReadonlySet<string>;
}

/**
 * Remembers what was there before the kit's first write, and puts it back: after every case, and
 * in every case.
 */
export class Restorer {
  readonly #session: Session;
  readonly #mib: Mib;
  /** By dotted name, from before the first write. BOUNDED by the instances that may be written. */
  readonly #originals = new Map<string, VarBind>();
  /** Written since the last restoration. BOUNDED as the originals. */
  readonly #touched = new Set<string>();
  /** Status columns of rows that the case made, by dotted name. BOUNDED by the steps of one case. */
  readonly #rows = new Map<string, MadeRow>();
  /** Those of rows that stay until the end, with their cells. BOUNDED by the tables with rows. */
  readonly #kept = new Map<string, MadeRow>();
  /** What could not be put back, by dotted name. BOUNDED as the originals. */
  readonly #leftOver = new Map<string, string>();

  constructor(session: Session, mib: Mib) {
    this.#session = session;
    this.#mib = mib;
  }

  get leftOver(): readonly string[] {
    return [...this.#leftOver.values()];
  }

  /** Reads what is about to be written for the first time, and marks all as written. */
  async remember(names: readonly Oid[]): Promise<void> {
    const lasting = names.filter((name) => !this.#isOfMadeRow(formatOid(name)));
    const unknown = lasting.filter((name) => !this.#originals.has(formatOid(name)));
    if (unknown.length > 0) {
      const values = await this.#session.transcript.without(() => this.#session.read(unknown));
      for (const [i, name] of unknown.entries()) {
        const value = values[i];
        if (value !== undefined) this.#originals.set(formatOid(name), { name, value });
      }
    }
    for (const name of lasting) this.#touched.add(formatOid(name));
  }

  /**
   * A row that a case makes, perhaps: it is destroyed when the case is over.
   *
   * @param cells - the names of its instances, which are not there to be put back.
   */
  willMakeRow(status: Oid, cells: readonly Oid[]): void {
    this.#rows.set(formatOid(status), { status, cells: new Set(cells.map(formatOid)) });
  }

  /** A row that was made stays until `end`: from now on its values are put back. */
  keepRow(status: Oid): void {
    const key = formatOid(status);
    const row = this.#rows.get(key);
    if (row !== undefined) this.#kept.set(key, row);
    this.#rows.delete(key);
  }

  /** After a case: its rows go, every value is as before. */
  async afterCase(): Promise<void> {
    await this.#destroy(this.#rows);
    await this.restore();
  }

  /** After the last case. */
  async end(): Promise<void> {
    await this.afterCase();
    await this.#destroy(this.#kept);
  }

  async #destroy(rows: Map<string, MadeRow>): Promise<void> {
    for (const [key, { status: name }] of rows) {
      await tolerant(() => this.#session.set([{ name, value: DESTROY }]));
      const [value] = (await tolerant(() => this.#session.read([name]))) ?? [];
      if (value !== undefined && isException(value)) this.#leftOver.delete(key);
      else this.#leftOver.set(key, `the row of ${labelOf(this.#mib, name)} is still there`);
      rows.delete(key);
    }
  }

  /** Puts back every value that was written since the last time. */
  async restore(): Promise<void> {
    let changed = await this.#changed();
    for (let pass = 0; pass < MAX_PASSES && changed.length > 0; pass++) {
      // Together, then one by one: some need the others, some do not bear them.
      const groups = pass % 2 === 0 ? [changed] : changed.map((one) => [one]);
      for (const group of groups) await tolerant(() => this.#session.set(group));
      changed = await this.#changed();
    }
    for (const key of this.#touched) this.#leftOver.delete(key);
    for (const { name, value } of changed) {
      const wanted = showValue(value);
      this.#leftOver.set(formatOid(name), `${labelOf(this.#mib, name)} was ${wanted}`);
    }
    this.#touched.clear();
    // What could not be put back now may be put back when the next case is over.
    for (const { name } of changed) this.#touched.add(formatOid(name));
  }

  #isOfMadeRow(key: string): boolean {
    for (const { cells } of this.#rows.values()) if (cells.has(key)) return true;
    return false;
  }

  /** The originals of what differs now. What was not there cannot be put back. */
  async #changed(): Promise<readonly VarBind[]> {
    const originals = [...this.#touched]
      .map((key) => this.#originals.get(key))
      .filter((one) => one !== undefined && !isException(one.value)) as VarBind[];
    const changed: VarBind[] = [];
    for (const original of originals) {
      const [now] = (await tolerant(() => this.#session.read([original.name]))) ?? [];
      if (now === undefined || !this.#isSame(original, now)) changed.push(original);
    }
    return changed;
  }

  #isSame(original: VarBind, now: SnmpValue): boolean {
    const syntax = instanceOf(this.#mib, original)?.object.syntax;
    return syntax === undefined
      ? equalValues(original.value, now)
      : sameValue(syntax, original.value, now);
  }
}
