import { readSecret, SnmpError, type SecretSource } from '../base/index.js';

/**
 * A secret that an option tells the place of.
 *
 * @param option - what messages call it, which never hold a secret.
 * @throws SnmpError SNMP_CLI_USER
 */
export function secretAt(
  source: SecretSource,
  environment: NodeJS.ProcessEnv,
  option: string,
): string {
  try {
    return readSecret(source, '.', environment);
  } catch (error) {
    if (!(error instanceof SnmpError)) throw error;
    throw new SnmpError('SNMP_CLI_USER', `${option}: ${error.message}`);
  }
}
