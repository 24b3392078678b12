import { SnmpError } from '../../base/index.js';
import {
  compileMibs,
  decodeInstance,
  definitions,
  formatName,
  narrowOctets,
  resolveName,
  suggestion,
  type DecodedInstance,
  type Mib,
  type MibModule,
  type MibNode,
  type MibSource,
  type ModuleFinder,
} from '../../mib/index.js';
import type { Oid } from '../../smi/index.js';
import { distinct } from './search-options.js';

/** One answer: a definition, or an instance of it. */
export interface Found {
  readonly mib: Mib;
  readonly module: MibModule;
  readonly node: MibNode;
  /** Of the node or of the instance. */
  readonly oid: Oid;
  /** As a name, index included. */
  readonly name: string;
  readonly instance: DecodedInstance;
}

/** The macros and types that follow the name of a node where it is defined. */
const DEFINES =
  '(?:OBJECT-TYPE|OBJECT\\s+IDENTIFIER|OBJECT-IDENTITY|MODULE-IDENTITY|NOTIFICATION-TYPE|' +
  'TRAP-TYPE|OBJECT-GROUP|NOTIFICATION-GROUP|MODULE-COMPLIANCE|AGENT-CAPABILITIES)(?![\\w-])';
const BLANKS = String.raw`(?:\s|--[^\r\n]*(?=[\r\n]))+`;
const DEFINED = new RegExp(`(?<![\\w-])([A-Za-z][\\w-]*)${BLANKS}${DEFINES}`, 'g');
/** So long may be what a name is compared with, before it is said that nothing was found. */
const MAX_NAMES_FOR_SUGGESTION = 500_000;

/**
 * What a name, an OID or a pattern stands for in the modules that can be found.
 *
 * Names: only the modules whose text defines them are compiled. OIDs: all are.
 *
 * @param modules - only these are looked at, where there are any.
 * @throws SnmpError SNMP_NAME_UNKNOWN, SNMP_NAME_SYNTAX, SNMP_NAME_INDEX, SNMP_MIB_UNKNOWN,
 *   SNMP_OID_SYNTAX
 */
export function findDefinitions(
  sought: string,
  finder: ModuleFinder,
  modules: readonly string[],
  onProgress: (done: number, total: number, what: string) => void,
): readonly Found[] {
  if (/^\.?\d+(\.\d+)*$/.test(sought)) {
    const names = modules.length > 0 ? modules : finder.names();
    const mib = compile(
      names.map((name) => finder.source(name)),
      finder,
      onProgress,
    );
    return [found(mib, resolveName(mib, sought).oid)].filter((one) => one !== undefined);
  }
  const [whole = '', named] = /^\.?(?:([A-Za-z][\w-]*)::)?/.exec(sought) ?? [];
  const rest = sought.slice(whole.length);
  const places = named === undefined ? modules : [named];
  return /^[\w*?-]*[*?][\w*?-]*$/.test(rest)
    ? findPattern(rest, finder, places, onProgress)
    : findName(rest, finder, places, onProgress);
}

