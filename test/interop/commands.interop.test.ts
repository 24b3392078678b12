import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgentProcess, run, type Ran } from './agent-process.js';
import { SnmpdProcess } from './snmpd-process.js';

const CLI = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));

/** The modules that trellis knows from the start: with others, both would name more. */
const MODULES = [
  'SNMPv2-MIB',
  'IF-MIB',
  'HOST-RESOURCES-MIB',
  'HOST-RESOURCES-TYPES',
  'SNMP-FRAMEWORK-MIB',
  'SNMP-MPD-MIB',
  'SNMP-USER-BASED-SM-MIB',
  'SNMP-VIEW-BASED-ACM-MIB',
  'SNMP-TARGET-MIB',
  'SNMP-COMMUNITY-MIB',
  'SNMP-NOTIFICATION-MIB',
].join(':');

const agents: { readonly name: string; readonly address: string }[] = [];
const started: AsyncDisposable[] = [];

beforeAll(async () => {
  const snmpd = await SnmpdProcess.start('sysName edge', 'sysContact ""');
  started.push(snmpd);
  agents.push({ name: 'snmpd', address: snmpd.address });
  const host = await AgentProcess.start('host', '--community', 'private=write');
  started.push(host);
  agents.push({ name: 'trellis', address: host.address });
});
afterAll(async () => {
  for (const one of started) await one[Symbol.asyncDispose]();
});

type Words = readonly string[];

function theirs(command: string, options: Words, address: string, names: Words): Promise<Ran> {
  const words = ['-v2c', '-cprivate', '-t5', '-r1', `-m${MODULES}`, ...options, address, ...names];
  return run(`snmp${command}`, words);
}

function ours(command: string, options: Words, address: string, names: Words): Promise<Ran> {
  const words = [CLI, command, '-cprivate', '-t5', '-r1', ...options, address, ...names];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      words,
      { timeout: 20_000, env: { ...process.env, MIBDIRS: '' }, maxBuffer: 2 ** 26 },
      (error, out, err) => resolve({ code: Number(error?.code ?? 0), output: out + err }),
    );
  });
}

/** Times, counters and what else moves between two calls; and what they break into lines. */
function steady(output: string): readonly string[] {
  return output
    .replaceAll(/((?:[0-9A-F]{2} )+)\n(?=[0-9A-F]{2}[ \n])/g, '$1')
    .replaceAll(/\(\d+\) (\d+ days?, )?\d+:\d\d:\d\d\.\d\d/g, 'ticks')
    .replaceAll(/\d+:\d+:\d\d:\d\d\.\d\d/g, 'ticks')
    .replaceAll(/\d+-\d+-\d+,\d+:\d+:\d+\.\d/g, 'date')
    .replaceAll(/((?:Counter32|Counter64|Gauge32): )\d+/g, '$1number')
    .replaceAll(/(hrStorageUsed\S* (?:= )?(?:INTEGER: )?|Time\.0 = INTEGER: )\d+/g, '$1number')
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => !line.includes('No more variables left in this MIB View'));
}

async function compare(command: string, options: Words, ...names: Words): Promise<void> {
  await Promise.all(
    agents.map(async ({ name, address }) => {
      const [one, other] = await Promise.all([
        theirs(command, options, address, names),
        ours(command, options, address, names),
      ]);
      const call = `${name}: ${command} ${options.join(' ')} ${names.join(' ')}`;
      expect([call, other.code, ...steady(other.output)]).toEqual([
        call,
        one.code,
        ...steady(one.output),
      ]);
    }),
  );
}

describe("trellis prints what net-snmp's commands print, line by line", () => {
  it('walks, by GETNEXT and by GETBULK', async () => {
    for (const command of ['walk', 'bulkwalk']) {
      for (const root of ['system', 'interfaces', 'ifXTable', 'sysName.0', '1.3.6.1.2.1.99']) {
        await compare(command, [], root);
      }
    }
    await compare('bulkwalk', ['-Cr3'], 'hrFSTable');
    await compare('walk', [], 'snmpModules');
  });

  it('every letter of -O', async () => {
    for (const letters of ['n', 's', 'f', 'X', 'q', 'Q', 'qv', 'e', 'U', 'b', 'a']) {
      await compare('walk', [`-O${letters}`], 'system');
    }
    await compare('walk', ['-Ovt'], 'sysORTable');
    await compare('walk', ['-Ox'], 'hrFSMountPoint');
    await compare('walk', ['-Oqe'], 'ifType');
  });

  it('letters of -C of the walks', async () => {
    await compare('walk', ['-Cp'], 'sysORID');
    await compare('walk', ['-Ci'], 'sysName');
    await compare('walk', ['-CI'], 'sysName.0');
    await compare('walk', ['-CE', 'sysUpTime'], 'sysDescr');
    await compare('bulkwalk', ['-Cpi'], 'sysORID');
  });

  it('get, getnext and bulkget', async () => {
    const names = ['sysDescr.0', 'sysName.7', 'ifType.1', '1.3.6.1.9.9'];
    await compare('get', [], ...names);
    await compare('getnext', [], ...names);
    await compare('bulkget', ['-Cn1', '-Cr3'], 'sysDescr', 'ifDescr', 'ifType');
  });

  it('tables', async () => {
    const options = ['-Cb', '-CH', '-Cl', '-CiH', '-Cib', '-Os', '-Oe', '-OX', '-Ob'];
    for (const one of options) await compare('table', [one], 'sysORTable');
    for (const words of [
      ['-Cw', '80'],
      ['-Ciw', '79'],
      ['-Cc', '10'],
      ['-Cf', '|', '-Ci'],
    ]) {
      await compare('table', words, 'hrFSTable');
    }
    for (const table of ['hrNetworkTable', 'ifRcvAddressTable']) {
      await compare('table', ['-Ci', '-Cf', ','], table);
    }
  });
});

describe('where it prints something else, as docs/manager.md says', () => {
  const both = async (command: string, options: Words, ...names: Words): Promise<[Ran, Ran]> => {
    const address = agents[1]?.address ?? '';
    return [
      await theirs(command, options, address, names),
      await ours(command, options, address, names),
    ];
  };

  it('octets are on one line, however many', async () => {
    const [one, other] = await both('get', [], 'snmpEngineID.0');
    expect(one.output.trimEnd().split('\n')).toHaveLength(2);
    expect(other.output.trimEnd().split('\n')).toHaveLength(1);
  });

  it('the end of the MIB is no line', async () => {
    const [one, other] = await both('walk', ['-On'], 'vacmMIBViews');
    expect(one.output).toContain('No more variables left in this MIB View');
    expect(other.output).not.toContain('No more variables');
  });

  it('a refusal is told by its label, with exit status 1', async () => {
    const [one, other] = await both('get', ['-v1'], 'sysName.0', 'sysName.7');
    expect([one.code, other.code]).toEqual([2, 1]);
    expect(one.output).toContain('Reason: (noSuchName) There is no such variable');
    expect(other.output).toContain('Reason: noSuchName\nFailed object: SNMPv2-MIB::sysName.7');
    expect(one.output).toContain('SNMPv2-MIB::sysName.0 = ');
    expect(other.output).toContain('SNMPv2-MIB::sysName.0 = ');
  });

  it('the header alone is without the word that there are no rows', async () => {
    const [one, other] = await both('table', ['-Ch'], 'sysORTable');
    expect(one.output).toBe(`${other.output}SNMPv2-MIB::sysORTable: No entries\n`);
  });

  it('a row stands for its table', async () => {
    const [one, other] = await both('table', [], 'sysOREntry');
    expect([one.code, other.code]).toEqual([1, 0]);
  });
});
