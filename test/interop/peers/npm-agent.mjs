// The npm package net-snmp as an agent of the system group: public reads, private writes.
import { createRequire } from 'node:module';

const snmp = createRequire(import.meta.url)('net-snmp');
const port = Number(process.argv[2]);
const agent = snmp.createAgent(
  { port, address: '127.0.0.1', accessControlModelType: snmp.AccessControlModelType.Simple },
  () => {},
);
const authorizer = agent.getAuthorizer();
for (const [community, level] of [
  ['public', snmp.AccessLevel.ReadOnly],
  ['private', snmp.AccessLevel.ReadWrite],
]) {
  authorizer.addCommunity(community);
  authorizer.getAccessControlModel().setCommunityAccess(community, level);
}
const { Integer, OctetString, OID, TimeTicks } = snmp.ObjectType;
const mib = agent.getMib();
const text = { constraints: { sizes: [{ min: 0, max: 255 }] } };
for (const [arc, name, scalarType, access, value, more] of [
  [1, 'sysDescr', OctetString, 'read-only', 'npm'],
  [2, 'sysObjectID', OID, 'read-only', '1.3.6.1.4.1.32473'],
  [3, 'sysUpTime', TimeTicks, 'read-only', 1],
  [4, 'sysContact', OctetString, 'read-write', 'me', text],
  [5, 'sysName', OctetString, 'read-write', 'npm', text],
  [6, 'sysLocation', OctetString, 'read-write', 'here', text],
  [7, 'sysServices', Integer, 'read-only', 72],
]) {
  const oid = `1.3.6.1.2.1.1.${arc}`;
  const maxAccess = snmp.MaxAccess[access];
  agent.registerProvider({
    name,
    oid,
    type: snmp.MibProviderType.Scalar,
    scalarType,
    maxAccess,
    ...more,
  });
  mib.setScalarValue(name, value);
}
agent.registerProvider({
  name: 'sysOREntry',
  type: snmp.MibProviderType.Table,
  oid: '1.3.6.1.2.1.1.9.1',
  maxAccess: snmp.MaxAccess['not-accessible'],
  tableColumns: [
    [1, 'sysORIndex', Integer, 'not-accessible'],
    [2, 'sysORID', OID, 'read-only'],
    [3, 'sysORDescr', OctetString, 'read-only'],
    [4, 'sysORUpTime', TimeTicks, 'read-only'],
  ].map(([number, name, type, access]) => ({
    number,
    name,
    type,
    maxAccess: snmp.MaxAccess[access],
  })),
  tableIndex: [{ columnName: 'sysORIndex' }],
});
for (const row of [1, 2])
  mib.addTableRow('sysOREntry', [row, `1.3.6.1.6.3.${row}`, `part ${row}`, row]);
console.log('ready');
