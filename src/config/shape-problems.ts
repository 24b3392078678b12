import type { BaseIssue } from 'valibot';
import { didYouMean, nearestNames } from '../base/index.js';
import type { ConfigPath } from './json-text.js';
import { isCommunityKey, type Findings } from './problem.js';

type Issue = BaseIssue<unknown>;

/** What the schema has to say against a configuration, in words. */
export function addShapeProblems(issues: readonly Issue[], findings: Findings): void {
  for (const issue of issues.flatMap((one) => meant(one, []))) addProblem(issue, findings);
}

interface PlacedIssue {
  readonly issue: Issue;
  readonly path: ConfigPath;
}

/**
 * Of a value that fits none of several forms: what is wrong with it in the form that its author had
 * in mind, which is the one that was right at the top; else that it has none of the forms.
 */
function meant(issue: Issue, above: ConfigPath): readonly PlacedIssue[] {
  const path = [...above, ...pathOf(issue)];
  const inner = (issue.issues ?? []).flatMap((one) => meant(one, path));
  const deeper = inner.filter((one) => one.path.length > path.length);
  return deeper.length > 0 ? deeper : [{ issue, path }];
}

function pathOf(issue: Issue): ConfigPath {
  return (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
}

function addProblem({ issue, path }: PlacedIssue, findings: Findings): void {
  const key = path.at(-1);
  if (issue.type === 'never') {
    // Whatever it holds is not shown: a misspelt authPassword holds a password.
    const near = nearestNames(String(key), issue.message.split(' '));
    findings.add('SNMP_CONFIG_UNKNOWN_KEY', path, `there is no such key${didYouMean(near)}`);
  } else if (isMissing(issue)) {
    findings.add('SNMP_CONFIG_MISSING_KEY', path, 'is missing');
  } else {
    findings.add('SNMP_CONFIG_VALUE', path, reasonOf(issue, path));
  }
}

function isMissing(issue: Issue): boolean {
  return issue.type === 'object_with_rest' && issue.path?.at(-1)?.origin === 'key';
}

function reasonOf(issue: Issue, path: ConfigPath): string {
  // Those who read a value themselves have said what it is.
  if (issue.type === 'raw_check') return issue.message;
  if (isSecret(path)) return `${issue.message}, not ${kindOf(issue.input)}`;
  // The words that a message of ours has in quotes are the ones that can be meant.
  const words = [...issue.message.matchAll(/'([^']+)'/g)].map(([, word = '']) => word);
  const near = typeof issue.input === 'string' ? nearestNames(issue.input, words) : [];
  return `${issue.message}, not ${shown(issue.input)}${didYouMean(near)}`;
}

const SECRET_KEYS = new Set(['authPassword', 'authKey', 'privPassword', 'privKey', 'community']);

/** What stands where a community or one with all its terms is expected may be one itself. */
function isSecret(path: ConfigPath): boolean {
  const key = path.at(-1);
  if (typeof key === 'string' && SECRET_KEYS.has(key)) return true;
  if (path.length <= 3 && path[0] === 'access' && path[1] === 'communities') {
    return !isCommunityKey(path);
  }
  return path.length <= 3 && path[0] === 'notify' && path[1] === 'targets';
}

const MAX_SHOWN = 60;

function shown(value: unknown): string {
  if (typeof value === 'string') {
    const text = JSON.stringify(value);
    return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}..."` : text;
  }
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : kindOf(value);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'undefined';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  const kinds: Readonly<Record<string, string>> = {
    object: 'an object',
    string: value === '' ? 'empty text' : 'text',
    function: 'a function',
  };
  return kinds[typeof value] ?? `a ${typeof value}`;
}
