import { describe, expect, it } from 'vitest';
import { scopeOf } from '../../../src/conformance/survey/scope.js';
import { compileMibs } from '../../../src/mib/index.js';
import { parseOid } from '../../../src/smi/index.js';

const { mib } = compileMibs([]);
const VACM = '1.3.6.1.6.3.16';
const GROUP = parseOid(`${VACM}.1.2.1.3.2.1.97`);
const COMMUNITY = parseOid('1.3.6.1.6.3.18.1.1.1.2.97');
const SYS_CONTACT = parseOid('1.3.6.1.2.1.1.4.0');

describe('what a run may write', () => {
  it('is not who may do what, unless that is named', () => {
    const everything = scopeOf(mib, {}, 'all');
    expect([SYS_CONTACT, GROUP, COMMUNITY].map(everything.allows)).toEqual([true, false, false]);
    const wide = scopeOf(mib, { writable: ['1.3.6.1', 'snmpV2'] }, 'none');
    expect([SYS_CONTACT, GROUP, COMMUNITY].map(wide.allows)).toEqual([true, false, false]);
    const named = scopeOf(mib, { writable: ['1.3.6.1', VACM] }, 'none');
    expect([SYS_CONTACT, GROUP, COMMUNITY].map(named.allows)).toEqual([true, true, false]);
    const part = scopeOf(mib, { writable: [`${VACM}.1.2`], exclude: [`${VACM}.1.2.1.3`] }, 'none');
    expect([SYS_CONTACT, GROUP].map(part.allows)).toEqual([false, false]);
  });
});
