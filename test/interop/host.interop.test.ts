import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareOids, parseOid } from '../../src/smi/index.js';
import { AgentProcess, run, type Ran } from './agent-process.js';

let agent: AgentProcess;

beforeAll(async () => {
  agent = await AgentProcess.start(
    'host',
    '--community',
    'public=read',
    '--community',
    'private=write',
  );
});

afterAll(() => agent[Symbol.asyncDispose]());

/** Lines of a walk with -On: each OID after the one before, none with an error. */
function expectWalked({ code, output }: Ran): void {
  expect(code).toBe(0);
  expect(output).toMatch(/past the end of the MIB tree/);
  const names = [...output.matchAll(/^(\.1(?:\.\d+)*) = /gm)].map((match) =>
    parseOid(match[1] ?? ''),
  );
  // The last line repeats the last name, with endOfMibView.
  names.pop();
  expect(names.length).toBeGreaterThan(200);
  const late = names.findIndex((name, i) => i > 0 && compareOids(names[i - 1] ?? [], name) >= 0);
  expect(late).toBe(-1);
}

const words = (output: string): string[] => output.trim().split(/\s+/);

describe('net-snmp walks this machine', () => {
  it('snmpwalk of .1 ends by itself, strictly increasing', async () => {
    expectWalked(await agent.ask('snmpwalk', 'public', ['-On'], '.1'));
  });

  it('snmpbulkwalk of .1 too, with fifty repetitions', async () => {
    expectWalked(await agent.ask('snmpbulkwalk', 'public', ['-On', '-Cr50'], '.1'));
  });

  it('snmpwalk with SNMPv1 too, which has no Counter64 [RFC 3584 4.2.2.1]', async () => {
    const { code, output } = await agent.ask('snmpwalk', 'public', ['-On', '-v1'], '.1');
    expect(code).toBe(0);
    expect(output).not.toMatch(/Counter64|Error/);
    expect(output).toMatch(/^\.1\.3\.6\.1\.2\.1\.25\.5\.1\.1\.2\./m);
  });

  it('while processes come and go', async () => {
    const over = new AbortController();
    const load = (async () => {
      while (!over.signal.aborted)
        await Promise.all(Array.from({ length: 8 }, () => run('sleep', ['0.05'])));
    })();
    for (let round = 0; round < 5; round++) {
      expectWalked(await agent.ask('snmpwalk', 'public', ['-On'], '.1'));
      expectWalked(await agent.ask('snmpbulkwalk', 'public', ['-On', '-Cr50'], '.1'));
    }
    over.abort();
    await load;
  });
});

describe('what this machine says by SNMP and by its own commands', () => {
  it('interfaces: snmptable of ifTable and ifXTable, and `ip -o link`', async () => {
    const links = [...(await run('ip', ['-o', 'link'])).output.matchAll(/^(\d+): ([^:@]+)/gm)];
    const shown = links.map(([, index, name]) => ({ index, name }));
    expect(shown.length).toBeGreaterThan(0);
    const rows = await agent.table('IF-MIB::ifTable');
    expect(rows.map((row) => ({ index: row['index'], name: row['ifDescr'] }))).toEqual(shown);
    const extended = await agent.table('IF-MIB::ifXTable');
    expect(extended.map((row) => ({ index: row['index'], name: row['ifName'] }))).toEqual(shown);
    expect(await agent.get('IF-MIB::ifNumber.0')).toBe(String(shown.length));
  });

  it('octets of the loopback: never more than the kernel counts, and soon as many', async () => {
    const count = async (): Promise<bigint> =>
      BigInt((await readFile('/sys/class/net/lo/statistics/rx_bytes', 'utf8')).trim());
    const index = (await readFile('/sys/class/net/lo/ifindex', 'utf8')).trim();
    const before = await count();
    let told: bigint;
    do {
      told = BigInt(await agent.get(`IF-MIB::ifHCInOctets.${index}`));
      expect(told <= (await count())).toBe(true);
    } while (told < before);
  });

  it('file systems: hrStorageSize and `df -k`', async () => {
    const listed = (await run('df', ['-k', '--output=size,target'])).output.trim().split('\n');
    const sizes = new Map(
      listed.slice(1).map((line) => {
        const [size = '', ...target] = words(line);
        return [target.join(' '), Number(size)];
      }),
    );
    const rows = (await agent.table('HOST-RESOURCES-MIB::hrStorageTable')).filter(
      (row) => Number(row['index']) >= 31,
    );
    expect(rows.map((row) => row['hrStorageDescr'])).toContain('/');
    for (const row of rows) {
      const unitOctets = Number.parseInt(row['hrStorageAllocationUnits'] ?? '', 10);
      const kBytes = (Number(row['hrStorageSize']) * unitOctets) / 1024;
      expect([row['hrStorageDescr'], Math.round(kBytes)]).toEqual([
        row['hrStorageDescr'],
        sizes.get(row['hrStorageDescr'] ?? ''),
      ]);
    }
  });

  it('memory, processors and uptime: `free -k`, `getconf` and /proc/uptime', async () => {
    const free = (await run('free', ['-k'])).output;
    const total = /^Mem:\s+(\d+)/m.exec(free)?.[1];
    expect(await agent.get('HOST-RESOURCES-MIB::hrMemorySize.0')).toBe(`${total} KBytes`);
    const processors = await agent.table('HOST-RESOURCES-MIB::hrProcessorTable');
    const online = (await run('getconf', ['_NPROCESSORS_ONLN'])).output.trim();
    expect(processors.length).toBe(Number(online));
    const seconds = Number.parseFloat(await readFile('/proc/uptime', 'utf8'));
    const told = Number(await agent.get('HOST-RESOURCES-MIB::hrSystemUptime.0')) / 100;
    expect(Math.abs(seconds - told)).toBeLessThan(5);
  });

  it('processes: the agent itself, this test and the first process, as `ps` names them', async () => {
    for (const pid of [agent.pid, process.pid, 1]) {
      const [name] = words((await run('ps', ['-o', 'comm=', '-p', String(pid)])).output);
      expect(await agent.get(`HOST-RESOURCES-MIB::hrSWRunName.${pid}`)).toContain(name);
      expect(await agent.get(`HOST-RESOURCES-MIB::hrSWRunPerfMem.${pid}`)).toMatch(/^\d+ KBytes$/);
    }
    const names = (await run('ps', ['-e', '-o', 'pid='])).output.trim().split('\n').length;
    const told = Number(await agent.get('HOST-RESOURCES-MIB::hrSystemProcesses.0'));
    expect(Math.abs(names - told)).toBeLessThan(20);
  });
});

describe('net-snmp writes', () => {
  it('sysLocation is set and read back, with the right community only', async () => {
    const set = (community: string): Promise<Ran> =>
      agent.ask('snmpset', community, [], 'SNMPv2-MIB::sysLocation.0', 's', 'lab');
    expect((await set('public')).output).toMatch(/authorizationError/);
    expect((await set('private')).code).toBe(0);
    expect(await agent.get('SNMPv2-MIB::sysLocation.0')).toBe('lab');
  });

  it('nothing of the machine itself', async () => {
    const { output } = await agent.ask(
      'snmpset',
      'private',
      [],
      'IF-MIB::ifAdminStatus.1',
      'i',
      '2',
    );
    expect(output).toMatch(/notWritable/);
  });
});
