import type { ErrorStatus, VarBind } from '../smi/index.js';

export type Operation = 'get' | 'getNext' | 'getBulk' | 'set';

/** A request and what came back, as a person would repeat it. */
export interface RecordedExchange {
  readonly kind: 'exchange';
  readonly operation: Operation;
  readonly varBinds: readonly VarBind[];
  /** Of GETBULK. */
  readonly nonRepeaters?: number;
  readonly maxRepetitions?: number;
  /** Undefined where nothing came that could be read. */
  readonly answer?: {
    readonly errorStatus: ErrorStatus;
    readonly errorIndex: number;
    readonly varBinds: readonly VarBind[];
  };
}

/** Something that was done otherwise than by SNMP. */
export interface RecordedNote {
  readonly kind: 'note';
  readonly text: string;
}

export type TranscriptEntry = RecordedExchange | RecordedNote;

const MAX_ENTRIES = 2000;

/** What was done in one case, in order. */
export class Transcript {
  /** BOUNDED by MAX_ENTRIES: later ones are left out. */
  #entries: TranscriptEntry[] = [];
  #earlier: readonly TranscriptEntry[] = [];
  #paused = 0;

  get entries(): readonly TranscriptEntry[] {
    return this.#entries;
  }

  add(entry: TranscriptEntry): void {
    if (this.#paused === 0 && this.#entries.length < MAX_ENTRIES) this.#entries.push(entry);
  }

  /** What was done before the last `begin`. */
  get earlier(): readonly TranscriptEntry[] {
    return this.#earlier;
  }

  /** A new case: what was done before is `earlier` now. */
  begin(): void {
    this.#earlier = this.#entries;
    this.#entries = [];
  }

  /** Does something that is no part of the case. */
  async without<Value>(work: () => Promise<Value>): Promise<Value> {
    this.#paused += 1;
    try {
      return await work();
    } finally {
      this.#paused -= 1;
    }
  }
}
