// Runs the rules of .dependency-cruiser.cjs, and fails too if the tool did not see every file: with
// the wrong TypeScript beside it, it sees none and is content.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

const folders = ['src', 'supervisors'];
const sources = folders
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => `${entry.parentPath}/${entry.name}`),
  )
  .sort();

const output = execFileSync(
  process.execPath,
  [
    'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'json',
    ...folders,
  ],
  { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
);
const { modules, summary } = JSON.parse(output);
const seen = new Set(modules.map(({ source }) => source));
const missed = sources.filter((source) => !seen.has(source));

for (const { from, to, rule } of summary.violations) {
  process.stdout.write(`${rule.name}: ${from} -> ${to}\n`);
}
for (const source of missed) process.stdout.write(`not seen: ${source}\n`);
process.stdout.write(
  `direction: ${sources.length} files, ${summary.violations.length} violations, ${missed.length} not seen\n`,
);
if (summary.violations.length > 0 || missed.length > 0) process.exitCode = 1;
