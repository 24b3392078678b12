import { SnmpError } from '../base/index.js';

/**
 * error: something of the module is missing from the model, or may be wrong in it. warning: the
 * text breaks a rule of the SMI, but what it means is clear. info: worth knowing.
 */
export type Severity = 'error' | 'warning' | 'info';

export type Phase = 'lexical' | 'syntax' | 'imports' | 'types' | 'oids' | 'semantics';

/**
 * How severe findings are. `default`: as `Severity` says. `strict`, for those who write modules:
 * what the SMI forbids is an error. `relaxed`, for those who must live with the modules of others:
 * what is clear in meaning is silent or an info, and only what is lost is an error.
 */
export type Strictness = 'strict' | 'default' | 'relaxed';

/** Severities of single codes, which win over the preset; `off` leaves their findings out. */
export type Severities = Partial<Record<DiagnosticCode, Severity | 'off'>>;

interface CodeFacts {
  readonly phase: Phase;
  /** In the preset `default`. */
  readonly severity: Severity;
  readonly strict: Severity | 'off';
  readonly relaxed: Severity | 'off';
}

const entry = (
  phase: Phase,
  severity: Severity,
  relaxed: Severity | 'off' = severity,
  strict: Severity = severity === 'warning' ? 'error' : severity,
): CodeFacts => ({ phase, severity, strict, relaxed });

/** Every code there is. Codes are stable across releases; the wording of messages is not. */
export const DIAGNOSTIC_CODES = {
  'character-unexpected': entry('lexical', 'error', 'warning'),
  'string-unterminated': entry('lexical', 'error', 'warning'),
  'literal-malformed': entry('lexical', 'error'),
  'quotes-irregular': entry('lexical', 'warning', 'off'),
  'comment-irregular': entry('lexical', 'warning', 'off'),
  'assignment-malformed': entry('lexical', 'warning', 'off'),
  'identifier-malformed': entry('lexical', 'warning', 'off'),
  'identifier-too-long': entry('lexical', 'warning', 'off'),

  'token-unexpected': entry('syntax', 'error'),
  'module-missing': entry('syntax', 'error'),
  'text-outside': entry('syntax', 'warning', 'off'),
  'module-unterminated': entry('syntax', 'error', 'info'),
  'clause-unknown': entry('syntax', 'error', 'warning'),
  'clause-repeated': entry('syntax', 'warning', 'info'),
  'clause-missing': entry('syntax', 'error'),
  'clause-optional-missing': entry('syntax', 'warning', 'off'),
  'punctuation-missing': entry('syntax', 'warning', 'off'),
  'punctuation-superfluous': entry('syntax', 'warning', 'off'),
  'keyword-irregular': entry('syntax', 'warning', 'off'),
  'constraint-irregular': entry('syntax', 'warning', 'off'),
  'label-irregular': entry('syntax', 'warning', 'off'),
  'type-irregular': entry('syntax', 'warning', 'off'),
  'type-missing': entry('syntax', 'warning', 'info'),
  'value-irregular': entry('syntax', 'warning', 'off'),
  'name-case': entry('syntax', 'warning', 'off'),
  'number-too-large': entry('syntax', 'error'),
  'nested-too-deep': entry('syntax', 'error'),
  'value-ignored': entry('syntax', 'info', 'off', 'error'),
  'too-many-diagnostics': entry('syntax', 'error'),

  'module-repeated': entry('imports', 'warning', 'info'),
  'module-built-in': entry('imports', 'info', 'off'),
  'module-not-found': entry('imports', 'error'),
  'module-alias': entry('imports', 'info', 'off', 'error'),
  'import-not-found': entry('imports', 'error'),
  'import-indirect': entry('imports', 'warning', 'off'),
  'import-superfluous': entry('imports', 'warning', 'off'),
  'import-missing': entry('imports', 'warning', 'off'),
  'import-guessed': entry('imports', 'error', 'warning'),
  'name-repeated': entry('imports', 'error', 'warning'),
  'name-unknown': entry('imports', 'error'),

  'type-circular': entry('types', 'error'),
  'type-unknown': entry('types', 'error'),
  'type-unsupported': entry('types', 'error'),
  'range-outside': entry('types', 'warning', 'info'),
  'range-order': entry('types', 'warning', 'info'),
  'range-empty': entry('types', 'error', 'warning'),
  'range-misplaced': entry('types', 'warning', 'info'),
  'label-repeated': entry('types', 'warning', 'info'),
  'label-outside': entry('types', 'warning', 'info'),
  'label-misplaced': entry('types', 'error', 'warning'),
  'hint-unfit': entry('types', 'warning', 'info'),

  'oid-circular': entry('oids', 'error'),
  'oid-malformed': entry('oids', 'error'),
  'oid-parent-unresolved': entry('oids', 'error'),
  'oid-repeated': entry('oids', 'warning', 'off'),

  'access-unknown': entry('semantics', 'error', 'warning'),
  'access-unfit': entry('semantics', 'warning', 'off'),
  'status-unknown': entry('semantics', 'warning', 'off'),
  'table-without-row': entry('semantics', 'error'),
  'table-second-row': entry('semantics', 'error'),
  'row-without-table': entry('semantics', 'error', 'warning'),
  'row-without-index': entry('semantics', 'error'),
  'sequence-mismatch': entry('semantics', 'warning', 'off'),
  'index-unresolved': entry('semantics', 'error'),
  'index-unfit': entry('semantics', 'warning', 'off'),
  'augments-unresolved': entry('semantics', 'error'),
  'default-unfit': entry('semantics', 'error', 'warning'),
  'default-outside': entry('semantics', 'warning', 'info'),
  'member-unknown': entry('semantics', 'error', 'warning'),
  'member-unfit': entry('semantics', 'warning', 'off'),
} as const satisfies Record<string, CodeFacts>;

