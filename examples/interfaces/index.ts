// The interfaces of an agent, typed: `npx trellis mib compile IF-MIB --out if-mib.ts` wrote the other
// file. With Node 22.18 or later: node examples/interfaces/index.ts 127.0.0.1 1161
import { community, Manager } from 'trellis-snmp/manager';
import { IF_MIB } from './if-mib.ts';

const [, , host = '127.0.0.1', port = '161'] = process.argv;
const target = { host, port: Number(port), auth: community('public') };
const manager = new Manager();
for await (const row of manager.table(target, IF_MIB, 'ifTable')) {
  console.log(`${row.ifIndex} ${row.ifDescr} is ${row.ifOperStatus}, ${row.ifInOctets} octets in`);
}
await manager.close();
