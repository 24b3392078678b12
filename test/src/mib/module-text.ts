import { readFileSync } from 'node:fs';
import { compileMibs, type Compilation, type MibSource } from '../../../src/mib/index.js';

/** A small SMIv2 module around definitions; its root `top` is 1.3.6.1.4.1.32473. */
export function moduleText(definitions: string, imports = ''): string {
  return `TEST-MIB DEFINITIONS ::= BEGIN
IMPORTS MODULE-IDENTITY, OBJECT-TYPE, OBJECT-IDENTITY, NOTIFICATION-TYPE, Integer32, Unsigned32,
  Counter32, Counter64, Gauge32, TimeTicks, IpAddress, Opaque, enterprises, zeroDotZero FROM SNMPv2-SMI
  TEXTUAL-CONVENTION, DisplayString, TruthValue, MacAddress, RowStatus FROM SNMPv2-TC
  OBJECT-GROUP FROM SNMPv2-CONF${imports};
top OBJECT IDENTIFIER ::= { enterprises 32473 }
${definitions}
END
`;
}

/** An OBJECT-TYPE with the clauses that a case does not care about. */
export function objectText(name: string, syntax: string, arc: number, rest = ''): string {
  return `${name} OBJECT-TYPE SYNTAX ${syntax} MAX-ACCESS read-write STATUS current
  DESCRIPTION "x" ${rest} ::= { top ${arc} }\n`;
}

export function compileText(
  text: string,
  resolveImport?: (name: string) => MibSource | undefined,
): Compilation {
  return compileMibs([{ path: 'test.mib', text }], resolveImport ? { resolveImport } : {});
}

/** Codes of what is not mere information, in order. */
export function faults({ diagnostics }: Compilation): string[] {
  return diagnostics.filter(({ severity }) => severity !== 'info').map(({ code }) => code);
}

export function fixture(name: string): MibSource {
  const url = new URL(`../../fixtures/mib/${name}.mib`, import.meta.url);
  return { path: `${name}.mib`, text: readFileSync(url) };
}
