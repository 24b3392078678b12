import { expect, it } from 'vitest';
import { layered } from '../../../src/cli/agent-definition.js';
import type { Agent } from '../../../src/index.js';

it('one definition over another adds to lists, replaces facts one by one, and access as a whole', async () => {
  const begun: string[] = [];
  const under = {
    listen: 'udp://127.0.0.1:1',
    access: { communities: { public: 'read' }, users: [{ name: 'ann' }] },
    system: { contact: 'under', name: 'edge' },
    engine: { id: '80007ed90501' },
    mibs: ['a'],
    contexts: ['branch', 'site'],
    notify: { maxPendingInforms: 3, targets: [{ address: 'udp://127.0.0.1:1', community: 'a' }] },
    start: () => void begun.push('under'),
  } as const;
  const over = {
    access: { communities: { mine: 'write' } },
    system: { contact: 'over' },
    engine: { boots: 2 },
    mibs: ['b'],
    contexts: ['branch', 'other'],
    mibPaths: ['c'],
    notify: { targets: [{ address: 'udp://127.0.0.1:2', community: 'b' }] },
    start: () => void begun.push('over'),
  } as const;
  const both = layered(under, over);
  expect(both).toMatchObject({
    listen: 'udp://127.0.0.1:1',
    system: { contact: 'over', name: 'edge' },
    engine: { id: '80007ed90501', boots: 2 },
    mibs: ['a', 'b'],
    contexts: ['branch', 'site', 'other'],
    mibPaths: ['c'],
    notify: { maxPendingInforms: 3, targets: [{ community: 'a' }, { community: 'b' }] },
  });
  expect(both.access).toEqual({ communities: { mine: 'write' } });
  await both.start?.({} as Agent);
  expect(begun).toEqual(['under', 'over']);
  expect(layered(under, { system: false }).system).toBe(false);
});
