import { latin1Of, SnmpError } from '../base/index.js';
import type { SubtreeRef } from '../subtree/index.js';
import { Registrations, type Registration } from './registrations.js';

/** Every engine has it (RFC 3415 2.3). */
export const DEFAULT_CONTEXT = '';

const MAX_NAME_OCTETS = 32;

/** A registration, and the contexts that it is for. */
export interface PlacedRegistration extends Registration {
  readonly contexts: readonly string[];
}

/**
 * The contexts of an agent (RFC 3411 3.3.1), each with what is registered in it: in one the same OID
 * may be another subtree's than in another.
 */
export class Contexts {
  /** By name. BOUNDED by the configuration. */
  readonly #registrations = new Map<string, Registrations>();
  /** Names by their octets as latin1: what comes in a message need not be UTF-8. */
  readonly #names = new Map<string, string>();
  /** Which most requests are for: found without a look at the map. */
  readonly #default: Registrations;

  /**
   * @param names - besides the default context.
   * @throws SnmpError SNMP_OPTION_INVALID for a name of none or more than 32 octets, or one twice.
   */
  constructor(names: readonly string[] = []) {
    this.#default = this.#add(DEFAULT_CONTEXT);
    for (const [i, name] of names.entries()) {
      const octets = typeof name === 'string' ? Buffer.byteLength(name, 'utf8') : 0;
      if (octets < 1 || octets > MAX_NAME_OCTETS) {
        throw invalid(`contexts[${i}]: expected a name of 1 to ${MAX_NAME_OCTETS} octets`);
      }
      if (this.#registrations.has(name)) throw invalid(`contexts[${i}]: ${name} is there twice`);
      this.#add(name);
    }
  }

  /** All of them, the default context first. */
  get names(): readonly string[] {
    return [...this.#registrations.keys()];
  }

  has(name: string): boolean {
    return this.#registrations.has(name);
  }

  /** Changes whenever anything is registered anew, or no more. */
  get version(): number {
    let version = 0;
    for (const registrations of this.#registrations.values()) version += registrations.version;
    return version;
  }

  /** The name of the context that a message means; undefined where there is none. */
  find(name: Uint8Array): string | undefined {
    if (name.length === 0) return DEFAULT_CONTEXT;
    if (name.length > MAX_NAME_OCTETS) return undefined;
    return this.#names.get(latin1Of(name));
  }

  /** What is registered in a context; undefined for one that is not there. */
  in(name: string): Registrations | undefined {
    return name === DEFAULT_CONTEXT ? this.#default : this.#registrations.get(name);
  }

  /** Adds all of them, or none: as `Registrations.add`. */
  add(added: readonly PlacedRegistration[]): void {
    this.#commitAll((registrations, name) => registrations.plan(inContext(added, name)));
  }

  removeOwner(owner: SubtreeRef): void {
    for (const registrations of this.#registrations.values()) registrations.removeOwner(owner);
  }

  /** What `owner` has goes and `added` comes, in one step, or nothing happens: as `add`. */
  replaceOwner(owner: SubtreeRef, added: readonly PlacedRegistration[]): void {
    this.#commitAll((registrations, name) => registrations.plan(inContext(added, name), owner));
  }

  /** Each context is asked before any of them changes. */
  #commitAll(plan: (registrations: Registrations, name: string) => () => void): void {
    const commits = [...this.#registrations].map(([name, registrations]) =>
      plan(registrations, name),
    );
    for (const commit of commits) commit();
  }

  #add(name: string): Registrations {
    const registrations = new Registrations();
    this.#registrations.set(name, registrations);
    this.#names.set(Buffer.from(name, 'utf8').toString('latin1'), name);
    return registrations;
  }
}

function inContext(added: readonly PlacedRegistration[], name: string): PlacedRegistration[] {
  return added.filter(({ contexts }) => contexts.includes(name));
}

function invalid(reason: string): SnmpError {
  return new SnmpError('SNMP_OPTION_INVALID', reason);
}
