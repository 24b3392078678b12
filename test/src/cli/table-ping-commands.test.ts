import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAgent, table, type Agent } from '../../../src/index.js';
import { TYPED_MIB } from '../../fixtures/typed/typed-mib.js';
import { trellis } from '../../support/trellis.js';

const TEXTS = fileURLToPath(new URL('../../fixtures/mib-text', import.meta.url));
const MODULES = ['-M', `+${TEXTS}`, '-m', '+TYPED-MIB'];

let agent: Agent;
let address: string;

beforeAll(async () => {
  agent = await startAgent({
    listen: 'udp://127.0.0.1:0',
    access: { communities: { public: 'read' } },
  });
  await agent.load(TYPED_MIB, {
    visitTable: table.stored({
      rows: [
        { visitFrom: '192.0.2.1', visitWhat: 'tea', visitMood: 'merry' },
        { visitFrom: '192.0.2.9', visitWhat: 'ab', visitAbilities: new Set(['fly', 'walk']) },
      ],
    }),
  });
  address = (agent.addresses[0] as string).replace('udp://', '');
});
afterAll(() => agent.stop());

describe('trellis table', () => {
  it('prints rows by index and column, with ? for what a row does not have, and as JSON', async () => {
    const [text, json] = await Promise.all([
      trellis('table', ...MODULES, '-Cib', '-Cf', '|', address, 'TYPED-MIB::visitTable'),
      trellis(
        'table',
        ...MODULES.slice(0, 2),
        '-m',
        'ALL',
        '--json',
        address,
        'TYPED-MIB::visitTable',
      ),
    ]);
    expect(text).toEqual({
      status: 0,
      out: [
        'SNMP table: TYPED-MIB::visitTable',
        '',
        'index|Mood|Abilities|Length',
        "192.0.2.1.'tea'|merry|?|?",
        `192.0.2.9.'ab'|?|"80 40 "|?`,
        '',
      ].join('\n'),
      err: '',
    });
    expect(JSON.parse(json.out)).toEqual([
      { visitFrom: '192.0.2.1', visitWhat: 'tea', visitMood: 'merry' },
      { visitFrom: '192.0.2.9', visitWhat: 'ab', visitAbilities: ['walk', 'fly'] },
    ]);
  });

  it('tells who is to blame by its exit status', async () => {
    const [none, words, silent] = await Promise.all([
      trellis('table', address, 'sysDescr'),
      trellis('table', '-Cz', address, 'sysORTable'),
      trellis('table', '-t0.05', '-r0', '-cnobody', address, 'sysORTable'),
    ]);
    expect(none).toMatchObject({ status: 1, err: expect.stringContaining('SNMP_NAME_NO_TABLE') });
    expect(words).toMatchObject({ status: 2, err: expect.stringContaining('-C knows no z') });
    expect(silent).toMatchObject({ status: 1, err: `Timeout: No Response from ${address}\n` });
  });
});

describe('trellis ping', () => {
  it('tells each round trip and their sum, and ends with 0 where there was an answer', async () => {
    const [some, refused] = await Promise.all([
      trellis('ping', '--count', '2', '--interval', '0.01', address),
      trellis('ping', '--count', '1', '--json', address, 'sysName.7'),
    ]);
    expect([some.status, some.err]).toEqual([0, '']);
    expect(some.out).toMatch(/^seq=1 time=[\d.]+ ms SNMPv2-MIB::sysUpTime\.0 = Timeticks/);
    expect(some.out).toMatch(/^2 requests sent, 2 answered, 0% lost, time \d+ ms$/m);
    expect(some.out).toMatch(/^rtt min\/avg\/max\/mdev = [\d./]+ ms$/m);
    expect(refused.status).toBe(0);
    expect(JSON.parse(refused.out)).toMatchObject([
      { sequence: 1, errorStatus: 'noError', name: 'SNMPv2-MIB::sysName.7', value: null },
      { sent: 1, received: 1, lossPercent: 0 },
    ]);
  });

  it('ends with 1 where there was none, by its count or by its deadline', async () => {
    const [counted, timed] = await Promise.all([
      trellis('ping', '--count', '1', '-t', '0.05', '-c', 'nobody', address),
      trellis('ping', '--deadline', '0.1', '--quiet', '-c', 'nobody', address),
    ]);
    expect(counted.status).toBe(1);
    expect(counted.out).toMatch(/^seq=1 requestTimedOut\n\n--- .* ---\n1 request sent, 0 answered/);
    expect(timed.status).toBe(1);
    expect(timed.out).toMatch(/1 request sent, 0 answered, 100% lost/);
  });
});
