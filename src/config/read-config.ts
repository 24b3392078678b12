import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { callForeign, SnmpError, systemClock, type ForeignOutcome } from '../base/index.js';
import { checkAccess } from './access-checks.js';
import { settingsOf, type AgentSettings } from './agent-settings.js';
import { checkFiles } from './file-checks.js';
import {
  JsonTextError,
  positionIn,
  readJson,
  type ConfigPath,
  type JsonNode,
  type TextPosition,
} from './json-text.js';
import { ConfigError, Findings } from './problem.js';
import { checkTargets } from './notify-checks.js';
import { SecretReader, type Surroundings } from './secret-reader.js';
import { addShapeProblems } from './shape-problems.js';

export interface ReadConfigOptions {
  /** Where `env:VARIABLE` is looked up. Default: that of the process. */
  readonly environment?: NodeJS.ProcessEnv;
  /** What the agent is going to listen on instead of what the file says. */
  readonly listen?: readonly string[];
}

/** A configuration as it is written. */
export interface Written {
  readonly value: unknown;
  positionOf(path: ConfigPath): TextPosition | undefined;
}

/** A module may ask somebody else for what it exports. */
const PROGRAM_DEADLINE_MS = 30_000;

/** People besides the owner and the group. */
const OTHERS_READ = 0o004;

/**
 * Reads a configuration, `trellis.json`, or a module `trellis.mjs` whose default export is one or a
 * function that gives one, and says everything that is wrong with it.
 *
 * What it holds is documented in docs/configuration.md. Paths are relative to the file; passwords,
 * keys and communities are got from where it says.
 *
 * @throws SnmpError rejecting: ConfigError (SNMP_CONFIG_INVALID) with all problems,
 *   SNMP_CONFIG_UNREADABLE, SNMP_CONFIG_PROGRAM.
 */
export async function readConfig(
  file: string,
  { environment = process.env, listen }: ReadConfigOptions = {},
): Promise<AgentSettings> {
  const folder = dirname(resolve(file));
  // Of a program nobody can say whether it holds a secret.
  const isExposed = !isProgram(file) && isReadableByOthers(file);
  const written = isProgram(file) ? await readProgram(file) : parseConfig(file, readText(file));
  const { problems, settings } = await examine(written, { folder, environment, isExposed }, listen);
  if (settings === undefined || problems.length > 0) throw new ConfigError(file, problems);
  return settings();
}

/** What is wrong with a configuration, and what it comes to where nothing is. */
export async function examine(
  written: Written,
  surroundings: Surroundings,
  listen?: readonly string[],
): Promise<{
  readonly problems: ConfigError['problems'];
  readonly settings: (() => AgentSettings) | undefined;
}> {
  const { configSchema, safeParse } = await loadSchema();
  const findings = new Findings((path) => written.positionOf(path));
  const secrets = new SecretReader(findings, surroundings);
  const parsed = safeParse(configSchema, written.value);
  if (!parsed.success) addShapeProblems(parsed.issues, findings);
  const isOverridden = listen !== undefined && typeof written.value === 'object';
  checkAccess(isOverridden ? { ...written.value, listen } : written.value, findings, secrets);
  checkTargets(written.value, findings, secrets);
  checkFiles(written.value, surroundings.folder, findings);
  return {
    problems: inOrder(findings.problems),
    settings: parsed.success
      ? () => settingsOf(parsed.output, surroundings.folder, secrets)
      : undefined,
  };
}

export function isProgram(file: string): boolean {
  return /\.[cm]?js$/.test(file);
}

function isReadableByOthers(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  return found !== undefined && (found.mode & OTHERS_READ) !== 0;
}

/** As they stand in the file; those of a program as they were found. */
function inOrder(problems: Findings['problems']): Findings['problems'] {
  return problems.toSorted(({ position: left }, { position: right }) =>
    left === undefined || right === undefined
      ? 0
      : left.line - right.line || left.column - right.column,
  );
}

/** Only who reads a configuration pays for the library that checks it. */
async function loadSchema() {
  const [{ configSchema }, { safeParse }] = await Promise.all([
    import('./schema.js'),
    import('valibot'),
  ]);
  return { configSchema, safeParse };
}

/** @throws SnmpError SNMP_CONFIG_UNREADABLE */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new SnmpError('SNMP_CONFIG_UNREADABLE', `${file} cannot be read (${code})`);
  }
}

/** @throws ConfigError for what is no JSON. */
export function parseConfig(file: string, text: string): Written & { readonly root: JsonNode } {
  try {
    const root = readJson(text);
    return { root, value: root.value, positionOf: (path) => positionIn(root, text, path) };
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    const { message: reason, position } = error;
    throw new ConfigError(file, [{ code: 'SNMP_CONFIG_SYNTAX', path: '', reason, position }]);
  }
}

/** @throws SnmpError SNMP_CONFIG_PROGRAM, rejecting */
export async function readProgram(file: string): Promise<Written> {
  const outcome = await new Promise<ForeignOutcome<unknown>>((settle) => {
    const load = () => valueOf(pathToFileURL(resolve(file)).href);
    callForeign(load, PROGRAM_DEADLINE_MS, systemClock, settle);
  });
  if (outcome.kind === 'returned') return { value: outcome.value, positionOf: () => undefined };
  const cause = outcome.kind === 'threw' ? outcome.error : undefined;
  const how = cause === undefined ? ` within ${PROGRAM_DEADLINE_MS / 1000} seconds` : '';
  throw new SnmpError('SNMP_CONFIG_PROGRAM', `${file} gives no configuration${how}`, { cause });
}

async function valueOf(url: string): Promise<unknown> {
  const { default: exported } = (await import(url)) as { default?: unknown };
  return typeof exported === 'function' ? (exported as () => unknown)() : exported;
}