function findName(
  name: string,
  finder: ModuleFinder,
  modules: readonly string[],
  onProgress: (done: number, total: number, what: string) => void,
): readonly Found[] {
  const words = name.match(/(?<![\w"'-])[A-Za-z][\w-]*/g) ?? [];
  const [head] = words;
  if (head === undefined) throw new SnmpError('SNMP_NAME_SYNTAX', `not a name: ${name}`);
  const pattern = new RegExp(`(?<![\\w-])(?:${words.join('|')})${BLANKS}${DEFINES}`);
  const sources = sourcesWith((text) => pattern.test(text), finder, modules);
  const mib = compile(sources, finder, onProgress);
  const wanted = new Set(sources.map(({ path }) => path));
  const candidates = definitions(mib, head).filter(({ module }) =>
    isWanted(mib, module, wanted, modules),
  );
  if (candidates.length === 0) throw unknown(head, finder, modules);
  return candidates.flatMap((node) => {
    // Its own module's view of it, where several modules define the place.
    const place = resolveName(mib, `${node.module}::${name}`);
    return found(mib, place.oid, place.node) ?? [];
  });
}

/** Modules built in have no text; those imported on the way were not asked for. */
function isWanted(
  mib: Mib,
  module: string,
  paths: ReadonlySet<string>,
  modules: readonly string[],
): boolean {
  if (modules.length > 0) return modules.includes(module);
  const source = mib.modules.get(module)?.source ?? '';
  return paths.has(source) || source.startsWith('(built in)');
}

function findPattern(
  glob: string,
  finder: ModuleFinder,
  modules: readonly string[],
  onProgress: (done: number, total: number, what: string) => void,
): readonly Found[] {
  const isLike = (text: string): boolean => {
    for (const name of definedNames(text)) if (matchesGlob(glob, name)) return true;
    return false;
  };
  const sources = sourcesWith(isLike, finder, modules);
  const mib = compile(sources, finder, onProgress);
  const paths = new Set(sources.map(({ path }) => path));
  const all = [...mib.modules.values()].flatMap((module) =>
    paths.has(module.source)
      ? [...module.nodes.values()].filter(({ name }) => matchesGlob(glob, name))
      : [],
  );
  if (all.length === 0) throw new SnmpError('SNMP_NAME_UNKNOWN', `nothing is named like ${glob}`);
  return all.flatMap((node) => found(mib, node.oid, node) ?? []);
}

function compile(
  sources: readonly MibSource[],
  finder: ModuleFinder,
  onProgress: (done: number, total: number, what: string) => void,
): Mib {
  return compileMibs(distinct(sources), {
    resolveImport: finder.find,
    onProgress: ({ phase, done, total }) => onProgress(done, total, phase),
  }).mib;
}

function found(mib: Mib, oid: Oid, asked?: MibNode): Found | undefined {
  const decoded = decodeInstance(mib, oid);
  const node = asked ?? decoded.node;
  const module = node === undefined ? undefined : mib.modules.get(node.module);
  if (node === undefined || module === undefined) return undefined;
  const place = formatName(mib, oid);
  const nearest = decoded.node;
  const name =
    nearest === undefined || nearest === node
      ? place
      : `${node.module}::${node.name}${place.slice(`${nearest.module}::${nearest.name}`.length)}`;
  return { mib, module, node, oid, name, instance: { ...decoded, node } };
}

function sourcesWith(
  isSought: (text: string) => boolean,
  finder: ModuleFinder,
  modules: readonly string[],
): readonly MibSource[] {
  if (modules.length > 0) return modules.map((name) => finder.source(name));
  return allSources(finder).filter(({ text }) => isSought(readable(text)));
}

function allSources(finder: ModuleFinder): readonly MibSource[] {
  return distinct(finder.names().flatMap((name) => finder.find(name) ?? []));
}

function unknown(name: string, finder: ModuleFinder, modules: readonly string[]): SnmpError {
  /** BOUNDED by MAX_NAMES_FOR_SUGGESTION. */
  const names = new Set<string>();
  for (const { text } of sourcesWith(() => true, finder, modules)) {
    for (const word of definedNames(readable(text))) names.add(word);
    if (names.size > MAX_NAMES_FOR_SUGGESTION) break;
  }
  const where = modules.length > 0 ? modules.join(', ') : 'any module that can be found';
  return new SnmpError(
    'SNMP_NAME_UNKNOWN',
    `${name} is not defined in ${where}${suggestion(name, names)}`,
  );
}

function readable(text: string | Uint8Array): string {
  return typeof text === 'string' ? text : Buffer.from(narrowOctets(text)).toString('latin1');
}

/** Names that a text defines, at a glance. */
function* definedNames(text: string): Iterable<string> {
  for (const [, name = ''] of text.matchAll(DEFINED)) yield name;
}

/** `*` is any characters, `?` is one. In time of the product of the lengths, whatever the pattern. */
export function matchesGlob(glob: string, name: string): boolean {
  let [at, inGlob] = [0, 0];
  let [starAt, matchedTo] = [-1, 0];
  while (at < name.length) {
    if (glob[inGlob] === '*') {
      starAt = inGlob++;
      matchedTo = at;
    } else if (glob[inGlob] === '?' || glob[inGlob] === name[at]) {
      inGlob += 1;
      at += 1;
    } else if (starAt !== -1) {
      inGlob = starAt + 1;
      at = ++matchedTo;
    } else {
      return false;
    }
  }
  while (glob[inGlob] === '*') inGlob += 1;
  return inGlob === glob.length;
}
