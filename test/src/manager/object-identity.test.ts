import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { cellsOf, community, type Reference, type Target } from '../../../src/manager/index.js';
import {
  compileMibs,
  definitionOf,
  findShippedModule,
  type Mib,
  type MibDefinition,
} from '../../../src/mib/index.js';
import { formatOid, type SnmpValue, type VarBind } from '../../../src/smi/index.js';
import { agentOf } from './fake-agent.js';
import { FakeNetwork, responseTo } from './fake-network.js';

const target: Target = { host: '192.0.2.10', auth: community('public'), timeoutMs: 100 };
const NAMING = '1.3.6.1.4.1.32473.77';

let mib: Mib;
let definition: MibDefinition;
beforeAll(() => {
  const text = readFileSync('test/fixtures/mib-text/NAMING-MIB.mib', 'utf8');
  const system = findShippedModule('SNMPv2-MIB');
  const sources = [{ path: 'NAMING-MIB.mib', text }, ...(system === undefined ? [] : [system])];
  ({ mib } = compileMibs(sources, { resolveImport: findShippedModule }));
  const module = mib.modules.get('NAMING-MIB');
  if (module === undefined) throw new Error('no NAMING-MIB');
  definition = definitionOf(mib, module);
});

/** What is sent for a name, and how that is printed. */
async function asked(reference: Reference): Promise<readonly [oid: string, label: string]> {
  const network = new FakeNetwork();
  network.agent = ({ message }) => responseTo(message);
  const { varBinds } = await network.manager({ mibs: mib }).get(target, [reference], {
    lookupMib: true,
  });
  const [only] = varBinds;
  return [formatOid(only?.name ?? []), only?.label ?? ''];
}

