import {
  compileMibs,
  findModuleHeaders,
  narrowOctets,
  severityTable,
  type Diagnostic,
  type MibSource,
  type ModuleFinder,
  type Severities,
  type Strictness,
} from '../../mib/index.js';
import { importsOf, readSource } from './search-options.js';

export interface CheckOptions {
  readonly strictness?: Strictness;
  readonly severities?: Severities;
  /** Called with how many files have been read, and what is done with them now. */
  readonly onProgress?: (done: number, what: string) => void;
}

/** What was found about one module; `name` is null for a file that holds none. */
export interface CheckedModule {
  readonly name: string | null;
  readonly file: string;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Compiled together, for what that takes in memory: about eight times as much. What a batch imports
 * from another is compiled twice, so that they should be large.
 */
const MAX_BATCH_OCTETS = 96 * 1024 * 1024;

/** Module and the line that its name stands in. */
interface ListedModule {
  readonly name: string;
  readonly line: number;
  readonly column: number;
}

interface ListedFile {
  readonly path: string;
  readonly sizeOctets: number;
  readonly modules: readonly ListedModule[];
}

/**
 * Checks files, whose imports are looked for among them first. Modules of one name in several
 * files are checked all, each for itself, and all but the first are reported.
 *
 * @throws SnmpError SNMP_MIB_UNREADABLE, SNMP_OPTION_INVALID
 */
export function checkFiles(
  paths: readonly string[],
  finder: ModuleFinder,
  options: CheckOptions = {},
): readonly CheckedModule[] {
  const { strictness, severities, onProgress } = options;
  const repeated = severityTable(strictness, severities).get('module-repeated') ?? 'off';
  const files = paths.map((path, i) => {
    onProgress?.(i, 'looked at');
    return listModules(path);
  });
  /** The file of each module that counts. BOUNDED by the files given. */
  const firstOf = new Map<string, string>();
  for (const { path, modules } of files) {
    for (const { name } of modules) if (!firstOf.has(name)) firstOf.set(name, path);
  }
  const elsewhere = importsOf(finder, paths);
  const resolveImport = (name: string): MibSource | undefined => {
    const path = firstOf.get(name);
    return path === undefined ? elsewhere(name) : readSource(path);
  };
  /** BOUNDED by the files given. */
  const byFile = new Map<string, Diagnostic[]>(paths.map((path) => [path, []]));
  /** What is in each file, says the compiler. BOUNDED by the files given. */
  const compiled = new Map<string, readonly string[]>();
  let done = 0;
  for (const batch of batches(files)) {
    const { diagnostics, mib } = compileMibs(
      batch.map(({ path }) => readSource(path)),
      {
        resolveImport,
        ...(strictness === undefined ? {} : { strictness }),
        ...(severities === undefined ? {} : { severities }),
        onProgress: ({ phase, done: ofBatch, total }) =>
          // Reading and resolving take about the same time.
          onProgress?.(
            done +
              Math.floor((batch.length * (ofBatch / total + (phase === 'reading' ? 0 : 1))) / 2),
            phase,
          ),
      },
    );
    const own = new Set(batch.map(({ path }) => path));
    for (const diagnostic of diagnostics) {
      if (own.has(diagnostic.file)) byFile.get(diagnostic.file)?.push(diagnostic);
    }
    for (const { name, source } of mib.modules.values()) {
      if (own.has(source)) compiled.set(source, [...(compiled.get(source) ?? []), name]);
    }
    done += batch.length;
  }
  return files.flatMap((file) => {
    const found = byFile.get(file.path) ?? [];
    if (repeated !== 'off') {
      for (const module of file.modules) {
        const first = firstOf.get(module.name);
        if (first === undefined || first === file.path) continue;
        const message = `module ${module.name} is in ${first} too; expected it only once`;
        const { line, column } = module;
        found.push({
          code: 'module-repeated',
          severity: repeated,
          file: file.path,
          line,
          column,
          message,
        });
      }
      found.sort((a, b) => a.line - b.line || a.column - b.column);
    }
    return byModule(withModules(file, compiled.get(file.path) ?? []), found);
  });
}

function listModules(path: string): ListedFile {
  const text = narrowOctets(readSource(path).text);
  let line = 1;
  let lineStart = 0;
  const modules = findModuleHeaders(text).map(({ name, at }) => {
    for (let i = lineStart; i < at; i++) {
      const octet = text[i];
      if (octet !== 0x0a && (octet !== 0x0d || text[i + 1] === 0x0a)) continue;
      line += 1;
      lineStart = i + 1;
    }
    return { name, line, column: at - lineStart + 1 };
  });
  return { path, sizeOctets: text.length, modules };
}

/** A head that is too odd to be found at a glance may have been read all the same. */
function withModules(file: ListedFile, compiled: readonly string[]): ListedFile {
  if (file.modules.length > 0) return file;
  return { ...file, modules: compiled.map((name) => ({ name, line: 1, column: 1 })) };
}

/** No batch holds two modules of one name: the second would not be looked at. */
function* batches(files: readonly ListedFile[]): Iterable<readonly ListedFile[]> {
  let left = files;
  while (left.length > 0) {
    const batch: ListedFile[] = [];
    const later: ListedFile[] = [];
    /** BOUNDED by the modules of a batch. */
    const names = new Set<string>();
    let sizeOctets = 0;
    for (const file of left) {
      const isFull = batch.length > 0 && sizeOctets + file.sizeOctets > MAX_BATCH_OCTETS;
      if (isFull || file.modules.some(({ name }) => names.has(name))) {
        later.push(file);
        continue;
      }
      for (const { name } of file.modules) names.add(name);
      sizeOctets += file.sizeOctets;
      batch.push(file);
    }
    yield batch;
    left = later;
  }
}

/** What stands before the first module counts to it; of a file without one, to no module. */
function byModule(
  { path, modules }: ListedFile,
  diagnostics: readonly Diagnostic[],
): readonly CheckedModule[] {
  if (modules.length === 0) return [{ name: null, file: path, diagnostics }];
  return modules.map(({ name, line }, i) => {
    const from = i === 0 ? 0 : line;
    const to = modules[i + 1]?.line ?? Infinity;
    return {
      name,
      file: path,
      diagnostics: diagnostics.filter((found) => found.line >= from && found.line < to),
    };
  });
}
