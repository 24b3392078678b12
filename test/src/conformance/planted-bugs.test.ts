import { describe, expect, it } from 'vitest';
import { conformance, type ConformanceReport } from '../../../src/conformance/index.js';
import { decodeMessage } from '../../../src/message/index.js';
import { formatOid } from '../../../src/smi/index.js';
import { NaiveAgent, type Bug } from './naive-agent.js';

const SEED = 20_261_120;

function failures({ results }: ConformanceReport): string[] {
  return results.filter(({ verdict }) => verdict === 'failed').map(({ property }) => property);
}

function scriptOf(report: ConformanceReport, property: string): readonly string[] {
  const result = report.results.find((one) => one.property === property);
  return result?.counterexample?.script ?? [];
}

const commands = (script: readonly string[]): string[] =>
  script.filter((line) => line.startsWith('snmp'));

/** The bug, the property that must find it, and the most requests that its counterexample may have. */
const PLANTED: readonly (readonly [Bug, string, number])[] = [
  ['half a SET', 'set-is-atomic', 3],
  ['GETNEXT goes back', 'walk-is-increasing-and-ends', 1],
  ['order by string', 'walk-is-increasing-and-ends', 1],
  ['GETNEXT skips', 'getnext-skips-nothing', 3],
  ['GETBULK skips', 'bulk-agrees-with-getnext', 3],
  ['GET differs', 'get-agrees-with-walk', 3],
  ['value out of range', 'values-fit-their-syntax', 1],
  ['index out of range', 'instances-fit-their-index', 1],
  ['takes anything', 'refuses-values-outside-the-syntax', 2],
  ['wrong error-status', 'names-the-fault-of-a-value', 1],
  ['wrong error-index', 'set-is-atomic', 3],
  ['read-only is writable', 'refuses-writes-to-read-only', 2],
  ['forgets a digit', 'read-back-of-what-was-set', 3],
  ['echoes nothing', 'set-response-echoes-the-request', 1],
  ['swallows the second', 'all-or-nothing', 3],
  ['order matters', 'set-order-independence', 10],
  ['RowStatus reads 4', 'row-status-life-cycle', 3],
  ['createAndGo twice', 'row-status-life-cycle', 8],
  ['destroy keeps the row', 'row-status-life-cycle', 9],
];

describe('a bug in an agent is found by the property that is about it, and shrunk', () => {
  it.each(PLANTED)('%s: %s', async (bug, property, mostRequests) => {
    const agent = new NaiveAgent(bug);
    const report = await conformance.run(agent, { seed: SEED, runs: 100, properties: [property] });
    expect(failures(report)).toEqual([property]);
    const sent = commands(scriptOf(report, property));
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.length).toBeLessThanOrEqual(mostRequests);
  });

  it('finds nothing in the same agent without a bug', async () => {
    const agent = new NaiveAgent();
    const before = agent.state;
    const report = await conformance.run(agent, { seed: SEED, runs: 100 });
    expect(failures(report)).toEqual([]);
    expect(report.leftOver).toEqual([]);
    expect(agent.state).toBe(before);
    expect(report.survey).toEqual({ instances: 10, known: 10, writable: 6, rowTables: 1 });
  });
});

