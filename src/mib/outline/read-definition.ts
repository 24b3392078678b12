import type { ValueDefinition } from '../definition.js';
import { DiagnosticLog } from '../diagnostics.js';
import { lowerModule } from '../lower.js';
import { parseModules, parserTokens } from '../parser/module.js';
import { SourceText } from '../source.js';
import type { Tokens } from '../tokens.js';
import { SILENT } from './silent.js';

/** Made at the first need: most texts define no name twice. */
let tokens: Tokens | undefined;

const HEAD = 'A DEFINITIONS ::= BEGIN ';
const TAIL = ' END';

/**
 * One definition as the compiler reads it, with the places that it has in its text.
 *
 * @param at - where it begins in there.
 * @returns undefined where the compiler does not find just this one.
 */
export function readDefinition(text: string, at: number): ValueDefinition | undefined {
  const source = new SourceText({ path: '', text: `${HEAD}${text}${TAIL}` });
  const log = new DiagnosticLog(SILENT);
  tokens ??= parserTokens();
  const [module] = parseModules(source, log, { tokens, hasProse: false });
  if (module?.definitions.length !== 1) return undefined;
  const { values } = lowerModule(module, source, log, () => 0);
  // What is named on the way to it comes behind it.
  const [definition] = values.values();
  if (definition === undefined) return undefined;
  const moved = at - HEAD.length;
  const oid = definition.oid.map((part) => ({ ...part, at: part.at + moved }));
  return { ...definition, at: definition.at + moved, oid };
}
