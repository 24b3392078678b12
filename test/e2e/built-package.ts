/**
 * The package as its users get it: built, and imported by its own name. Typed by its source, so
 * that checking types needs no build.
 */
const named = (entry: string): string => `trellis-snmp${entry}`;

export const agentPackage = (await import(named(''))) as typeof import('../../src/index.js');
export const supervisorsPackage = (await import(
  named('/supervisors')
)) as typeof import('../../supervisors/index.js');
export const mibPackage = (await import(named('/mib'))) as typeof import('../../src/mib/index.js');
export const managerPackage = (await import(
  named('/manager')
)) as typeof import('../../src/manager/index.js');
