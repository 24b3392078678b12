import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { IF_MIB } from '../../examples/interfaces/if-mib.ts';
import { community, Manager } from '../../src/manager/index.js';
import { AgentProcess, run } from './agent-process.js';
import { SnmpdProcess } from './snmpd-process.js';

const agents: { readonly name: string; readonly address: string }[] = [];
const started: AsyncDisposable[] = [];
const argv = [...process.argv];

beforeAll(async () => {
  const snmpd = await SnmpdProcess.start('rocommunity public 127.0.0.1');
  started.push(snmpd);
  agents.push({ name: 'snmpd', address: snmpd.address });
  const host = await AgentProcess.start('host', '--community', 'public=read');
  started.push(host);
  agents.push({ name: 'trellis', address: host.address });
});
afterAll(async () => {
  for (const one of started) await one[Symbol.asyncDispose]();
});
afterEach(() => {
  process.argv = argv;
  vi.restoreAllMocks();
});

/** A column as snmpwalk prints its values. */
async function column(address: string, name: string): Promise<string[]> {
  const words = ['-v2c', '-cpublic', '-mIF-MIB', '-Oqv', address, name];
  return (await run('snmpwalk', words)).output.trimEnd().split('\n');
}

it('the example prints the interfaces that snmpwalk finds, of snmpd and of ours', async () => {
  for (const { name, address } of agents) {
    const printed: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((line) => printed.push(String(line)));
    process.argv = ['node', 'index.ts', ...address.split(':')];
    vi.resetModules();
    await import('../../examples/interfaces/index.ts');
    const indexes = await column(address, 'ifIndex');
    const names = await column(address, 'ifDescr');
    const states = await column(address, 'ifOperStatus');
    expect([name, ...printed.map((line) => line.replace(/,.*/, ''))]).toEqual([
      name,
      ...indexes.map((index, i) => `${index} ${names[i] ?? ''} is ${states[i] ?? ''}`),
    ]);
  }
});

it('an augmenting table has the same rows, with values of its types', async () => {
  await using manager = new Manager({ mibs: [IF_MIB] });
  for (const { address } of agents) {
    const [host = '', port] = address.split(':');
    const target = { host, port: Number(port), auth: community('public') };
    const unfit: unknown[] = [];
    const off = manager.on('value:unfit', (event) => unfit.push(event));
    const { ifNumber } = await manager.scalars(target, IF_MIB, ['ifNumber']);
    const rows: number[] = [];
    for await (const row of manager.table(target, IF_MIB, 'ifXTable')) {
      rows.push(row.ifIndex);
      expect(typeof row.ifName).toBe('string');
      expect(typeof row.ifHCInOctets).toBe('bigint');
      expect(['true', 'false']).toContain(row.ifPromiscuousMode);
    }
    off();
    expect(rows).toHaveLength(ifNumber ?? -1);
    expect(rows.map(String)).toEqual(await column(address, 'ifIndex'));
    expect(unfit).toEqual([]);
  }
});
