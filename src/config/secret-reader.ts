import {
  counted,
  parseSecretSource,
  readSecret,
  SECRET_SOURCES,
  SnmpError,
} from '../base/index.js';
import { MIN_PASSWORD_OCTETS } from '../security/index.js';
import type { ConfigPath } from './json-text.js';
import type { Findings } from './problem.js';

/** What a configuration is read in. */
export interface Surroundings {
  /** What paths in it are relative to. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Whether people besides its owner and his group can read it: no place for a secret. */
  readonly isExposed: boolean;
}

/** Gets the secrets that a configuration has or points to. */
export class SecretReader {
  readonly #findings: Findings;
  readonly #surroundings: Surroundings;
  /** By source, so that each is read once. BOUNDED by the configuration. */
  readonly #known = new Map<string, string>();

  constructor(findings: Findings, surroundings: Surroundings) {
    this.#findings = findings;
    this.#surroundings = surroundings;
  }

  /**
   * @param given - a source, or the secret itself.
   * @returns undefined where it cannot be had; why has been found then.
   */
  read(path: ConfigPath, given: string): string | undefined {
    if (parseSecretSource(given) === undefined) this.refuseExposed(path);
    return this.ofOthers(path, given);
  }

  /** As `read`, of a secret that opens nothing here: it may stand where others can read it. */
  ofOthers(path: ConfigPath, given: string): string | undefined {
    const source = parseSecretSource(given);
    if (source === undefined) return given;
    try {
      const { folder, environment } = this.#surroundings;
      const secret = this.#known.get(given) ?? readSecret(source, folder, environment);
      this.#known.set(given, secret);
      return secret;
    } catch (error) {
      if (!(error instanceof SnmpError)) throw error;
      this.#findings.add('SNMP_CONFIG_SECRET', path, error.message);
      return undefined;
    }
  }

  /** Of a secret that stands in the file itself. */
  refuseExposed(path: ConfigPath): void {
    if (!this.#surroundings.isExposed) return;
    this.#findings.add(
      'SNMP_CONFIG_EXPOSED',
      path,
      `a secret in a file that everybody on this machine can read; take ${SECRET_SOURCES}, or chmod o= the file`,
    );
  }

  password(path: ConfigPath, given: string, userName: unknown): string | undefined {
    const password = this.read(path, given);
    if (password === undefined) return undefined;
    const fault = passwordFault(password, userName);
    if (fault !== undefined) this.#findings.add('SNMP_PASSWORD_WEAK', path, fault);
    return password;
  }

  /** @param octets - of the protocol's keys; undefined where the protocol is not known. */
  key(path: ConfigPath, given: string, octets: number | undefined): string | undefined {
    const key = this.read(path, given);
    if (key === undefined || octets === undefined) return key;
    const digits = key.replace(/^0x/i, '');
    if (!/^[\da-f]*$/i.test(digits) || digits.length !== octets * 2) {
      const found = /^(?:[\da-f]{2})*$/i.test(digits)
        ? `${digits.length / 2} octets`
        : 'something else';
      const reason = `expected ${octets} octets in hexadecimal, not ${found}`;
      this.#findings.add('SNMP_CONFIG_VALUE', path, reason);
    } else if (/^(..)\1*$/.test(digits)) {
      this.#findings.add('SNMP_PASSWORD_WEAK', path, 'all octets of this key are the same');
    }
    return key;
  }
}

/** Why a password is too weak to be one. */
export function passwordFault(password: string, userName: unknown): string | undefined {
  const octets = Buffer.byteLength(password);
  if (octets < MIN_PASSWORD_OCTETS) {
    return `has ${counted(octets, 'octet')}; a password has ${MIN_PASSWORD_OCTETS} at least (RFC 3414 11.2)`;
  }
  if (password === userName) return 'the password is the name of the user';
  return /^(.)\1*$/su.test(password) ? 'one character over and over is no password' : undefined;
}
