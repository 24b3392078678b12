import { randomBytes } from 'node:crypto';

/** Where randomness comes from; tests hand in something that repeats. */
export type Random = (octets: number) => Uint8Array;

/** Octets that nobody can foretell. */
export const systemRandom: Random = (octets) => randomBytes(octets);
