import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { SnmpError } from './errors.js';

/** Where a secret is: `env:VARIABLE` or `file:PATH`. */
export interface SecretSource {
  readonly kind: 'env' | 'file';
  readonly where: string;
}

/** What tells where secrets are, for messages. */
export const SECRET_SOURCES = 'env:VARIABLE or file:PATH';

/** @returns undefined for a text that names no source. */
export function parseSecretSource(text: string): SecretSource | undefined {
  const [, kind, where] = /^(env|file):(.+)$/s.exec(text) ?? [];
  if (where === undefined) return undefined;
  return { kind: kind === 'env' ? 'env' : 'file', where };
}

/**
 * The secret that is there. The newline that ends a file is not part of it.
 *
 * @param folder - what the path of a file is relative to.
 * @throws SnmpError SNMP_CONFIG_SECRET: it says where, and never what.
 */
export function readSecret(
  { kind, where }: SecretSource,
  folder: string,
  environment: NodeJS.ProcessEnv,
): string {
  return kind === 'env' ? fromEnvironment(where, environment) : fromFile(resolve(folder, where));
}

function fromEnvironment(variable: string, environment: NodeJS.ProcessEnv): string {
  const secret = environment[variable];
  if (secret === undefined) {
    throw new SnmpError('SNMP_CONFIG_SECRET', `the environment has no variable ${variable}`);
  }
  return secret;
}

function fromFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new SnmpError('SNMP_CONFIG_SECRET', `the file ${path} cannot be read (${code})`);
  }
}
