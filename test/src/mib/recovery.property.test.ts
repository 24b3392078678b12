import { describe, expect, test } from 'vitest';
import { compileMibs, findShippedModule, type MibSource } from '../../../src/mib/index.js';
import { fixture } from './module-text.js';

/**
 * Invariant: one token too many, too few or misplaced costs what it is part of, and little else.
 * Model: the unchanged module. Generator: every token of a fixture in turn, so that nothing is
 * left to chance. Coverage: the number of changed modules.
 */

const TOKEN = /"(?:[^"]|"")*"|--[^\n]*|'[^']*'[HhBb]|::=|\.\.|[A-Za-z0-9][\w-]*|[^\s]/g;
const MIN_KEPT_MEDIAN = 0.95;

type Mutation = (text: string, token: Span, next: Span) => string;
interface Span {
  readonly from: number;
  readonly to: number;
}

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'is left out': (text, { from, to }) => text.slice(0, from) + text.slice(to),
  'stands twice': (text, { from, to }) => `${text.slice(0, to)} ${text.slice(from)}`,
  'changes places with the next': (text, token, next) =>
    text.slice(0, token.from) +
    text.slice(next.from, next.to) +
    text.slice(token.to, next.from) +
    text.slice(token.from, token.to) +
    text.slice(next.to),
  'loses its first character': (text, { from }) => text.slice(0, from) + text.slice(from + 1),
};

function spans(text: string): Span[] {
  return [...text.matchAll(TOKEN)]
    .filter(([token]) => !token.startsWith('--'))
    .map(({ index, 0: token }) => ({ from: index, to: index + token.length }));
}

/** `MODULE.name OID`, for what the text itself defines. */
function resolved(text: string): Set<string> {
  const source: MibSource = { path: 'mutated', text };
  const { mib } = compileMibs([source], { resolveImport: findShippedModule });
  const found = new Set<string>();
  for (const module of mib.modules.values()) {
    if (module.source !== source.path) continue;
    for (const { name, oid } of module.nodes.values()) {
      found.add(`${module.name}.${name} ${oid.join('.')}`);
    }
  }
  return found;
}

describe('recovery', () => {
  const text = Buffer.from(fixture('WORKSHOP-MIB').text).toString('utf8');
  const whole = resolved(text);
  const tokens = spans(text);

  test.each(Object.entries(MUTATIONS))('nearly all objects stay where a token %s', (_, mutate) => {
    const kept: number[] = [];
    for (const [i, token] of tokens.entries()) {
      const next = tokens[i + 1];
      if (next === undefined) break;
      const left = resolved(mutate(text, token, next));
      kept.push([...whole].filter((node) => left.has(node)).length / whole.size);
    }
    expect(kept).toHaveLength(tokens.length - 1);
    const median = kept.toSorted((a, b) => a - b)[Math.floor(kept.length / 2)] ?? 0;
    expect(median).toBeGreaterThan(MIN_KEPT_MEDIAN);
  });
});
