// The MIB module texts that ship with the package are data, which tsc does not copy.
import { cpSync } from 'node:fs';

cpSync('src/mib/modules', 'dist/src/mib/modules', { recursive: true });
