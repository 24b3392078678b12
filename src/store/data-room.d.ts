/** Keeps the end of a data file ahead of what is written into it. See data-room.js. */
export declare class DataRoom {
  constructor(path: string, database: { getStats(): object });
  /** Before a commit; throws what the file system says where there is no room. */
  reserve(keys: number, octets: number): void;
  close(): void;
}
