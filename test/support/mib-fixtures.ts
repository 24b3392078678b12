import { readFileSync } from 'node:fs';
import { compileMibs, findShippedModule, type MibModule } from '../../src/mib/index.js';
import { parseOid, type Oid } from '../../src/smi/index.js';

/** A module text of test/fixtures/mib-text, with the name it is reported under. */
export function mibText(name: string): { readonly path: string; readonly text: string } {
  const url = new URL(`../fixtures/mib-text/${name}.mib`, import.meta.url);
  return { path: `${name}.mib`, text: readFileSync(url, 'utf8') };
}

/** That text, compiled. */
export function mibModule(name: string): MibModule {
  return moduleFromText(name, mibText(name).text);
}

export function moduleFromText(name: string, text: string): MibModule {
  const { mib, diagnostics } = compileMibs([{ path: `${name}.mib`, text }], {
    resolveImport: findShippedModule,
  });
  const module = mib.modules.get(name);
  if (module === undefined || diagnostics.some(({ severity }) => severity === 'error')) {
    throw new Error(`${name} does not compile: ${JSON.stringify(diagnostics.slice(0, 3))}`);
  }
  return module;
}

/** CONF-MIB of CONFORMANCE.md's reference fixture. */
export const CONF_MIB = mibModule('CONF-MIB');

/** `rwInt.0`, `fnA.1.2` or `1.3.6.1`: descriptors are CONF-MIB's. */
export function conf(name: string): Oid {
  const [first = '', ...rest] = name.split('.');
  if (/^\d*$/.test(first)) return parseOid(name);
  const node = CONF_MIB.nodes.get(first);
  if (node === undefined) throw new Error(`CONF-MIB has no ${first}`);
  return [...node.oid, ...rest.map(Number)];
}
