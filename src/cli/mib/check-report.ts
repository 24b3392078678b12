import { formatDiagnostic, type Severity } from '../../mib/index.js';
import { counted } from '../../base/index.js';
import type { CheckedModule } from './check-files.js';

export type CheckFormat = 'text' | 'json' | 'github';

/** What `mib check` prints. */
export function* checkReport(
  checked: readonly CheckedModule[],
  format: CheckFormat,
): Iterable<string> {
  switch (format) {
    case 'text':
      for (const { diagnostics } of checked) {
        for (const diagnostic of diagnostics) yield `${formatDiagnostic(diagnostic)}\n`;
      }
      yield `${summary(checked)}\n`;
      return;
    case 'json':
      yield* json(checked);
      return;
    case 'github':
      for (const { diagnostics } of checked) {
        for (const { code, severity, file, line, column, message } of diagnostics) {
          const place = `file=${property(file)},line=${line},col=${column},title=${property(code)}`;
          yield `::${COMMANDS[severity]} ${place}::${data(message)}\n`;
        }
      }
  }
}

export function countOf(checked: readonly CheckedModule[], severity: Severity): number {
  return checked.reduce(
    (sum, { diagnostics }) =>
      sum + diagnostics.filter((diagnostic) => diagnostic.severity === severity).length,
    0,
  );
}

function summary(checked: readonly CheckedModule[]): string {
  const modules = checked.filter(({ name }) => name !== null).length;
  return [
    counted(modules, 'module'),
    counted(countOf(checked, 'error'), 'error'),
    counted(countOf(checked, 'warning'), 'warning'),
  ].join(', ');
}

function* json(checked: readonly CheckedModule[]): Iterable<string> {
  yield '{"modules":[';
  for (const [i, { name, file, diagnostics }] of checked.entries()) {
    const found = diagnostics.map(({ code, severity, line, column, message }) => ({
      code,
      severity,
      line,
      column,
      message,
    }));
    yield `${i === 0 ? '' : ','}\n${JSON.stringify({ name, file, diagnostics: found })}`;
  }
  yield '\n]}\n';
}

/** Workflow commands of GitHub Actions. */
const COMMANDS: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'notice',
};

/** A text in a workflow command: percent signs and line ends would end it or change it. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
