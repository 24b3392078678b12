import { describe, expect, it } from 'vitest';
import {
  ALL_PROPERTIES,
  conformance,
  type ConformanceReport,
} from '../../../src/conformance/index.js';
import { loadFastCheck } from '../../../src/conformance/fast-check.js';
import { scriptOf } from '../../../src/conformance/report/script.js';
import type { RecordedExchange } from '../../../src/conformance/transcript.js';
import type { SnmpValue } from '../../../src/smi/index.js';
import { NaiveAgent } from './naive-agent.js';

const report: ConformanceReport = {
  subject: 'udp://127.0.0.1:1161',
  seed: 42,
  runs: 100,
  survey: { instances: 12, known: 10, writable: 3, rowTables: 1 },
  results: [
    {
      property: 'set-is-atomic',
      promise: 'All or nothing.',
      source: 'RFC 3416 4.2.5',
      verdict: 'failed',
      runs: 3,
      coverage: { 'refused: wrongValue': 3 },
      counterexample: {
        seed: 42,
        path: '2:0:1',
        script: ["snmpset -v2c -c private 127.0.0.1:1161 .1.3 s 'a<b'"],
        message: 'x went from "1" to "2" & back\u0001',
      },
    },
    {
      property: 'crash-recovery',
      promise: 'It is still there.',
      source: "this package's promise",
      verdict: 'skipped',
      reason: 'no part <of it> can be restarted',
      runs: 0,
      coverage: {},
    },
    {
      property: 'get-agrees-with-walk',
      promise: 'The same.',
      source: 'RFC 3416 4.2.1',
      verdict: 'passed',
      runs: 100,
      coverage: {},
    },
  ],
  leftOver: [],
  notes: ['the walk was cut after 20000 instances'],
  aborted: false,
};

describe('a report', () => {
  it('as text names verdicts, the reason, the way to have it again, and the script', () => {
    expect(conformance.formatText(report).split('\n')).toEqual([
      'conformance of udp://127.0.0.1:1161: seed 42, 100 runs',
      '12 instances, 10 of known objects, 3 written, 1 table with rows made',
      'note: the walk was cut after 20000 instances',
      '',
      'FAILED  set-is-atomic            3 runs  RFC 3416 4.2.5',
      '        All or nothing.',
      '        x went from "1" to "2" & back\u0001',
      '        again: --seed 42 --property set-is-atomic --path 2:0:1',
      "          snmpset -v2c -c private 127.0.0.1:1161 .1.3 s 'a<b'",
      '',
      '-       crash-recovery        skipped: no part <of it> can be restarted',
      'ok      get-agrees-with-walk   100 runs  RFC 3416 4.2.1',
      '',
      '1 passed, 1 failed, 1 skipped',
      '',
    ]);
  });

  it('as JSON is the report itself', () => {
    expect(JSON.parse(conformance.formatJson(report))).toEqual(report);
  });

  it('as JUnit XML has a test case for each property, and no character that XML does not know', () => {
    expect(conformance.formatJUnit(report).split('\n')).toEqual([
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<testsuite name="conformance of udp://127.0.0.1:1161" tests="3" failures="1" errors="0" skipped="1">',
      '  <properties>',
      '    <property name="seed" value="42"/>',
      '    <property name="runs" value="100"/>',
      '  </properties>',
      '  <testcase classname="trellis.conformance" name="set-is-atomic [RFC 3416 4.2.5]">',
      '    <failure message="x went from &quot;1&quot; to &quot;2&quot; &amp; back?">seed 42, path 2:0:1',
      "snmpset -v2c -c private 127.0.0.1:1161 .1.3 s 'a&lt;b'</failure>",
      '  </testcase>',
      `  <testcase classname="trellis.conformance" name="crash-recovery [this package's promise]">`,
      '    <skipped message="no part &lt;of it&gt; can be restarted"/>',
      '  </testcase>',
      '  <testcase classname="trellis.conformance" name="get-agrees-with-walk [RFC 3416 4.2.1]"/>',
      '</testsuite>',
      '',
    ]);
  });
});

