import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { nodeRecord, type NodeRecord } from '../../src/cli/mib/node-record.js';
import { ModuleFinder } from '../../src/mib/index.js';
import { run } from './agent-process.js';
import { readSmidump, type Described } from './smidump.js';

/**
 * Type, ranges, enumerations, access, index, status and OID of every definition are those that
 * libsmi reads. TRELLIS_MIBS names a directory of more modules, of which the differences are shown.
 */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The first holds the SMI with its macros, without which smidump takes no module for SMIv2. */
const FOLDERS = [
  'node_modules/net-snmp/lib/mibs',
  'src/mib/modules',
  'test/fixtures/mib',
  'test/fixtures/mib-text',
].map((folder) => join(ROOT, folder));
const OTHERS = process.env['TRELLIS_MIBS'];
/**
 * Nothing but macros; no INDEX, without which smidump has neither rows nor columns; there to be
 * wrong; and one at which smidump 0.4.8 crashes.
 */
const LEFT_OUT = new Set(['RFC-1212', 'RFC-1215', 'RFC1158-MIB', 'BROKEN-MIB', 'WORKSHOP-MIB']);
/** libsmi takes the word `deprecated`, which SMIv1 does not have, for its `obsolete`. */
const KNOWN = /^RFC1213-MIB::at\w+ status: smidump obsolete, ours deprecated$/;
/** ASN.1's own: libsmi has other names for them. */
const ROOTS = new Set(['ccitt', 'iso', 'joint-iso-ccitt', 'zeroDotZero']);

/** libsmi knows one kind of node and one kind of group. */
const KINDS: Readonly<Record<string, string>> = {
  'module-identity': 'node',
  'object-identity': 'node',
  'agent-capabilities': 'node',
  'object-group': 'group',
  'notification-group': 'group',
  'module-compliance': 'compliance',
};
/** libsmi knows the words of SMIv2 alone, but for one. */
const STATUSES: Readonly<Record<string, string>> = { mandatory: 'current', optional: 'current' };

async function dumpTheirs(folders: readonly string[], files: readonly string[]) {
  const path = `SMIPATH=${folders.join(':')}`;
  const texts: string[] = [];
  for (const file of files) {
    // One at a time: what is read for one module is not to change the next.
    const { output } = await run('env', [path, 'smidump', '-k', '-q', '-f', 'xml', file]);
    texts.push(output);
  }
  return readSmidump(texts);
}

function dumpOurs(finder: ModuleFinder, names: readonly string[]) {
  const { mib } = finder.load(names);
  const found = new Map<string, Described>();
  for (const name of names) {
    const module = mib.modules.get(name);
    if (module === undefined) continue;
    for (const node of module.nodes.values()) {
      const record = nodeRecord(module, node);
      found.set(`${name}::${record.name}`, describeRecord(record));
    }
  }
  return found;
}

function describeRecord(record: NodeRecord): Described {
  const { kind, oid, status, access, base, syntax, ranges, enums, index, augments } = record;
  const isLeaf = kind === 'scalar' || kind === 'column';
  const type = base ?? syntax;
  return {
    kind: KINDS[kind] ?? kind,
    oid,
    // libsmi gives each of them one: what stands in the text is compared.
    ...(status === undefined || kind === 'module-identity'
      ? {}
      : { status: STATUSES[status] ?? status }),
    ...(isLeaf && access !== undefined
      ? { access: access === 'read-create' ? 'read-write' : access }
      : {}),
    ...(isLeaf && type !== undefined ? { base: type } : {}),
    ...(isLeaf && ranges !== undefined
      ? { ranges: ranges.map(([low, high]) => [Number(low), Number(high)] as const) }
      : {}),
    ...(isLeaf && enums !== undefined ? { enums: sorted(enums) } : {}),
    ...(kind === 'row' && augments !== undefined ? { index: ['AUGMENTS', augments] } : {}),
    ...(kind === 'row' && augments === undefined && index !== undefined
      ? {
          index: index.flatMap(({ object, implied }) => (implied ? ['IMPLIED', object] : [object])),
        }
      : {}),
  };
}

/** libsmi puts labels in the order of their numbers. */
function sorted(enums: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(enums).sort(([, a], [, b]) => a - b));
}

async function differences(folders: readonly string[]) {
  const finder = new ModuleFinder({ directories: folders, cache: false, shipped: false });
  const names = finder.names().filter((name) => {
    const file = finder.locations(name)[0]?.path ?? '';
    return folders.includes(dirname(file)) && !LEFT_OUT.has(basename(file, '.mib'));
  });
  const files = names.flatMap((name) => finder.locations(name)[0]?.path ?? []);
  const [theirs, ours] = [await dumpTheirs(folders, files), dumpOurs(finder, names)];
  const different: string[] = [];
  for (const [name, their] of theirs) {
    if (ROOTS.has(name.split('::')[1] ?? '')) continue;
    const our = ours.get(name);
    for (const key of ['oid', 'kind', 'base', 'ranges', 'enums', 'access', 'index'] as const) {
      const [left, right] = [JSON.stringify(their[key]), JSON.stringify(our?.[key])];
      if (left !== right) different.push(`${name} ${key}: smidump ${left}, ours ${right}`);
    }
    const status = STATUSES[their.status ?? ''] ?? their.status;
    if (our?.status !== undefined && our.status !== status) {
      different.push(`${name} status: smidump ${status}, ours ${our.status}`);
    }
  }
  return { compared: theirs.size, different };
}

describe('modules read by libsmi', () => {
  it('are for us what they are for smidump', async () => {
    const { compared, different } = await differences(FOLDERS);
    expect(different.filter((one) => !KNOWN.test(one))).toEqual([]);
    expect(compared).toBeGreaterThan(600);
  });

  if (OTHERS !== undefined) {
    it(`of ${OTHERS}: what is different`, async () => {
      const { compared, different } = await differences([OTHERS]);
      process.stdout.write(`${different.join('\n')}\n${different.length} of ${compared}\n`);
      expect(compared).toBeGreaterThan(0);
    });
  }
});
