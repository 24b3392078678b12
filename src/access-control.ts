import { SnmpError, type Logger } from './base/index.js';
import type { MibLibrary } from './mib-library.js';
import {
  ALL_VIEW,
  CommunityTable,
  MibView,
  type Principal,
  type ViewFamily,
} from './security/index.js';
import type { AccessOptions, CommunityAccess, ViewSpec } from './agent-options.js';

const NO_VIEW = new MibView([]);

/**
 * The configured communities with their views. Views name parts of MIBs that may be loaded later:
 * they are resolved again at every load. A name that is not known yet includes nothing; a view that
 * excludes such a name shows nothing at all until it is known.
 */
export class AccessControl {
  readonly #options: AccessOptions;
  readonly #logger: Logger;
  #table = new CommunityTable();

  /** @throws SnmpError SNMP_OPTION_INVALID, SNMP_ACCESS_DUPLICATE */
  constructor(options: AccessOptions, logger: Logger) {
    this.#options = options;
    this.#logger = logger;
  }

  /** Who a community stands for, by the views as last resolved. */
  identify(community: Uint8Array): Principal | undefined {
    return this.#table.identify(community);
  }

  resolve(library: MibLibrary): void {
    const table = new CommunityTable();
    let position = 0;
    for (const [community, access] of Object.entries(this.#options.communities ?? {})) {
      position += 1;
      if (community === '') {
        throw new SnmpError('SNMP_OPTION_INVALID', 'access.communities: an empty community');
      }
      table.add(community, this.#toPrincipal(access, position, library));
    }
    this.#table = table;
  }

  #toPrincipal(access: CommunityAccess, position: number, library: MibLibrary): Principal {
    // A community is a secret: what is shown instead of it is its place in the configuration.
    const securityName = `community${position}`;
    if (access === 'read') return { securityName, readView: ALL_VIEW };
    if (access === 'write') return { securityName, readView: ALL_VIEW, writeView: ALL_VIEW };
    if (typeof access !== 'object' || access === null) {
      throw new SnmpError(
        'SNMP_OPTION_INVALID',
        `access.communities, entry ${position}: expected 'read', 'write' or { read, write }`,
      );
    }
    const read = access.read ?? access.write;
    return {
      securityName: access.securityName ?? securityName,
      ...(read === undefined ? {} : { readView: this.#toView(read, library) }),
      ...(access.write === undefined ? {} : { writeView: this.#toView(access.write, library) }),
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
