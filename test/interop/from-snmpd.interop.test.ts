import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AgentProcess } from './agent-process.js';
import { askAll, blocksOf, linesOf, readPage, requestOf, toldAt, type Request } from './page.js';
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

const sections = readPage('from-snmpd.md').split(/^## /m).slice(1).flatMap(sectionOf);

function sectionOf(text: string): readonly Section[] {
  const snmpd = linesOf(text, 'conf');
  if (snmpd.length === 0) return [];
  return [
    {
      title: text.split('\n')[0] ?? '',
      snmpd,
      config: blocksOf(text, 'json').join(''),
      requests: linesOf(text, 'sh').map(requestOf),
      users: linesOf(text, 'usmUser'),
      trapd: linesOf(text, 'trapd'),
      heard: linesOf(text, 'heard'),
    },
  ];
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

it('the page has its sections', () => {
  expect(sections.length).toBeGreaterThan(7);
  for (const { title, config, requests } of sections) {
    expect(config, title).not.toBe('');
    expect(requests.length, title).toBeGreaterThan(1);
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
      ...lines.filter((line) => !line.startsWith('agentAddress')).map((line) => toldAt(line, port)),
    );
    await askAll(requests, snmpd.address, 'snmpd');
    await heard();
    for (const line of more.users) expect(snmpd.persisted).toContain(line);
  }
  await using agent = await AgentProcess.start('--config', written(toldAt(config, port)));
  await askAll(requests, agent.address, 'trellis');
  await heard();
});
