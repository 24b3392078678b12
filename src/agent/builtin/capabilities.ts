import { SnmpError } from '../../base/index.js';
import type { Oid } from '../../smi/index.js';

/** One row of sysORTable (RFC 3418): something this agent supports. */
export interface Capability {
  readonly sysORIndex: number;
  readonly sysORID: Oid;
  readonly sysORDescr: string;
  /** sysUpTime when it was added. */
  readonly sysORUpTime: number;
}

/** At most so many rows: modules and capabilities come from the program, not from managers. */
const MAX_CAPABILITIES = 10_000;

/** What sysORTable shows. An index is never used twice in an agent's life. */
export class Capabilities {
  readonly #upTime: () => number;
  /** BOUNDED by MAX_CAPABILITIES. */
  readonly #rows = new Map<number, Capability>();
  #lastIndex = 0;
  #lastChange = 0;

  /** @param upTime - sysUpTime, in centiseconds. */
  constructor(upTime: () => number) {
    this.#upTime = upTime;
  }

  get lastChange(): number {
    return this.#lastChange;
  }

  /** Whether `add` would throw. */
  get isFull(): boolean {
    return this.#rows.size >= MAX_CAPABILITIES;
  }

  get rows(): readonly Capability[] {
    return [...this.#rows.values()];
  }

  /**
   * @returns the row's index, for `remove`.
   * @throws SnmpError SNMP_CAPABILITIES_FULL
   */
  add(id: Oid, description: string): number {
    if (this.isFull) {
      throw new SnmpError('SNMP_CAPABILITIES_FULL', 'sysORTable holds no more rows');
    }
    this.#lastIndex += 1;
    this.#lastChange = this.#upTime();
    this.#rows.set(this.#lastIndex, {
      sysORIndex: this.#lastIndex,
      sysORID: id,
      sysORDescr: description,
      sysORUpTime: this.#lastChange,
    });
    return this.#lastIndex;
  }

  remove(index: number): void {
    if (this.#rows.delete(index)) this.#lastChange = this.#upTime();
  }
}
