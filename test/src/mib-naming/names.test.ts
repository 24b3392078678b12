import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeInstance, formatName, resolveName, type NameStyle } from '../../../src/mib/index.js';
import { formatOid, parseOid } from '../../../src/smi/index.js';
import { anyOid, runs } from '../../support/arbitraries.js';
import { codeOf, NAMING, WITH_TWIN } from './naming-mib.js';

const oidOf = (name: string): string => formatOid(resolveName(NAMING, name).oid);
const nameOf = (oid: string, style?: NameStyle): string => formatName(NAMING, parseOid(oid), style);

const VOLTS = '1.3.6.1.4.1.32473.77.1.1.4';
const OTHER = '1.3.6.1.4.1.32473.77.2.1.4';
const INET = '1.3.6.1.4.1.32473.77.3.1.3';

describe('a name to its OID', () => {
  const cases: [name: string, oid: string][] = [
    ['IF-MIB::ifDescr.2', '1.3.6.1.2.1.2.2.1.2.2'],
    ['ifDescr', '1.3.6.1.2.1.2.2.1.2'],
    ['ifDescr.1.2.3', '1.3.6.1.2.1.2.2.1.2.1.2.3'],
    ['SNMPv2-MIB::sysDescr.0', '1.3.6.1.2.1.1.1.0'],
    ['1.3.6.1.2.1', '1.3.6.1.2.1'],
    ['.1.3.6.1.2.1.2.2.1.2.2', '1.3.6.1.2.1.2.2.1.2.2'],
    ['.iso.org.dod.internet.mgmt.mib-2.interfaces.ifTable', '1.3.6.1.2.1.2.2'],
    ['interfaces.ifTable.ifEntry.ifDescr.2', '1.3.6.1.2.1.2.2.1.2.2'],
    ['interfaces.2.1.ifDescr.2', '1.3.6.1.2.1.2.2.1.2.2'],
    ['ifEntry.2.7', '1.3.6.1.2.1.2.2.1.2.7'],
    ['enterprises.9.9.1', '1.3.6.1.4.1.9.9.1'],
    // Without an INDEX, the quotes say whether the length is there.
    ['enterprises."ab"', '1.3.6.1.4.1.2.97.98'],
    ["enterprises.'ab'", '1.3.6.1.4.1.97.98'],
    // RFC 2578 7.7: a string has its length before it, unless IMPLIED stands before it.
    [`nmVolts.one."ab"."cd"`, `${VOLTS}.1.2.97.98.99.100`],
    [`nmVolts.one."ab".'cd'`, `${VOLTS}.1.2.97.98.99.100`],
    ['nmVolts[one]["ab"]["cd"]', `${VOLTS}.1.2.97.98.99.100`],
    ['nmVolts.two(2)."".x'.replace('.x', `.'x'`), `${VOLTS}.2.0.120`],
    ['nmVolts.2.2.97.98."cd"', `${VOLTS}.2.2.97.98.99.100`],
    ['nmVolts.one', `${VOLTS}.1`],
    ['nmVolts.one."a.b[c]"', `${VOLTS}.1.6.97.46.98.91.99.93`],
    [String.raw`nmVolts.one."q\"u\\o"`, `${VOLTS}.1.5.113.34.117.92.111`],
    // Octets of a fixed size have no length; addresses and OIDs.
    [`nmOtherValue.'1:2:3:4:5:6'.10.0.0.1.3.1.3.6`, `${OTHER}.1.2.3.4.5.6.10.0.0.1.3.1.3.6`],
    ['nmOtherValue.1:2:3:4:5:6."10.0.0.1"', `${OTHER}.1.2.3.4.5.6.10.0.0.1`],
    [
      'nmOtherValue["1:2:3:4:5:6"][10.0.0.1][SNMPv2-SMI::dod]',
      `${OTHER}.1.2.3.4.5.6.10.0.0.1.3.1.3.6`,
    ],
    // RFC 4001: what kind of address it is stands before it.
    ['nmInetValue.ipv4."192.0.2.1"', `${INET}.1.4.192.0.2.1`],
    ['nmInetValue.ipv6."2001:db8::1"', `${INET}.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1`],
    ['nmInetValue.2."::ffff:1.2.3.4"', `${INET}.2.16.0.0.0.0.0.0.0.0.0.0.255.255.1.2.3.4`],
    ['nmInetValue.ipv4z."192.0.2.1%7"', `${INET}.3.8.192.0.2.1.0.0.0.7`],
    ['nmInetValue.dns."a.b"', `${INET}.16.3.97.46.98`],
  ];
  for (const [name, oid] of cases) {
    it(name, () => {
      expect(oidOf(name)).toBe(oid);
    });
  }

  it('keeps the node that was asked for, and says what follows it', () => {
    const { node, suffix } = resolveName(NAMING, 'IF-MIB::ifDescr.2');
    expect(node).toMatchObject({ module: 'IF-MIB', name: 'ifDescr' });
    expect(suffix).toEqual([2]);
    expect(resolveName(NAMING, '3.1')).toMatchObject({ node: undefined, suffix: [3, 1] });
  });

  it('errors name what is like it', () => {
    expect(codeOf(() => oidOf('ifDesc'))).toMatch(/^SNMP_NAME_UNKNOWN: .*did you mean ifDescr/);
    expect(codeOf(() => oidOf('IF-MIB::ifdescr'))).toMatch(/^SNMP_NAME_UNKNOWN.*ifDescr/);
    expect(codeOf(() => oidOf('IF-MIB::nmVolts'))).toMatch(
      /^SNMP_NAME_UNKNOWN: IF-MIB does not define nmVolts; it is defined as NAMING-MIB::nmVolts/,
    );
    expect(codeOf(() => oidOf('IFMIB::ifDescr'))).toMatch(/^SNMP_MIB_UNKNOWN.*did you mean IF-MIB/);
    expect(codeOf(() => oidOf('interfaces.sysDescr'))).toMatch(
      /^SNMP_NAME_UNKNOWN.*below IF-MIB::interfaces/,
    );
  });

  it('a name of several modules at several places is an error with all of them', () => {
    const message = codeOf(() => resolveName(WITH_TWIN, 'ifDescr.1'));
    expect(message).toMatch(/^SNMP_NAME_AMBIGUOUS/);
    expect(message).toContain('IF-MIB::ifDescr (.1.3.6.1.2.1.2.2.1.2)');
    expect(message).toContain('TWIN-MIB::ifDescr (.1.3.6.1.4.1.32473.78.2)');
    expect(formatOid(resolveName(WITH_TWIN, 'TWIN-MIB::ifDescr.0').oid)).toBe(
      '1.3.6.1.4.1.32473.78.2.0',
    );
    // A path tells which one is meant.
    expect(formatOid(resolveName(WITH_TWIN, 'interfaces.ifDescr').oid)).toBe('1.3.6.1.2.1.2.2.1.2');
  });

  it('an instance of a scalar that has a name is reached through the scalar', () => {
    const oid = parseOid('1.3.6.1.4.1.32473.78.1.0');
    const name = formatName(WITH_TWIN, oid, 'full');
    expect(name).toMatch(/\.twin\.nmShort\.twinInstance$/);
    expect(resolveName(WITH_TWIN, name).oid).toEqual(oid);
  });

  it('an index that the INDEX clause does not allow is an error', () => {
    for (const name of [
      'nmVolts.three',
      'nmVolts.one.ab',
      "nmVolts.one.\"ab\".'c'.'d'",
      'nmVolts.one."ab".\'\'',
      `nmVolts.one."${'x'.repeat(300)}"`,
      'nmOtherValue."1:2:3:4:5"',
      'nmOtherValue.\'abcdef\'."10.0.0.256"',
      'ifDescr."x"',
      'ifDescr.4294967296',
      'sysDescr."x"',
    ]) {
      expect(
        codeOf(() => oidOf(name)),
        name,
      ).toMatch(/^SNMP_NAME_INDEX/);
    }
    expect(codeOf(() => oidOf('nmVolts.three'))).toContain('nmKind: expected one of one, two');
  });

  it('what is no name is an error that says where', () => {
    for (const name of [
      '',
      '.',
      'ifDescr."x',
      'ifDescr..2',
      'ifDescr[2',
      'ifDescr]',
      'a b'.repeat(2000),
    ]) {
      expect(
        codeOf(() => oidOf(name)),
        name.slice(0, 20),
      ).toMatch(/^SNMP_NAME_SYNTAX/);
    }
    expect(codeOf(() => oidOf('ifDescr..2'))).toContain('column 9');
    expect(codeOf(() => oidOf(`1${'.1'.repeat(128)}`))).toMatch(/^SNMP_NAME_SYNTAX/);
  });
});

