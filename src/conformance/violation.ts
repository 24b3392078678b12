/** A property does not hold: what was expected, and what came instead. */
export class Violation extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Violation';
  }
}

/** No answer came to a request, however often it was sent. */
export class Silence extends Violation {}

/** This case decides nothing: something that it relies on changed meanwhile, or was lost. */
export class Undecided extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Undecided';
  }
}

export function violated(message: string): never {
  throw new Violation(message);
}

export function undecided(message: string): never {
  throw new Undecided(message);
}

/**
 * Undefined where the work meets a violation, or decides nothing: for what is no case, but
 * prepares one or clears up after it. A property has said what is wrong, or will.
 */
export async function tolerant<Value>(work: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Violation || error instanceof Undecided) return undefined;
    throw error;
  }
}
