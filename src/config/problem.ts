import { SnmpError } from '../base/index.js';
import type { ConfigPath, TextPosition } from './json-text.js';

/** What is wrong with one value of a configuration. Holds no secret. */
export interface ConfigProblem {
  /** Stable across releases. */
  readonly code:
    | 'SNMP_CONFIG_UNKNOWN_KEY'
    | 'SNMP_CONFIG_MISSING_KEY'
    | 'SNMP_CONFIG_VALUE'
    | 'SNMP_CONFIG_DUPLICATE'
    | 'SNMP_CONFIG_REFERENCE'
    | 'SNMP_CONFIG_FILE'
    | 'SNMP_CONFIG_SECRET'
    | 'SNMP_CONFIG_EXPOSED'
    | 'SNMP_PASSWORD_WEAK'
    | 'SNMP_COMMUNITY_WEAK'
    | 'SNMP_CONFIG_SYNTAX';
  /** `access.users[2].authPassword`; empty for the file itself. */
  readonly path: string;
  /** For people: what was expected, and the value where it is no secret. */
  readonly reason: string;
  /** Where it is written; not known of a program. */
  readonly position?: TextPosition;
}

/** A configuration that is not used, with everything that is wrong with it. */
export class ConfigError extends SnmpError {
  readonly file: string;
  readonly problems: readonly ConfigProblem[];

  constructor(file: string, problems: readonly ConfigProblem[]) {
    const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
    const lines = problems.map((problem) => `  ${describeProblem(file, problem)}`);
    super('SNMP_CONFIG_INVALID', [`${file}: ${count}`, ...lines].join('\n'));
    this.file = file;
    this.problems = problems;
  }
}

/** One line: place, path, reason, code. */
export function describeProblem(
  file: string,
  { code, path, reason, position }: ConfigProblem,
): string {
  const place = position === undefined ? file : `${file}:${position.line}:${position.column}`;
  return `${place} ${path === '' ? '' : `${path}: `}${reason} [${code}]`;
}

/** Problems as they are found: of one kind at most one for one place. */
export class Findings {
  /** BOUNDED by the values of the configuration. */
  readonly #found: { readonly path: ConfigPath; readonly problem: ConfigProblem }[] = [];
  readonly #positionOf: (path: ConfigPath) => TextPosition | undefined;

  constructor(positionOf: (path: ConfigPath) => TextPosition | undefined) {
    this.#positionOf = positionOf;
  }

  get problems(): readonly ConfigProblem[] {
    return this.#found.map(({ problem }) => problem);
  }

  add(code: ConfigProblem['code'], path: ConfigPath, reason: string): void {
    const isKnown = this.#found.some(
      (one) => one.problem.code === code && isSamePath(one.path, path),
    );
    if (isKnown) return;
    const position = this.#positionOf(path);
    const problem = {
      code,
      path: showPath(path),
      reason,
      ...(position === undefined ? {} : { position }),
    };
    this.#found.push({ path, problem });
  }

  /**
   * Whether nothing is wrong with the shape of what is at this place, in it and around it: then it
   * can be looked at more closely. A key too many hurts nothing beside it.
   */
  isSound(...path: ConfigPath): boolean {
    return !this.#found.some(
      ({ path: other, problem }) =>
        problem.code !== 'SNMP_CONFIG_UNKNOWN_KEY' &&
        path.every((step, i) => i >= other.length || other[i] === step),
    );
  }
}

function isSamePath(left: ConfigPath, right: ConfigPath): boolean {
  return left.length === right.length && left.every((step, i) => step === right[i]);
}

/** A community stands as a key, and is a secret. */
export function isCommunityKey(path: ConfigPath): boolean {
  const [first, second, third] = path;
  return first === 'access' && second === 'communities' && typeof third === 'string';
}

function showPath(path: ConfigPath): string {
  const shown = path.map((step, i) => {
    if (typeof step === 'number') return `[${step}]`;
    if (i === 2 && isCommunityKey(path)) return '[a community]';
    return /^[$A-Za-z_][\w$-]*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
  });
  return shown.join('').replace(/^\./, '');
}
