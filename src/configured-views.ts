import { SnmpError } from './base/index.js';
import type { FamilyRow } from './agent/index.js';
import type { Oid } from './smi/index.js';
import type { GroupAccess, ViewChoice, ViewSpec } from './agent-options.js';
import type { MibLibrary } from './mib-library.js';

/** What an access entry calls its views; '' is none. */
export interface ViewNames {
  readonly read: string;
  readonly write: string;
  readonly notify: string;
}

const MAX_NAME_OCTETS = 32;

/** Below 0, 1 and 2 lies everything (X.660). */
const EVERYTHING: readonly Oid[] = [[0], [1], [2]];

const MODULES: Oid = [1, 3, 6, 1, 6, 3];
const COMMUNITIES: Oid = [...MODULES, 18, 1, 1];
const USERS: Oid = [...MODULES, 15, 1, 2];
/** SNMP-TARGET-MIB, -NOTIFICATION-MIB, -VIEW-BASED-ACM-MIB, -COMMUNITY-MIB, and the users. */
const ADMINISTRATION: readonly Oid[] = [...[12, 13, 16, 18].map((arc) => [...MODULES, arc]), USERS];
/** usmUserSpinLock, usmUserOwnAuthKeyChange, usmUserOwnPrivKeyChange: own keys are one's own affair. */
const OWN_KEYS: readonly Oid[] = [
  [...USERS, 1],
  [...USERS, 2, 1, 7],
  [...USERS, 2, 1, 10],
];

/** What `all` means, by the name that such a view has in the tables. */
const ALL_VIEWS: Readonly<
  Record<string, { readonly without: readonly Oid[]; readonly but: readonly Oid[] }>
> = {
  all: { without: [COMMUNITIES], but: [] },
  'all-but-administration': { without: ADMINISTRATION, but: OWN_KEYS },
  'all-and-administration': { without: [], but: [] },
};

/** The views of a configuration, by name: those that it names, those that stand in it, and `all`. */
export class ConfiguredViews {
  /** BOUNDED by the configuration. */
  readonly #specs = new Map<string, ViewSpec>();

  /** @throws SnmpError SNMP_OPTION_INVALID */
  constructor(views: Readonly<Record<string, ViewSpec>>) {
    for (const [name, spec] of Object.entries(views)) {
      const octets = Buffer.byteLength(name, 'utf8');
      if (octets < 1 || octets > MAX_NAME_OCTETS || Object.hasOwn(ALL_VIEWS, name)) {
        throw invalid(
          `access.views.${name}: expected another name than ${Object.keys(ALL_VIEWS).join(', ')}, of 1 to ${MAX_NAME_OCTETS} octets`,
        );
      }
      this.#add(name, spec, `access.views.${name}`);
    }
  }

  /**
   * What an entry calls its views.
   *
   * @param path - names the entry in errors.
   * @param stem - what names of views begin with that stand in the entry itself; short.
   */
  names(
    { read, write, notify, administer = false }: GroupAccess,
    path: string,
    stem: string,
  ): ViewNames {
    const secrets = administer ? 'all-and-administration' : 'all';
    const written = administer ? 'all-and-administration' : 'all-but-administration';
    const shown = this.#name(read, `${path}.read`, `${stem}-read`, secrets);
    return {
      read: shown,
      write: this.#name(write, `${path}.write`, `${stem}-write`, written),
      notify:
        notify === read ? shown : this.#name(notify, `${path}.notify`, `${stem}-notify`, secrets),
    };
  }

  /**
   * The families that views consist of, with the modules known now. A name that is not known yet
   * includes nothing; a view that excludes such a name shows nothing at all until it is known.
   */
  resolve(
    library: Pick<MibLibrary, 'oidOf'>,
    unknownName: (name: string, included: boolean) => void,
  ): FamilyRow[] {
    const rows: FamilyRow[] = [];
    for (const [view, { without, but }] of Object.entries(ALL_VIEWS)) {
      const included = [...EVERYTHING, ...but];
      for (const subtree of included) rows.push(familyRow(view, { subtree }, true));
      for (const subtree of without) rows.push(familyRow(view, { subtree }, false));
    }
    for (const [view, { include, exclude = [] }] of this.#specs) {
      /** By subtree: what is excluded goes before what is included there. */
      const families = new Map<string, FamilyRow>();
      let isHidden = false;
      const put = (text: string, included: boolean): void => {
        const family = parseFamily(text, library);
        if (family === undefined) {
          unknownName(text, included);
          isHidden ||= !included;
        } else {
          families.set(family.subtree.join('.'), familyRow(view, family, included));
        }
      };
      for (const text of include) put(text, true);
      for (const text of exclude) put(text, false);
      // What is to be hidden must not show because its name is misspelt, or not known yet. And a
      // view is there also where there is nothing in it.
      if (isHidden || families.size === 0) {
        rows.push(...EVERYTHING.map((subtree) => familyRow(view, { subtree }, false)));
      } else {
        rows.push(...families.values());
      }
    }
    return rows;
  }

  #name(choice: ViewChoice | undefined, path: string, stem: string, all: string): string {
    if (choice === undefined) return '';
    if (choice === 'all') return all;
    if (typeof choice === 'string') {
      if (this.#specs.has(choice)) return choice;
      throw invalid(`${path}: there is no view ${JSON.stringify(choice)}`);
    }
    let name = stem;
    for (let i = 2; this.#specs.has(name); i++) name = `${stem}-${i}`;
    this.#add(name, choice, path);
    return name;
  }

  #add(name: string, spec: ViewSpec, path: string): void {
    const { include, exclude = [] } = spec ?? {};
    for (const names of [include, exclude]) {
      if (Array.isArray(names) && names.every((one) => typeof one === 'string')) continue;
      throw invalid(`${path}: expected { include: [...], exclude: [...] } with names or OIDs`);
    }
    for (const text of [...include, ...exclude]) {
      if (!/^[^/]*(\/([\da-f]{2}){1,16})?$/i.test(text)) {
        throw invalid(`${path}: ${JSON.stringify(text)}: a mask is 1 to 16 octets in hexadecimal`);
      }
    }
    this.#specs.set(name, spec);
  }
}

interface Family {
  readonly subtree: Oid;
  readonly mask?: Uint8Array;
}

function parseFamily(text: string, library: Pick<MibLibrary, 'oidOf'>): Family | undefined {
  const [name = '', mask] = text.split('/');
  const subtree = library.oidOf(name);
  if (subtree === undefined) return undefined;
  return mask === undefined
    ? { subtree }
    : { subtree, mask: Uint8Array.from(Buffer.from(mask, 'hex')) };
}

function familyRow(view: string, { subtree, mask }: Family, included: boolean): FamilyRow {
  return {
    vacmViewTreeFamilyViewName: view,
    vacmViewTreeFamilySubtree: subtree,
    vacmViewTreeFamilyMask: mask ?? new Uint8Array(),
    vacmViewTreeFamilyType: included ? 'included' : 'excluded',
  };
}

function invalid(reason: string): SnmpError {
  return new SnmpError('SNMP_OPTION_INVALID', reason);
}
