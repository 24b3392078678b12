import { describe, expect, it } from 'vitest';
import { findDefinitions, matchesGlob } from '../../../src/cli/mib/find-definitions.js';
import { ModuleFinder } from '../../../src/mib/index.js';
import { codeOf } from '../mib-naming/naming-mib.js';

const finder = new ModuleFinder({ cache: false });
const find = (sought: string, ...modules: readonly string[]): readonly string[] =>
  findDefinitions(sought, finder, modules, () => undefined).map(({ name }) => name);

describe('a definition, looked for in all modules', () => {
  it('by name, with or without its module, and as an instance', () => {
    expect(find('ifDescr')).toEqual(['IF-MIB::ifDescr']);
    expect(find('IF-MIB::ifDescr.2')).toEqual(['IF-MIB::ifDescr.2']);
    expect(find('ifDescr[2]')).toEqual(['IF-MIB::ifDescr.2']);
    expect(find('sysDescr.0', 'SNMPv2-MIB')).toEqual(['SNMPv2-MIB::sysDescr.0']);
    expect(find('.iso.org.dod.internet.mgmt.mib-2.interfaces.ifNumber')).toEqual([
      'IF-MIB::ifNumber',
    ]);
    expect(find('enterprises')).toEqual(['SNMPv2-SMI::enterprises']);
  });

  it('by OID: the longest part of it that is known', () => {
    expect(find('.1.3.6.1.2.1.2.2.1.2.7')).toEqual(['IF-MIB::ifDescr.7']);
    expect(find('1.3.6.1.4.1.32473.1')).toEqual(['SNMPv2-SMI::enterprises.32473.1']);
  });

  it('by pattern, in one module or in all', () => {
    expect(find('ifAdmin*')).toEqual(['IF-MIB::ifAdminStatus']);
    expect(find('IF-MIB::if?dmin*')).toEqual(['IF-MIB::ifAdminStatus']);
    expect(codeOf(() => find('nothing*'))).toMatch(/^SNMP_NAME_UNKNOWN/);
  });

  it('what is not there is an error with what is like it', () => {
    expect(codeOf(() => find('ifDesc'))).toMatch(/^SNMP_NAME_UNKNOWN.*did you mean ifDescr/);
    expect(codeOf(() => find('IF-MIB::sysDescr'))).toMatch(/^SNMP_NAME_UNKNOWN.*IF-MIB/);
    expect(codeOf(() => find('IFMIB::x'))).toMatch(/^SNMP_MIB_UNKNOWN/);
    expect(codeOf(() => find('"x"'))).toMatch(/^SNMP_NAME_SYNTAX/);
    expect(codeOf(() => find('1.2.99999999999'))).toMatch(/^SNMP_NAME_SYNTAX/);
  });
});

describe('a pattern', () => {
  it('matches whole names', () => {
    const matches: [glob: string, name: string, isMatch: boolean][] = [
      ['*', '', true],
      ['*', 'x', true],
      ['a*c', 'abc', true],
      ['a*c', 'abcd', false],
      ['a*b*c', 'axbxbxc', true],
      ['?b', 'ab', true],
      ['?', '', false],
      ['a', 'b', false],
      [`${'*a'.repeat(30)}b`, 'a'.repeat(60), false],
    ];
    for (const [glob, name, isMatch] of matches) {
      expect(matchesGlob(glob, name), `${glob} ${name}`).toBe(isMatch);
    }
  });
});
