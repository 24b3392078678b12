import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { genErr, noSuchInstance, noSuchObject } from '../../../src/instrumentation/index.js';
import { toV1ErrorStatus, type ErrorStatus } from '../../../src/smi/index.js';
import { confAgent, functions, storedScalars, type ConfAgent } from '../../support/conf-agent.js';
import { conf as oid } from '../../support/mib-fixtures.js';
import {
  asked,
  integer,
  octets,
  status,
  statusPdu,
  tellVarBind,
  told,
  type Answer,
} from '../../support/snmp-client.js';

interface StatusRow {
  readonly v2: ErrorStatus;
  readonly v1: ErrorStatus | null;
}

interface OperationRow {
  readonly id: string;
  readonly accessResult: string;
  readonly errorStatus: string | null;
  readonly errorIndex: number | string | null;
}

const table = JSON.parse(
  readFileSync(new URL('../../fixtures/tables/v2-to-v1-errors.json', import.meta.url), 'utf8'),
) as { errorStatus: readonly StatusRow[]; operations: readonly OperationRow[] };

describe('error-status', () => {
  for (const { v2, v1 } of table.errorStatus) {
    it(`${v2} is ${v1 ?? 'genErr, never readOnly,'} for SNMPv1 [COX-001, V1-019, OTP-058]`, () => {
      expect(toV1ErrorStatus(v2)).toBe(v1 ?? 'genErr');
    });
  }
});

const operation = (id: string): OperationRow =>
  table.operations.find((row) => row.id === id) as OperationRow;

/** What the table says, for the failing varbind at `i` and the earlier one at `j`. */
function isAsTold(row: OperationRow, answer: Answer | undefined, i: number, j = i): boolean {
  const { errorStatus, errorIndex } = answer as Answer;
  const told = String(row.errorIndex);
  const places = new Set([
    ...(told.includes('i') ? [i] : []),
    ...(told.includes('j') ? [j] : []),
    ...(row.errorIndex === 0 ? [0] : []),
  ]);
  return String(row.errorStatus).includes(errorStatus) && places.has(errorIndex);
}

describe('reads of SNMPv1 [COX-003, V1-002, V1-005, V1-007, V1-009, V1-010, V1-011]', () => {
  const readings = {
    anyInt: functions.scalar({ get: () => genErr }),
    lo: functions.scalar({ get: () => noSuchObject }),
    hi: functions.scalar({ get: () => noSuchInstance }),
  };

  async function get(...names: readonly string[]): Promise<Answer | undefined> {
    await using conf = await confAgent({ ...storedScalars(), ...readings });
    const answer = await conf.v1.get(...names);
    if (answer?.errorStatus !== 'noError') {
      expect(answer?.varBinds.map(tellVarBind)).toEqual(asked(names).map(tellVarBind));
    }
    return answer;
  }

  const cases: readonly (readonly [string, readonly string[], number, number?])[] = [
    ['V1M-01', ['roInt.0', '1.3.6.1.4.1.9.1'], 2],
    ['V1M-01', ['roInt.0', 'lo.0'], 2],
    ['V1M-02', ['roInt.0', 'roInt.1'], 2],
    ['V1M-02', ['roInt.0', 'hi.0'], 2],
    ['V1M-03', ['roInt.0', 'c64.0'], 2],
    ['V1M-04', ['roInt.0', 'roInt.1', 'c64.0'], 2, 3],
    ['V1M-05', ['roInt.0', 'anyInt.0'], 2],
    ['V1M-06', ['roInt.1', 'anyInt.0'], 2, 1],
  ];
  for (const [id, names, i, j] of cases) {
    it(`${id} ${operation(id).accessResult}: ${names.join(' ')}`, async () => {
      expect(isAsTold(operation(id), await get(...names), i, j)).toBe(true);
    });
  }
});

