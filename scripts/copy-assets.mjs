// What tsc does not copy: the MIB module texts and a JSON Schema, which are data, and the script of a
// thread.
import { cpSync } from 'node:fs';

cpSync('src/mib/modules', 'dist/src/mib/modules', { recursive: true });
cpSync('src/store/commit-worker.js', 'dist/src/store/commit-worker.js');
cpSync('src/config/trellis.schema.json', 'dist/src/config/trellis.schema.json');
