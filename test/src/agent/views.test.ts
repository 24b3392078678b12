import { describe, expect, it } from 'vitest';
import { formatOid } from '../../../src/smi/index.js';
import {
  confAgent,
  functions,
  sparseRows,
  storedScalars,
  type ConfAgent,
} from '../../support/conf-agent.js';
import { conf as oid } from '../../support/mib-fixtures.js';
import { fnCells, recordedTable } from '../../support/recorded-table.js';
import { integer, names, status, values } from '../../support/snmp-client.js';

interface View {
  readonly include: readonly string[];
  readonly exclude?: readonly string[];
}

function agentWith(read: View, write: View = read): Promise<ConfAgent> {
  return confAgent(
    {
      ...storedScalars(),
      ...sparseRows(),
      fnTable: recordedTable(fnCells(1, 2, 3)).functions,
      lastInt: { get: () => 9 },
    },
    { access: { communities: { private: { read, write } } } },
  );
}

const oids = (...list: readonly string[]): string[] => list.map((name) => formatOid(oid(name)));

describe('a read view', () => {
  it('that leaves out an object type hides that there is one [GET-008, D13]', async () => {
    await using conf = await agentWith({ include: ['confMIB'], exclude: ['roInt', 'sparseA'] });
    const answer = await conf.client.get('roInt.0', 'sparseA.1', 'sparseA.77', 'rwInt.0');
    expect(values(answer)).toEqual([
      'noSuchObject',
      'noSuchObject',
      'noSuchObject',
      'Integer32:50',
    ]);
  });

  it('that leaves out an instance shows that there is such an object [GET-009, D13]', async () => {
    const column = formatOid(oid('sparseA'));
    await using conf = await agentWith({ include: ['confMIB'], exclude: [`${column}.1`] });
    const answer = await conf.client.get('sparseA.1', 'sparseA.3', 'sparseA.4');
    expect(values(answer)).toEqual(['noSuchInstance', 'Integer32:13', 'noSuchInstance']);
  });

  it('that includes one instance of a hidden table shows that one [GET-009, GET-024]', async () => {
    await using conf = await agentWith({
      include: ['confMIB', formatOid(oid('sparseA.3'))],
      exclude: ['sparseTable'],
    });
    const answer = await conf.client.get('sparseA.3', 'sparseA.1', 'sparseB.1');
    expect(values(answer)).toEqual(['Integer32:13', 'noSuchInstance', 'noSuchObject']);
    expect(names(await conf.client.getNext('rwOpaque.0', 'sparseA.3'))).toEqual(
      oids('sparseA.3', 'fnA.1'),
    );
  });

  it('is kept by GETNEXT and GETBULK: what is outside is never named [GET-024, BLK-024]', async () => {
    await using conf = await agentWith({
      include: ['confMIB'],
      exclude: ['confScalars', 'sparseB', 'fnB', formatOid(oid('fnA.2'))],
    });
    const seen = oids(
      'sparseA.1',
      'sparseA.3',
      'fnA.1',
      'fnA.3',
      'fnC.1',
      'fnC.2',
      'fnC.3',
      'lastInt.0',
    );
    expect((await conf.client.walk('1.3')).map(({ name }) => formatOid(name))).toEqual(seen);
    const bulk = await conf.client.getBulk(0, 100, '1.3');
    expect(names(bulk).slice(0, -1)).toEqual(seen);
    expect(values(bulk).at(-1)).toBe('endOfMibView');
    const inside = await conf.client.getNext('sparseB', 'sparseB.2', 'fnB.2', 'roInt');
    expect(names(inside)).toEqual(oids('fnA.1', 'fnA.1', 'fnC.1', 'sparseA.1'));
  });

  it('goes by the longest family that matches [RFC 3415 vacmViewTreeFamilyTable]', async () => {
    await using conf = await agentWith({
      include: ['enterprises', 'fnA', formatOid(oid('fnB.2'))],
      exclude: ['confMIB', formatOid(oid('fnA.2'))],
    });
    expect((await conf.client.walk('1.3')).map(({ name }) => formatOid(name))).toEqual(
      oids('fnA.1', 'fnA.3', 'fnB.2'),
    );
  });

  it('of nothing shows nothing', async () => {
    await using conf = await agentWith({ include: ['noSuchThingAnywhere'] });
    expect(values(await conf.client.get('roInt.0'))).toEqual(['noSuchObject']);
    expect(values(await conf.client.getNext('1.3'))).toEqual(['endOfMibView']);
    expect(values(await conf.client.getBulk(0, 9, '1.3'))).toEqual(['endOfMibView']);
  });

  it('may name a module that is loaded later', async () => {
    await using conf = await confAgent([{ name: 'first', roInt: { get: () => 1 } }], {
      access: { communities: { private: { read: { include: ['sysDescr', 'snmpInPkts'] } } } },
    });
    expect(values(await conf.client.get('1.3.6.1.2.1.1.1.0'))[0]).toMatch(/^OctetString/);
    expect(values(await conf.client.get('roInt.0'))).toEqual(['noSuchObject']);
  });
});

describe('a write view', () => {
  it('refuses with noAccess at the first name outside, before anything else [docs/set.md 1.3]', async () => {
    await using conf = await agentWith({ include: ['confMIB'] }, { include: ['rwInt'] });
    expect(status(await conf.client.set(['rwInt.0', integer(7)]))).toBe('noError/0');
    const answer = await conf.client.set(['rwInt.0', integer(4711)], ['rwRange.0', integer(1)]);
    expect(status(answer)).toBe('noAccess/2');
    expect(status(await conf.v1.set(['rwRange.0', integer(1)]))).toBe('noSuchName/1');
  });

  it('alone lets its community read the same', async () => {
    await using conf = await confAgent(storedScalars(), {
      access: { communities: { private: { write: { include: ['rwInt'] } }, ro: { read: 'all' } } },
    });
    expect(values(await conf.client.get('rwInt.0', 'roInt.0'))).toEqual([
      'Integer32:50',
      'noSuchObject',
    ]);
    const reader = conf.client.as({ community: 'ro' });
    expect(status(await reader.set(['rwInt.0', integer(1)]))).toBe('authorizationError/0');
  });

  it('does not reach functions of what it refuses', async () => {
    let called = 0;
    await using conf = await confAgent(
      {
        anyInt: functions.scalar({
          get: () => 1,
          isSetOk: () => {
            called += 1;
            return 'noError';
          },
          set: () => 'noError',
        }),
        roInt: { get: () => 1 },
      },
      { access: { communities: { private: { write: { include: ['roInt'] } } } } },
    );
    expect(status(await conf.client.set(['anyInt.0', integer(1)]))).toBe('noAccess/1');
    expect(called).toBe(0);
  });
});
