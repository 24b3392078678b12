import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { configSchemaText, readConfig } from '../../../src/config/index.js';
import type { ConfigProblem } from '../../../src/config/problem.js';

const page = (name: string): string =>
  readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');
const configuration = page('configuration.md');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-pages-'));
  // What the examples speak of.
  writeFileSync(join(folder, 'my-agent.mjs'), '');
  writeFileSync(join(folder, 'ops-priv'), 'privsecret1\n');
  mkdirSync(join(folder, 'mibs'));
});
afterAll(() => rmSync(folder, { recursive: true }));

it('every configuration that stands on its own in the pages is sound', async () => {
  const [alone = ''] = configuration.split('## Coming from OTP');
  const blocks = [...`${alone}${page('from-snmpd.md')}`.matchAll(/^```json\n(.*?)^```$/gms)];
  expect(blocks.length).toBeGreaterThan(7);
  const file = join(folder, 'trellis.json');
  for (const [, block = ''] of blocks) {
    writeFileSync(file, block, { mode: 0o600 });
    await readConfig(file, { environment: { OPS_AUTH: 'maplesyrup' } });
  }
});

it('the page has every key and every code', () => {
  const schema = JSON.parse(configSchemaText()) as { properties: object };
  const keys = Object.keys(schema.properties);
  expect(keys.length).toBeGreaterThan(10);
  // `key` or `key.below` in the table, or as it stands in an example.
  const isThere = (key: string): boolean =>
    [`\`${key}\``, `\`${key}.`, `"${key}":`].some((form) => configuration.includes(form));
  expect(keys.filter((key) => !isThere(key))).toEqual([]);
  const codes: Readonly<Record<ConfigProblem['code'], true>> = {
    SNMP_CONFIG_SYNTAX: true,
    SNMP_CONFIG_UNKNOWN_KEY: true,
    SNMP_CONFIG_MISSING_KEY: true,
    SNMP_CONFIG_VALUE: true,
    SNMP_CONFIG_DUPLICATE: true,
    SNMP_CONFIG_REFERENCE: true,
    SNMP_CONFIG_FILE: true,
    SNMP_CONFIG_SECRET: true,
    SNMP_CONFIG_EXPOSED: true,
    SNMP_PASSWORD_WEAK: true,
    SNMP_COMMUNITY_WEAK: true,
  };
  for (const code of Object.keys(codes)) expect(configuration).toContain(code);
});
