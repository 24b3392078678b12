import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { showStyle, showVarBind } from '../../../src/cli/ask/show-var-bind.js';
import { ReceivedVarBind } from '../../../src/manager/index.js';
import { compileMibs, findShippedModule, resolveName, type Mib } from '../../../src/mib/index.js';
import type { SnmpValue } from '../../../src/smi/index.js';

let mib: Mib;
beforeAll(() => {
  const text = readFileSync('test/fixtures/mib-text/NAMING-MIB.mib', 'utf8');
  ({ mib } = compileMibs([{ path: 'NAMING-MIB.mib', text }], { resolveImport: findShippedModule }));
});

function shown(letters: string, name: string, value: SnmpValue): string {
  const varBind = new ReceivedVarBind({ name: resolveName(mib, name).oid, value }, mib);
  return showVarBind(varBind, mib, showStyle([letters]));
}
const octets = (...values: number[]): SnmpValue => ({
  type: 'OctetString',
  value: Uint8Array.from(values),
});

it('octets are shown as snmpget shows them, by the letters of -O', () => {
  const rows: readonly (readonly [string, string, SnmpValue, string])[] = [
    ['v', 'nmOctets.0', octets(0x61, 0x62), 'STRING: "ab"'],
    ['vx', 'nmOctets.0', octets(0x61, 0x62), 'Hex-STRING: 61 62'],
    ['vqx', 'nmOctets.0', octets(0x61, 0x62), '"61 62 "'],
    ['va', 'nmOctets.0', octets(0x61, 0x01, 0x22), String.raw`STRING: "a.\""`],
    ['v', 'nmOctets.0', octets(), '""'],
    ['vx', 'nmOctets.0', octets(), '""'],
    ['v', 'nmText.0', octets(), 'STRING: '],
    ['vq', 'nmText.0', octets(), ''],
    ['vx', 'nmText.0', octets(0x61), 'STRING: a'],
    ['v', 'nmFlags.0', octets(0x80, 0x40), 'BITS: 80 40 red(0) blue(9)'],
    ['vq', 'nmFlags.0', octets(0x80, 0x40), '"80 40 "'],
    ['v', 'nmFlags.0', octets(), 'BITS:'],
    ['vx', 'nmFlags.0', octets(0x80), 'BITS: 80 red(0)'],
  ];
  for (const [letters, name, value, text] of rows) {
    expect([letters, name, shown(letters, name, value)]).toEqual([letters, name, text]);
  }
});

it('an index is shown by value, in brackets, or as it stands in the OID', () => {
  const name = `NAMING-MIB::nmInetValue.ipv4."192.0.2.1"`;
  const one: SnmpValue = { type: 'Integer32', value: 1 };
  expect(shown('q', name, one)).toBe(`${name} 1`);
  expect(shown('qb', name, one)).toBe('NAMING-MIB::nmInetValue.1.4.192.0.2.1 1');
  expect(shown('qsX', name, one)).toBe('NAMING-MIB::nmInetValue[ipv4]["192.0.2.1"] 1');
  expect(() => showStyle(['z'])).toThrow('-O knows no z');
});
