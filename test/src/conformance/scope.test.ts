import { describe, expect, it } from 'vitest';
import { scopeOf, type Scope } from '../../../src/conformance/survey/scope.js';
import { compileMibs } from '../../../src/mib/index.js';
import { parseOid, type Oid } from '../../../src/smi/index.js';

const { mib } = compileMibs([]);
const allowed = (scope: Scope, ...names: readonly Oid[]): boolean[] =>
  names.map((name) => scope.allows(name));
const VACM = '1.3.6.1.6.3.16';
const GROUP = parseOid(`${VACM}.1.2.1.3.2.1.97`);
const COMMUNITY = parseOid('1.3.6.1.6.3.18.1.1.1.2.97');
const SYS_CONTACT = parseOid('1.3.6.1.2.1.1.4.0');

describe('what a run may write', () => {
  it('is not who may do what, unless that is named', () => {
    const everything = scopeOf(mib, {}, 'all');
    expect(allowed(everything, SYS_CONTACT, GROUP, COMMUNITY)).toEqual([true, false, false]);
    const wide = scopeOf(mib, { writable: ['1.3.6.1', 'snmpV2'] }, 'none');
    expect(allowed(wide, SYS_CONTACT, GROUP, COMMUNITY)).toEqual([true, false, false]);
    const named = scopeOf(mib, { writable: ['1.3.6.1', VACM] }, 'none');
    expect(allowed(named, SYS_CONTACT, GROUP, COMMUNITY)).toEqual([true, true, false]);
    const part = scopeOf(mib, { writable: [`${VACM}.1.2`], exclude: [`${VACM}.1.2.1.3`] }, 'none');
    expect(allowed(part, SYS_CONTACT, GROUP)).toEqual([false, false]);
  });
});