describe('a run', () => {
  it('leaves objects alone that an agent implements with less than their MAX-ACCESS', async () => {
    const report = await conformance.run(new NaiveAgent('less access'), { seed: SEED, runs: 60 });
    expect(failures(report)).toEqual([]);
    expect(report.notes).toEqual(['nvMode.0 cannot be written here, its MAX-ACCESS says it can']);
    expect(report.survey.writable).toBe(5);
  });

  it('gives the same report for the same seed, and the same case for its path', async () => {
    const options = { seed: 7, runs: 60 };
    const first = await conformance.run(new NaiveAgent('half a SET'), options);
    expect(await conformance.run(new NaiveAgent('half a SET'), options)).toEqual(first);
    const found = first.results.find(({ property }) => property === 'set-is-atomic');
    const path = found?.counterexample?.path ?? '';
    const again = await conformance.run(new NaiveAgent('half a SET'), {
      ...options,
      path,
      properties: ['set-is-atomic'],
    });
    expect(again.results[0]?.runs).toBe(1);
    expect(again.results[0]?.counterexample?.script).toEqual(found?.counterexample?.script);
  });

  it('puts back what was changed, also after cases that failed and when it is stopped', async () => {
    for (const bug of ['half a SET', 'takes anything', 'forgets a digit'] as const) {
      const agent = new NaiveAgent(bug);
      const before = agent.state;
      const report = await conformance.run(agent, { seed: SEED, runs: 40 });
      // An agent that cannot keep a number above 9 cannot be given its 50 back: the report says so.
      if (bug === 'forgets a digit') expect(report.leftOver).toEqual(['nvNumber.0 was INTEGER 50']);
      else expect(agent.state).toBe(before);
    }
    const stop = new AbortController();
    const agent = new NaiveAgent();
    const before = agent.state;
    const report = await conformance.run(agent, {
      runs: 500,
      signal: stop.signal,
      onProgress: ({ property, runs }) => {
        if (property === 'read-back-of-what-was-set' && runs === 20) stop.abort();
      },
    });
    expect(report.aborted).toBe(true);
    expect(report.results.at(-1)?.reason).toBe('stopped before the end');
    expect(agent.state).toBe(before);
  });

  it('writes nothing where nothing may be written, and only what may be', async () => {
    const agent = new NaiveAgent('takes anything');
    const sets: string[] = [];
    const exchange = agent.exchange.bind(agent);
    agent.exchange = (request) => {
      const decoded = decodeMessage(request);
      const pdu = decoded.ok ? decoded.message.pdu : undefined;
      if (pdu?.type === 'set') sets.push(...pdu.varBinds.map(({ name }) => formatOid(name)));
      return exchange(request);
    };
    await conformance.run(agent, { runs: 30, seed: SEED, writable: [] });
    expect(sets).toEqual([]);
    const before = agent.state;
    await conformance.run(agent, { runs: 30, seed: SEED, writable: ['nvNumber'] });
    const own = `${formatOid(agent.mib.find('nvNumber')?.oid ?? [])}.0`;
    expect(new Set(sets)).toContain(own);
    // Besides it: objects that nobody may write, with their own value, and one that is not there.
    const others = [...new Set(sets)].filter((name) => name !== own);
    expect(others.map((name) => name.replace(/.*\.77\./, ''))).toEqual(
      expect.arrayContaining(['4.0', '9999.0']),
    );
    expect(others).toHaveLength(2);
    expect(agent.state).toBe(before);
  });

  it('ends soon when the agent falls silent for good, and shows what was sent last', async () => {
    const report = await conformance.run(new NaiveAgent('falls silent'), {
      seed: SEED,
      runs: 200,
      properties: ['read-back-of-what-was-set', 'set-is-atomic'],
    });
    const [first, second] = report.results;
    expect(first?.verdict).toBe('failed');
    expect(first?.counterexample?.message).toMatch(/nor to anything else from then on/);
    expect(commands(first?.counterexample?.script ?? []).at(-1)).toMatch(/^snmpset/);
    expect(second?.reason).toBe('the agent does not answer any more');
  });

  it('refuses names that nobody defines', async () => {
    const agent = new NaiveAgent();
    const code = (options: object): Promise<unknown> =>
      conformance.run(agent, options).catch((error: { code: string }) => error.code);
    expect(await code({ properties: ['no-such'] })).toBe('SNMP_CONFORMANCE_OPTION');
    expect(await code({ writable: ['noSuchObject'] })).toBe('SNMP_CONFORMANCE_OPTION');
    expect(await code({ runs: 0 })).toBe('SNMP_CONFORMANCE_OPTION');
    expect(await code({ subtree: '1.3.6.' })).toBe('SNMP_CONFORMANCE_OPTION');
  });
});
