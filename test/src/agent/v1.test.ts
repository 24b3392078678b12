import { describe, expect, it } from 'vitest';
import { genErr, noSuchInstance, scalar } from '../../../src/instrumentation/index.js';
import { formatOid } from '../../../src/smi/index.js';
import { confAgent, functions, sparseRows, storedScalars } from '../../support/conf-agent.js';
import { CONF_MIB, conf as oid } from '../../support/mib-fixtures.js';
import {
  asked,
  integer,
  names,
  octets,
  status,
  statusPdu,
  tellVarBind,
  told,
  values,
  type Answer,
  type SnmpClient,
} from '../../support/snmp-client.js';
import { stage } from '../../support/stage.js';

/** Rows 1 to `rows` with a Counter64 column at the end. */
function fnTable(rows: number): ReturnType<typeof functions.table> {
  const cell = (column: number, row: number): number | string | bigint =>
    column === 2 ? row : column === 3 ? `row${row}` : column === 4 ? 'up' : BigInt(row);
  return functions.table({
    get: ([row = 0], columns) =>
      row >= 1 && row <= rows ? columns.map((column) => cell(column, row)) : noSuchInstance,
    getNext: (rowIndex, columns) =>
      columns.map((asked) => {
        const column = Math.max(asked, 2);
        const row = asked < 2 ? 1 : (rowIndex[0] ?? 0) + 1;
        if (column > 5) return 'endOfTable';
        if (row <= rows) return { column, rowIndex: [row], value: cell(column, row) };
        if (column === 5) return 'endOfTable';
        return { column: column + 1, rowIndex: [1], value: cell(column + 1, 1) };
      }),
  });
}

/** Sends and checks that the answer's varbinds are the request's, octet by octet. */
async function echoed(
  client: SnmpClient,
  type: 'get' | 'getNext',
  ...asks: readonly string[]
): Promise<string> {
  const answer = await client.send(statusPdu(type, asked(asks)));
  const request = await client.as({ version: 'v2c' }).get(...asks.map(() => [0, 0]));
  expect(request?.varBinds).toHaveLength(asks.length);
  const expected = asked(asks).map(tellVarBind);
  expect((answer?.varBinds ?? []).map(tellVarBind)).toEqual(expected);
  return status(answer);
}

describe('GET', () => {
  it('answers instances in request order [V1-001]', async () => {
    await using conf = await confAgent();
    const answer = await conf.v1.get('tt.0', 'roInt.0', 'rwInt.0', 'roInt.0');
    expect(status(answer)).toBe('noError/0');
    expect(answer?.message.version).toBe('v1');
    expect(names(answer)).toEqual(
      ['tt.0', 'roInt.0', 'rwInt.0', 'roInt.0'].map((name) => formatOid(oid(name))),
    );
    expect(values(answer)).toEqual([
      'TimeTicks:12345',
      'Integer32:17',
      'Integer32:50',
      'Integer32:17',
    ]);
  });

  it('of what does not exist is noSuchName at the first, varbinds as received [V1-002, V1-003, V1-006]', async () => {
    await using conf = await confAgent({ ...storedScalars(), ...sparseRows() });
    for (const missing of [
      '1.3.6.1.4.1.9',
      'roInt',
      'roInt.1',
      'sparseTable',
      'sparseTable.1',
      'sparseA.9',
    ]) {
      expect(await echoed(conf.v1, 'get', 'roInt.0', missing, 'rwInt.0', missing)).toBe(
        'noSuchName/2',
      );
    }
  });

  it('of a Counter64 is noSuchName [V1-007, V1-019]', async () => {
    await using conf = await confAgent();
    expect(await echoed(conf.v1, 'get', 'roInt.0', 'c64.0')).toBe('noSuchName/2');
  });

  it('that instrumentation fails is genErr at its index [V1-005, V1-020, V1-024]', async () => {
    await using conf = await confAgent({ ...storedScalars(), anyInt: { get: () => genErr } });
    expect(await echoed(conf.v1, 'get', 'roInt.0', 'anyInt.0')).toBe('genErr/2');
    // genErr at 3, noSuchName at 2: either is right, never noError.
    expect(await echoed(conf.v1, 'get', 'roInt.0', 'roInt.9', 'anyInt.0')).toBe('genErr/3');
  });

  it('whose answer is too big echoes the request, not an empty list [V1-004, COX-004]', async () => {
    await using conf = await confAgent(
      { bigText: { get: () => Buffer.alloc(400) } },
      { limits: { maxMessageSizeOctets: 484 } },
    );
    expect(await echoed(conf.v1, 'get', 'bigText.0', 'bigText.0')).toBe('tooBig/0');
    expect(told(await conf.client.get('bigText.0', 'bigText.0'))).toBe('tooBig/0');
    const big = octets(Buffer.alloc(420));
    const set = await conf.v1.set(['bigText.0', big]);
    expect(status(set)).not.toBe('tooBig/0');
  });
});

