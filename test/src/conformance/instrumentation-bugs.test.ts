import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { conformance, type ConformanceReport } from '../../../src/conformance/index.js';
import {
  scalar,
  startAgent,
  table,
  type ScalarFunctions,
  type SubtreeDefinition,
  type TableFunctions,
} from '../../../src/index.js';
import { NAIVE_MODULE } from './naive-agent.js';

const [SIZE, STATUS] = [2, 3];
const SEED = 20_261_120;
const TESTBED = fileURLToPath(
  new URL('../../../examples/testbed/TRELLIS-TESTBED-MIB.mib', import.meta.url),
);

/** Functions of an object that is a number. */
const whole = (functions: ScalarFunctions<number>): ScalarFunctions => functions;

/** Runs the kit on instrumentation of NAIVE-MIB's scalars, in an agent that listens to nobody. */
async function conform(
  objects: SubtreeDefinition,
  properties?: readonly string[],
  exclude?: readonly string[],
): Promise<ConformanceReport> {
  const subject = await conformance.instrumentationSubject({
    mib: NAIVE_MODULE,
    subtrees: { name: 'naive', supervise: { intensity: 1000, periodMs: 10_000 }, ...objects },
  });
  try {
    return await conformance.run(subject, {
      seed: SEED,
      runs: 100,
      subtree: 'naive',
      ...(properties === undefined ? {} : { properties }),
      ...(exclude === undefined ? {} : { exclude }),
    });
  } finally {
    await subject.close();
  }
}

function messageOf(report: ConformanceReport, property: string): string | undefined {
  return report.results.find((one) => one.property === property)?.counterexample?.message;
}

function failures({ results }: ConformanceReport): string[] {
  return results.filter(({ verdict }) => verdict === 'failed').map(({ property }) => property);
}

describe('a bug in instrumentation is found inside the agent', () => {
  it('a rollback that is forgotten', async () => {
    let number = 50;
    const report = await conform(
      {
        nvNumber: whole({ get: () => number, set: (value) => ((number = value), 'noError') }),
      },
      ['failed-set-is-rolled-back'],
    );
    expect(messageOf(report, 'failed-set-is-rolled-back')).toBe(
      'the SET answers undoFailed, and yet nvNumber.0 went from INTEGER 50 to INTEGER 0',
    );
  });

  it('a rollback that puts back too little', async () => {
    const rows = { number: 50, text: 'old' };
    const report = await conform(
      {
        nvNumber: whole({
          get: () => rows.number,
          set: (value) => ((rows.number = value), 'noError'),
          rollback: () => ((rows.number -= rows.number % 2), 'noError'),
        }),
      },
      ['failed-set-is-rolled-back'],
    );
    expect(failures(report)).toEqual(['failed-set-is-rolled-back']);
  });

  it('a change that is made in isSetOk, and not undone', async () => {
    let number = 50;
    const report = await conform(
      {
        nvNumber: whole({
          get: () => number,
          isSetOk: (value) => ((number = value), 'noError'),
          set: () => 'noError',
          restore: true,
        }),
      },
      ['refused-set-leaves-no-trace'],
    );
    const [result] = report.results;
    expect(result?.counterexample?.message).toBe(
      'the SET answers inconsistentValue, and yet nvNumber.0 went from INTEGER 50 to INTEGER 0',
    );
    expect(result?.counterexample?.script).toHaveLength(8);
    expect(result?.counterexample?.script[0]).toMatch(/^AGENT=/);
    expect(result?.counterexample?.script[4]).toMatch(/^snmpset -v2c -c conformance .* "\$AGENT"/);
  });

  it('a value that is lost when the subtree starts anew', async () => {
    let number = 50;
    const report = await conform(
      {
        nvNumber: whole({
          new: () => (number = 50),
          get: () => number,
          set: (value) => ((number = value), 'noError'),
          restore: true,
        }),
      },
      ['crash-recovery', 'failed-set-is-rolled-back'],
    );
    expect(failures(report)).toEqual(['crash-recovery']);
    const script = report.results.at(-1)?.counterexample?.script.join('\n');
    expect(script).toMatch(/# here naive is restarted/);
  });

  it('a table whose getNext goes by the order of strings', async () => {
    const rows = [1, 10, 2];
    const byString: TableFunctions = {
      get: ([row], columns) =>
        rows.includes(row ?? 0)
          ? columns.map((column) => (column === SIZE ? 1 : 'active'))
          : { noValue: 'noSuchInstance' },
      getNext: ([row], columns) =>
        columns.map((column) => {
          const at = column < SIZE || row === undefined ? 0 : rows.indexOf(row) + 1;
          const next = Math.max(column, SIZE) + (at < rows.length ? 0 : 1);
          if (next > STATUS) return 'endOfTable';
          const value = next === SIZE ? 1 : 'active';
          return { column: next, rowIndex: [rows[at] ?? 1], value };
        }),
    };
    const report = await conform({ nvTable: byString }, ['walk-is-increasing-and-ends']);
    expect(failures(report)).toEqual(['walk-is-increasing-and-ends']);
  });
});

describe('what the runtime keeps itself has every property', () => {
  it('scalars and a table of the testbed', { timeout: 20_000 }, async () => {
    const stored = ['Integer', 'Ranges', 'String', 'Enum', 'Bits', 'Oid', 'Address', 'Gauge'];
    const scalars = [...stored, 'Ticks', 'Opaque', 'Hinted', 'Lock', 'When'];
    const subject = await conformance.instrumentationSubject({
      mib: TESTBED,
      subtrees: [
        {
          subtree: 'tbScalars',
          ...Object.fromEntries(scalars.map((name) => [`tb${name}`, scalar.stored()])),
        },
        {
          subtree: 'tbRowTable',
          tbRowTable: table.stored({ rowStatus: { notInService: true } }),
        },
      ],
    });
    const report = await conformance.run(subject, { seed: SEED, runs: 40 });
    await subject.close();
    expect(failures(report)).toEqual([]);
    expect(report.leftOver).toEqual([]);
    expect(report.results.filter(({ verdict }) => verdict === 'skipped')).toEqual([]);
    expect(report.survey.rowTables).toBe(1);
  });

  it('an agent that runs already stays as it is, and keeps running', async () => {
    await using agent = await startAgent({
      access: { communities: { private: 'write' } },
      mibs: [NAIVE_MODULE],
    });
    await agent.load('NAIVE-MIB', { nvNumber: scalar.stored({ value: 3 }) });
    const subject = await conformance.inProcessSubject(agent, {
      mibs: [NAIVE_MODULE],
      restart: ['NAIVE-MIB'],
    });
    const report = await conformance.run(subject, { seed: SEED, runs: 20, writable: ['naive'] });
    await subject.close();
    expect(failures(report)).toEqual([]);
    expect(report.survey.writable).toBe(1);
    expect(JSON.stringify(agent.tree())).not.toMatch(/trellisConformance/);
  });
});
