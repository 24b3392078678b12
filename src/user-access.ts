import { SnmpError } from './base/index.js';
import type { UserAccess } from './agent-options.js';
import { SECURITY_LEVELS, type SecurityLevel } from './message/index.js';
import { PasswordKeys, supportsLevel, UserKeys, type UsmUser } from './security/index.js';

export interface ConfiguredUser {
  readonly user: UsmUser;
  readonly leastLevel: SecurityLevel;
}

/** Turns what is configured into users with keys; passwords are forgotten with it. */
export class UserReader {
  readonly #engineId: Uint8Array;
  readonly #passwords = new PasswordKeys();

  constructor(engineId: Uint8Array) {
    this.#engineId = engineId;
  }

  /**
   * @param path - names the user in errors, which never hold a secret.
   * @throws SnmpError SNMP_OPTION_INVALID, SNMP_PASSWORD_WEAK
   */
  read(access: UserAccess, path: string): ConfiguredUser {
    const keys = new UserKeys(access, path);
    const user = keys.localize(this.#engineId, this.#passwords);
    const leastLevel = access.level ?? keys.highestLevel;
    if (!SECURITY_LEVELS.includes(leastLevel)) {
      throw invalid(`${path}.level`, "expected 'noAuthNoPriv', 'authNoPriv' or 'authPriv'");
    }
    if (!supportsLevel(user, leastLevel)) {
      throw invalid(`${path}.level`, `${leastLevel} needs keys that this user does not have`);
    }
    return { user, leastLevel };
  }
}

function invalid(path: string, reason: string): SnmpError {
  return new SnmpError('SNMP_OPTION_INVALID', `${path}: ${reason}`);
}
