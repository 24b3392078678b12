import type { MibModule, MibNode } from './mib/index.js';
import { hasPrefix } from './smi/index.js';
import { splitDefinition, type SubtreeDefinition } from './agent-options.js';

/**
 * Scalars and tables of a module that no definition speaks of: below their `subtree` where they have
 * one, else anywhere. Obsolete ones are not missed, nor are those that nobody may read or write.
 */
export function missingObjects(
  module: MibModule,
  definitions: readonly SubtreeDefinition[],
): readonly string[] {
  const split = definitions.map(splitDefinition);
  const given = new Set(split.flatMap(({ objects }) => Object.keys(objects)));
  const roots = split.map(({ terms }) => module.nodes.get(terms.subtree ?? '')?.oid ?? []);
  return [...module.nodes.values()]
    .filter((node) => isServed(node) && !given.has(node.name))
    .filter(({ oid }) => roots.some((root) => hasPrefix(oid, root)))
    .map(({ name }) => name);
}

function isServed(node: MibNode): boolean {
  if (node.status === 'obsolete') return false;
  if (node.kind === 'table') return true;
  return node.kind === 'scalar' && node.access.startsWith('read');
}
