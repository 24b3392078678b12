import { describe, expect, it } from 'vitest';
import { Child } from '../support/child.js';
import { integer, octets, SnmpClient, told, values } from '../support/snmp-client.js';
import { agentPackage } from './built-package.js';

const ROOT = [1, 3, 6, 1, 4, 1, 32473, 41];
const column = (number: number, index: number): readonly number[] => [...ROOT, 3, 1, number, index];

describe('the typed example', () => {
  it('is of the module that lies beside it', async () => {
    const check = ['mib', 'compile', '--check', '--out', 'examples/typed/friend-mib.ts'];
    const child = new Child(['dist/src/cli/main.js', ...check, 'examples/typed/FRIEND-MIB.mib']);
    expect([await child.exit(), child.output]).toEqual([0, '']);
  });

  it('keeps friends, and lets no robot be without a name', async () => {
    const { default: definition } = await import('../../examples/typed/index.ts');
    await using agent = await agentPackage.startAgent(definition);
    await definition.start?.(agent);
    const client = new SnmpClient((request) => agent.inject(request));
    expect(values(await client.get([...ROOT, 1, 0], column(4, 1), column(5, 1)))).toEqual([
      'Gauge32:1',
      'OctetString:a0',
      'Counter64:0',
    ]);
    const robot = [
      [column(6, 2), integer(4)],
      [column(3, 2), integer(2)],
    ] as const;
    expect(told(await client.set(...robot))).toMatch(/^inconsistentValue/);
    expect(told(await client.set(...robot, [column(2, 2), octets('bob')]))).toMatch(/^noError/);
    expect(values(await client.get([...ROOT, 1, 0], column(5, 2)))).toEqual([
      'Gauge32:2',
      'Counter64:1',
    ]);
    expect(told(await client.set([[...ROOT, 2, 0], integer(2)]))).toMatch(/^inconsistentValue\/1/);
  });
});
