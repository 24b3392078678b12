import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { FileOctets } from '../../../src/mib/search/file-octets.js';

describe('the octets of files', () => {
  const directory = mkdtempSync(join(tmpdir(), 'file-octets-'));
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  test('are those of each file, be it empty or longer than all before it', () => {
    const octets = new FileOctets();
    const contents = ['short', '', 'long '.repeat(200_000), 'short again'];
    for (const [i, content] of contents.entries()) {
      const path = join(directory, String(i));
      writeFileSync(path, content);
      expect(octets.read(path).toString('latin1')).toBe(content);
    }
  });

  test('cannot be had of a file that is not there', () => {
    expect(() => new FileOctets().read(join(directory, 'none'))).toThrow('ENOENT');
  });
});
