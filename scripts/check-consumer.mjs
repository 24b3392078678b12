// Compiles and runs scripts/consumer against what `npm pack` packs, as a program that has installed
// it: strict, our declarations included (no skipLibCheck), by both ways in which modules are found,
// by the compiler of today and the one before. Without lmdb, which nobody must need without a state
// directory; fast-check is what /conformance is made of. Needs `npm run build`.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const DEADLINE_MS = 120_000;
const RESOLUTIONS = { nodenext: 'nodenext', bundler: 'esnext' };
const COMPILERS = ['tsc', 'tsc6'];

const root = resolve(import.meta.dirname, '..');
const { name, dependencies, exports } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);
const folder = mkdtempSync(join(tmpdir(), 'trellis-consumer-'));
const modules = join(folder, 'node_modules');

function run(program, words, cwd = folder) {
  return execFileSync(program, words, {
    cwd,
    timeout: DEADLINE_MS,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

function install() {
  const packed = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const [{ filename, files }] = JSON.parse(run('npm', packed, root));
  mkdirSync(join(modules, name), { recursive: true });
  run('tar', ['-xzf', filename, '-C', join(modules, name), '--strip-components=1']);
  const others = ['fast-check', '@types/node', 'undici-types'];
  for (const dependency of [...Object.keys(dependencies), ...others]) {
    mkdirSync(dirname(join(modules, dependency)), { recursive: true });
    symlinkSync(join(root, 'node_modules', dependency), join(modules, dependency));
  }
  return files.map(({ path }) => path);
}

/** Each door of the package has to be used, and what is packed must lead nowhere else. */
function check(files) {
  const program = readFileSync(join(root, 'scripts/consumer/index.ts'), 'utf8');
  const doors = Object.keys(exports).map((door) => `'${join(name, door)}'`);
  const unused = doors.filter((door) => !program.includes(door));
  const maps = files.filter((file) => file.endsWith('.map'));
  return [
    ...unused.map((door) => `scripts/consumer does not use ${door}`),
    ...maps.map((file) => `${file}: its sources are not packed`),
  ];
}

function compile(compiler, moduleResolution, outDir) {
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        target: 'es2023',
        lib: ['es2023', 'esnext.disposable'],
        module: RESOLUTIONS[moduleResolution],
        moduleResolution,
        strict: true,
        noUncheckedIndexedAccess: true,
        exactOptionalPropertyTypes: true,
        verbatimModuleSyntax: true,
        resolveJsonModule: true,
        skipLibCheck: false,
        types: ['node'],
        rootDir: 'program',
        outDir,
      },
      include: ['program/**/*.ts'],
    }),
  );
  try {
    run(join(root, 'node_modules/.bin', compiler), ['-p', 'tsconfig.json']);
    return [];
  } catch (error) {
    if (!error.stdout) return [`${compiler}, ${moduleResolution}: ${error.message}`];
    const own = ownErrors(error.stdout);
    return own.length === 0 ? [] : [[`${compiler}, ${moduleResolution}:`, ...own].join('\n')];
  }
}

/** XState's declarations have errors of their own under exactOptionalPropertyTypes: not ours. */
function ownErrors(output) {
  const errors = output.split(/\n(?=\S)/);
  return errors.filter((error) => !/^\S*node_modules\/(?!trellis-snmp\/)/.test(error.trim()));
}

let failures;
try {
  failures = check(install());
  cpSync(join(root, 'scripts/consumer'), join(folder, 'program'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type":"module","private":true}');
  for (const compiler of COMPILERS) {
    for (const resolution of Object.keys(RESOLUTIONS)) {
      failures.push(...compile(compiler, resolution, `built-${compiler}-${resolution}`));
    }
  }
  if (failures.length === 0) {
    for (const built of readdirSync(folder).filter((entry) => entry.startsWith('built-'))) {
      run(process.execPath, [join(folder, built, 'index.js')]);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const failure of failures) process.stderr.write(`${failure}\n`);
process.stdout.write(`consumer: ${failures.length === 0 ? 'compiles and runs' : 'FAILED'}\n`);
if (failures.length > 0) process.exitCode = 1;
