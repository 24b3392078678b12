import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AgentProcess } from './agent-process.js';
import { askAll, blocksOf, linesOf, readPage, requestOf, toldAt } from './page.js';
import { freePort } from './snmpd-process.js';
import { TrapdProcess } from './trapd-process.js';

const ERL = 'erl';
const START_MS = 20_000;
const FILES = ['agent', 'standard', 'context', 'community', 'vacm', 'usm'];
const TARGET_FILES = ['target_addr', 'target_params', 'notify'];
const [, page = ''] = readPage('configuration.md').split(/^## Coming from OTP/m);
const requests = linesOf(page, 'sh').map(requestOf);
const heard = linesOf(page, 'heard');

let folder: string;
let trapd: TrapdProcess;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-from-otp-'));
  trapd = await TrapdProcess.start();
});
afterAll(async () => {
  await trapd[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** OTP's agent by the files of the page, until the test is over. */
async function startOtp(port: number): Promise<AsyncDisposable> {
  for (const name of ['conf', 'db']) mkdirSync(join(folder, name));
  for (const name of [...FILES, ...TARGET_FILES]) {
    const [block = ''] = blocksOf(page, `${name}.conf`);
    expect(block, name).not.toBe('');
    const moved = toldAt(block, trapd.port).replace(/\b4000\b/, String(port));
    writeFileSync(join(folder, 'conf', `${name}.conf`), moved);
  }
  const terms = '{versions, [v1, v2, v3]}, {config, [{dir, "conf/"}]}, {db_dir, "db/"}';
  const net = '{net_if, [{options, [{bind_to, true}]}]}';
  writeFileSync(join(folder, 'agent.config'), `[{snmp, [{agent, [${terms}, ${net}]}]}].\n`);
  const start =
    '{ok, _} = application:ensure_all_started(crypto), ok = application:start(snmp), io:format("ready~n"), io:get_line(""), halt().';
  const child = spawn(ERL, ['-noshell', '-config', 'agent', '-eval', start], { cwd: folder });
  const ended = once(child, 'exit');
  let said = '';
  const deadline = setTimeout(() => child.kill('SIGKILL'), START_MS);
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (/^ready$/m.test(said)) resolve();
    });
    child.once('exit', () => reject(new Error(`OTP's agent did not start: ${said}`)));
    child.once('error', reject);
  }).finally(() => clearTimeout(deadline));
  return {
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** All fragments of the page as one configuration. */
function merged(): object {
  const merge = (left: object, right: object): object => {
    const both: Record<string, unknown> = { ...left };
    for (const [key, value] of Object.entries(right)) {
      const known = both[key];
      const isBranch = typeof known === 'object' && known !== null;
      both[key] = isBranch ? merge(known, value as object) : value;
    }
    return both;
  };
  const fragments = blocksOf(page, 'json').map((block) => JSON.parse(block) as object);
  expect(fragments.length).toBe(FILES.length + 1);
  return fragments.reduce(merge, { serve: [] });
}

it("the files of OTP's agent and the configuration beside them are answered alike", async () => {
  expect(requests.length).toBeGreaterThan(10);
  const port = await freePort();
  {
    await using _otp = await startOtp(port);
    await askAll(requests, `127.0.0.1:${port}`, 'otp');
    for (const line of heard) await trapd.heard(line);
    trapd.forget();
  }
  const file = join(folder, 'trellis.json');
  writeFileSync(file, toldAt(JSON.stringify(merged()), trapd.port), { mode: 0o600 });
  await using agent = await AgentProcess.start('--config', file);
  await askAll(requests, agent.address, 'trellis');
  for (const line of heard) await trapd.heard(line);
});
