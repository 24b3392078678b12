import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { SubtreeObjects } from '../../../src/agent/index.js';
import { genErr, type ScalarReading } from '../../../src/instrumentation/index.js';
import { MibView } from '../../../src/security/index.js';
import { parseOid, type PlainValue } from '../../../src/smi/index.js';
import { compareOids, type Oid } from '../../../src/smi/index.js';
import { mibModule } from '../../support/mib-fixtures.js';
import { tellVarBind, type Answer } from '../../support/snmp-client.js';
import { stage, type Stage } from '../../support/stage.js';

interface Instance {
  readonly oid: string;
  readonly type: string;
  readonly value: number | string;
}

interface CaseVarBind {
  readonly name: string;
  readonly type?: string;
  readonly value?: number | string | null;
}

interface BulkCase {
  readonly id: string;
  readonly name: string;
  readonly nonRepeaters: number;
  readonly maxRepetitions: number;
  readonly request: readonly string[];
  readonly outcome: 'response' | 'silence';
  readonly viewExcludes?: readonly string[];
  readonly maxMessageSize?: number;
  readonly failingInstance?: string;
  readonly counter?: 'snmpSilentDrops';
  readonly expect?: {
    readonly errorStatus: number;
    readonly errorIndex: number;
    readonly count: { readonly min: number; readonly max: number };
    readonly varbinds?: readonly CaseVarBind[];
  };
}

const { mib, cases } = JSON.parse(
  readFileSync(new URL('../../fixtures/tables/getbulk-cases.json', import.meta.url), 'utf8'),
) as { mib: readonly Instance[]; cases: readonly BulkCase[] };

const BULK_MIB = mibModule('BULK-MIB');
const BASE = '1.3.6.1.4.1.32473';

function plain({ type, value }: Instance): PlainValue {
  return type === 'Counter64' ? BigInt(value) : value;
}

/** Functions that serve exactly the table's instances, one of which fails. */
function objectsOf(failing: string | undefined): SubtreeObjects {
  const read = (instance: Instance): ScalarReading =>
    instance.oid === failing ? genErr : plain(instance);
  const scalars = Object.fromEntries(
    [
      ['bulkOne', '1.1'],
      ['bulkTwo', '1.2'],
      ['bulkThree', '1.3'],
      ['bulkTicks', '9.1'],
    ].map(([name = '', place]) => {
      const instance = mib.find(({ oid }) => oid === `${BASE}.${place}.0`) as Instance;
      return [name, { get: () => read(instance) }];
    }),
  );
  return { ...scalars, bulkTable: tableAt(2, failing), bulkLongTable: tableAt(4, failing) };
}

function tableAt(place: number, failing: string | undefined): SubtreeObjects[string] {
  const entry = parseOid(`${BASE}.${place}.1`);
  const cells = mib
    .filter(({ oid }) => oid.startsWith(`${BASE}.${place}.1.`))
    .map((instance) => ({ instance, at: parseOid(instance.oid).slice(entry.length) }))
    .sort((left, right) => compareOids(left.at, right.at));
  return {
    get: (rowIndex, columns) =>
      columns.map((column) => {
        const cell = cells.find(({ at }) => compareOids(at, [column, ...rowIndex]) === 0);
        return cell === undefined ? { noValue: 'noSuchInstance' as const } : plain(cell.instance);
      }),
    getNext: (rowIndex, columns) => {
      const found = columns.map((column) =>
        cells.find(({ at }) => compareOids(at, [column, ...rowIndex]) > 0),
      );
      const bad = found.findIndex((cell) => cell?.instance.oid === failing && cell !== undefined);
      if (bad >= 0) return { error: 'genErr', column: columns[bad] as number };
      return found.map((cell) => {
        if (cell === undefined) return 'endOfTable';
        const [column = 0, ...index] = cell.at;
        return { column, rowIndex: index, value: plain(cell.instance) };
      });
    },
  };
}

function stageOf({ viewExcludes = [], maxMessageSize, failingInstance }: BulkCase): Stage {
  const view = new MibView([
    { subtree: parseOid(BASE), included: true },
    ...viewExcludes.map((subtree) => ({ subtree: parseOid(subtree), included: false })),
  ]);
  return stage([{ module: BULK_MIB, objects: objectsOf(failingInstance) }], {
    principals: { public: { securityName: 'public', readView: view } },
    ...(maxMessageSize === undefined ? {} : { maxMessageSizeOctets: maxMessageSize }),
  });
}

function expected({ name, type, value }: CaseVarBind): string {
  switch (type) {
    case 'INTEGER':
      return `${name}=Integer32:${value}`;
    case 'OCTET STRING':
      return `${name}=OctetString:${Buffer.from(String(value)).toString('hex')}`;
    case undefined:
    case 'NULL':
      return `${name}=Null`;
    default:
      return value === undefined || value === null ? `${name}=${type}` : `${name}=${type}:${value}`;
  }
}

describe('the GETBULK cases, canonical answers [BLK-001..BLK-020, BLK-022, BLK-024]', () => {
  for (const one of cases) {
    it(`${one.id} ${one.name}`, async () => {
      const { client, counters } = stageOf(one);
      const request: Oid[] = one.request.map(parseOid);
      const answer = await client.getBulk(one.nonRepeaters, one.maxRepetitions, ...request);
      if (one.outcome === 'silence') {
        expect(answer).toBeUndefined();
        expect(counters.snmpSilentDrops).toBe(1);
        expect(counters.snmpOutPkts).toBe(0);
        return;
      }
      const { errorIndex, count, varbinds } = one.expect as NonNullable<BulkCase['expect']>;
      const { message, varBinds, octets } = answer as Answer;
      expect(message.pdu).toMatchObject({
        errorStatus: one.expect?.errorStatus,
        errorIndex,
      });
      expect(varBinds.length).toBeGreaterThanOrEqual(count.min);
      expect(varBinds.length).toBeLessThanOrEqual(count.max);
      if (varbinds !== undefined) expect(varBinds.map(tellVarBind)).toEqual(varbinds.map(expected));
      if (one.maxMessageSize !== undefined) {
        expect(octets.length).toBeLessThanOrEqual(one.maxMessageSize);
      }
    });
  }
});
