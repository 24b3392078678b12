import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compileMibs, findShippedModule } from '../../src/mib/index.js';
import { formatOid } from '../../src/smi/index.js';
import { run } from './agent-process.js';

const FOLDER = fileURLToPath(new URL('../../src/mib/modules/', import.meta.url));

/** Those that are nothing but macros and base types, which other tools have built in. */
const BASE = new Set(['SNMPv2-SMI', 'SNMPv2-TC', 'SNMPv2-CONF']);

const MODULES = readdirSync(FOLDER)
  .map((file) => file.replace(/\.mib$/, ''))
  .filter((name) => !BASE.has(name));

describe('the modules that come with the package, read by net-snmp', () => {
  for (const name of MODULES) {
    it(`${name} gives the same names for the same OIDs`, async () => {
      const { output } = await run('snmptranslate', ['-M', FOLDER, '-m', name, '-Tz']);
      const theirs = new Map(
        [...output.matchAll(/^"([\w-]+)"\s+"([\d.]+)"$/gm)].map(([, node, oid]) => [node, oid]),
      );
      const source = findShippedModule(name);
      if (source === undefined) throw new Error(`no text of ${name}`);
      const { mib } = compileMibs([source], { resolveImport: findShippedModule });
      const nodes = [...(mib.modules.get(name)?.nodes.values() ?? [])];
      for (const node of nodes) expect(theirs.get(node.name), node.name).toBe(formatOid(node.oid));
      // A module of types alone has no node.
      expect(nodes.length > 0 || (mib.modules.get(name)?.types.size ?? 0) > 0).toBe(true);
    });
  }
});