describe('an object in every form that ObjectIdentity has', () => {
  const SYS_DESCR = ['1.3.6.1.2.1.1.1.0', 'SNMPv2-MIB::sysDescr.0'] as const;

  test('dotted, as numbers, by labels from the root, by name, by module, name and index', async () => {
    const forms: readonly Reference[] = [
      '1.3.6.1.2.1.1.1.0',
      '.1.3.6.1.2.1.1.1.0',
      [1, 3, 6, 1, 2, 1, 1, 1, 0],
      'iso.org.dod.internet.mgmt.mib-2.system.sysDescr.0',
      '.iso.org.dod.internet.mgmt.mib-2.system.sysDescr.0',
      '1.3.6.1.2.mib-2.1.sysDescr.0',
      'sysDescr.0',
      'SNMPv2-MIB::sysDescr.0',
      ['SNMPv2-MIB', 'sysDescr', 0],
      ['SNMPv2-MIB', 'sysDescr', '0'],
      ['', 'sysDescr', 0],
    ];
    for (const form of forms) expect([form, ...(await asked(form))]).toEqual([form, ...SYS_DESCR]);
  });

  test('with INDEX values of every kind: by value, and as names have them', async () => {
    const inet = (type: number, ...octets: number[]): string =>
      `${NAMING}.3.1.3.${[type, octets.length, ...octets].join('.')}`;
    const cases: readonly [string, string, readonly Reference[]][] = [
      [
        `${NAMING}.1.1.4.1.2.97.98.99.100`,
        `NAMING-MIB::nmVolts.one."ab".'cd'`,
        [
          ['NAMING-MIB', 'nmVolts', 'one', 'ab', 'cd'],
          ['NAMING-MIB', 'nmVolts', 1, Buffer.from('ab'), 'cd'],
          `NAMING-MIB::nmVolts.one."ab".'cd'`,
          'nmVolts[1]["ab"]["cd"]',
          'nmVolts.1.2.97.98.99.100',
        ],
      ],
      [
        `${NAMING}.2.1.4.2.252.0.0.0.1.10.0.0.1.3.1.3.6`,
        `NAMING-MIB::nmOtherValue.'2:fc:0:0:0:1'.10.0.0.1.3.1.3.6`,
        [
          ['NAMING-MIB', 'nmOtherValue', '02:fc:00:00:00:01', '10.0.0.1', [1, 3, 6]],
          ['NAMING-MIB', 'nmOtherValue', Uint8Array.of(2, 252, 0, 0, 0, 1), '10.0.0.1', '1.3.6'],
          `NAMING-MIB::nmOtherValue.'2:fc:0:0:0:1'.10.0.0.1.3.1.3.6`,
        ],
      ],
      [
        inet(1, 192, 0, 2, 1),
        'NAMING-MIB::nmInetValue.ipv4."192.0.2.1"',
        [
          ['NAMING-MIB', 'nmInetValue', 'ipv4', Uint8Array.of(192, 0, 2, 1)],
          ['NAMING-MIB', 'nmInetValue', 'ipv4', '192.0.2.1'],
          'NAMING-MIB::nmInetValue.ipv4."192.0.2.1"',
          'nmInetValue.1.4.192.0.2.1',
        ],
      ],
      [
        inet(2, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
        'NAMING-MIB::nmInetValue.ipv6."20:01:0d:b8:00:00:00:00:00:00:00:00:00:00:00:01"',
        ['nmInetValue.ipv6."2001:db8::1"', ['', 'nmInetValue', 'ipv6', '2001:db8::1']],
      ],
    ];
    for (const [oid, label, forms] of cases) {
      for (const form of forms) {
        expect([form, ...(await asked(form))]).toEqual([form, oid, label]);
      }
    }
  });

  test('what it drops silently is refused here: an index too many, values that are none', async () => {
    for (const [reference, reason] of [
      [['SNMPv2-MIB', 'sysORDescr', 1, 2], 'the index is sysORIndex'],
      [['NAMING-MIB', 'nmVolts', 'three'], 'nmKind: expected one of one, two'],
      [['NAMING-MIB', 'nmVolts', 1, 'ab', ''], 'nmTail: the value names no row'],
      [['NAMING-MIB', 'nmInetValue', 'ipv4', 'edge-1'], 'is no address of its InetAddressType'],
      [['NAMING-MIB', 'nmOtherValue', '1:2'], 'nmAddress: expected'],
      [[1, 3, 6, 'mib-2'] as unknown as Reference, 'expected an OID'],
      ['SNMPv2-MIB', 'no module here defines SNMPv2-MIB'],
    ] as const) {
      await expect(asked(reference)).rejects.toThrow(reason);
    }
  });

  test('a request without variables is sent as it is', async () => {
    const network = new FakeNetwork();
    network.agent = ({ message }) => responseTo(message);
    const result = await network.manager().set(target, []);
    expect([result.kind, result.varBinds]).toEqual(['ok', []]);
  });
});

describe('rows with large indexes', () => {
  const integer = (value: number): SnmpValue => ({ type: 'Integer32', value });
  const at = (oid: string, value: SnmpValue): VarBind => ({
    name: oid.split('.').map(Number),
    value,
  });
  const ROWS = {
    nmTable: { nmKind: 'two', nmName: 'a name', nmTail: 'without its length' },
    nmOther: {
      nmAddress: Buffer.from([2, 252, 0, 0, 0, 1]),
      nmIp: '10.0.0.1',
      nmPointer: [1, 3, 6, 1],
    },
    nmInetTable: { nmInetType: 'ipv4', nmInet: Buffer.from([192, 0, 2, 1]) },
  };
  const COLUMNS = { nmTable: 'nmVolts', nmOther: 'nmOtherValue', nmInetTable: 'nmInetValue' };

  test('come back as the index they were named by', async () => {
    for (const [table, index] of Object.entries(ROWS)) {
      const column = COLUMNS[table as keyof typeof COLUMNS];
      const [cell] = cellsOf(definition, table, index, { [column]: 5 });
      if (cell === undefined) throw new Error('no cell');
      const network = new FakeNetwork();
      network.agent = agentOf([cell]);
      const rows: unknown[] = [];
      for await (const row of network.manager().table(target, definition, table)) rows.push(row);
      expect(rows.map((row) => ({ ...(row as object) }))).toEqual([
        {
          ...Object.fromEntries(
            Object.entries(index).map(([name, value]) => [
              name,
              value instanceof Uint8Array ? Uint8Array.from(value) : value,
            ]),
          ),
          [column]: 5,
        },
      ]);
    }
  });

  test('that INDEX does not allow are left out, and told', async () => {
    const network = new FakeNetwork();
    network.agent = agentOf([
      at(`${NAMING}.1.1.4.1.9.97.98`, integer(1)),
      at(`${NAMING}.1.1.4.3.1.97.98`, integer(1)),
    ]);
    const manager = network.manager();
    let told = 0;
    manager.on('value:unfit', ({ object, fault }) => {
      expect([object, fault]).toEqual(['nmTable', 'wrongIndex']);
      told += 1;
    });
    for await (const row of manager.table(target, definition, 'nmTable')) expect(row).toBe(null);
    expect(told).toBe(2);
  });
});
