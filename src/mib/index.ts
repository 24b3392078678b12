/**
 * Texts of SMIv1 and SMIv2 modules to a resolved, read-only model, with diagnostics as data.
 *
 * The phases are files: `source` and `lexer` read characters (with `quoted` and `comments`, which
 * know where strings and comments end in texts as they are), `parser/` words, `lower` makes both
 * languages one, `resolve/` finds imports, types, OIDs and the meaning of objects, `build-mib`
 * puts modules together; `compile-mibs` calls them in order. `base-modules` is the SMI itself,
 * made in code. `outline/` finds names and OIDs without the compiler, where a text is plain.
 * `search/` finds modules in directories; `naming/` makes OIDs, instances and values
 * text, and text these.
 *
 * Must not know: messages, agents, instrumentation. Invariants: `compileMibs` throws at no text, ends
 * in time linear in the text, and opens no file; only `shipped-modules` and `search/` read the
 * disk, and only `search/index-cache` writes. What `naming/` prints it reads back.
 *
 * Sources: RFC 1155, 1212, 1215 (SMIv1), RFC 2578, 2579, 2580 (SMIv2), RFC 4001 (addresses).
 */
export {
  compileMibs,
  type Compilation,
  type CompileOptions,
  type CompileProgress,
} from './compile-mibs.js';
export { OidOutline, type OidLinesOptions } from './outline/oid-lines.js';
export { findShippedModule, shippedModuleNames } from './shipped-modules.js';
export {
  DIAGNOSTIC_CODES,
  isDiagnosticCode,
  severityTable,
  type DiagnosticCode,
  type Phase,
  type Severities,
  type Severity,
  type SeverityTable,
  type Strictness,
} from './diagnostic-codes.js';
export { formatDiagnostic, type Diagnostic } from './diagnostics.js';
export {
  appendIndexPart,
  isFirstArc,
  indexLength,
  readIndexPart,
  type IndexLength,
} from './naming/index-parts.js';
export { indexValueFrom } from './naming/index-value.js';
export { decodeIndex, type DecodedIndex, type DecodedIndexPart } from './naming/index-text.js';
export {
  decodeInstance,
  definitions,
  formatName,
  resolveName,
  type DecodedInstance,
  type NamedPlace,
  type NameStyle,
} from './naming/names.js';
export { formatValue, type FormatValueOptions, type ValueObject } from './naming/format-value.js';
export { parseValue, valueFrom } from './naming/parse-value.js';
export { nearestNames, suggestion } from './nearest.js';
export { listModuleFiles } from './search/directory-index.js';
export { findModuleHeaders, type ModuleHeader } from './search/headers.js';
export {
  mibDirectories,
  ModuleFinder,
  type ModuleFinderOptions,
  type ModuleLocation,
} from './search/module-finder.js';
export { narrowOctets, type MibSource } from './source.js';
export type { ResolveImport } from './resolve/imports.js';
export { definitionOf } from './typed/definition-of.js';
export { mibOf } from './typed/mib-of.js';
export { moduleOf } from './typed/module-of.js';
export { isMibDefinition, type MibDefinition } from './typed/mib-definition.js';
export { printDefinitions } from './typed/print-definition.js';
export type {
  ColumnOf,
  IndexNameOf,
  IndexOf,
  ObjectName,
  ReadableScalar,
  ReadValue,
  RowIndexOf,
  RowOf,
  ScalarsToWrite,
  TableName,
  ValueOf,
  WrittenValue,
  WrittenValueOf,
  ColumnsToWrite,
} from './typed/value-types.js';
export type {
  Access,
  ColumnObject,
  DefaultValue,
  IndexItem,
  Mib,
  MibModule,
  MibNode,
  ModuleRequirement,
  NamedType,
  OtherNode,
  RowFacts,
  ScalarObject,
  Status,
  TableObject,
} from './mib.js';
