import { SnmpError } from '../base/index.js';
import type { ManagedObject } from '../instrumentation/index.js';
import { compareOids, formatOid, hasPrefix, type Oid } from '../smi/index.js';
import type { SubtreeRef } from '../subtree/index.js';

/** One scalar or table, where it stands in the OID tree, and who answers for it. */
export interface Registration {
  readonly oid: Oid;
  readonly object: ManagedObject;
  readonly owner: SubtreeRef;
}

/**
 * Which subtree answers for which part of the OID tree. Registrations never overlap: each is the
 * OID of a scalar or a table, and no such OID lies below another.
 */
export class Registrations {
  /** Ascending by OID. BOUNDED by the modules that are loaded. */
  #sorted: readonly Registration[] = [];
  #version = 0;

  /** Changes whenever a position may mean another registration. */
  get version(): number {
    return this.#version;
  }

  get size(): number {
    return this.#sorted.length;
  }

  at(position: number): Registration | undefined {
    return this.#sorted[position];
  }

  /** The registration that `name` lies in. */
  find(name: Oid): Registration | undefined {
    const candidate = this.#sorted[this.floor(name)];
    return candidate !== undefined && hasPrefix(name, candidate.oid) ? candidate : undefined;
  }

  /** Position of the last registration at or before `name`; -1 where all come after it. */
  floor(name: Oid): number {
    const sorted = this.#sorted;
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareOids((sorted[middle] as Registration).oid, name) <= 0) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /**
   * Adds all of them, or none.
   *
   * @throws SnmpError SNMP_OID_CONFLICT where one overlaps another, of those here or among
   *   themselves (OTP-062, OTP-063).
   */
  add(added: readonly Registration[]): void {
    this.plan(added)();
  }

  /**
   * Whether `added` has place beside what is here, without what `leaving` has.
   *
   * @returns does it, for as long as nothing else has happened here.
   * @throws SnmpError SNMP_OID_CONFLICT: as `add`.
   */
  plan(added: readonly Registration[], leaving?: SubtreeRef): () => void {
    const kept = leaving === undefined ? this.#sorted : this.#without(leaving);
    if (added.length === 0 && kept.length === this.#sorted.length) return () => undefined;
    const sorted = [...kept, ...added].sort((a, b) => compareOids(a.oid, b.oid));
    for (const [i, registration] of sorted.entries()) {
      const next = sorted[i + 1];
      if (next !== undefined && hasPrefix(next.oid, registration.oid)) {
        throw conflict(registration, next);
      }
    }
    return () => this.#replace(sorted);
  }

  removeOwner(owner: SubtreeRef): void {
    const left = this.#without(owner);
    if (left.length < this.#sorted.length) this.#replace(left);
  }

  #without(owner: SubtreeRef): readonly Registration[] {
    return this.#sorted.filter((registration) => registration.owner !== owner);
  }

  #replace(sorted: readonly Registration[]): void {
    this.#sorted = sorted;
    this.#version += 1;
  }
}

function conflict(first: Registration, second: Registration): SnmpError {
  const name = ({ object, oid, owner }: Registration): string =>
    `${object.definition.name} (${formatOid(oid)}) of subtree ${owner.id}`;
  return new SnmpError('SNMP_OID_CONFLICT', `${name(second)} overlaps ${name(first)}`);
}
