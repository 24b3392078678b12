import { oidPart, typeReference, type Label, type SyntaxNode } from './ast.js';
import {
  plainNode,
  type ModuleDefinition,
  type TypeDefinition,
  type ValueDefinition,
} from './definition.js';
import { SourceText } from './source.js';
import type { BaseType } from '../smi/index.js';

/**
 * The modules that define the language itself, made in code: nothing needs to be found on disk,
 * and a text that claims to be one of them cannot change what a Counter32 is.
 *
 * Facts: RFC 1155, 1212, 1213, 1215, 2578, 2579, 2580.
 */

const AT = 0;

interface TypeOptions {
  readonly size?: readonly (readonly [number, number])[];
  readonly range?: readonly [number | bigint, number | bigint];
  readonly labels?: readonly string[];
  readonly hint?: string;
  readonly status?: 'current' | 'obsolete';
}

/** A type of the SMI itself: a base, never a convention. */
function base(name: string, type: BaseType, of: string): TypeDefinition {
  return { ...convention(name, of), isTextualConvention: false, status: undefined, base: type };
}

function convention(name: string, of: string, options: TypeOptions = {}): TypeDefinition {
  return {
    name,
    at: AT,
    syntax: reference(of, options),
    isTextualConvention: true,
    status: options.status ?? 'current',
    description: undefined,
    reference: undefined,
    displayHint: options.hint === undefined ? undefined : { text: options.hint, at: AT },
    base: undefined,
  };
}

function reference(name: string, options: TypeOptions = {}): SyntaxNode {
  const { size, range, labels } = options;
  return typeReference(AT, name, {
    labels: labels === undefined ? undefined : numbered(labels),
    constraint:
      size !== undefined
        ? { kind: 'size', at: AT, parts: size.map(([low, high]) => ({ at: AT, low, high })) }
        : range !== undefined
          ? { kind: 'range', at: AT, parts: [{ at: AT, low: range[0], high: range[1] }] }
          : undefined,
  });
}

/** Labels of these modules all count from 1. */
function numbered(names: readonly string[]): Label[] {
  return names.map((name, i) => ({ name, at: AT, number: i + 1 }));
}

let nextId = 0;

/** `parent` is a name of the same module or of SNMPv2-SMI; undefined stands for the root. */
function node(name: string, parent: string | undefined, ...arcs: number[]): ValueDefinition {
  const numbers = arcs.map((number) => oidPart(AT, undefined, number));
  const oid = parent === undefined ? numbers : [oidPart(AT, parent), ...numbers];
  return plainNode(nextId++, name, AT, oid);
}

interface Contents {
  readonly language?: 'SMIv1';
  readonly types?: readonly TypeDefinition[];
  readonly values?: readonly ValueDefinition[];
  readonly macros?: readonly string[];
  /** Module to symbols. */
  readonly imports?: Readonly<Record<string, readonly string[]>>;
}

function builtIn(name: string, contents: Contents): [string, ModuleDefinition] {
  const imports = Object.entries(contents.imports ?? {}).flatMap(([from, symbols]) =>
    symbols.map((symbol) => [symbol, { at: AT, from: { text: from, at: AT } }] as const),
  );
  const definition: ModuleDefinition = {
    name,
    at: AT,
    language: contents.language ?? 'SMIv2',
    source: new SourceText({ path: `(built in) ${name}`, text: '' }),
    isBuiltIn: true,
    imports: new Map(imports),
    importedModules: Object.keys(contents.imports ?? {}),
    types: new Map((contents.types ?? []).map((type) => [type.name, type])),
    values: new Map((contents.values ?? []).map((value) => [value.name, value])),
    macros: new Set(contents.macros),
    repeats: [],
  };
  return [name, definition];
}

const INTERNET: readonly ValueDefinition[] = [
  node('ccitt', undefined, 0),
  node('iso', undefined, 1),
  node('joint-iso-ccitt', undefined, 2),
  node('org', 'iso', 3),
  node('dod', 'org', 6),
  node('internet', 'dod', 1),
  node('directory', 'internet', 1),
  node('mgmt', 'internet', 2),
  node('experimental', 'internet', 3),
  node('private', 'internet', 4),
  node('enterprises', 'private', 1),
];

const STRING = 'OCTET STRING';
const DISPLAY_STRING = convention('DisplayString', STRING, { size: [[0, 255]], hint: '255a' });
const PHYS_ADDRESS = convention('PhysAddress', STRING, { hint: '1x:' });

