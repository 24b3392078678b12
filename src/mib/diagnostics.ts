import {
  severityTable,
  type DiagnosticCode,
  type Severity,
  type SeverityTable,
} from './diagnostic-codes.js';
import type { SourceText } from './source.js';

/** One finding about a text, as data. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** The path of the source, as the caller gave it. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** What was found and what was expected instead. */
  readonly message: string;
  /** The line itself, where it is short enough to be shown. */
  readonly excerpt?: string;
}

/** A text that is no module at all would otherwise yield one finding per word. */
const MAX_DIAGNOSTICS_PER_SOURCE = 500;
const MAX_EXCERPT_LENGTH = 240;

/** Collects what the phases find. */
export class DiagnosticLog {
  /** BOUNDED by MAX_DIAGNOSTICS_PER_SOURCE for each text. */
  #diagnostics: Diagnostic[] = [];
  /** How many each text has had. BOUNDED by the texts. */
  readonly #counts = new Map<SourceText, number>();
  readonly #severities: SeverityTable;

  constructor(severities: SeverityTable = severityTable()) {
    this.#severities = severities;
  }

  report(source: SourceText, offset: number, code: DiagnosticCode, message: string): void {
    if (this.#severities.get(code) === 'off') return;
    const count = (this.#counts.get(source) ?? 0) + 1;
    this.#counts.set(source, count);
    if (count > MAX_DIAGNOSTICS_PER_SOURCE) return;
    if (count === MAX_DIAGNOSTICS_PER_SOURCE) {
      this.#add(
        source,
        offset,
        'too-many-diagnostics',
        'no more findings are listed for this text',
      );
    } else {
      this.#add(source, offset, code, message);
    }
  }

  /** Takes back what was reported of a text. */
  forget(source: SourceText): void {
    this.#counts.delete(source);
    this.#diagnostics = this.#diagnostics.filter(({ file }) => file !== source.path);
  }

  /** Text by text, each from its beginning to its end. */
  inOrder(): Diagnostic[] {
    /** BOUNDED by the texts. */
    const byFile = new Map<string, Diagnostic[]>();
    for (const diagnostic of this.#diagnostics) {
      const ofFile = byFile.get(diagnostic.file);
      if (ofFile === undefined) byFile.set(diagnostic.file, [diagnostic]);
      else ofFile.push(diagnostic);
    }
    return [...byFile.values()].flatMap((ofFile) =>
      ofFile.sort((a, b) => a.line - b.line || a.column - b.column),
    );
  }

  #add(source: SourceText, offset: number, code: DiagnosticCode, message: string): void {
    const severity = this.#severities.get(code) ?? 'off';
    if (severity === 'off') return;
    const { line, column } = source.position(offset);
    const text = source.line(line);
    this.#diagnostics.push({
      code,
      severity,
      file: source.path,
      line,
      column,
      message,
      ...(text.length > 0 && text.length <= MAX_EXCERPT_LENGTH ? { excerpt: text } : {}),
    });
  }
}

/**
 * Text of one finding for people: `file:line:column: severity: message [code]`, then the line it
 * is about with a caret under the place.
 */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { file, line, column, severity, message, code, excerpt } = diagnostic;
  const head = `${file}:${line}:${column}: ${severity}: ${message} [${code}]`;
  if (excerpt === undefined) return head;
  // Tabs stay tabs, so that the caret stands right at any tab width.
  const indent = excerpt.slice(0, column - 1).replace(/[^\t]/g, ' ');
  const gutter = String(line);
  return `${head}\n  ${gutter} | ${excerpt}\n  ${' '.repeat(gutter.length)} | ${indent}^`;
}
