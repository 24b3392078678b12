import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAgent, table, type Agent } from '../../src/index.js';
import {
  compileMibs,
  findShippedModule,
  formatName,
  formatValue,
  parseValue,
  resolveName,
  type Mib,
  type NameStyle,
  type ScalarObject,
} from '../../src/mib/index.js';
import { equalValues, formatOid, parseOid, type SnmpValue } from '../../src/smi/index.js';
import { run } from './agent-process.js';

const folder = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const FOLDERS = ['test/fixtures/mib-text', 'node_modules/net-snmp/lib/mibs', 'src/mib/modules']
  .map(folder)
  .join(':');
const THEIR_MODULES = ['-M', FOLDERS, '-m', 'NAMING-MIB:IF-MIB:SNMPv2-MIB'];

const shipped = ['IF-MIB', 'SNMPv2-MIB'].flatMap((name) => findShippedModule(name) ?? []);
const text = readFileSync(folder('test/fixtures/mib-text/NAMING-MIB.mib'), 'utf8');
const { mib }: { mib: Mib } = compileMibs([{ path: 'NAMING-MIB.mib', text }, ...shipped], {
  resolveImport: findShippedModule,
});

const VOLTS = '.1.3.6.1.4.1.32473.77.1.1.4';
const OTHER = '.1.3.6.1.4.1.32473.77.2.1.4';
const INET = '.1.3.6.1.4.1.32473.77.3.1.3';

async function translate(name: string, option: string): Promise<string> {
  return (await run('snmptranslate', [...THEIR_MODULES, option, name])).output.trim();
}

const STYLES: readonly [NameStyle, string][] = [
  ['module', '-OS'],
  ['short', '-Os'],
  ['full', '-Of'],
  ['numeric', '-On'],
];

describe('names as snmptranslate has them', () => {
  const oids = [
    '.1.3.6.1.2.1.2.2.1.2.2',
    '.1.3.6.1.2.1.2.2.1.2',
    '.1.3.6.1.2.1.1.1.0',
    '.1.3.6.1.4.1.9.9.1',
    '.0.0',
    `${VOLTS}.1.2.97.98.99.100`,
    `${VOLTS}.3.2.97.98.99.100`,
    `${VOLTS}.1.0.99`,
    `${VOLTS}.1`,
    `${OTHER}.97.98.99.100.101.102.10.0.0.1.3.1.3.6`,
    `${INET}.1.4.192.0.2.1`,
    `${INET}.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1`,
    `${INET}.16.3.97.46.98`,
  ];
  for (const oid of oids) {
    it(oid, async () => {
      for (const [style, option] of STYLES) {
        // Octets by their DISPLAY-HINT, where net-snmp prints the same octets as text.
        const hasHintedOctets = oid.startsWith(`${OTHER}.`) && style !== 'numeric';
        const ours = formatName(mib, parseOid(oid), style);
        const theirs = await translate(oid, option);
        expect(hasHintedOctets ? ours.replace("'61:62:63:64:65:66'", "'abcdef'") : ours).toBe(
          theirs,
        );
      }
    });
  }

  it('extended, of numbers and labels', async () => {
    for (const oid of ['.1.3.6.1.2.1.2.2.1.2.2', `${VOLTS}.2`, `${INET}.1.4.192.0.2.1`]) {
      expect(formatName(mib, parseOid(oid), 'extended')).toBe(await translate(oid, '-OX'));
    }
  });

  it('what octets net-snmp shows as dots, we show so that they can be read back', async () => {
    const oid = `${VOLTS}.1.2.97.98.1.255`;
    expect(await translate(oid, '-OS')).toBe(`NAMING-MIB::nmVolts.one."ab".'..'`);
    expect(formatName(mib, parseOid(oid))).toBe('NAMING-MIB::nmVolts.one."ab".1.255');
  });

  it('names written to both give one OID', async () => {
    for (const name of [
      'IF-MIB::ifDescr.2',
      'SNMPv2-MIB::sysDescr.0',
      '.iso.org.dod.internet.mgmt.mib-2.interfaces.ifTable',
      '.iso.org.dod.internet.mgmt.mib-2.interfaces.ifTable.ifEntry.ifDescr.2',
      'NAMING-MIB::nmVolts.one."ab".99.100',
      'NAMING-MIB::nmVolts.2.2.97.98.99.100',
      '1.3.6.1.2.1',
    ]) {
      expect(`.${formatOid(resolveName(mib, name).oid)}`).toBe(await translate(name, '-On'));
    }
  });

  it('what we write, they read', async () => {
    for (const oid of [`${VOLTS}.1`, '.1.3.6.1.2.1.2.2.1.2.2', `${INET}.16`]) {
      expect(await translate(formatName(mib, parseOid(oid)), '-On')).toBe(oid);
    }
  });
});

