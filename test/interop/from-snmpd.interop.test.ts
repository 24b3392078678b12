import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AgentProcess, run } from './agent-process.js';
import { SnmpdProcess } from './snmpd-process.js';
import { TrapdProcess } from './trapd-process.js';

/** What stands under one heading of the page: the same in both languages, and what to ask. */
interface Section {
  readonly title: string;
  readonly snmpd: readonly string[];
  readonly config: string;
  readonly requests: readonly Request[];
  /** Lines that snmpd writes about its users. */
  readonly users: readonly string[];
  /** What the receiver has to be told before. */
  readonly trapd: readonly string[];
  /** What receivers are told by both. */
  readonly heard: readonly string[];
}

interface Request {
  readonly command: string;
  readonly args: readonly string[];
  /** What both answers have. */
  readonly expected: string;
}

const page = readFileSync(new URL('../../docs/from-snmpd.md', import.meta.url), 'utf8');
const sections = page.split(/^## /m).slice(1).flatMap(sectionOf);

function sectionOf(text: string): readonly Section[] {
  const block = (language: string): string | undefined =>
    new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'ms').exec(text)?.[1];
  if (block('conf') === undefined) return [];
  const lines = (language: string): readonly string[] =>
    (block(language) ?? '').split('\n').filter((line) => line !== '');
  return [
    {
      title: text.split('\n')[0] ?? '',
      snmpd: lines('conf'),
      config: block('json') ?? '',
      requests: lines('sh').map(requestOf),
      users: lines('usmUser'),
      trapd: lines('trapd'),
      heard: lines('heard'),
    },
  ];
}

function requestOf(line: string): Request {
  const [, words = '', expected = ''] = /^(.*?) +# (.*)$/.exec(line) ?? [];
  const [command = '', ...args] = words.split(/ +/);
  return { command, args, expected };
}

const MODULES = '-mSNMPv2-MIB:IF-MIB:HOST-RESOURCES-MIB:SNMP-FRAMEWORK-MIB';

async function ask({ command, args }: Request, address: string): Promise<string> {
  const asked = args.map((word) => (word === 'AGENT' ? address : word));
  const { output } = await run(command, [MODULES, '-r0', '-t2', ...asked]);
  return output.replaceAll(address, 'AGENT').trim();
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-from-snmpd-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The configuration of the page in a file that nobody else can read, in a folder of its own. */
function written(config: string): string {
  const file = join(mkdtempSync(join(folder, 'section-')), 'trellis.json');
  writeFileSync(file, config, { mode: 0o600 });
  return file;
}

/** On the page 162; here where somebody listens. */
const told = (text: string, port: number): string => text.replaceAll(/:162\b/g, `:${port}`);

async function askAll(requests: readonly Request[], address: string, who: string): Promise<void> {
  for (const request of requests) {
    const shown = [who, request.command, ...request.args].join(' ');
    expect(await ask(request, address), shown).toContain(request.expected);
  }
}

it('the page has its sections', () => {
  expect(sections.length).toBeGreaterThan(6);
  for (const { title, config, requests } of sections) {
    expect(config, title).not.toBe('');
    expect(requests.length, title).toBeGreaterThan(1);
    for (const { args, expected } of requests) {
      expect(args, title).toContain('AGENT');
      expect(expected, title).not.toBe('');
    }
  }
});

it.each(sections)('$title: answered alike', async ({ snmpd: lines, config, requests, ...more }) => {
  await using trapd = more.heard.length === 0 ? undefined : await TrapdProcess.start(...more.trapd);
  const port = trapd?.port ?? 0;
  const heard = async (): Promise<void> => {
    for (const line of more.heard) await trapd?.heard(line);
    trapd?.forget();
  };
  {
    await using snmpd = await SnmpdProcess.start(
      ...lines.filter((line) => !line.startsWith('agentAddress')).map((line) => told(line, port)),
    );
    await askAll(requests, snmpd.address, 'snmpd');
    await heard();
    for (const line of more.users) expect(snmpd.persisted).toContain(line);
  }
  await using agent = await AgentProcess.start('--config', written(told(config, port)));
  await askAll(requests, agent.address, 'trellis');
  await heard();
});
