// A sensor that crashes at every third read, beside a neighbour that serves on: see README.md.
// Run: npx trellis agent examples/crash
import { setImmediate } from 'node:timers/promises';
import { defineAgent, scalar } from 'trellis-snmp';

let reads = 0;

function readSensor() {
  reads += 1;
  if (reads % 3 === 0) throw new Error(`read ${reads}: the sensor fell off the bus`);
  return reads;
}

/** Restarts of everything below a node of the supervision tree. */
function restartsBelow({ children = [] }) {
  return children.reduce((sum, child) => sum + child.restarts + restartsBelow(child), 0);
}

async function printTree(agent) {
  await setImmediate(); // until the supervisor has done what it is about to do
  const { children } = agent.tree().children.find(({ id }) => id === 'subtrees');
  const lines = children.map(
    (node) => `  ${node.id.padEnd(14)}  ${node.state}  restarts: ${restartsBelow(node)}\n`,
  );
  process.stdout.write(lines.join(''));
}

export default defineAgent({
  access: { communities: { public: 'read', private: 'write' } },
  mibs: [new URL('./CRASH-MIB.mib', import.meta.url)],
  async start(agent) {
    let restarts = 0;
    await agent.load('CRASH-MIB', [
      {
        subtree: 'crashSensor',
        // Three restarts within a minute are borne; the fourth crash ends it.
        supervise: { intensity: 3, periodMs: 60_000 },
        crashSensorReads: { get: readSensor },
      },
      {
        subtree: 'crashNeighbour',
        crashNeighbourNote: scalar.stored({ value: 'all is well here' }),
        crashNeighbourRestarts: { get: () => restarts },
      },
    ]);
    agent.on('subtree:up', ({ subtree, incarnation }) => {
      if (subtree !== 'crashSensor') return;
      restarts = incarnation - 1;
      return printTree(agent);
    });
    agent.on('subtree:quarantined', () => printTree(agent));
  },
});
