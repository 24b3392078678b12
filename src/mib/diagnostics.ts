import type { SourceText } from './source.js';

/**
 * error: something of the module is missing from the model, or may be wrong in it. warning: the
 * text breaks a rule of the SMI, but what it means is clear. info: worth knowing.
 */
export type Severity = 'error' | 'warning' | 'info';

export type Phase = 'lexical' | 'syntax' | 'imports' | 'types' | 'oids' | 'semantics';

interface CodeFacts {
  readonly phase: Phase;
  readonly severity: Severity;
}

const entry = (phase: Phase, severity: Severity): CodeFacts => ({ phase, severity });

/** Every code there is. Codes are stable across releases; the wording of messages is not. */
export const DIAGNOSTIC_CODES = {
  'character-unexpected': entry('lexical', 'error'),
  'string-unterminated': entry('lexical', 'error'),
  'literal-malformed': entry('lexical', 'error'),
  'identifier-malformed': entry('lexical', 'warning'),
  'identifier-too-long': entry('lexical', 'warning'),

  'token-unexpected': entry('syntax', 'error'),
  'module-missing': entry('syntax', 'error'),
  'module-unterminated': entry('syntax', 'error'),
  'clause-unknown': entry('syntax', 'error'),
  'clause-repeated': entry('syntax', 'warning'),
  'clause-missing': entry('syntax', 'error'),
  'clause-optional-missing': entry('syntax', 'warning'),
  'punctuation-missing': entry('syntax', 'warning'),
  'punctuation-superfluous': entry('syntax', 'warning'),
  'name-case': entry('syntax', 'warning'),
  'number-too-large': entry('syntax', 'error'),
  'nested-too-deep': entry('syntax', 'error'),
  'value-ignored': entry('syntax', 'info'),
  'too-many-diagnostics': entry('syntax', 'error'),

  'module-repeated': entry('imports', 'warning'),
  'module-built-in': entry('imports', 'info'),
  'module-not-found': entry('imports', 'error'),
  'module-alias': entry('imports', 'info'),
  'import-not-found': entry('imports', 'error'),
  'import-indirect': entry('imports', 'warning'),
  'import-missing': entry('imports', 'warning'),
  'name-repeated': entry('imports', 'error'),
  'name-unknown': entry('imports', 'error'),

  'type-circular': entry('types', 'error'),
  'type-unknown': entry('types', 'error'),
  'type-unsupported': entry('types', 'error'),
  'range-outside': entry('types', 'warning'),
  'range-order': entry('types', 'warning'),
  'range-empty': entry('types', 'error'),
  'range-misplaced': entry('types', 'error'),
  'label-repeated': entry('types', 'warning'),
  'label-outside': entry('types', 'warning'),
  'label-misplaced': entry('types', 'error'),

  'oid-circular': entry('oids', 'error'),
  'oid-malformed': entry('oids', 'error'),
  'oid-parent-unresolved': entry('oids', 'error'),
  'oid-repeated': entry('oids', 'warning'),

  'access-unknown': entry('semantics', 'error'),
  'access-unfit': entry('semantics', 'warning'),
  'status-unknown': entry('semantics', 'warning'),
  'table-without-row': entry('semantics', 'error'),
  'table-second-row': entry('semantics', 'error'),
  'row-without-table': entry('semantics', 'error'),
  'row-without-index': entry('semantics', 'error'),
  'sequence-mismatch': entry('semantics', 'warning'),
  'index-unresolved': entry('semantics', 'error'),
  'index-unfit': entry('semantics', 'warning'),
  'augments-unresolved': entry('semantics', 'error'),
  'default-unfit': entry('semantics', 'error'),
  'default-outside': entry('semantics', 'warning'),
  'member-unknown': entry('semantics', 'error'),
  'member-unfit': entry('semantics', 'warning'),
} as const satisfies Record<string, CodeFacts>;

export type DiagnosticCode = keyof typeof DIAGNOSTIC_CODES;

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
  readonly #diagnostics: Diagnostic[] = [];
  /** How many each text has had. BOUNDED by the texts. */
  readonly #counts = new Map<SourceText, number>();

  report(source: SourceText, offset: number, code: DiagnosticCode, message: string): void {
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
    const { line, column } = source.position(offset);
    const { severity } = DIAGNOSTIC_CODES[code];
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
