/** Where randomness comes from; tests hand in something that repeats. */
export type Random = (octets: number) => Uint8Array;
