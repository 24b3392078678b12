import { describe, expect, it } from 'vitest';
import { AgentProcess } from './agent-process.js';

const SENSOR = 'CRASH-MIB::crashSensorReads.0';
const NOTE = 'CRASH-MIB::crashNeighbourNote.0';

describe('examples/crash, asked by snmpget', () => {
  it('comes back at the read after a crash, is given up past its intensity; the rest serves on', async () => {
    await using agent = await AgentProcess.start('examples/crash');
    for (let read = 1; read <= 12; read++) {
      const answer = await agent.get(SENSOR);
      if (read % 3 === 0) expect(answer).toMatch(/genError/);
      else expect(answer).toBe(String(read));
      expect(await agent.get(NOTE)).toBe('all is well here');
    }
    expect(await agent.get('CRASH-MIB::crashNeighbourRestarts.0')).toBe('3');
    expect(await agent.get(SENSOR)).toMatch(/No Such Object/);
    expect((await agent.ask('snmpset', 'private', [], NOTE, 's', 'still here')).code).toBe(0);
    expect(await agent.get(NOTE)).toBe('still here');
    expect((await agent.ask('snmpwalk', 'public', ['-On'], '.1')).code).toBe(0);
    expect(agent.said).toMatch(/^ +crashSensor +running +restarts: 3$/m);
    expect(agent.said).toMatch(/^given up +crashSensor/m);
    expect(agent.said).toMatch(/^ +crashNeighbour +running +restarts: 0$/m);
  });
});
