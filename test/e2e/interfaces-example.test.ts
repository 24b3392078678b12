import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { afterEach, beforeAll, afterAll, expect, it, vi } from 'vitest';
import { AgentProcess } from '../interop/agent-process.js';
import { Child } from '../support/child.js';

let agent: AgentProcess;
const argv = [...process.argv];

beforeAll(async () => {
  agent = await AgentProcess.start('host', '--community', 'public=read');
});
afterAll(() => agent[Symbol.asyncDispose]());
afterEach(() => {
  process.argv = argv;
  vi.restoreAllMocks();
});

it('the typed table of IF-MIB prints the interfaces of this machine', async () => {
  const printed: unknown[] = [];
  vi.spyOn(console, 'log').mockImplementation((line) => printed.push(line));
  process.argv = ['node', 'index.ts', ...agent.address.split(':')];
  await import('../../examples/interfaces/index.ts');
  expect(printed.length).toBeGreaterThan(0);
  for (const line of printed) {
    expect(line).toMatch(/^\d+ \S+ is (up|down|dormant|unknown|lowerLayerDown), \d+ octets in$/);
  }
  const names = printed.map((line) => String(line).split(' ')[1]);
  expect(names).toEqual(expect.arrayContaining(Object.keys(networkInterfaces())));
});

it('its module is the one that comes with the package', async () => {
  const words = ['mib', 'compile', '--check', 'IF-MIB', '--out', 'examples/interfaces/if-mib.ts'];
  const child = new Child(['dist/src/cli/main.js', ...words]);
  expect([await child.exit(), child.output]).toEqual([0, '']);
});

it('stands in the docs as it is', () => {
  const code = readFileSync('examples/interfaces/index.ts', 'utf8').replace(/^(\/\/.*\n)+/, '');
  expect(code.trim().split('\n').length).toBeLessThanOrEqual(10);
  expect(readFileSync('docs/manager.md', 'utf8')).toContain(code);
});