describe('a script', () => {
  const subject = new NaiveAgent();
  const setOf = (value: SnmpValue): string => {
    const entry: RecordedExchange = {
      kind: 'exchange',
      operation: 'set',
      varBinds: [{ name: [1, 3, 6, 1], value }],
      answer: { errorStatus: 'noError', errorIndex: 0, varBinds: [] },
    };
    return scriptOf([entry], subject, () => 'x.0')[0] ?? '';
  };

  it.each<readonly [SnmpValue, string]>([
    [{ type: 'Integer32', value: -5 }, 'i -5'],
    [{ type: 'Gauge32', value: 7 }, 'u 7'],
    [{ type: 'TimeTicks', value: 7 }, 't 7'],
    [{ type: 'IpAddress', value: Uint8Array.of(127, 0, 0, 1) }, 'a 127.0.0.1'],
    [{ type: 'ObjectIdentifier', value: [0, 0] }, 'o .0.0'],
    [{ type: 'OctetString', value: Buffer.from("it's") }, String.raw`s 'it'\''s'`],
    [{ type: 'OctetString', value: new Uint8Array() }, "s ''"],
    [{ type: 'OctetString', value: Uint8Array.of(0, 255) }, 'x 00ff'],
  ])('sends %o by snmpset', (value, words) => {
    expect(setOf(value)).toBe(`snmpset -v2c -c private -On -m '' 127.0.0.1:1161 .1.3.6.1 ${words}`);
  });

  it('shows no community that is a secret: it is to be filled in', () => {
    class Secretive extends NaiveAgent {
      override readonly community = 'a secret';
    }
    const entries = [
      { type: 'Integer32', value: 1 } as const,
      { type: 'Opaque', value: Uint8Array.of(4, 0) } as const,
    ].map((value): RecordedExchange => ({
      kind: 'exchange',
      operation: 'set',
      varBinds: [{ name: [1, 3, 6, 1], value }],
    }));
    const lines = scriptOf(entries, new Secretive(), () => 'x.0');
    expect(lines.slice(0, 2)).toEqual([
      'COMMUNITY=   # that of the run',
      `snmpset -v2c -c "$COMMUNITY" -On -m '' 127.0.0.1:1161 .1.3.6.1 i 1`,
    ]);
    const all = lines.join(' ');
    expect(all).toContain('with public where the community of the run is to be');
    expect(all).not.toContain('a secret');
    expect(all).not.toContain(Buffer.from('a secret').toString('hex'));
  });

  it('sends octets where snmpset has no letter for a type', () => {
    expect(setOf({ type: 'Opaque', value: Uint8Array.of(4, 0) })).toMatch(
      /^echo 30[\da-f]+ \| xxd -r -p \| nc -u -w1 127\.0\.0\.1 1161 \| xxd {3}# a SET of \.1\.3\.6\.1 OPAQUE 0400$/,
    );
  });
});

describe('the kit', () => {
  it('lists its properties, each with a sentence and a source', () => {
    expect(conformance.describe()).toHaveLength(ALL_PROPERTIES.length);
    for (const { name, promise, source } of conformance.describe()) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(promise).toMatch(/^[A-Z].*\.$/);
      expect(source).toMatch(/RFC \d+|this package's promise/);
    }
    expect(new Set(ALL_PROPERTIES.map(({ name }) => name)).size).toBe(ALL_PROPERTIES.length);
  });

  it('says what to install where fast-check is missing', async () => {
    const missing = loadFastCheck(() => Promise.reject(new Error('ERR_MODULE_NOT_FOUND')));
    await expect(missing).rejects.toMatchObject({
      code: 'SNMP_CONFORMANCE_NO_FAST_CHECK',
      message: expect.stringContaining('npm install --save-dev fast-check') as string,
    });
  });
});
