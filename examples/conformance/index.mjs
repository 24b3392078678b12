// An agent with the valves: npx trellis agent examples/conformance
import { defineAgent } from 'trellis-snmp';
import { valves } from './valves.mjs';

export default defineAgent({
  access: { communities: { public: 'read', private: 'write' } },
  mibs: [new URL('./VALVE-MIB.mib', import.meta.url)],
  async start(agent) {
    await agent.load('VALVE-MIB', { valveTable: valves() });
  },
});
