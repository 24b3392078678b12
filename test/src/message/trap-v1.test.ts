import { describe, expect, it } from 'vitest';
import { toTrapV1, trapOid } from '../../../src/message/index.js';
import { formatOid, parseOid, type VarBind } from '../../../src/smi/index.js';

const ADDRESS = Uint8Array.of(192, 0, 2, 1);
const STANDARD = '1.3.6.1.6.3.1.1.5';

function kindOf(oid: string, varBinds: readonly VarBind[] = []): string {
  const trap = toTrapV1({ oid: parseOid(oid), varBinds }, 123, ADDRESS);
  if (trap === undefined) return 'not sent';
  return `${formatOid(trap.enterprise)} ${trap.genericTrap}/${trap.specificTrap}`;
}

describe('a notification as an SNMPv1 trap', () => {
  it('of the standard ones: generic 0..5 [COX-009, COX-013]', () => {
    for (let generic = 0; generic < 6; generic++) {
      expect(kindOf(`${STANDARD}.${generic + 1}`)).toBe(`${STANDARD} ${generic}/0`);
    }
  });

  it('takes the enterprise from snmpTrapEnterprise.0 [COX-010]', () => {
    const enterprise: VarBind = {
      name: parseOid('1.3.6.1.6.3.1.1.4.3.0'),
      value: { type: 'ObjectIdentifier', value: parseOid('1.3.6.1.4.1.32473.9') },
    };
    expect(kindOf(`${STANDARD}.3`, [enterprise])).toBe('1.3.6.1.4.1.32473.9 2/0');
  });

  it.each([
    ['ends in 0.N', '1.3.6.1.4.1.32473.0.17', '1.3.6.1.4.1.32473 6/17', 'COX-011'],
    ['ends in M.N', '1.3.6.1.4.1.32473.5.17', '1.3.6.1.4.1.32473.5 6/17', 'COX-012'],
    ['lies below the standard ones', `${STANDARD}.7`, `${STANDARD} 6/7`, 'COX-012'],
    ['lies below one of them', `${STANDARD}.3.1`, `${STANDARD}.3 6/1`, 'COX-012'],
  ])('of one that %s: enterprise and specific [COX-011, COX-012]', (_how, oid, expected) => {
    expect(kindOf(oid)).toBe(expected);
  });

  it('has time and address of the agent, and the varbinds in order [COX-014, COX-016]', () => {
    const varBinds = [2, 1, 3].map((arc): VarBind => ({
      name: [1, 3, arc],
      value: { type: 'Integer32', value: arc },
    }));
    const trap = toTrapV1({ oid: parseOid(`${STANDARD}.1`), varBinds }, 123, ADDRESS);
    expect(trap).toMatchObject({ timestampCentiseconds: 123, agentAddress: ADDRESS, varBinds });
  });

  it('is none where a Counter64 is in it [COX-017]', () => {
    const counter: VarBind = { name: [1, 3, 1], value: { type: 'Counter64', value: 1n } };
    expect(kindOf(`${STANDARD}.1`, [counter])).toBe('not sent');
  });
});

it('a trap of SNMPv1 as SNMPv2 calls it: there and back [COX-009]', () => {
  for (let generic = 0; generic < 6; generic++) {
    const kind = {
      enterprise: parseOid('1.3.6.1.4.1.8072'),
      genericTrap: generic,
      specificTrap: 0,
    };
    expect(formatOid(trapOid(kind))).toBe(`${STANDARD}.${generic + 1}`);
  }
  const kind = { enterprise: parseOid('1.3.6.1.4.1.8072'), genericTrap: 6, specificTrap: 17 };
  expect(formatOid(trapOid(kind))).toBe('1.3.6.1.4.1.8072.0.17');
  expect(kindOf(formatOid(trapOid(kind)))).toBe('1.3.6.1.4.1.8072 6/17');
});