export type DiagnosticCode = keyof typeof DIAGNOSTIC_CODES;

/** Which severity each code has in one compilation. */
export type SeverityTable = ReadonlyMap<DiagnosticCode, Severity | 'off'>;

const PRESETS: readonly Strictness[] = ['strict', 'default', 'relaxed'];
const SEVERITIES: readonly (Severity | 'off')[] = ['error', 'warning', 'info', 'off'];

/** @throws SnmpError SNMP_OPTION_INVALID */
export function severityTable(
  strictness: Strictness = 'default',
  severities: Severities = {},
): SeverityTable {
  if (!PRESETS.includes(strictness)) {
    throw invalid('strictness', PRESETS.join(', '), strictness);
  }
  if (typeof severities !== 'object' || severities === null || Array.isArray(severities)) {
    throw invalid('severities', 'an object of codes and severities', severities);
  }
  const column = strictness === 'default' ? 'severity' : strictness;
  const table = new Map<DiagnosticCode, Severity | 'off'>();
  for (const code of Object.keys(DIAGNOSTIC_CODES) as DiagnosticCode[]) {
    table.set(code, DIAGNOSTIC_CODES[code][column]);
  }
  for (const [code, severity] of Object.entries(severities)) {
    if (!isDiagnosticCode(code)) {
      throw invalid('severities', 'a code of DIAGNOSTIC_CODES', code);
    }
    // An explicit undefined, as spread options have it, leaves the preset.
    if (severity === undefined) continue;
    if (!SEVERITIES.includes(severity)) {
      throw invalid(`severities.${code}`, SEVERITIES.join(', '), severity);
    }
    table.set(code, severity);
  }
  return table;
}

/** Whether a word, of a command line say, is a code. */
export function isDiagnosticCode(word: string): word is DiagnosticCode {
  return Object.hasOwn(DIAGNOSTIC_CODES, word);
}

function invalid(path: string, expected: string, got: unknown): SnmpError {
  return new SnmpError('SNMP_OPTION_INVALID', `${path}: expected ${expected}; got ${String(got)}`);
}