const octets = (...values: number[]): Uint8Array => Uint8Array.from(values);
const VALUES: Readonly<Record<string, SnmpValue>> = {
  nmState: { type: 'Integer32', value: 2 },
  nmFlags: { type: 'OctetString', value: octets(0xc0, 0x40) },
  nmText: { type: 'OctetString', value: Buffer.from('a text') },
  nmOctets: { type: 'OctetString', value: Buffer.from('plain') },
  nmDate: { type: 'OctetString', value: octets(7, 0xe4, 1, 2, 3, 4, 5, 6, 0x2b, 1, 30) },
  nmHex: { type: 'Gauge32', value: 255 },
  nmTicks: { type: 'TimeTicks', value: 9_378_405 },
  nmOid: { type: 'ObjectIdentifier', value: parseOid('1.3.6.1.2.1.2.2.1.2.2') },
  nmHost: { type: 'IpAddress', value: octets(10, 0, 0, 1) },
  nmCount: { type: 'Counter64', value: 18_446_744_073_709_551_615n },
  nmOpaque: { type: 'Opaque', value: octets(0x9f, 0x78, 4, 0x3f, 0xc0, 0, 0) },
  nmShort: { type: 'Integer32', value: 7 },
};
const MAC = octets(0, 0x1a, 2, 3, 4, 5);

describe('values as snmpget prints them', () => {
  let agent: Agent;
  let address: string;
  const object = (name: string): ScalarObject => mib.find(`NAMING-MIB::${name}`) as ScalarObject;

  beforeAll(async () => {
    agent = await startAgent({
      listen: 'udp://127.0.0.1:0',
      access: { communities: { public: 'write' } },
    });
    const plain = (value: SnmpValue): unknown => ('value' in value ? value.value : undefined);
    await agent.loadText(
      { path: 'NAMING-MIB.mib', text },
      {
        ...Object.fromEntries(
          Object.entries(VALUES).map(([name, value]) => [
            name,
            { get: () => plain(value) as never },
          ]),
        ),
        nmTable: table.computed({
          rows: () => [{ nmKind: 'one', nmName: 'ab', nmTail: 'cd', nmVolts: -150, nmMac: MAC }],
        }),
      },
    );
    address = (agent.addresses[0] as string).replace('udp://', '');
  });
  afterAll(async () => {
    await agent.stop();
  });

  const get = async (option: string, instance: string): Promise<string> =>
    (
      await run('snmpget', [
        '-v2c',
        '-cpublic',
        '-t5',
        '-r0',
        ...THEIR_MODULES,
        option,
        address,
        instance,
      ])
    ).output.trim();

  for (const [name, value] of Object.entries(VALUES)) {
    it(name, async () => {
      const [, theirs] = (await get('-OS', `NAMING-MIB::${name}.0`)).split(' = ');
      expect(formatValue(value, { object: object(name), mib })).toBe(theirs?.trim());
    });
  }

  it('columns', async () => {
    const values: Readonly<Record<string, SnmpValue>> = {
      nmVolts: { type: 'Integer32', value: -150 },
      nmMac: { type: 'OctetString', value: MAC },
    };
    for (const [name, value] of Object.entries(values)) {
      const instance = `NAMING-MIB::${name}.one."ab".'cd'`;
      const { oid } = resolveName(mib, instance);
      const theirs = await get('-OS', `.${formatOid(oid)}`);
      expect(`${instance} = ${formatValue(value, { object: object(name), mib })}`).toBe(theirs);
    }
  });

  it('a value of none, and quick ones read back', async () => {
    expect(await get('-Ov', 'SNMPv2-MIB::sysDescr.7')).toBe(
      formatValue({ type: 'noSuchInstance' }),
    );
    for (const [name, value] of Object.entries(VALUES)) {
      // What -Oqv prints of these is more than the value.
      if (['nmOpaque', 'nmTicks', 'nmCount', 'nmFlags', 'nmOctets'].includes(name)) continue;
      const theirs = await get('-OqvU', `NAMING-MIB::${name}.0`);
      expect(equalValues(parseValue(object(name), theirs, mib), value), theirs).toBe(true);
    }
  });
});
