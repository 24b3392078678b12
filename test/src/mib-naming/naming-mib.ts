import {
  compileMibs,
  findShippedModule,
  type Mib,
  type ScalarObject,
} from '../../../src/mib/index.js';
import { mibText } from '../../support/mib-fixtures.js';

const TWIN = `TWIN-MIB DEFINITIONS ::= BEGIN
IMPORTS enterprises, OBJECT-TYPE, Integer32 FROM SNMPv2-SMI;
twin OBJECT IDENTIFIER ::= { enterprises 32473 78 }
nmShort OBJECT-TYPE SYNTAX Integer32 MAX-ACCESS read-only STATUS current
  DESCRIPTION "Of the name of another." ::= { twin 1 }
twinInstance OBJECT IDENTIFIER ::= { nmShort 0 }
ifDescr OBJECT-TYPE SYNTAX Integer32 MAX-ACCESS read-only STATUS current
  DESCRIPTION "At another place." ::= { twin 2 }
END`;

/** NAMING-MIB, IF-MIB, SNMPv2-MIB and what they import. */
export const NAMING: Mib = compile();

/** With a module that defines two of their names at other places. */
export const WITH_TWIN: Mib = compile({ path: 'TWIN-MIB.mib', text: TWIN });

function compile(...more: { readonly path: string; readonly text: string }[]): Mib {
  const shipped = ['IF-MIB', 'SNMPv2-MIB'].flatMap((name) => findShippedModule(name) ?? []);
  const { mib, diagnostics } = compileMibs([mibText('NAMING-MIB'), ...shipped, ...more], {
    resolveImport: findShippedModule,
  });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return mib;
}

/** An object of NAMING-MIB; columns do as scalars here. */
export function object(name: string): ScalarObject {
  return NAMING.modules.get('NAMING-MIB')?.nodes.get(name) as ScalarObject;
}

export function codeOf(act: () => unknown): string {
  try {
    return `no error: ${JSON.stringify(act())}`;
  } catch (error) {
    return `${(error as { code?: string }).code}: ${(error as Error).message}`;
  }
}
