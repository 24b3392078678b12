/**
 * What a number means nothing without: machine, kernel, Node, commit, load of the machine.
 */
import { cpus, loadavg, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { canPin, firstLine } from './proc.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

export function stamp() {
  const commit = firstLine('git', ['-C', root, 'rev-parse', '--short', 'HEAD']) ?? 'unknown';
  const dirty = firstLine('git', ['-C', root, 'status', '--porcelain', '-uno']) !== undefined;
  return {
    date: new Date().toISOString(),
    command: `node bench/run.mjs ${process.argv.slice(2).join(' ')}`.trim(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: `Linux ${release()}`,
    node: process.version,
    commit: dirty ? `${commit} with changes` : commit,
    pinned: canPin,
    loadBefore: loadavg()[0],
  };
}
