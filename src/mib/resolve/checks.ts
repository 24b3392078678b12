import type { Field, Name } from '../ast.js';
import type { ModuleDefinition, ObjectDefinition, PlainDefinition } from '../definition.js';
import type { ColumnObject } from '../mib.js';
import type { Syntax } from '../../smi/index.js';
import type { ResolveContext } from './context.js';

/** Rules on scalars and columns that cost nothing but a finding (RFC 2578 7.3 and 7.1). */
export function checkLeaf(
  context: ResolveContext,
  module: ModuleDefinition,
  object: ObjectDefinition,
  { base }: Syntax,
  isColumn: boolean,
): void {
  const { access, name, at } = object;
  if (access === 'read-create' && !isColumn) {
    const message = `'${name}' is no column; expected another access than read-create`;
    context.report(module, at, 'access-unfit', message);
  }
  const isCounter = base === 'Counter32' || base === 'Counter64';
  if (isCounter && (access === 'read-write' || access === 'read-create')) {
    const message = `'${name}' is a counter; expected read-only or accessible-for-notify`;
    context.report(module, at, 'access-unfit', message);
  }
}

/** The table is a SEQUENCE OF what its row is (RFC 2578 7.1.12). */
export function checkRowType(
  context: ResolveContext,
  module: ModuleDefinition,
  { syntax, name }: ObjectDefinition,
  row: ObjectDefinition,
): void {
  if (syntax?.kind !== 'sequence-of' || row.syntax?.kind !== 'reference') return;
  if (syntax.row.text === row.syntax.name) return;
  const message = `'${name}' is of rows of type '${syntax.row.text}'; expected ${row.syntax.name}, as its row has it`;
  context.report(module, syntax.row.at, 'sequence-mismatch', message);
}

/** The SEQUENCE of a row lists its columns, all and no others (RFC 2578 7.1.12). */
export function checkRow(
  context: ResolveContext,
  module: ModuleDefinition,
  row: ObjectDefinition,
  fields: readonly Field[],
  columns: readonly ColumnObject[],
): void {
  const names = new Set(columns.map(({ name }) => name));
  const listed = new Set<string>();
  for (const { name } of fields) {
    listed.add(name.text);
    if (names.has(name.text)) continue;
    const message = `'${name.text}' is no column of '${row.name}'; expected an object below that row`;
    context.report(module, name.at, 'sequence-mismatch', message);
  }
  for (const { name } of columns) {
    if (listed.has(name)) continue;
    const at = module.values.get(name)?.at ?? row.at;
    const message = `column '${name}' is not in the SEQUENCE of '${row.name}'; expected it there`;
    context.report(module, at, 'sequence-mismatch', message);
  }
}

/** Members of groups and of notifications exist and are of the right kind (RFC 2580, RFC 2578 8.1). */
export function checkGroup(
  context: ResolveContext,
  module: ModuleDefinition,
  { kind, members }: PlainDefinition,
): void {
  for (const member of members ?? []) {
    const found = context.symbols.value(module, member.text, member.at);
    if (found === 'unknown') reportUnknown(context, module, member);
    if (typeof found === 'string') continue;
    const expected = kind === 'notification-group' ? 'notification' : 'object';
    const isLeaf =
      found.definition.kind !== 'object' || isSimple(context, found.module, found.definition);
    if (found.definition.kind !== expected || !isLeaf) {
      const message = `'${member.text}' does not belong here; expected a ${EXPECTED[expected]}`;
      context.report(module, member.at, 'member-unfit', message);
    }
  }
}

/** What a compliance asks of its own module is there (RFC 2580 5.4); of others their texts decide. */
export function checkCompliance(
  context: ResolveContext,
  module: ModuleDefinition,
  { parts }: PlainDefinition,
): void {
  for (const part of parts ?? []) {
    if (part.module !== undefined && part.module.text !== module.name) continue;
    const objects = part.refinements.map(({ object }) => object);
    for (const name of [...part.mandatory, ...part.optional, ...objects]) {
      const found = context.symbols.value(module, name.text, name.at);
      if (found === 'unknown') reportUnknown(context, module, name);
    }
  }
}

const EXPECTED = { notification: 'notification', object: 'scalar or column' } as const;

function isSimple(
  context: ResolveContext,
  module: ModuleDefinition,
  object: ObjectDefinition,
): boolean {
  const { kind } = context.syntaxOf(module, object);
  return kind === 'simple' || kind === 'failed';
}

function reportUnknown(
  context: ResolveContext,
  module: ModuleDefinition,
  { text, at }: Name,
): void {
  const message = `'${text}' is not defined or imported; expected the name of a member`;
  context.report(module, at, 'member-unknown', message);
}
