import { escapeControls, hasControls } from '../base/index.js';
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
  /** What was expected, as the message says it: fit to stand alone. */
  readonly expected?: string;
  /** The line itself, where it is short enough to be shown and has no control characters but tabs. */
  readonly excerpt?: string;
}

/** A text that is no module at all would otherwise yield one finding per word. */
const MAX_DIAGNOSTICS_PER_SOURCE = 500;
const MAX_MESSAGE_LENGTH = 600;
const MAX_EXCERPT_LENGTH = 240;
/** Of what is no module at all: a misspelt first line, but no line of something else. */
const MAX_EXCERPT_LENGTH_OUTSIDE = 80;
/** Every message says what was expected, and some what was found instead. */
const EXPECTATION = /\bexpected (.+?)(?:[,;] found .*)?$/s;

interface Findings {
  /** All that were reported, listed or not. */
  count: number;
  listed: Diagnostic[];
}

/** Collects what the phases find. */
export class DiagnosticLog {
  /** BOUNDED by MAX_DIAGNOSTICS_PER_SOURCE for each text. */
  readonly #findings = new Map<SourceText, Findings>();
  readonly #severities: SeverityTable;
  /** No finding is kept: nobody will ask where in a text anything stands. */
  readonly isSilent: boolean;

  constructor(severities: SeverityTable = severityTable()) {
    this.#severities = severities;
    this.isSilent = [...severities.values()].every((severity) => severity === 'off');
  }

  /** Whether findings of this code are kept, for those that take more than a message to make. */
  isKept(code: DiagnosticCode): boolean {
    return (this.#severities.get(code) ?? 'off') !== 'off';
  }

  report(source: SourceText, offset: number, code: DiagnosticCode, message: string): void {
    const severity = this.#severities.get(code);
    if (severity === undefined || severity === 'off') return;
    const findings = this.#of(source);
    findings.count += 1;
    if (findings.count > MAX_DIAGNOSTICS_PER_SOURCE) return;
    if (findings.count < MAX_DIAGNOSTICS_PER_SOURCE) {
      findings.listed.push(finding(source, offset, code, severity, message));
      return;
    }
    const last = this.#severities.get('too-many-diagnostics') ?? 'off';
    if (last === 'off') return;
    const text = 'no more findings are listed for this text; expected fewer';
    findings.listed.push(finding(source, offset, 'too-many-diagnostics', last, text));
  }

  /** Takes back what was reported of a part of a text, which turned out to be no module. */
  forget(source: SourceText, from: number, to: number): void {
    const findings = this.#findings.get(source);
    if (findings === undefined || findings.listed.length === 0) return;
    const first = source.position(from);
    const last = source.position(to);
    findings.listed = findings.listed.filter(
      ({ line, column }) =>
        line < first.line ||
        (line === first.line && column < first.column) ||
        line > last.line ||
        (line === last.line && column >= last.column),
    );
    if (findings.count < MAX_DIAGNOSTICS_PER_SOURCE) findings.count = findings.listed.length;
  }

  /** Text by text, each from its beginning to its end. */
  inOrder(): Diagnostic[] {
    return [...this.#findings.values()].flatMap(({ listed }) =>
      listed.sort((a, b) => a.line - b.line || a.column - b.column),
    );
  }

  #of(source: SourceText): Findings {
    let findings = this.#findings.get(source);
    if (findings === undefined) {
      findings = { count: 0, listed: [] };
      this.#findings.set(source, findings);
    }
    return findings;
  }
}

function finding(
  source: SourceText,
  offset: number,
  code: DiagnosticCode,
  severity: Severity,
  message: string,
): Diagnostic {
  const { line, column } = source.position(offset);
  const text = source.line(line);
  const expected = EXPECTATION.exec(message)?.[1];
  return {
    code,
    severity,
    file: source.path,
    line,
    column,
    message: shortened(message),
    ...(expected === undefined ? {} : { expected: shortened(expected) }),
    ...(isFitToBeShown(text, code) ? { excerpt: text } : {}),
  };
}

/** A message repeats names, and a name may be as long as a file. */
function shortened(message: string): string {
  if (message.length <= MAX_MESSAGE_LENGTH) return message;
  const half = MAX_MESSAGE_LENGTH / 2;
  return `${message.slice(0, half)}…${message.slice(-half)}`;
}

function isFitToBeShown(text: string, code: DiagnosticCode): boolean {
  const longest = code === 'module-missing' ? MAX_EXCERPT_LENGTH_OUTSIDE : MAX_EXCERPT_LENGTH;
  return text.length > 0 && text.length <= longest && !hasControls(text);
}

/**
 * Text of one finding for people: `file:line:column: severity: message [code]`, then the line it
 * is about with a caret under the place. Nothing of it can change a terminal.
 */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { file, line, column, severity, message, code, excerpt } = diagnostic;
  const found = escapeControls(`${file}:${line}:${column}: ${severity}: ${message}`);
  const head = `${found} [${code}]`;
  if (excerpt === undefined) return head;
  // Tabs stay tabs, so that the caret stands right at any tab width.
  const indent = excerpt.slice(0, column - 1).replace(/[^\t]/g, ' ');
  const gutter = String(line);
  return `${head}\n  ${gutter} | ${excerpt}\n  ${' '.repeat(gutter.length)} | ${indent}^`;
}
