// What tsc does not copy: the MIB module texts and a JSON Schema, which are data, and the script of a
// thread.
import { cpSync } from 'node:fs';

cpSync('src/mib/modules', 'dist/src/mib/modules', { recursive: true });
for (const script of ['commit-worker.js', 'data-room.js']) {
  cpSync(`src/store/${script}`, `dist/src/store/${script}`);
}
cpSync('src/config/trellis.schema.json', 'dist/src/config/trellis.schema.json');
