import * as v from 'valibot';
import { SnmpError } from '../base/index.js';
import { SECURITY_LEVELS } from '../message/index.js';
import { AUTH_FACTS, parseEngineId, PRIV_FACTS } from '../security/index.js';
import { parseOid } from '../smi/index.js';
import { parseUdpUrl } from '../transport/index.js';

/**
 * Options by their names. What is not among them is refused, all of it at once; the message of such
 * a one is the list of the names that there are, for whoever words the problem.
 */
function options<Entries extends v.ObjectEntries>(
  entries: Entries,
  description: string,
): v.GenericSchema<unknown, v.InferOutput<v.ObjectSchema<Entries, undefined>>> {
  const known = Object.keys(entries).join(' ');
  return v.pipe(
    v.custom<Record<string, unknown>>(isPlainObject, 'expected an object'),
    v.objectWithRest(entries, v.never(known)),
    v.description(description),
  );
}

function byName<Value extends v.GenericSchema>(
  value: Value,
  description: string,
  key: v.GenericSchema<string> = shortName('A name.'),
): v.GenericSchema<unknown, Readonly<Record<string, v.InferOutput<Value>>>> {
  return v.pipe(
    v.custom<Record<string, unknown>>(isPlainObject, 'expected an object, by name'),
    v.record(key, value),
    v.description(description),
  );
}

function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const text = (description: string, expected = 'expected text') =>
  v.pipe(v.string(expected), v.description(description));

const name = (description: string) => {
  const expected = 'expected a name, of at least one character';
  return v.pipe(v.string(expected), v.minLength(1, expected), v.description(description));
};

/** Of one SnmpAdminString as it is used for names: 1..32 octets. */
const shortName = (description: string) => {
  const expected = 'expected a name of 1 to 32 octets';
  return v.pipe(
    v.string(expected),
    v.minBytes(1, expected),
    v.maxBytes(32, expected),
    v.description(description),
  );
};

const list = <Item extends v.GenericSchema>(item: Item, description: string) =>
  v.pipe(v.array(item, 'expected a list'), v.readonly(), v.description(description));

const flag = (description: string) =>
  v.pipe(v.boolean('expected true or false'), v.description(description));

const integer = (low: number, high: number, description: string) => {
  const expected = `expected an integer of ${low}..${high}`;
  return v.pipe(
    v.number(expected),
    v.integer(expected),
    v.minValue(low, expected),
    v.maxValue(high, expected),
    v.description(description),
  );
};

const oneOf = <const Names extends readonly [string, ...string[]]>(
  names: Names,
  description: string,
) => v.pipe(v.picklist(names, `expected ${inWords(names)}`), v.description(description));

