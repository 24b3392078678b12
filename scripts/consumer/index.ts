// A program as users of the package write it, with something of every door. Compiled against what
// `npm pack` packs (scripts/check-consumer.mjs), then run.
import { defineAgent, scalar, SnmpError, startAgent, table, type Agent } from 'trellis-snmp';
import { conformance, type ConformanceReport } from 'trellis-snmp/conformance';
import { readConfig, type AgentSettings } from 'trellis-snmp/config';
import { community, Manager, type RequestResult } from 'trellis-snmp/manager';
import { compileMibs, type Mib } from 'trellis-snmp/mib';
import { Supervisor } from 'trellis-snmp/supervisors';
import manifest from 'trellis-snmp/package.json' with { type: 'json' };
import schema from 'trellis-snmp/trellis.schema.json' with { type: 'json' };

const TEXT = `DOOR-MIB DEFINITIONS ::= BEGIN
IMPORTS MODULE-IDENTITY, OBJECT-TYPE, Integer32, enterprises FROM SNMPv2-SMI;
door MODULE-IDENTITY LAST-UPDATED "202601010000Z" ORGANIZATION "x" CONTACT-INFO "x"
  DESCRIPTION "x" ::= { enterprises 32473 77 }
doorState OBJECT-TYPE SYNTAX Integer32 (0..9) MAX-ACCESS read-write STATUS current
  DESCRIPTION "x" ::= { door 1 }
doorTable OBJECT-TYPE SYNTAX SEQUENCE OF DoorEntry MAX-ACCESS not-accessible STATUS current
  DESCRIPTION "x" ::= { door 2 }
doorEntry OBJECT-TYPE SYNTAX DoorEntry MAX-ACCESS not-accessible STATUS current
  DESCRIPTION "x" INDEX { doorIndex } ::= { doorTable 1 }
DoorEntry ::= SEQUENCE { doorIndex Integer32, doorWeight Integer32 }
doorIndex OBJECT-TYPE SYNTAX Integer32 (1..9) MAX-ACCESS not-accessible STATUS current
  DESCRIPTION "x" ::= { doorEntry 1 }
doorWeight OBJECT-TYPE SYNTAX Integer32 (0..99) MAX-ACCESS read-write STATUS current
  DESCRIPTION "x" ::= { doorEntry 2 }
END`;

const { mib }: { readonly mib: Mib } = compileMibs([{ path: 'DOOR-MIB', text: TEXT }]);

const definition = defineAgent({
  listen: 'udp://127.0.0.1:0',
  access: { communities: { private: 'write' } },
  async start(agent: Agent): Promise<void> {
    await agent.loadText(
      { path: 'DOOR-MIB', text: TEXT },
      {
        doorState: scalar.stored({ value: 1 }),
        doorTable: table.stored({ rows: [{ doorIndex: 1, doorWeight: 40 }] }),
      },
    );
  },
});

async function asked(manager: Manager, agent: Agent): Promise<RequestResult> {
  const port = Number(new URL(agent.addresses[0] ?? '').port);
  const target = { host: '127.0.0.1', port, auth: community('private') };
  return manager.set(target, [['DOOR-MIB::doorState.0', 7]]);
}

const settings: (file: string) => Promise<AgentSettings> = readConfig;
const run: (...given: Parameters<typeof conformance.run>) => Promise<ConformanceReport> =
  conformance.run;

await using agent = await startAgent(definition);
await definition.start?.(agent);
await using manager = new Manager({ mibs: mib });
const result = await asked(manager, agent);
if (result.kind !== 'ok')
  throw new SnmpError('SNMP_CONSUMER', `a SET was not done: ${result.kind}`);

// What is there at all, whatever its types say.
const doors: readonly unknown[] = [settings, run, Supervisor, manifest.version, schema];
if (doors.includes(undefined)) throw new Error('a door has nothing behind it');
