import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgentProcess } from './agent-process.js';

const TB = '.1.3.6.1.4.1.32473.1';
const A1 = `${TB}.3.1.1.0`;
const A2 = `${TB}.3.1.2.0`;
const B1 = `${TB}.3.2.1.0`;
const C1 = `${TB}.3.3.1.0`;
const TRACE = `${TB}.5.3.1.2`;
const TRACE_CLEAR = `${TB}.5.1.0`;

let agent: AgentProcess;

beforeAll(async () => {
  agent = await AgentProcess.start('examples/testbed');
});

afterAll(async () => {
  await agent[Symbol.asyncDispose]();
});

/** What snmpset says: 'ok', or the reason and the failed object's instance. */
async function set(...varBinds: readonly string[]): Promise<string> {
  const { code, output } = await agent.ask('snmpset', 'private', ['-On', '-Oq'], ...varBinds);
  if (code === 0) return 'ok';
  const reason = /Reason: \(?(\w+)/.exec(output)?.[1] ?? output;
  const object = /Failed object: (\S+)/.exec(output)?.[1];
  return object === undefined ? reason : `${reason} ${object}`;
}

/** The trace since it was last emptied, and empties it. */
async function trace(): Promise<readonly string[]> {
  const { output } = await agent.ask('snmpbulkwalk', 'public', ['-Oqv'], TRACE);
  await agent.ask('snmpset', 'private', [], TRACE_CLEAR, 'i', '1');
  return [...output.matchAll(/"([^"]*)"/g)].map(([, line]) => line as string);
}

describe('the testbed, asked by net-snmp', () => {
  it('walks whole, in v1 and v2c, by GETNEXT and by GETBULK, to the same instances [V1-012, BLK-026]', async () => {
    const names = async (command: string, ...options: string[]): Promise<string[]> => {
      const { code, output } = await agent.ask(command, 'public', ['-Onq', ...options], '.1.3');
      expect(code).toBe(0);
      // The last line says that nothing follows the instance before it.
      const lines = output.split('\n').filter((line) => !line.includes('No more variables'));
      return lines.flatMap((line) => /^(\.[\d.]+) /.exec(line)?.[1] ?? []);
    };
    const next = await names('snmpwalk');
    expect(new Set(next).size).toBe(next.length);
    expect(await names('snmpbulkwalk', '-Cr50')).toEqual(next);
    const counter64 = new Set([`${TB}.1.13.0`]);
    const isCounter64 = (name: string): boolean =>
      counter64.has(name) || name.startsWith(`${TB}.4.4.1.5.`);
    const v1 = await names('snmpwalk', '-v1');
    expect(v1).toEqual(next.filter((name) => !isCounter64(name)));
  });

  it('checks a value in the order of RFC 3416 4.2.5 [SET-009, SET-013, SET-018..SET-021, SET-024]', async () => {
    expect(await set(`${TB}.1.1.0`, 's', 'x')).toBe(`wrongType ${TB}.1.1.0`);
    expect(await set(`${TB}.1.1.0`, 'i', '1001')).toBe(`wrongValue ${TB}.1.1.0`);
    expect(await set(`${TB}.1.2.0`, 'i', '15')).toBe(`wrongValue ${TB}.1.2.0`);
    expect(await set(`${TB}.1.3.0`, 's', 'abc')).toBe(`wrongLength ${TB}.1.3.0`);
    expect(await set(`${TB}.1.4.0`, 'i', '3')).toBe(`wrongValue ${TB}.1.4.0`);
    expect(await set(`${TB}.1.5.0`, 'x', 'FF')).toBe(`wrongValue ${TB}.1.5.0`);
    expect(await set(`${TB}.1.12.0`, 'u', '1')).toBe(`notWritable ${TB}.1.12.0`);
    expect(await set(`${TB}.1.1.1`, 'i', '1')).toBe(`noCreation ${TB}.1.1.1`);
    expect(await set(`${TB}.1.99.0`, 'i', '1')).toBe(`notWritable ${TB}.1.99.0`);
  });

  it('tells every subtree what happened to the others [SET-044, SET-045, SUP-006, SUP-010]', async () => {
    await trace();
    expect(await set(A1, 'i', '0', B1, 'i', '0', C1, 'i', '0')).toBe('ok');
    expect(await trace()).toEqual([
      'isSetOk tbA1 0',
      'isSetOk tbB1 0',
      'isSetOk tbC1 0',
      'set tbA1 0',
      'set tbB1 0',
      'set tbC1 0',
    ]);

    expect(await set(A1, 'i', '0', B1, 'i', '300', C1, 'i', '0')).toBe(`inconsistentValue ${B1}`);
    expect((await trace()).slice(3)).toEqual(['undo tbA1 0', 'undo tbC1 0']);

    expect(await set(A1, 'i', '9900', B1, 'i', '10')).toBe(`commitFailed ${B1}`);
    expect((await trace()).slice(4)).toEqual(['rollback tbA1 9900']);
    expect(await agent.get(A1)).toBe('0');

    expect(await set(A1, 'i', '9900', B1, 'i', '50')).toBe(`commitFailed ${B1}`);
    expect((await trace()).slice(4).toSorted()).toEqual([
      'new tbFaultB',
      'rollback tbA1 9900',
      'rollback tbB1 50',
    ]);
    expect(await agent.get(B1)).toBe('0');
  });

  it('says undoFailed where something stays changed, with no index [SET-046, SET-048]', async () => {
    await trace();
    expect(await set(A2, 'i', '7700', B1, 'i', '10')).toBe('undoFailed');
    expect(await trace()).toContain('new tbFaultA');
    expect(await agent.get(A2)).toBe('7700');
  });

  it('answers genErr for what crashes or stays silent, and comes back [SUP-002, SUP-005]', async () => {
    const fault = `${TB}.2.4.0`;
    const starts = Number(await agent.get(`${TB}.2.6.0`));
    for (const mode of ['3', '4']) {
      expect(await set(`${TB}.2.5.0`, 'i', mode)).toBe('ok');
      expect(await agent.get(fault)).toMatch(/genError/);
      expect(await agent.get(fault)).toBe('1');
    }
    expect(Number(await agent.get(`${TB}.2.6.0`))).toBe(starts + 2);
    for (const mode of ['2', '5', '6', '7']) {
      expect(await set(`${TB}.2.5.0`, 'i', mode)).toBe('ok');
      expect(await agent.get(fault)).toMatch(/genError/);
    }
    expect(Number(await agent.get(`${TB}.2.6.0`))).toBe(starts + 2);
  });

  it('makes, changes and destroys rows as their descriptions say [RST-001, RST-027, RST-036]', async () => {
    const row = '7.97.98.99';
    const column = (number: number): string => `${TB}.4.1.1.${number}.${row}`;
    expect(await set(column(7), 'i', '4')).toBe(`inconsistentValue ${column(7)}`);
    expect(await set(column(7), 'i', '4', column(3), 'i', '50')).toBe('ok');
    expect(await set(column(3), 'i', '7')).toBe(`inconsistentValue ${column(3)}`);
    expect(await set(column(3), 'i', '7', column(7), 'i', '2')).toBe('ok');
    expect(await set(column(4), 's', 'hello')).toBe('ok');
    expect(await agent.get(column(5))).toBe('1');
    expect(await set(column(6), 'i', '4')).toBe(`inconsistentValue ${column(6)}`);
    expect(await set(column(7), 'i', '6')).toBe('ok');
    expect(await agent.get(column(7))).toMatch(/No Such (Instance|Object)/);
  });

  it('lets a community write what its view has, and nothing else [SET-002, SET-004]', async () => {
    const partial = async (...varBinds: string[]): Promise<string> =>
      (await agent.ask('snmpset', 'partial', ['-On'], ...varBinds)).output;
    expect(await partial(`${TB}.1.1.0`, 'i', '9')).toMatch(/= INTEGER: 9/);
    expect(await partial(A2, 'i', '0')).toMatch(/noAccess/);
    expect(await partial(B1, 'i', '0')).toMatch(/noAccess/);
    const { output } = await agent.ask('snmpset', 'public', [], `${TB}.1.1.0`, 'i', '9');
    expect(output).toMatch(/authorizationError/);
  });
});
