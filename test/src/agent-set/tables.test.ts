import { describe, expect, it } from 'vitest';
import { noSuchInstance, table } from '../../../src/instrumentation/index.js';
import { parseOid, type Oid } from '../../../src/smi/index.js';
import { confAgent, functions } from '../../support/conf-agent.js';
import { moduleFromText } from '../../support/mib-fixtures.js';
import { integer, status, values } from '../../support/snmp-client.js';
import { SetStage } from '../../support/set-stage.js';

/** A table that managers write, with a string of any length as its INDEX. */
const WORDS_MIB = moduleFromText(
  'WORDS-MIB',
  `WORDS-MIB DEFINITIONS ::= BEGIN
IMPORTS MODULE-IDENTITY, OBJECT-TYPE, Integer32, enterprises FROM SNMPv2-SMI;
wordsMib MODULE-IDENTITY
    LAST-UPDATED "202601010000Z" ORGANIZATION "Trellis" CONTACT-INFO "nobody"
    DESCRIPTION "Words."
    ::= { enterprises 32473 78 }
wordTable OBJECT-TYPE
    SYNTAX SEQUENCE OF WordEntry MAX-ACCESS not-accessible STATUS current
    DESCRIPTION "Words."
    ::= { wordsMib 1 }
wordEntry OBJECT-TYPE
    SYNTAX WordEntry MAX-ACCESS not-accessible STATUS current
    DESCRIPTION "A word."
    INDEX { word }
    ::= { wordTable 1 }
WordEntry ::= SEQUENCE { word OCTET STRING, wordValue Integer32 }
word OBJECT-TYPE
    SYNTAX OCTET STRING (SIZE (0..16)) MAX-ACCESS not-accessible STATUS current
    DESCRIPTION "The index."
    ::= { wordEntry 1 }
wordValue OBJECT-TYPE
    SYNTAX Integer32 MAX-ACCESS read-write STATUS current
    DESCRIPTION "A number."
    ::= { wordEntry 2 }
END
`,
);

describe('a SET of rows', () => {
  it('asks once per row, with its columns ascending, rows as they came [OTP-039, D3, docs/set.md 2]', async () => {
    await using s = await SetStage.open({ s1: { s1Table: {} } });
    s.takeTrace();
    const changes = [
      ['s1Z.2', 1],
      ['s1Y.1', 2],
      ['s1X.2', 3],
      ['s1Z.1', 4],
      ['s1X.1', 5],
    ] as const;
    expect(await s.set(...changes)).toBe('noError/0');
    expect(s.takeTrace().slice(0, 2)).toEqual(['isSetOk s1.2 2=3 4=1', 'isSetOk s1.1 2=5 3=2 4=4']);
  });

  it('that swaps two values which must differ is judged as if simultaneous [SET-040]', async () => {
    const numbers = new Map([
      [1, 10],
      [2, 20],
    ]);
    await using stage = await confAgent({
      confTable: table.stored({
        rows: [...numbers].map(([confIndex, confReq]) => ({
          confIndex,
          confReq,
          confStatus: 'active',
        })),
        isSetOk: (changes) => {
          const after = new Map(numbers);
          for (const change of changes) {
            if (change.op !== 'update') continue;
            after.set(Number(change.index.confIndex), change.after.confReq);
          }
          const isUnique = new Set(after.values()).size === after.size;
          return isUnique ? 'noError' : { error: 'inconsistentValue', column: 'confReq' };
        },
      }),
    });
    const swap = [
      ['confReq.1', integer(20)],
      ['confReq.2', integer(10)],
    ] as const;
    expect(status(await stage.client.set(swap[0]))).toBe('inconsistentValue/1');
    expect(status(await stage.client.set(...swap))).toBe('noError/0');
    expect(values(await stage.client.get('confReq.1', 'confReq.2'))).toEqual([
      'Integer32:20',
      'Integer32:10',
    ]);
  });

  it('with createAndGo for a row that came between GET and SET is inconsistentValue [RST-044]', async () => {
    const rows = table.stored({});
    await using stage = await confAgent({ confTable: rows });
    expect(values(await stage.client.get('confStatus.1'))).toEqual(['noSuchInstance']);
    rows.insert({ confIndex: 1, confReq: 5, confStatus: 'active' });
    const answer = await stage.client.set(['confReq.1', integer(6)], ['confStatus.1', integer(4)]);
    expect(status(answer)).toBe('inconsistentValue/2');
    expect(values(await stage.client.get('confReq.1'))).toEqual(['Integer32:5']);
  });
});

describe('an index that no row of the table can have', () => {
  /** After the column: a length that does not fit, an octet above 255, one too many, too long. */
  const wrong = [
    '1.353',
    '2.97',
    '0.97',
    '3.97.98',
    '1.97.98',
    '1.4294967295',
    `17${'.97'.repeat(17)}`,
  ];

  it('names no row, and makes none; nothing is taken modulo 256 [TC-049]', async () => {
    const asked: unknown[] = [];
    const shown: string[] = [];
    await using stage = await confAgent({
      strTable: table.computed({
        rows: () => [{ strIndex: Buffer.from('a'), strValue: 1 }],
      }),
    });
    const seen = (row: unknown): 'noError' => {
      asked.push(row);
      return 'noError';
    };
    await stage.agent.load(WORDS_MIB, {
      wordTable: functions.table({
        get: (row, columns) => {
          // It is shown what was asked for, and knows that there is no such row.
          if (row.join('.') === '1.97') return columns.map(() => 1);
          shown.push(row.join('.'));
          return noSuchInstance;
        },
        getNext: (_row, columns) => columns.map(() => 'endOfTable'),
        isSetOk: seen,
        set: seen,
      }),
    });
    const word = (index: string): Oid => [
      ...(WORDS_MIB.nodes.get('wordValue')?.oid ?? []),
      ...parseOid(index),
    ];
    expect(values(await stage.client.get('strValue.1.97'))).toEqual(['Integer32:1']);
    for (const index of wrong) {
      expect(values(await stage.client.get(`strValue.${index}`))).toEqual(['noSuchInstance']);
      expect(values(await stage.client.get(word(index)))).toEqual(['noSuchInstance']);
      const set = await stage.client.set([word(index), integer(1)]);
      expect(status(set)).toBe('noCreation/1');
    }
    expect(asked).toEqual([]);
    expect(shown).toEqual(wrong);
    expect(status(await stage.client.set([word('1.97'), integer(1)]))).toBe('noError/0');
    expect(asked.length).toBeGreaterThan(0);
  });
});
