/**
 * The npm package net-snmp, the JavaScript incumbent, as an agent in a process of its own.
 *
 * Guards the claim of the README against the package people would otherwise take. It gets the same
 * scalars as the other peers and a table of 1 000 rows like ours; for 100 000 rows see the notes.
 *
 * As a child: `node servers/npm-net-snmp.mjs --child PORT ROWS`.
 */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { freePort, SERVER_CORE, start as startProcess, stop, waitForLine } from '../lib/proc.mjs';
import { waitForAnswer } from '../lib/client.mjs';
import { COLUMNS, systemGroup, tableWalk } from '../workloads.mjs';

export const name = 'npm-net-snmp';

const require = createRequire(import.meta.url);
const TABLE = '1.3.6.1.4.1.32473.2.1.1';
const ROWS = 1000;

export function detect() {
  try {
    const { version } = require('net-snmp/package.json');
    return {
      version,
      notes: [
        "table of 1 000 rows only: it sorts a column's rows at every GETNEXT step, 100 000 rows do not end",
      ],
    };
  } catch {
    return { missing: 'npm package net-snmp is not installed' };
  }
}

export async function start() {
  const port = await freePort();
  const child = startProcess(
    process.execPath,
    [fileURLToPath(import.meta.url), '--child', String(port), String(ROWS)],
    SERVER_CORE,
  );
  await waitForLine(child, 'ready', 60_000);
  child.stdout?.resume();
  child.stderr?.resume();
  await waitForAnswer(port, '1.3.6.1.2.1.1.6.0', 5000);
  return {
    port,
    pid: child.pid ?? 0,
    work: { ...systemGroup(), 'walk-1k': tableWalk(TABLE, ROWS) },
    stop: () => stop(child),
  };
}

/** @param {number} port @param {number} rows */
function serve(port, rows) {
  const snmp = require('net-snmp');
  // Its own settings for an agent; the callback would otherwise be handed every request.
  const agent = snmp.createAgent(
    { port, address: '127.0.0.1', accessControlModelType: snmp.AccessControlModelType.Simple },
    () => {},
  );
  const authorizer = agent.getAuthorizer();
  const access = authorizer.getAccessControlModel();
  for (const [community, level] of [
    ['public', snmp.AccessLevel.ReadOnly],
    ['private', snmp.AccessLevel.ReadWrite],
  ]) {
    authorizer.addCommunity(community);
    access.setCommunityAccess(community, level);
  }
  const mib = agent.getMib();
  /** @param {string} oid @param {number} type @param {unknown} value */
  const scalar = (oid, type, value) => {
    const name = `s${oid}`;
    agent.registerProvider({
      name,
      type: snmp.MibProviderType.Scalar,
      oid,
      scalarType: type,
      maxAccess: snmp.MaxAccess['read-write'],
    });
    mib.setScalarValue(name, value);
  };
  const { Integer, OctetString, TimeTicks, Counter } = snmp.ObjectType;
  scalar('1.3.6.1.2.1.1.3', TimeTicks, 12345);
  for (const n of [4, 5, 6]) scalar(`1.3.6.1.2.1.1.${n}`, OctetString, 'Unknown');
  scalar('1.3.6.1.2.1.1.7', Integer, 72);
  for (const n of [1, 3, 4, 6, 31]) scalar(`1.3.6.1.2.1.11.${n}`, Counter, 1000);
  // Counter where ours has Counter64: its tables accept no value its encoder would take for Counter64.
  const types = [Integer, OctetString, OctetString, Integer, Counter, Counter];
  agent.registerProvider({
    name: 'big',
    type: snmp.MibProviderType.Table,
    oid: TABLE,
    maxAccess: snmp.MaxAccess['not-accessible'],
    tableColumns: types.slice(0, COLUMNS).map((type, i) => ({
      number: i + 1,
      name: `big${i + 1}`,
      type,
      maxAccess: snmp.MaxAccess['read-only'],
    })),
    tableIndex: [{ columnName: 'big1' }],
  });
  for (let i = 1; i <= rows; i += 1)
    mib.addTableRow('big', [i, `port${i}`, `02:00:${i}`, 1 + (i % 2), i, i]);

  console.log('ready');
}

if (process.argv[2] === '--child') serve(Number(process.argv[3]), Number(process.argv[4]));
