import { SnmpError, type Logger } from './base/index.js';
import type { MibLibrary } from './mib-library.js';
import type { Oid } from './smi/index.js';
import type { SecurityLevel } from './message/index.js';
import {
  ALL_VIEW,
  CommunityTable,
  isAtLeast,
  MibView,
  UserTable,
  type Principal,
  type UsmUser,
  type ViewFamily,
} from './security/index.js';
import type { AccessOptions, CommunityAccess, UserAccess, ViewSpec } from './agent-options.js';
import { UserReader, type ConfiguredUser } from './user-access.js';

const NO_VIEW = new MibView([]);

/**
 * What `write` and 'all' mean: all but the users. Who may make users may become anybody, and is let
 * in to that by name. A user's own keys are the user's own affair.
 */
const USM_USER: Oid = [1, 3, 6, 1, 6, 3, 15, 1, 2];
const WRITE_VIEW = new MibView([
  { subtree: [], included: true },
  { subtree: USM_USER, included: false },
  { subtree: [...USM_USER, 1], included: true },
  { subtree: [...USM_USER, 2, 1, 7], included: true },
  { subtree: [...USM_USER, 2, 1, 10], included: true },
]);

/** A user, what is configured for it, and what that comes to with the modules known now. */
interface KnownUser extends ConfiguredUser {
  readonly access: Pick<UserAccess, 'read' | 'write'>;
  principal: Principal;
  /** Of requests below the least level: nothing may be seen. */
  readonly nobody: Principal;
}

/**
 * The configured communities and users with their views. Views name parts of MIBs that may be loaded later:
 * they are resolved again at every load. A name that is not known yet includes nothing; a view that
 * excludes such a name shows nothing at all until it is known.
 */
export class AccessControl {
  readonly #communities: NonNullable<AccessOptions['communities']>;
  readonly #logger: Logger;
  readonly users = new UserTable();
  /** Those of the configuration, with the keys that it gives them. */
  readonly configuredUsers: readonly UsmUser[];
  /** By name: keys may change meanwhile. BOUNDED by the configuration. */
  readonly #known = new Map<string, KnownUser>();
  #table = new CommunityTable();

  /**
   * @param engineId - what the users' keys are localized to.
   * @throws SnmpError SNMP_OPTION_INVALID, SNMP_PASSWORD_WEAK, SNMP_ACCESS_DUPLICATE
   */
  constructor({ communities, users = [] }: AccessOptions, engineId: Uint8Array, logger: Logger) {
    this.#communities = communities ?? {};
    this.#logger = logger;
    const reader = new UserReader(engineId);
    for (const [i, one] of users.entries()) {
      const configured = reader.read(one, `access.users[${i}]`);
      this.users.add(configured.user);
      const nobody = { securityName: one.name };
      const { read, write } = one;
      const access = {
        ...(read === undefined ? {} : { read }),
        ...(write === undefined ? {} : { write }),
      };
      this.#known.set(one.name, { ...configured, access, principal: nobody, nobody });
    }
    this.configuredUsers = this.users.users;
  }

  /** What a user may do at a level (RFC 3415 3.2: nothing where the level is too low). */
  principalOf(user: UsmUser, level: SecurityLevel): Principal {
    const known = this.#known.get(user.name);
    if (known === undefined) return { securityName: user.name };
    return isAtLeast(level, known.leastLevel) ? known.principal : known.nobody;
  }

  /** Who a community stands for, by the views as last resolved. */
  identify(community: Uint8Array): Principal | undefined {
    return this.#table.identify(community);
  }

  resolve(library: MibLibrary): void {
    const table = new CommunityTable();
    let position = 0;
    for (const [community, access] of Object.entries(this.#communities)) {
      position += 1;
      if (community === '') {
        throw new SnmpError('SNMP_OPTION_INVALID', 'access.communities: an empty community');
      }
      table.add(community, this.#toPrincipal(access, position, library));
    }
    this.#table = table;
    for (const known of this.#known.values()) {
      known.principal = this.#withViews(known.user.name, known.access, library);
    }
  }

  #toPrincipal(access: CommunityAccess, position: number, library: MibLibrary): Principal {
    // A community is a secret: what is shown instead of it is its place in the configuration.
    const securityName = `community${position}`;
    if (access === 'read') return { securityName, readView: ALL_VIEW };
    if (access === 'write') return { securityName, readView: ALL_VIEW, writeView: WRITE_VIEW };
    if (typeof access !== 'object' || access === null) {
      throw new SnmpError(
        'SNMP_OPTION_INVALID',
        `access.communities, entry ${position}: expected 'read', 'write' or { read, write }`,
      );
    }
    return this.#withViews(access.securityName ?? securityName, access, library);
  }

  #withViews(
    securityName: string,
    { read: given, write }: Pick<UserAccess, 'read' | 'write'>,
    library: MibLibrary,
  ): Principal {
    const read = given ?? write;
    return {
      securityName,
      ...(read === undefined ? {} : { readView: this.#toView(read, library) }),
      ...(write === undefined
        ? {}
        : { writeView: write === 'all' ? WRITE_VIEW : this.#toView(write, library) }),
    };
  }

  #toView(spec: 'all' | ViewSpec, library: MibLibrary): MibView {
    if (spec === 'all') return ALL_VIEW;
    const resolve = (names: readonly string[], included: boolean): (ViewFamily | undefined)[] =>
      names.map((name) => {
        const subtree = library.oidOf(name);
        if (subtree !== undefined) return { subtree, included };
        this.#logger.warn({ name, included }, 'a view names what no known module defines');
        return undefined;
      });
    const excluded = resolve(spec.exclude ?? [], false);
    // What is to be hidden must not show because its name is misspelt, or not known yet.
    if (excluded.includes(undefined)) return NO_VIEW;
    const families = [...resolve(spec.include, true), ...excluded];
    return new MibView(families.filter((family) => family !== undefined));
  }
}
