import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Child, PROJECT_ROOT } from '../support/child.js';
import { agentPackage, managerPackage } from './built-package.js';

const page = readFileSync(join(PROJECT_ROOT, 'docs/manager.md'), 'utf8');

/** The lines of code on the right of the first table. */
function linesBeside(): readonly string[] {
  const [, section = ''] = /^## pysnmp's SET.*?\n(.*?)^```$/ms.exec(page) ?? [];
  return [...section.matchAll(/^\| `.*?` \| `(.*)` \|$/gm)].map(([, line = '']) => line);
}

it('what stands beside pysnmp on the page runs, and prints what stands below it', async () => {
  const lines = linesBeside();
  expect(lines).toHaveLength(9);
  const [, printed] = /^```\n(null .*)\n```$/m.exec(page) ?? [];
  const agent = await agentPackage.startAgent({
    listen: 'udp://127.0.0.1:0',
    access: { communities: { private: 'write' } },
  });
  try {
    const port = new URL((agent.addresses[0] as string).replace('udp:', 'http:')).port;
    const run = async (script: string): Promise<string> => {
      const child = new Child(['--input-type=module', '-e', script.replace('1161', port)]);
      expect([await child.exit(), child.output]).toEqual([0, child.output]);
      return child.output.trim();
    };
    expect(await run(lines.join('\n'))).toBe(printed);
    const readOnly = await run(lines.join('\n').replace('sysName', 'sysDescr'));
    expect(readOnly).toMatch(/^null notWritable 1 /);
    expect(page).toContain('`null notWritable 1`');
  } finally {
    await agent.stop();
  }
});

it("README's example of a SET runs, and prints what stands behind it", async () => {
  const readme = readFileSync(join(PROJECT_ROOT, 'README.md'), 'utf8');
  const [, script = ''] =
    /^```js\n((?:(?!^```).*\n)*?.*manager\.set\((?:.*\n)*?)```$/m.exec(readme) ?? [];
  const [, printed] = / \/\/ (null .*)$/m.exec(script) ?? [];
  expect(printed).toMatch(/^null noError 0 /);
  const agent = await agentPackage.startAgent({
    listen: 'udp://127.0.0.1:0',
    access: { communities: { private: 'write' } },
  });
  try {
    const port = new URL((agent.addresses[0] as string).replace('udp:', 'http:')).port;
    // Of JavaScript as of now: what Node 20 runs has no `await using`.
    const plain = `${script.replace('await using', 'const')}\nawait manager.close();`;
    const child = new Child(['--input-type=module', '-e', plain.replace('1161', port)]);
    expect([await child.exit(), child.output.trim()]).toEqual([0, printed]);
  } finally {
    await agent.stop();
  }
});

it('the page has every errorIndication', () => {
  const [, table = ''] = /^\| errorIndication.*?\n(.*?)^$/ms.exec(page) ?? [];
  const listed = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  expect(listed).toEqual(Object.keys(managerPackage.ERROR_INDICATIONS));
});
