import type { SubtreeCell, SubtreeRef } from './subtree/index.js';
import { KILLED, type ChildHandle, type ExitReason } from '../supervisors/index.js';

/** Starts one incarnation of a subtree, for its supervisor to hold. */
export function startCell(ref: SubtreeRef): ChildHandle | Promise<ChildHandle> {
  const { cell, started } = ref.startIncarnation();
  const handle = new CellHandle(cell);
  return started === undefined ? handle : started.then(() => handle);
}

class CellHandle implements ChildHandle {
  readonly #cell: SubtreeCell;

  constructor(cell: SubtreeCell) {
    this.#cell = cell;
  }

  stop(): void {
    this.#cell.stop();
  }

  kill(): void {
    this.#cell.kill();
  }

  onExit(listener: (reason: ExitReason) => void): () => void {
    return this.#cell.onExit((end) => {
      if (end.kind === 'stopped') listener({ kind: 'shutdown' });
      else listener(end.operation === 'kill' ? KILLED : { kind: 'error', error: end.cause });
    });
  }
}