const SNMPV2_SMI = builtIn('SNMPv2-SMI', {
  macros: ['MODULE-IDENTITY', 'OBJECT-IDENTITY', 'OBJECT-TYPE', 'NOTIFICATION-TYPE'],
  types: [
    base('Integer32', 'Integer32', 'INTEGER'),
    base('IpAddress', 'IpAddress', STRING),
    base('Counter32', 'Counter32', 'INTEGER'),
    base('Gauge32', 'Gauge32', 'INTEGER'),
    base('Unsigned32', 'Unsigned32', 'INTEGER'),
    base('TimeTicks', 'TimeTicks', 'INTEGER'),
    base('Opaque', 'Opaque', STRING),
    base('Counter64', 'Counter64', 'INTEGER'),
    // Of RFC 1442, the first draft of SMIv2; still imported by modules of its time.
    base('UInteger32', 'Unsigned32', 'INTEGER'),
    convention('NsapAddress', STRING, {
      size: [
        [1, 1],
        [4, 21],
      ],
    }),
    // ExtUTCTime, ObjectName and NotificationName are written by no object, but are exported.
    convention('ExtUTCTime', STRING, {
      size: [
        [11, 11],
        [13, 13],
      ],
    }),
    convention('ObjectName', 'OBJECT IDENTIFIER'),
    convention('NotificationName', 'OBJECT IDENTIFIER'),
  ],
  values: [
    ...INTERNET,
    node('mib-2', 'mgmt', 1),
    node('transmission', 'mib-2', 10),
    node('security', 'internet', 5),
    node('snmpV2', 'internet', 6),
    node('snmpDomains', 'snmpV2', 1),
    node('snmpProxys', 'snmpV2', 2),
    node('snmpModules', 'snmpV2', 3),
    node('zeroDotZero', undefined, 0, 0),
  ],
});

const SNMPV2_TC = builtIn('SNMPv2-TC', {
  macros: ['TEXTUAL-CONVENTION'],
  imports: { 'SNMPv2-SMI': ['TimeTicks'] },
  types: [
    DISPLAY_STRING,
    PHYS_ADDRESS,
    convention('MacAddress', STRING, { size: [[6, 6]], hint: '1x:' }),
    convention('TruthValue', 'INTEGER', { labels: ['true', 'false'] }),
    convention('TestAndIncr', 'INTEGER', { range: [0, 2_147_483_647] }),
    convention('AutonomousType', 'OBJECT IDENTIFIER'),
    convention('InstancePointer', 'OBJECT IDENTIFIER', { status: 'obsolete' }),
    convention('VariablePointer', 'OBJECT IDENTIFIER'),
    convention('RowPointer', 'OBJECT IDENTIFIER'),
    convention('RowStatus', 'INTEGER', {
      labels: ['active', 'notInService', 'notReady', 'createAndGo', 'createAndWait', 'destroy'],
    }),
    convention('TimeStamp', 'TimeTicks'),
    convention('TimeInterval', 'INTEGER', { range: [0, 2_147_483_647] }),
    convention('DateAndTime', STRING, {
      size: [
        [8, 8],
        [11, 11],
      ],
      hint: '2d-1d-1d,1d:1d:1d.1d,1a1d:1d',
    }),
    convention('StorageType', 'INTEGER', {
      labels: ['other', 'volatile', 'nonVolatile', 'permanent', 'readOnly'],
    }),
    convention('TDomain', 'OBJECT IDENTIFIER'),
    convention('TAddress', STRING, { size: [[1, 255]] }),
  ],
});

const SNMPV2_CONF = builtIn('SNMPv2-CONF', {
  macros: ['OBJECT-GROUP', 'NOTIFICATION-GROUP', 'MODULE-COMPLIANCE', 'AGENT-CAPABILITIES'],
});

const RFC1155_SMI = builtIn('RFC1155-SMI', {
  language: 'SMIv1',
  macros: ['OBJECT-TYPE'],
  types: [
    base('Counter', 'Counter32', 'INTEGER'),
    base('Gauge', 'Gauge32', 'INTEGER'),
    base('TimeTicks', 'TimeTicks', 'INTEGER'),
    base('IpAddress', 'IpAddress', STRING),
    base('Opaque', 'Opaque', STRING),
    // The only arm of its CHOICE. Kept as a convention: in an INDEX it is encoded differently.
    { ...convention('NetworkAddress', 'IpAddress'), isTextualConvention: false },
    convention('ObjectName', 'OBJECT IDENTIFIER'),
  ],
  values: INTERNET,
});

const RFC_1212 = builtIn('RFC-1212', { language: 'SMIv1', macros: ['OBJECT-TYPE'] });
const RFC_1215 = builtIn('RFC-1215', { language: 'SMIv1', macros: ['TRAP-TYPE'] });

/** These stand for any text of the same name. */
export const BASE_MODULES: ReadonlyMap<string, ModuleDefinition> = new Map([
  SNMPV2_SMI,
  SNMPV2_TC,
  SNMPV2_CONF,
  RFC1155_SMI,
  RFC_1212,
  RFC_1215,
]);

/** These stand in where no text of the name is found: enough of them to import from. */
export const FALLBACK_MODULES: ReadonlyMap<string, ModuleDefinition> = new Map([
  builtIn('RFC1213-MIB', {
    language: 'SMIv1',
    imports: { 'RFC1155-SMI': ['mgmt'] },
    types: [DISPLAY_STRING, PHYS_ADDRESS],
    values: [
      node('mib-2', 'mgmt', 1),
      node('system', 'mib-2', 1),
      node('interfaces', 'mib-2', 2),
      node('at', 'mib-2', 3),
      node('ip', 'mib-2', 4),
      node('icmp', 'mib-2', 5),
      node('tcp', 'mib-2', 6),
      node('udp', 'mib-2', 7),
      node('egp', 'mib-2', 8),
      node('transmission', 'mib-2', 10),
      node('snmp', 'mib-2', 11),
    ],
  }),
]);
