import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAgent, type Agent } from '../../src/index.js';
import { Child, PROJECT_ROOT } from '../support/child.js';
import { pythonWithPysnmp } from '../support/python.js';
import { run } from './agent-process.js';

/** A program in both languages, line beside line. */
interface Beside {
  readonly python: readonly string[];
  readonly typescript: readonly string[];
  /** What the page says that it comes to: there, where that is another thing, and here. */
  readonly results: readonly string[];
}

/** The four parts in terms that both languages have; or that the call failed. */
interface Told {
  readonly raised?: string;
  readonly parts?: readonly unknown[];
  readonly printed?: string;
}

const page = readFileSync(join(PROJECT_ROOT, 'docs/set-operation.md'), 'utf8');
let agent: Agent;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-set-'));
  agent = await startAgent({
    listen: ['udp://127.0.0.1:0', 'udp://[::1]:0'],
    access: { communities: { private: 'write' } },
  });
});
afterAll(async () => {
  await agent.stop();
  rmSync(folder, { recursive: true });
});

/** The tables of code, row by row, cell by cell. */
function tables(): readonly (readonly (readonly string[])[])[] {
  return [...page.matchAll(/^\| Python \|.*\n\|[-|]+\|\n((?:\|.*\n)+)/gm)].map(([, body = '']) =>
    body
      .trimEnd()
      .split('\n')
      .map((row) => [...row.matchAll(/`([^`]*)`/g)].map(([, code = '']) => code)),
  );
}

/** The first table as it is, and with each line of the others in its place. */
function programs(): readonly Beside[] {
  const [main = [], changes = [], others = []] = tables();
  const python = main.map(([line = '']) => line);
  const typescript = main.map(([, line = '']) => line);
  const [, printed = ''] = /^```\n(null .*)\n```$/m.exec(page) ?? [];
  const changed = [...changes, ...others].map(([there = '', here = '', ...results]) => ({
    python: replaced(python, there),
    typescript: replaced(typescript, here),
    results,
  }));
  return [{ python, typescript, results: [printed] }, ...changed];
}

/** What is assigned to the same name goes. */
function replaced(lines: readonly string[], line: string): readonly string[] {
  const start = line.slice(0, line.indexOf(' = ') + 1);
  expect(
    lines.filter((one) => one.startsWith(start)),
    line,
  ).toHaveLength(1);
  return lines.map((one) => (one.startsWith(start) ? line : one));
}

/** With the ports that the agent has; who is not answered need not ask six times. */
function placed(lines: readonly string[]): readonly string[] {
  const [v4 = '', v6 = ''] = agent.addresses.map((address) => address.split(':').at(-1) ?? '');
  const isStranger = lines.some((line) => line.includes('nobody'));
  return lines.map((line) => {
    const here = line.replace('1161', line.includes('::1') ? v6 : v4);
    return isStranger ? here.replace(/retries(=|: )5/, 'retries$10') : here;
  });
}

const PYTHON_HEAD = `
import json
from pysnmp.error import PySnmpError
from pysnmp.hlapi import *

def tell(indication, status, index, var_binds):
    name = type(indication).__name__
    print('told ' + json.dumps({'parts': [
        name[0].lower() + name[1:] if indication else None,
        status.prettyPrint() if status else 'noError',
        int(index),
        [[str(name.getOid()), value.prettyPrint()] for name, value in var_binds],
    ]}))
`;

/** All programs as one, as the start of each costs a second. */
function inPython(all: readonly Beside[]): string {
  const parts = all.map(({ python }) => {
    const [, ...lines] = placed(python);
    const body = [...lines, 'tell(errorIndication, errorStatus, errorIndex, varBinds)'];
    return `try:\n    ${body.join('\n    ')}\nexcept PySnmpError:\n    print('told ' + json.dumps({'raised': 'PySnmpError'}))\n`;
  });
  return `${PYTHON_HEAD}\n${parts.join('\n')}`;
}

function inTypescript(all: readonly Beside[]): string {
  const parts = all.map(({ typescript }) => {
    const [, ...lines] = placed(typescript);
    return `try {
      ${lines.join('\n')}
      tell({ parts: [errorIndication, errorStatus, errorIndex, varBinds.map(({ name, plain }) => [name.join('.'), text(plain)])] });
    } catch ({ code }) { tell({ raised: code }); }`;
  });
  const [first = ''] = all[0]?.typescript ?? [];
  const tell = "const tell = (told) => console.log('told ' + JSON.stringify(told));";
  const text =
    'const text = (plain) => plain instanceof Uint8Array ? Buffer.from(plain).toString() : String(plain);';
  return [first, tell, text, ...parts].join('\n');
}

function toldIn(output: string): readonly Told[] {
  const told: Told[] = [];
  let printed: string | undefined;
  for (const line of output.trim().split('\n')) {
    if (line.startsWith('told ')) {
      const one = JSON.parse(line.slice('told '.length)) as Told;
      told.push(printed === undefined ? one : { ...one, printed });
      printed = undefined;
    } else printed = line;
  }
  return told;
}

it('a SET in Python and here comes to the same four parts, and to what the page says', async () => {
  const all = programs();
  expect(all.length).toBeGreaterThan(8);
  const script = join(folder, 'set.py');
  writeFileSync(script, inPython(all));
  const ours = new Child(['--input-type=module', '-e', inTypescript(all)]);
  expect([await ours.exit(), ours.output]).toEqual([0, ours.output]);
  const there = toldIn((await run(pythonWithPysnmp(), [script])).output);
  const here = toldIn(ours.output);
  expect([there.length, here.length]).toEqual([all.length, all.length]);
  for (const [i, { results, typescript }] of all.entries()) {
    const [theirs, own] = [there[i], here[i]];
    const program = typescript.join('\n');
    expect(own?.raised ?? own?.printed, program).toBe(results.at(-1));
    if (results.length > 1) {
      const [indication, status, index, varBinds] = theirs?.parts ?? [];
      const [[, value]] = varBinds as [[string, string]];
      const told = [indication, `${String(status)} ${String(index)}`, value];
      expect(told, program).toEqual([null, ...results.slice(0, 2)]);
    } else if (own?.raised === undefined) {
      expect(own?.parts, program).toEqual(theirs?.parts);
    } else {
      expect(theirs, program).toEqual({ raised: 'PySnmpError' });
    }
  }
});
