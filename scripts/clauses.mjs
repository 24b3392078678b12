// Which clause of the conformance catalogue is tested where: `npm run clauses`. A test cites clauses
// in brackets in its title, `[GET-013]`, `[SET-044, SET-047]`, `[ENC-001..ENC-046]`; what is decided
// otherwise, or waits, stands in test/divergences.json with its reason.
import { readFileSync, readdirSync } from 'node:fs';
import { citations } from './citations.mjs';

const read = (path) => JSON.parse(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'));
const clauses = read('test/fixtures/clauses.json');
const divergences = read('test/divergences.json');

const files = readdirSync(new URL('../test/', import.meta.url), { recursive: true })
  .filter((file) => file.endsWith('.test.ts'))
  .sort();

const testsOf = new Map(clauses.map(({ id }) => [id, new Set()]));
for (const file of files) {
  const text = readFileSync(new URL(`../test/${file}`, import.meta.url), 'utf8');
  for (const [, citation] of text.matchAll(/\[((?:[A-Z][A-Z0-9]{1,2}-\d{3})[^\]]*)\]/g)) {
    for (const id of citations(citation)) testsOf.get(id)?.add(file);
  }
}

const totals = { tested: 0, decided: 0, open: 0 };
const isListed = process.argv.includes('--all');
for (const { id, source, priority } of clauses) {
  const tests = [...(testsOf.get(id) ?? [])];
  const reason = divergences[id];
  const status = tests.length > 0 ? 'tested' : reason === undefined ? 'open' : 'decided';
  totals[status] += 1;
  if (!isListed && status === 'tested') continue;
  process.stdout.write(`${id} ${priority} ${status}: ${tests[0] ?? reason ?? source}\n`);
}
process.stdout.write(
  `clauses: ${clauses.length}, ${totals.tested} tested, ${totals.decided} decided otherwise or waiting, ${totals.open} open\n`,
);
if (totals.open > 0) process.exitCode = 1;
