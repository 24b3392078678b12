import { Command } from 'commander';
import { RequestError, type Manager, type TableVarBinds } from '../../manager/index.js';
import { formatName, type ColumnObject, type Mib, type TableObject } from '../../mib/index.js';
import {
  applicationOptions,
  type ApplicationLetters,
  type ApplicationOptions,
} from '../ask/application-options.js';
import {
  addAskOptions,
  managerFrom,
  targetFrom,
  whenCalled,
  type AskOptions,
} from '../ask/ask-options.js';
import { tellFailure } from '../ask/report.js';
import { jsonValue, showStyle, showVarBind, type ShowStyle } from '../ask/show-var-bind.js';
import { briefNames, tableLines } from '../ask/table-text.js';
import { withProgress } from '../ask/walk-progress.js';
import { collect } from '../mib/search-options.js';
import { writeOut } from '../write-out.js';

interface TableOptions extends AskOptions {
  readonly C?: readonly string[];
}

const LETTERS: ApplicationLetters = { flags: 'bBhHil', numbers: 'crw', words: 'f' };

const HELP = `
Letters of -C, as snmptable has them: f STRING between cells, c NUM characters for each column,
w NUM for each line, i the index too, b names without what is common to them, l left-justified, H
without and h with nothing but the names, B by GETNEXT, r NUM rows at a time. A cell that a row does not
have is shown as ?.`;

export function tableCommand(): Command {
  const command = new Command('table')
    .description('show a table of an agent, row by row')
    .argument('<agent>', 'where the agent is')
    .argument('<table>', 'its name or OID: IF-MIB::ifTable, ifXTable, 1.3.6.1.2.1.2.2')
    .option('-C <letters>', 'how the table is shown, see below', collect)
    .addHelpText('after', HELP);
  whenCalled(command, async (agent: string, name: string, options: TableOptions) => {
    const letters = applicationOptions(options.C ?? [], LETTERS);
    const style = showStyle(options.O ?? []);
    await using manager = managerFrom(options);
    const target = targetFrom(agent, options);
    const rows = letters.number('r');
    const { table, columns, walk } = manager.tableVarBinds(target, name, {
      byGetNext: letters.has('B'),
      ...(rows === undefined || rows === 0 ? {} : { maxRepetitions: rows }),
    });
    /** BOUNDED by the one that ends the reading. */
    const failed: RequestError[] = [];
    const reading = untilFailure(
      withProgress(walk, 'rows', ({ varBinds: [first] }) =>
        first === undefined ? '' : formatName(manager.mib, first.name),
      ),
      failed,
    );
    const shown: Shown = { manager, table, columns, style, letters };
    if (options.json === true) await writeOut(jsonRows(table, reading));
    else if (letters.has('h')) await writeOut([headerOnly(shown)]);
    else await writeOut(tablePieces(shown, reading));
    if (failed[0] !== undefined) tellFailure(failed[0], agent, manager);
  });
  return addAskOptions(command);
}

interface Shown {
  readonly manager: Manager;
  readonly table: TableObject;
  readonly columns: readonly ColumnObject[];
  readonly style: ShowStyle;
  readonly letters: ApplicationOptions;
}

/** What was read before is shown, and then the failure is told. */
async function* untilFailure<Item>(
  items: AsyncIterable<Item>,
  failed: RequestError[],
): AsyncGenerator<Item, void, undefined> {
  try {
    yield* items;
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    failed.push(error);
  }
}

/** Widths are of so many rows: a table need not fit into memory. */
const MAX_ROWS_LAID_OUT = 10_000;

async function* tablePieces(
  shown: Shown,
  reading: AsyncIterable<TableVarBinds>,
): AsyncGenerator<string, void, undefined> {
  const { manager, table, style, letters } = shown;
  const title = titleOf(manager.mib, table, style);
  const separator = letters.word('f');
  // With no widths to find, rows are shown as they come.
  const maxRows = separator === undefined ? MAX_ROWS_LAID_OUT : 1;
  /** BOUNDED by MAX_ROWS_LAID_OUT. */
  let rows: string[][] = [];
  let isFirst = true;
  const laidOut = (): string => {
    const lines = tableLines(
      { title, names: namesOf(shown), rows, hasIndex: letters.has('i') },
      {
        separator,
        columnWidth: letters.number('c'),
        lineWidth: letters.number('w'),
        isLeft: letters.has('l'),
        hasHeader: !letters.has('H') && (isFirst || separator === undefined),
      },
    );
    rows = [];
    isFirst = false;
    return lines.map((line) => `${line}\n`).join('');
  };
  for await (const row of reading) {
    rows.push(cellsOf(shown, row));
    if (rows.length >= maxRows) yield laidOut();
  }
  if (rows.length > 0) yield laidOut();
  else if (isFirst) yield `${title}: No entries\n`;
}

function headerOnly(shown: Shown): string {
  const names = namesOf(shown);
  const separator = shown.letters.word('f');
  if (separator !== undefined) return `${names.join(separator)}\n`;
  const isLeft = shown.letters.has('l');
  return `${names.map((name) => (isLeft ? `${name} ` : ` ${name}`)).join('')}\n`;
}

function titleOf(mib: Mib, table: TableObject, style: ShowStyle): string {
  return formatName(mib, table.oid, style.names === 'numeric' ? 'module' : style.names);
}

function namesOf({ columns, letters }: Shown): readonly string[] {
  const names = columns.map(({ name }) => name);
  const shown = letters.has('b') ? briefNames(names) : names;
  return letters.has('i') ? ['index', ...shown] : shown;
}

function cellsOf({ manager, columns, style, letters }: Shown, row: TableVarBinds): string[] {
  const { mib } = manager;
  const value: ShowStyle = { ...style, valuesOnly: true, form: 'quick' };
  const cells = columns.map((column) => {
    const i = row.columns.indexOf(column);
    const varBind = row.varBinds[i];
    return varBind === undefined ? '?' : showVarBind(varBind, mib, value);
  });
  return letters.has('i') ? [indexText(mib, row, style), ...cells] : cells;
}

/** The index as it stands in names. */
function indexText(
  mib: Mib,
  { columns, varBinds, index }: TableVarBinds,
  style: ShowStyle,
): string {
  const [column] = columns;
  const [varBind] = varBinds;
  if (column === undefined || varBind === undefined || style.numericIndexes) return index.join('.');
  const name = formatName(mib, varBind.name, style.names);
  return name.slice(formatName(mib, column.oid, style.names).length).replace(/^\./, '');
}

async function* jsonRows(
  table: TableObject,
  reading: AsyncIterable<TableVarBinds>,
): AsyncGenerator<string, void, undefined> {
  let before = '[\n';
  for await (const { columns, varBinds } of reading) {
    const record: Record<string, unknown> = {};
    const [first] = varBinds;
    for (const [i, { object }] of table.index.entries())
      record[object] = jsonValue(first?.index[i]);
    for (const [i, { name }] of columns.entries()) record[name] = jsonValue(varBinds[i]?.plain);
    yield `${before}${JSON.stringify(record)}`;
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}
