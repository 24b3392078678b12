/** How a table is laid out: what the letters of snmptable's -C come to. */
export interface TableLayout {
  /** Between cells, instead of columns. */
  readonly separator?: string | undefined;
  /** Columns of so many characters; what is longer is cut. */
  readonly columnWidth?: number | undefined;
  /** Lines of so many characters; what does not fit goes into parts below. */
  readonly lineWidth?: number | undefined;
  readonly isLeft: boolean;
  readonly hasHeader: boolean;
}

/** Names and cells of equal number; the first is the index, where it is shown. */
export interface TableText {
  readonly title: string;
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly hasIndex: boolean;
}

/**
 * The lines of a table as snmptable prints them: right-justified with one blank before each column,
 * or left-justified with one behind; in parts where it is wider than the lines may be, the index in
 * each of them.
 */
export function tableLines(table: TableText, layout: TableLayout): readonly string[] {
  const { title, names, rows } = table;
  const { separator, hasHeader } = layout;
  if (separator !== undefined) {
    const lines = rows.map((row) => row.join(separator));
    return hasHeader ? [`SNMP table: ${title}`, '', names.join(separator), ...lines] : lines;
  }
  const widths = names.map(
    (name, i) =>
      layout.columnWidth ?? 1 + Math.max(name.length, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  const lines: string[] = [];
  for (const [part, columns] of partsOf(table, widths, layout.lineWidth).entries()) {
    const line = (cells: readonly string[]): string =>
      columns.map((i) => fitted(cells[i] ?? '', (widths[i] ?? 1) - 1, layout.isLeft)).join('');
    if (hasHeader) {
      if (part === 0) lines.push(`SNMP table: ${title}`, '');
      else lines.push('', `SNMP table ${title}, part ${part + 1}`, '');
      lines.push(line(names));
    }
    lines.push(...rows.map(line));
  }
  return lines;
}

function fitted(cell: string, width: number, isLeft: boolean): string {
  const cut = cell.slice(0, width);
  return isLeft ? `${cut.padEnd(width)} ` : ` ${cut.padStart(width)}`;
}

/** The numbers of the columns in each part: as many as fit, one at least. */
function partsOf(
  { names, hasIndex }: TableText,
  widths: readonly number[],
  lineWidth: number | undefined,
): readonly (readonly number[])[] {
  const all = names.map((_, i) => i);
  if (lineWidth === undefined || lineWidth === 0) return [all];
  const repeated = hasIndex ? [0] : [];
  const indexWidth = hasIndex ? (widths[0] ?? 0) : 0;
  const parts: number[][] = [];
  let left = 0;
  for (const i of all.slice(repeated.length)) {
    const width = widths[i] ?? 1;
    const part = parts.at(-1);
    if (part !== undefined && width <= left) {
      part.push(i);
      left -= width;
    } else {
      parts.push([...repeated, i]);
      left = lineWidth - indexWidth - width;
    }
  }
  return parts;
}

/** Names without what all of them begin with: `ifDescr` as `Descr`. */
export function briefNames(names: readonly string[]): readonly string[] {
  const [first = '', ...others] = names;
  // Of one there is nothing in common; and no name may be without a letter.
  if (others.length === 0) return names;
  const most = Math.min(...names.map((name) => name.length)) - 1;
  let common = 0;
  while (common < most && others.every((name) => name[common] === first[common])) common += 1;
  return names.map((name) => name.slice(common));
}
