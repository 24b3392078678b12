import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AgentProcess } from '../interop/agent-process.js';
import { Child } from '../support/child.js';

const readme = readFileSync('README.md', 'utf8');

let agent: AgentProcess;
beforeAll(async () => {
  agent = await AgentProcess.start('examples/first/my-agent.mjs');
});
afterAll(() => agent[Symbol.asyncDispose]());

/** What is left of a program without its layout. */
const bare = (code: string): string =>
  code
    .replace(/\s\/\/.*$/gm, '')
    .replace(/\s+/g, '')
    .replace(/,(?=[}\])])/g, '');

it('the first agent stands in the README as it is', () => {
  const [, code = ''] = /```js\n\/\/ my-agent\.mjs\n(.*?)```/s.exec(readme) ?? [];
  const file = readFileSync('examples/first/my-agent.mjs', 'utf8');
  expect(bare(`\n${file}`)).toBe(bare(`\n// my-agent.mjs\n${code}`));
  expect(bare(code)).toContain('defineAgent');
});

it('the SETs below it come to what is said', async () => {
  const lines = [...readme.matchAll(/^npx trellis (set .*MY-MIB.*?) +# (.*)$/gm)];
  const printed = [];
  for (const [, words = ''] of lines) {
    const here = words
      .replace('127.0.0.1:1161', agent.address)
      .replace('-M .', '-M examples/first');
    const child = new Child(['dist/src/cli/main.js', ...here.split(' ')]);
    printed.push([await child.exit(), child.output]);
  }
  expect(printed).toEqual([
    [
      0,
      'MY-MIB::setpoint.0 = INTEGER: 25 degrees Celsius\nMY-MIB::alarmStatus.1 = INTEGER: createAndGo(4)\n',
    ],
    [1, expect.stringContaining('inconsistentValue') as string],
  ]);
  const left = new Child([
    'dist/src/cli/main.js',
    'get',
    '-Ov',
    '-M',
    'examples/first',
    agent.address,
    'MY-MIB::location.0',
  ]);
  expect([await left.exit(), left.output]).toEqual([0, 'STRING: lab\n']);
});
