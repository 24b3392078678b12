import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { Child, PROJECT_ROOT } from '../support/child.js';

const CLI = 'dist/src/cli/main.js';
const started: Child[] = [];
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-e2e-config-'));
});
afterEach(() => {
  for (const child of started.splice(0)) child.signal('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true }));

function trellis(...args: readonly string[]): Child {
  const child = new Child([CLI, ...args]);
  started.push(child);
  return child;
}

async function ran(...args: readonly string[]): Promise<readonly [number | string, string]> {
  const child = trellis(...args);
  return [await child.exit(), child.output];
}

function config(content: unknown): string {
  const file = join(folder, 'trellis.json');
  writeFileSync(file, JSON.stringify(content, undefined, 2), { mode: 0o600 });
  return file;
}

it('config check prints what is wrong, and exits with 1', async () => {
  const file = config({ reads: 'wiat' });
  expect(await ran('config', 'check', file)).toEqual([
    1,
    `${file}:2:3 reads: expected 'wait' or 'through', not "wiat"; did you mean wait? [SNMP_CONFIG_VALUE]
${file}: 1 problem
`,
  ]);
});

it('an agent runs by a file, to which users are added', async () => {
  process.env['TRELLIS_TEST_AUTH'] = 'maplesyrup';
  const file = config({
    serve: join(PROJECT_ROOT, 'examples/crash'),
    listen: 'udp://127.0.0.1:0',
    state: 'state',
    system: { contact: 'ops' },
    access: { communities: { public: 'read' } },
  });
  const add = ['user', 'add', 'ann', '--config', file, '--write', 'all'];
  const auth = ['--auth', 'sha256:env:TRELLIS_TEST_AUTH', '--priv', 'aes128:env:TRELLIS_TEST_AUTH'];
  expect(await ran(...add, ...auth)).toEqual([
    0,
    `${file}: user "ann" added, with localized keys; an agent takes it at its next start\n`,
  ]);
  expect(readFileSync(file, 'utf8')).not.toContain('maplesyrup');
  const child = trellis('agent', '--config', file);
  await child.printed(/ready {2}udp:\/\/127\.0\.0\.1:\d+/);
  expect(child.output).toContain('crashSensor');
  expect(child.output).toContain(
    'access: 1 community, 0 with write access; 1 user, 1 with write access; on loopback only',
  );
  const asked = ['-v2c', '-c', 'public', /127\.0\.0\.1:\d+/.exec(child.output)?.[0] ?? ''];
  const [, contact] = await ran('get', ...asked, 'SNMPv2-MIB::sysContact.0');
  expect(contact).toContain('ops');
  child.signal('SIGTERM');
  expect(await child.exit()).toBe(0);
});

it('npm start lets one community read on loopback, and says so', async () => {
  const { scripts } = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8')) as {
    scripts: { start: string };
  };
  const [command, cli, ...args] = scripts.start.split(' ');
  expect([command, cli]).toEqual(['node', CLI]);
  const child = trellis(...args, '--listen', 'udp://127.0.0.1:0');
  await child.printed(/ready {2}/);
  expect(child.output).toContain(
    'access: 1 community, 0 with write access; 0 users, 0 with write access; nobody may write; on loopback only',
  );
});
