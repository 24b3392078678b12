// Tries the valves' instrumentation: node examples/conformance/conform.mjs [repaired]
import { fileURLToPath } from 'node:url';
import { conformance } from 'trellis-snmp/conformance';
import { valves } from './valves.mjs';

const subject = await conformance.instrumentationSubject({
  mib: fileURLToPath(new URL('./VALVE-MIB.mib', import.meta.url)),
  subtrees: { valveTable: valves({ repaired: process.argv[2] === 'repaired' }) },
});
try {
  const report = await conformance.run(subject, { runs: 200, seed: 6, subtree: 'valveMIB' });
  process.stdout.write(conformance.formatText(report));
  process.exitCode = report.results.some(({ verdict }) => verdict === 'failed') ? 1 : 0;
} finally {
  await subject.close();
}