describe('GETNEXT', () => {
  it('answers the successor [V1-008]', async () => {
    await using conf = await confAgent({ ...storedScalars(), ...sparseRows() });
    const answer = await conf.v1.getNext('roInt', 'roInt.0', 'sparseA.1');
    expect(told(answer)).toBe(
      `noError/0 ${formatOid(oid('roInt.0'))}=Integer32:17 ${formatOid(oid('rwInt.0'))}=Integer32:50 ${formatOid(oid('sparseA.3'))}=Integer32:13`,
    );
  });

  it('past the end is noSuchName, varbinds as received [V1-009]', async () => {
    await using conf = await confAgent();
    expect(await echoed(conf.v1, 'getNext', 'roInt', '2.999')).toBe('noSuchName/2');
    expect(await echoed(conf.v1, 'getNext', 'rwOpaque.0', 'roInt')).toBe('noSuchName/1');
  });

  it('passes over a Counter64 column of 1000 rows at once [V1-010]', async () => {
    let calls = 0;
    const table = fnTable(1000);
    const counting = functions.table({
      ...table,
      getNext: (...args) => {
        calls += 1;
        return table.getNext(...args);
      },
    });
    await using conf = await confAgent({ fnTable: counting, lastInt: { get: () => 9 } });
    const answer = await conf.v1.getNext('fnC.1000');
    expect(told(answer)).toBe(`noError/0 ${formatOid(oid('lastInt.0'))}=Integer32:9`);
    expect(calls).toBeLessThan(5);
  });

  it('where only Counter64 follows is noSuchName [V1-011]', async () => {
    await using conf = await confAgent({ fnTable: fnTable(3) });
    expect(await echoed(conf.v1, 'getNext', 'fnC.3')).toBe('noSuchName/1');
    await using scalars = await confAgent({ c64: scalar.stored({ value: 5n }) });
    expect(await echoed(scalars.v1, 'getNext', '1.3')).toBe('noSuchName/1');
  });

  it('advances only the varbind that met a Counter64 [V1-022]', async () => {
    await using conf = await confAgent({ ...storedScalars(), fnTable: fnTable(2) });
    const answer = await conf.v1.getNext('roInt', 'tt.0', 'fnA.1');
    expect(names(answer)).toEqual(
      ['roInt.0', 'rwOpaque.0', 'fnA.2'].map((name) => formatOid(oid(name))),
    );
  });

  it('walks what v2c walks, but for Counter64 [V1-012, V1-019]', async () => {
    await using conf = await confAgent(
      { ...storedScalars(), ...sparseRows(), fnTable: fnTable(7), lastInt: { get: () => 1 } },
      { sees: 'all' },
    );
    const all = await conf.client.walk('1.3.6.1.4.1');
    const seen = await conf.v1.walk('1.3.6.1.4.1');
    expect(all.some(({ value }) => value.type === 'Counter64')).toBe(true);
    expect(seen.map(tellVarBind)).toEqual(
      all.filter(({ value }) => value.type !== 'Counter64').map(tellVarBind),
    );
  });
});

describe('SET', () => {
  it('of valid values changes them together and echoes them [V1-014]', async () => {
    await using conf = await confAgent();
    const answer = await conf.v1.set(['rwInt.0', integer(1)], ['rwStr.0', octets('xyz')]);
    expect(status(answer)).toBe('noError/0');
    expect(values(answer)).toEqual(['Integer32:1', 'OctetString:78797a']);
    expect(values(await conf.client.get('rwInt.0', 'rwStr.0'))).toEqual(values(answer));
  });

  it('whose second value is refused changes nothing [V1-023]', async () => {
    await using conf = await confAgent();
    const answer = await conf.v1.set(['rwInt.0', integer(1)], ['rwInt.1', integer(1)]);
    expect(status(answer)).toBe('noSuchName/2');
    expect(values(await conf.client.get('rwInt.0'))).toEqual(['Integer32:50']);
  });

  it('that carries a Counter64 is not SNMPv1 at all [V1-013, ENC-038]', async () => {
    await using conf = await confAgent();
    expect(await conf.v1.set(['rwInt.0', { type: 'Counter64', value: 1n }])).toBeUndefined();
    expect(await conf.v1.set(['rwInt.0', { type: 'noSuchObject' }])).toBeUndefined();
    expect(conf.counter('snmpInASNParseErrs')).toBe(2);
  });
});

describe('GETBULK', () => {
  it('in an SNMPv1 message gets no answer [ENC-042, D10]', async () => {
    const { client, counters } = stage([
      { module: CONF_MIB, objects: { anyInt: { get: () => 1 } } },
    ]);
    const answer: Answer | undefined = await client.as({ version: 'v1' }).getBulk(0, 10, 'anyInt');
    expect(answer).toBeUndefined();
    expect(counters.snmpInASNParseErrs).toBe(1);
  });
});
