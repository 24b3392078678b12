import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compileMibs, type Compilation, type MibNode } from '../../../src/mib/index.js';

const DIRECTORY = new URL('../../fixtures/mib-text/oddities/', import.meta.url);

interface Expected {
  /** Name to `OID kind`, for objects with base type and access. */
  readonly nodes: Readonly<Record<string, string>>;
  /** `line:column code`, all that there are. */
  readonly findings: readonly string[];
}

const EXPECTED = JSON.parse(readFileSync(new URL('expected.json', DIRECTORY), 'utf8')) as Readonly<
  Record<string, Expected>
>;

function compile(name: string): Compilation {
  const text = readFileSync(new URL(`${name}.mib`, DIRECTORY));
  return compileMibs([{ path: name, text }]);
}

/** As `expected.json` has it. Where two modules of a text define a name, the later one counts. */
function describeNodes(name: string, { mib }: Compilation): Map<string, string> {
  const nodes = new Map<string, string>();
  for (const module of mib.modules.values()) {
    if (module.source !== name) continue;
    for (const node of module.nodes.values()) {
      nodes.set(node.name, describeNode(node));
      if (node.kind === 'table') nodes.set(node.row.name, `${node.row.oid.join('.')} row`);
    }
  }
  return nodes;
}

function describeNode(node: MibNode): string {
  const place = `${node.oid.join('.')} ${node.kind}`;
  const isLeaf = node.kind === 'scalar' || node.kind === 'column';
  return isLeaf ? `${place} ${node.syntax.base} ${node.access}` : place;
}

describe.each(Object.entries(EXPECTED))('modules as vendors write them: %s', (name, expected) => {
  test('every object keeps its name, place, type and access', () => {
    const found = describeNodes(name, compile(name));
    for (const [node, description] of Object.entries(expected.nodes)) {
      expect(`${node} ${found.get(node)}`).toBe(`${node} ${description}`);
    }
  });

  test('each oddity is found where it stands', () => {
    const found = compile(name).diagnostics.map(
      ({ line, column, code }) => `${line}:${column} ${code}`,
    );
    expect(found).toEqual(expected.findings);
  });
});