describe('SETs of SNMPv1 [V1-015, V1-016, V1-017, V1-018, OTP-057]', () => {
  const answering = (vote: string, done = 'noError'): ConfObjects => ({
    ...storedScalars(),
    anyInt: functions.scalar({
      get: () => 1,
      isSetOk: () => vote as 'noError',
      set: () => done as 'noError',
      rollback: () => 'noError',
    }),
  });
  type ConfObjects = Parameters<typeof confAgent>[0];

  interface SetCase {
    readonly objects?: ConfObjects;
    readonly change?: readonly [string, ReturnType<typeof integer>];
    readonly community?: string;
    readonly index?: number;
  }

  const cases: Readonly<Record<string, SetCase>> = {
    'V1M-11': { change: ['rwRange.0', octets('x')] },
    'V1M-12': { change: ['rwStr.0', octets('123456789')] },
    'V1M-14': { change: ['rwRange.0', integer(7)] },
    'V1M-15': { objects: answering('inconsistentValue') },
    'V1M-16': { objects: answering('noAccess') },
    'V1M-17': { change: ['roInt.0', integer(1)] },
    'V1M-18': { objects: answering('noCreation') },
    'V1M-19': { objects: answering('inconsistentName') },
    'V1M-20': { objects: answering('resourceUnavailable') },
    'V1M-21': { objects: answering('noError', 'commitFailed') },
    'V1M-22': { objects: answering('genErr') },
    'V1M-24': { objects: answering('noError', 'undoFailed'), index: 0 },
  };

  for (const [id, { objects, change, index = 2 }] of Object.entries(cases)) {
    const row = operation(id);
    it(`${id} ${row.accessResult} is ${row.errorStatus}`, async () => {
      await using conf = await confAgent(objects ?? storedScalars());
      const changes = [['rwInt.0', integer(1)], change ?? ['anyInt.0', integer(5)]] as const;
      const answer = await conf.v1.set(...changes);
      expect(status(answer)).toBe(`${row.errorStatus}/${index}`);
      expect(answer?.varBinds.map(({ value }) => value)).toEqual(changes.map(([, value]) => value));
      expect(status(await conf.client.get('rwInt.0'))).toBe('noError/0');
      // The same refusal in SNMPv2's own words: it maps to what v1 was told.
      const v2 = await conf.client.set(...changes);
      expect(toV1ErrorStatus(v2?.errorStatus as ErrorStatus)).toBe(row.errorStatus);
      expect(v2?.errorIndex).toBe(index);
    });
  }

  it('V1M-23 V1M-29 who may not write gets authorizationError, in v1 noSuchName, and is counted [COX-002, D6]', async () => {
    await using conf = await confAgent();
    const v1 = await conf.v1.as({ community: 'public' }).set(['rwInt.0', integer(1)]);
    expect(status(v1)).toBe('noSuchName/0');
    const v2 = await conf.client.as({ community: 'public' }).set(['rwInt.0', integer(1)]);
    expect(status(v2)).toBe('authorizationError/0');
    expect(conf.counter('snmpInBadCommunityUses')).toBe(2);
    const nothing = conf.client.as({ community: 'nothing' });
    expect(status(await nothing.get('rwInt.0'))).toBe('authorizationError/0');
    expect(status(await nothing.getNext('rwInt.0'))).toBe('authorizationError/0');
    expect(status(await nothing.getBulk(0, 1, 'rwInt.0'))).toBe('authorizationError/0');
    expect(conf.counter('snmpInBadCommunityUses')).toBe(5);
  });

  it('SNMPv1 codes of instrumentation never reach a v2c manager [COX-003, OTP-033]', async () => {
    for (const [code, v2, v1] of [
      ['badValue', 'wrongValue', 'badValue'],
      ['noSuchName', 'noCreation', 'noSuchName'],
    ] as const) {
      await using conf = await confAgent(answering(code));
      expect(status(await conf.client.set(['anyInt.0', integer(1)]))).toBe(`${v2}/1`);
      expect(status(await conf.v1.set(['anyInt.0', integer(1)]))).toBe(`${v1}/1`);
    }
    const odd = { get: (): never => ({ error: 'noSuchName' }) as never };
    await using conf = await confAgent({ anyInt: odd });
    expect(status(await conf.client.get('anyInt.0'))).toBe('genErr/1');
  });
});

describe('what is too big [COX-004, V1M-25 to V1M-28]', () => {
  async function small(): Promise<ConfAgent> {
    return confAgent(
      { bigText: functions.scalar({ get: () => Buffer.alloc(300) }) },
      { limits: { maxMessageSizeOctets: 484 } },
    );
  }

  it('is tooBig with the request for v1, with nothing for v2c, and shortened for GETBULK', async () => {
    await using conf = await small();
    for (const type of ['get', 'getNext'] as const) {
      const names = type === 'get' ? ['bigText.0', 'bigText.0'] : ['bigText', 'bigText'];
      const v1 = await conf.v1.send(statusPdu(type, asked(names)));
      expect(status(v1)).toBe('tooBig/0');
      expect(v1?.varBinds.map(tellVarBind)).toEqual(asked(names).map(tellVarBind));
      expect(told(await conf.client.send(statusPdu(type, asked(names))))).toBe('tooBig/0');
    }
    const bulk = await conf.client.getBulk(2, 0, 'bigText', 'bigText');
    expect(status(bulk)).toBe('noError/0');
    expect(bulk?.varBinds).toHaveLength(1);
  });

  it('of a SET is found before anything is evaluated [docs/set.md 1.1]', async () => {
    let votes = 0;
    const anyInt = functions.scalar({
      get: () => 1,
      isSetOk: () => {
        votes += 1;
        return 'noError';
      },
      set: () => 'noError',
    });
    // 128 varbinds: an error-index of two octets, which the request's 0 does not have.
    const change = { name: oid('anyInt.0'), value: integer(5) };
    const pdu = statusPdu(
      'set',
      Array.from({ length: 128 }, () => change),
    );
    await using roomy = await confAgent({ anyInt });
    const size = roomy.client.encode(pdu).length;
    for (const [limit, expected] of [
      [size, 'tooBig/0'],
      [size + 1, 'noError/0'],
    ] as const) {
      votes = 0;
      await using conf = await confAgent({ anyInt }, { limits: { maxMessageSizeOctets: limit } });
      const answer = await conf.client.send(pdu);
      expect(status(answer)).toBe(expected);
      expect(answer?.varBinds).toHaveLength(expected === 'tooBig/0' ? 0 : 128);
      expect(votes).toBe(expected === 'tooBig/0' ? 0 : 1);
    }
  });
});

describe('who asks', () => {
  it('is told to instrumentation as version and securityName, never as community [COX-025, OTP-059]', async () => {
    const seen: unknown[] = [];
    const secret = 'very-secret';
    await using conf = await confAgent(
      {
        anyInt: functions.scalar({
          get: ({ requester, requestId, contextName }) => {
            seen.push({ ...requester, requestId: typeof requestId, contextName });
            return 1;
          },
        }),
      },
      {
        access: {
          communities: { [secret]: { read: 'all', securityName: 'monitoring' }, other: 'read' },
        },
      },
    );
    await conf.client.as({ community: secret }).get('anyInt.0');
    await conf.v1.as({ community: 'other' }).get('anyInt.0');
    const common = { address: '127.0.0.1', port: 0, requestId: 'number', contextName: '' };
    expect(seen).toEqual([
      { ...common, version: 'v2c', securityName: 'monitoring' },
      { ...common, version: 'v1', securityName: 'community2' },
    ]);
    expect(JSON.stringify(seen)).not.toContain(secret);
  });
});
