import { spawnSync } from 'node:child_process';

const DEADLINE_MS = 30_000;

/**
 * The Python that has pysnmp 4: Debian's own may not be the first in the path.
 *
 * @throws where none has.
 */
export function pythonWithPysnmp(): string {
  for (const python of ['python3', '/usr/bin/python3']) {
    const code = 'import pysnmp.hlapi.asyncore';
    if (spawnSync(python, ['-c', code], { timeout: DEADLINE_MS }).status === 0) return python;
  }
  throw new Error('no python3 has pysnmp 4 (Debian: python3-pysnmp4)');
}