describe('an OID to its name', () => {
  it('in each style', () => {
    const oid = `${VOLTS}.2.2.97.98.99.100`;
    expect(nameOf(oid)).toBe(`NAMING-MIB::nmVolts.two."ab".'cd'`);
    expect(nameOf(oid, 'short')).toBe(`nmVolts.two."ab".'cd'`);
    expect(nameOf(oid, 'numeric')).toBe(`.${oid}`);
    expect(nameOf(oid, 'extended')).toBe(`NAMING-MIB::nmVolts[two]["ab"]['cd']`);
    expect(nameOf(oid, 'full')).toBe(
      `.iso.org.dod.internet.private.enterprises.32473.naming.nmTable.nmEntry.nmVolts.two."ab".'cd'`,
    );
    expect(nameOf('1.3.6.1.2.1.1.1.0')).toBe('SNMPv2-MIB::sysDescr.0');
    expect(nameOf('1.3.6.1.4.1.9.9.1')).toBe('SNMPv2-SMI::enterprises.9.9.1');
    expect(nameOf('3.1')).toBe('.3.1');
  });

  it('takes an index apart as far as it is one', () => {
    const { index, rest } = decodeInstance(NAMING, parseOid(`${INET}.1.4.192.0.2.1`));
    expect(index.map(({ item, text }) => [item.object, text])).toEqual([
      ['nmInetType', 'ipv4'],
      ['nmInet', '"192.0.2.1"'],
    ]);
    expect(rest).toEqual([]);
    expect(decodeInstance(NAMING, parseOid('1.3.6.1.2.1.2.2.1.2.2.9'))).toMatchObject({
      index: [{ text: '2' }],
      rest: [9],
    });
    expect(decodeInstance(NAMING, parseOid('1.3.6.1.2.1.1.1.0')).rest).toEqual([0]);
    // A string that says it is longer than the name.
    expect(decodeInstance(NAMING, parseOid(`${VOLTS}.1.9.97`)).rest).toEqual([9, 97]);
  });

  it('octets that cannot be typed are numbers', () => {
    expect(nameOf(`${VOLTS}.1.2.97.98.1.255`)).toBe('NAMING-MIB::nmVolts.one."ab".1.255');
    expect(nameOf(`${OTHER}.1.2.3.4.5.6`)).toBe(`NAMING-MIB::nmOtherValue.'1:2:3:4:5:6'`);
  });

  it('every name is read back to its OID, whatever stands in the index', () => {
    const arc = fc.oneof(
      fc.constantFrom(0, 1, 2, 3, 4, 6, 16, 34, 39, 92, 97, 98),
      fc.nat(300),
      fc.integer({ min: 0, max: 4_294_967_295 }),
    );
    const within = fc
      .tuple(
        fc.constantFrom(VOLTS, OTHER, INET, '1.3.6.1.2.1.2.2.1.2', '1.3.6.1.4.1.32473.77'),
        fc.array(arc, { maxLength: 24 }),
      )
      .map(([prefix, rest]) => [...parseOid(prefix), ...rest]);
    let quoted = 0;
    fc.assert(
      fc.property(
        fc.oneof({ weight: 4, arbitrary: within }, anyOid),
        fc.constantFrom<NameStyle>('module', 'short', 'full', 'numeric', 'extended'),
        (oid, style) => {
          const name = formatName(NAMING, oid, style);
          if (/["']/.test(name)) quoted += 1;
          expect(formatOid(resolveName(NAMING, name).oid)).toBe(formatOid(oid));
        },
      ),
      runs(1000),
    );
    expect(quoted).toBeGreaterThan(0);
  });

  it('every string is read back as part of an index', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 40 }),
        fc.stringMatching(/^[ -~]{1,20}$/),
        (name, tail) => {
          const index = [1, Buffer.byteLength(name), ...Buffer.from(name), ...Buffer.from(tail)];
          const oid = [...parseOid(VOLTS), ...index];
          expect(resolveName(NAMING, formatName(NAMING, oid)).oid).toEqual(oid);
        },
      ),
      runs(300),
    );
  });

  it('any text is a name or a named error', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^(ifDescr|nmVolts|nmInetValue)[.["'a-z0-9\]]*$/)),
        (text) => {
          try {
            resolveName(NAMING, text);
          } catch (error) {
            expect((error as { code?: string }).code).toMatch(/^SNMP_/);
          }
        },
      ),
      runs(500),
    );
  });
});
