import { describe, expect, it } from 'vitest';
import { scalar, startAgent, table } from '../../../src/index.js';

describe('an option that nobody reads', () => {
  it.each<[string, object, string]>([
    ['of the agent', { acces: {} }, 'options: no option acces; did you mean access?'],
    ['of access', { access: { comunities: {} } }, 'access: no option comunities'],
    [
      'of a community, which is not shown',
      { access: { communities: { s3cret: { wirte: 'all' } } } },
      'access.communities, entry 1: no option wirte; did you mean write?',
    ],
    [
      'of a user',
      { access: { users: [{ name: 'ann', raed: 'all' }] } },
      'access.users[0]: no option raed; did you mean read?',
    ],
    [
      'of a group',
      { access: { groups: { g: [{ modle: 'v1' }] } } },
      'access.groups.g[0]: no option',
    ],
    [
      'of a view',
      { access: { views: { v: { includes: [] } } } },
      'access.views.v: no option includes',
    ],
    [
      'of a view in its place',
      { access: { users: [{ name: 'ann', read: { include: [], exlude: [] } }] } },
      'access.users[0].read: no option exlude; did you mean exclude?',
    ],
    ['of the engine', { engine: { ID: '80007ed905' } }, 'engine: no option ID; did you mean id?'],
    ['of the system', { system: { sysName: 'x' } }, 'system: no option sysName'],
    ['of deadlines', { deadlines: { get: 10 } }, 'deadlines: no option get'],
    ['of limits', { limits: { maxInflight: 1 } }, 'limits: no option maxInflight'],
    ['of notify', { notify: { target: [] } }, 'notify: no option target; did you mean targets?'],
    [
      'of a target',
      { notify: { targets: [{ address: 'udp://127.0.0.1:162', comunity: 'x' }] } },
      'notify.targets[0]: no option comunity',
    ],
  ])('%s is refused before anything starts, with the nearest one', async (_, options, message) => {
    const starting = startAgent(options);
    await expect(starting).rejects.toMatchObject({
      code: 'SNMP_OPTION_INVALID',
      message: expect.stringContaining(message) as string,
    });
    await expect(starting).rejects.not.toThrow('s3cret');
  });

  it('of a stored object is refused where it is made', () => {
    expect(() => scalar.stored({ isSetOK: () => 'noError' } as never)).toThrow(
      'scalar.stored: no option isSetOK; did you mean isSetOk?',
    );
    expect(() => table.stored({ onSet: () => undefined } as never)).toThrow(
      'table.stored: no option onSet',
    );
    expect(() => table.stored({ rowStatus: { createWait: false } } as never)).toThrow(
      'table.stored: rowStatus: no option createWait; did you mean createAndWait?',
    );
  });

  it('of a computed table is refused where it is made', () => {
    expect(() => table.computed({ rows: () => [], maxAgeMS: 5 } as never)).toThrow(
      'table.computed: no option maxAgeMS; did you mean maxAgeMs',
    );
    class Rows {
      readonly pin = 7;
      rows(): readonly object[] {
        return [];
      }
    }
    expect(() => table.computed(new Rows())).not.toThrow();
  });

  it('of a load, a reload or an import is refused', async () => {
    const text = { path: 'SENSOR-MIB', text: SENSOR_MIB };
    const instrumentation = { sensor: { get: () => 7 } };
    await using agent = await startAgent({ mibs: [text] });
    const refused: readonly (readonly [Promise<unknown>, string])[] = [
      [agent.loadText(text, instrumentation, { compleet: true } as never), 'load: no option compl'],
      [agent.load('SENSOR-MIB', instrumentation, { text } as never), 'load: no option text'],
      [
        agent.load([{ module: 'SENSOR-MIB', instrumentation, completed: true } as never]),
        'load[0]: no option completed; did you mean complete?',
      ],
      [agent.load([{ module: 'SENSOR-MIB' } as never]), 'load[0]: expected instrumentation'],
      [agent.load([{ instrumentation } as never]), 'load[0]: expected one of module and text'],
      [
        agent.load([{ module: 'SENSOR-MIB', text, instrumentation }]),
        'load[0]: expected one of module and text',
      ],
      [
        agent.loadText({ ...text, file: 'x' } as never, instrumentation),
        'load: text: no option file',
      ],
      [agent.importState({}, { notserved: 'leave' } as never), 'import: no option notserved'],
    ];
    for (const [asked, message] of refused) {
      await expect(asked).rejects.toMatchObject({
        code: 'SNMP_OPTION_INVALID',
        message: expect.stringContaining(message) as string,
      });
    }
    await agent.loadText(text, instrumentation, { complete: true });
    await expect(
      agent.reload('SENSOR-MIB', undefined, { modul: 'SENSOR-MIB' } as never),
    ).rejects.toMatchObject({
      code: 'SNMP_OPTION_INVALID',
      message: 'reload: no option modul; did you mean module?',
    });
  });

  it('is none where an object of a class has more than functions', async () => {
    class Sensor {
      readonly pin = 7;
      get(): number {
        return this.pin;
      }
    }
    await using agent = await startAgent({
      mibs: [{ path: 'SENSOR-MIB', text: SENSOR_MIB }],
    });
    await agent.load('SENSOR-MIB', { sensor: new Sensor() });
    await expect(
      agent.reload('SENSOR-MIB', { sensor: { pin: 7, get: () => 7 } as never }),
    ).rejects.toMatchObject({
      code: 'SNMP_LOAD_BAD_FUNCTIONS',
      message: 'sensor: there is no function pin',
    });
  });
});

const SENSOR_MIB = `SENSOR-MIB DEFINITIONS ::= BEGIN
IMPORTS MODULE-IDENTITY, OBJECT-TYPE, Integer32, enterprises FROM SNMPv2-SMI;
sensorMIB MODULE-IDENTITY LAST-UPDATED "202601010000Z" ORGANIZATION "o" CONTACT-INFO "c"
  DESCRIPTION "d" ::= { enterprises 32473 78 }
sensor OBJECT-TYPE SYNTAX Integer32 MAX-ACCESS read-only STATUS current DESCRIPTION "d"
  ::= { sensorMIB 1 }
END
`;