function inWords(names: readonly string[]): string {
  const quoted = names.map((one) => `'${one}'`);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`;
}

/** Text that is checked by what reads it later: the reason that this gives is the one told. */
const readable = (read: (given: string) => unknown, expected: string) =>
  v.pipe(
    v.string(expected),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      try {
        read(dataset.value);
      } catch (error) {
        if (!(error instanceof SnmpError)) throw error;
        addIssue({ message: error.message });
      }
    }),
  );

const udpUrl = (description: string) =>
  v.pipe(
    readable(parseUdpUrl, 'expected udp://HOST:PORT, HOST an IPv4 address or [IPv6]'),
    v.description(description),
  );

/** A name or a dotted OID, maybe with a mask: `1.3.6.1.2.1.2.2.1.0.3/ffa0`. */
const SUBTREE =
  /^(?:\.?\d+(?:\.\d+)*|(?:[A-Za-z][\w-]*::)?[A-Za-z][\w-]*(?:\.\d+)*)(?:\/(?:[\da-fA-F]{2}){1,16})?$/;

const subtrees = (description: string) => {
  const expected =
    "expected 'ifTable', 'IF-MIB::ifTable', '1.3.6.1.2.1.2', or with a mask '1.3.6.1.2.1.2.2.1.0.3/ffa0'";
  return list(v.pipe(v.string(expected), v.regex(SUBTREE, expected)), description);
};

const viewSpec = options(
  {
    include: subtrees('Names or OIDs of what is in the view, with everything below.'),
    exclude: v.exactOptional(subtrees('What is taken out again.')),
  },
  'Part of the OID tree.',
);

const view = (description: string) =>
  v.pipe(
    v.union(
      [v.literal('all'), name('Name of one of `access.views`.'), viewSpec],
      "expected 'all', the name of one of access.views, or { include, exclude }",
    ),
    v.description(description),
  );

const rights = {
  read: v.exactOptional(view('What may be read. Default: what may be written.')),
  write: v.exactOptional(view('What may be written.')),
  administer: v.exactOptional(
    flag('Whether `all` has the tables by which users and access are administered.'),
  ),
} as const;

const level = (description: string) => oneOf(SECURITY_LEVELS, description);

const secret = (description: string) =>
  text(
    `${description} env:VARIABLE, file:PATH, or itself where only the owner may read this file.`,
  );

const communityTerms = {
  ...rights,
  securityName: v.exactOptional(shortName('What instrumentation is shown instead of it.')),
  group: v.exactOptional(shortName('One of `access.groups`, instead of `read` and `write`.')),
  context: v.exactOptional(text('Its context. Default: the default one.')),
  from: v.exactOptional(
    list(
      name('192.0.2.1, 192.0.2.0/24, 2001:db8::/32'),
      'Addresses and prefixes that it is taken from, one at least. Default: from anywhere.',
    ),
  ),
} as const;

const communities = v.union(
  [
    byName(
      v.union(
        [
          v.literal('read'),
          v.literal('write'),
          options(communityTerms, 'What one community may do.'),
        ],
        "expected 'read', 'write' or { read, write, group, context, from, ... }",
      ),
      'By community, which is a secret: readers of this file know it.',
      v.pipe(v.string(), v.minLength(1, 'expected a community that is not empty')),
    ),
    list(
      options(
        { community: secret('The community.'), ...communityTerms },
        'One community and what it may do.',
      ),
      'Communities that are kept elsewhere.',
    ),
  ],
  'expected an object, by community, or a list of { community, ... }',
);

/** Who a user is, and how it proves that. */
const userSecrets = {
  name: shortName('Of the user; also its securityName.'),
  auth: v.exactOptional(oneOf(namesOf(AUTH_FACTS), 'How messages are signed.')),
  authPassword: v.exactOptional(secret('8 octets at least.')),
  authKey: v.exactOptional(secret('Localized key in hexadecimal, instead of the password.')),
  priv: v.exactOptional(oneOf(namesOf(PRIV_FACTS), 'How messages are encrypted.')),
  privPassword: v.exactOptional(secret('8 octets at least.')),
  privKey: v.exactOptional(secret('Localized key in hexadecimal, instead of the password.')),
} as const;

const user = options(
  {
    ...userSecrets,
    ...rights,
    level: v.exactOptional(level('The least level. Default: the highest that the keys allow.')),
    group: v.exactOptional(shortName('One of `access.groups`, instead of `read` and `write`.')),
  },
  'One user of SNMPv3.',
);

const access = options(
  {
    communities: v.exactOptional(communities),
    users: v.exactOptional(list(user, 'Users of SNMPv3. Default: none.')),
    groups: v.exactOptional(
      byName(
        list(
          options(
            {
              model: v.exactOptional(oneOf(['any', 'v1', 'v2c', 'usm'], 'Default any.')),
              level: v.exactOptional(level('The least level. Default noAuthNoPriv.')),
              context: v.exactOptional(text('Default: the default context.')),
              contextMatch: v.exactOptional(
                oneOf(['exact', 'prefix'], 'How the context is compared. Default exact.'),
              ),
              ...rights,
              notify: v.exactOptional(view('What it may be notified of.')),
            },
            'One line of access.',
          ),
          'What its members may do, by model, level and context.',
        ),
        'Groups by name.',
      ),
    ),
    views: v.exactOptional(byName(viewSpec, 'Parts of the OID tree by name, 1..32 octets.')),
  },
  'Who may do what. Default: nobody may do anything.',
);

const target = options(
  {
    name: v.exactOptional(
      name('What deliveries, events and its rows call it. Default: its address; rows: its place.'),
    ),
    address: udpUrl('udp://192.0.2.1:162'),
    community: v.exactOptional(secret('The community it is sent with in SNMPv1 and v2c.')),
    version: v.exactOptional(
      oneOf(['v1', 'v2c', 'v3'], 'Default v3 where there is a user, else v2c.'),
    ),
    user: v.exactOptional(
      v.union(
        [
          shortName('Name of one of `access.users`.'),
          options(userSecrets, 'A user as the receiver knows it.'),
        ],
        'expected the name of one of access.users, or a user',
      ),
    ),
    level: v.exactOptional(level('Of SNMPv3. Default: the highest that the keys allow.')),
    contextName: v.exactOptional(text('Of SNMPv3: the context that it tells of.')),
    inform: v.exactOptional(flag('Sent again until it is acknowledged. Default false.')),
    timeoutMs: v.exactOptional(integer(1, 600_000, 'Default 1500.')),
    retries: v.exactOptional(integer(0, 255, 'Default 3.')),
  },
  'One receiver of notifications.',
);

const served = name('`host` for this machine, or the path of an ES module.');

/** Everything that a configuration may hold. */
export const configSchema = options(
  {
    $schema: v.exactOptional(text('For editors; not looked at.')),
    serve: v.exactOptional(
      v.union([served, list(served, 'Several.')], 'expected text, or a list of text'),
    ),
    listen: v.exactOptional(
      v.union(
        [udpUrl('udp://127.0.0.1:1161'), list(udpUrl('udp://[::1]:1161'), 'Several.')],
        'expected udp://HOST:PORT, or a list of such',
      ),
    ),
    engine: v.exactOptional(
      options(
        {
          id: v.exactOptional(
            v.pipe(
              readable(
                parseEngineId,
                'expected an snmpEngineID in hexadecimal, 5 to 32 octets (RFC 3411 section 5)',
              ),
              v.description('snmpEngineID in hexadecimal. Default: what the state keeps.'),
            ),
          ),
          boots: v.exactOptional(
            integer(
              1,
              2_147_483_647,
              'snmpEngineBoots. Default: what the state counted; without a state by the date, where there is an ID.',
            ),
          ),
        },
        'Who the agent is in SNMPv3.',
      ),
    ),
    state: v.exactOptional(name('Directory of what outlives the process.')),
    system: v.exactOptional(
      v.union(
        [
          v.literal(false),
          options(
            {
              description: v.exactOptional(text('sysDescr.')),
              objectId: v.exactOptional(
                readable(parseOid, "expected a dotted OID: '1.3.6.1.4.1.32473.1'"),
              ),
              contact: v.exactOptional(text('sysContact, at the first start.')),
              name: v.exactOptional(text('sysName, at the first start.')),
              location: v.exactOptional(text('sysLocation, at the first start.')),
              services: v.exactOptional(integer(0, 127, 'sysServices.')),
            },
            'What the agent says of itself.',
          ),
        ],
        'expected false or an object',
      ),
    ),
    contexts: v.exactOptional(
      list(shortName('Name of a context.'), 'Contexts besides the default one.'),
    ),
    access: v.exactOptional(access),
    mibs: v.exactOptional(list(name('Path of a text.'), 'Texts of MIB modules.')),
    mibPaths: v.exactOptional(
      list(name('Path of a directory.'), 'Directories to find MIB modules in.'),
    ),
    deadlines: v.exactOptional(
      options(
        {
          getMs: v.exactOptional(integer(1, 3_600_000, 'Of a read. Default 1000.')),
          setMs: v.exactOptional(integer(1, 3_600_000, 'Of a phase of a SET. Default 1000.')),
          lifecycleMs: v.exactOptional(
            integer(1, 3_600_000, 'Of `new` and `delete`. Default 5000.'),
          ),
        },
        'How long instrumentation may take.',
      ),
    ),
    reads: v.exactOptional(
      oneOf(['wait', 'through'], 'Whether reads wait for a SET. Default wait.'),
    ),
    limits: v.exactOptional(
      options(
        {
          maxMessageSizeOctets: v.exactOptional(integer(484, 65_507, 'Default 65507.')),
          maxInFlight: v.exactOptional(integer(1, 1_000_000, 'Default 1024.')),
          maxWaitingSets: v.exactOptional(integer(0, 1_000_000, 'Default 256.')),
        },
        'Bounds.',
      ),
    ),
    notify: v.exactOptional(
      options(
        {
          targets: v.exactOptional(list(target, 'Receivers. Default: none.')),
          maxPendingInforms: v.exactOptional(integer(1, 1_000_000, 'Default 10000.')),
          authenticationFailure: v.exactOptional(
            flag('snmpEnableAuthenTraps at the first start. Default false.'),
          ),
        },
        'Who is told what happens.',
      ),
    ),
  },
  'Configuration of an agent of trellis-snmp.',
);

export type ConfigContent = v.InferOutput<typeof configSchema>;

function namesOf<Name extends string>(facts: Readonly<Record<Name, unknown>>): [Name, ...Name[]] {
  return Object.keys(facts) as [Name, ...Name[]];
}
