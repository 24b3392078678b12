import { readFileSync } from 'node:fs';
import { SnmpError } from '../base/index.js';

/** Where a password may be instead of among the arguments, which everybody on the machine can read. */
export const SECRET_SOURCES = 'env:VARIABLE or file:PATH';

/** Where `env:VARIABLE` or `file:PATH` points; undefined for any other text. */
export function secretSource(
  text: string,
): { readonly source: 'env' | 'file'; readonly where: string } | undefined {
  const [, source, where] = /^(env|file):(.+)$/.exec(text) ?? [];
  if (where === undefined || (source !== 'env' && source !== 'file')) return undefined;
  return { source, where };
}

/**
 * The secret that lies there; the newline that ends a file is not part of it.
 *
 * @param option - what messages call it, which never hold a secret.
 * @throws SnmpError SNMP_CLI_USER
 */
export function secretFrom(
  source: 'env' | 'file',
  where: string,
  environment: NodeJS.ProcessEnv,
  option: string,
): string {
  const refused = (reason: string): SnmpError =>
    new SnmpError('SNMP_CLI_USER', `${option}: ${reason}`);
  if (source === 'env') {
    const secret = environment[where];
    if (secret === undefined) throw refused(`the environment has no variable ${where}`);
    return secret;
  }
  try {
    return readFileSync(where, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw refused(`the file ${where} cannot be read (${code ?? 'unknown'})`);
  }
}
