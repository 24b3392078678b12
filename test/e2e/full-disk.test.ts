import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SnmpValue } from '../../src/smi/index.js';
import { AgentProcess } from '../interop/agent-process.js';
import { asked, decodeAnswer, SnmpClient, status, statusPdu } from '../support/snmp-client.js';
import { targetOf, UdpClient } from '../support/udp-client.js';

const DEADLINE_MS = 60_000;
/** What the state may still grow by, and more SETs than that is enough for. */
const ROOM_KIB = 48;
const MAX_SETS = 400;
/** So many refusals on end are no accident. */
const ENOUGH_REFUSALS = 5;

const TESTBED = '1.3.6.1.4.1.32473.1';
const TB_INTEGER = `${TESTBED}.1.1.0`;
const ROW_ENTRY = `${TESTBED}.4.1.1`;
const [ROW_VALUE, ROW_TEXT, ROW_STATUS] = [3, 4, 7];
const CREATE_AND_GO: SnmpValue = { type: 'Integer32', value: 4 };

type Changes = readonly (readonly [string, SnmpValue])[];

const client = new SnmpClient(() => undefined, { community: 'private' });
const int = (value: number): SnmpValue => ({ type: 'Integer32', value });
const text = (value: string): SnmpValue => ({ type: 'OctetString', value: Buffer.from(value) });
const cell = (column: number, row: number): string => `${ROW_ENTRY}.${column}.${row}.97`;

/** A scalar of one subtree and a row of another. */
const changeTo = (step: number): Changes => [
  [TB_INTEGER, int(step)],
  [cell(ROW_VALUE, step), int(step % 100)],
  [cell(ROW_TEXT, step), text(`${step}`.padStart(16, 'x'))],
  [cell(ROW_STATUS, step), CREATE_AND_GO],
];

let directory: string;
let socket: UdpClient;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'trellis-full-disk-'));
  socket = await UdpClient.open();
});

afterAll(async () => {
  await socket[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

async function set(agent: AgentProcess, changes: Changes): Promise<string> {
  const varBinds = changes.map(([name, value]) => ({ name: asked([name])[0]?.name ?? [], value }));
  const octets = client.encode(statusPdu('set', varBinds));
  return status(
    decodeAnswer((await socket.exchange(octets, targetOf(`udp://${agent.address}`))).octets),
  );
}

/** The scalar, and which of the rows are there. */
async function seen(agent: AgentProcess, rows: number): Promise<[SnmpValue | undefined, number[]]> {
  const read = async (name: string): Promise<SnmpValue | undefined> => {
    const octets = client.encode(statusPdu('get', asked([name])));
    const target = targetOf(`udp://${agent.address}`);
    return decodeAnswer((await socket.exchange(octets, target)).octets).varBinds[0]?.value;
  };
  const there: number[] = [];
  for (let row = 1; row <= rows; row++) {
    const value = await read(cell(ROW_TEXT, row));
    if (value?.type === 'OctetString') there.push(row);
    else expect([row, value]).toEqual([row, { type: 'noSuchInstance' }]);
  }
  return [await read(TB_INTEGER), there];
}

describe('a disk that is full', () => {
  it(
    'refuses SETs, loses nothing that was acknowledged and keeps nothing that was not [LIM-017]',
    async () => {
      const kept: number[] = [];
      let sent = 0;
      {
        await using agent = await AgentProcess.start('examples/testbed', '--state', directory);
        for (; sent < 3;) {
          sent += 1;
          expect(await set(agent, changeTo(sent))).toBe('noError/0');
          kept.push(sent);
        }
      }
      const limitKiB = Math.ceil(statSync(join(directory, 'data.mdb')).size / 1024) + ROOM_KIB;
      {
        await using agent = await AgentProcess.startOnSmallDisk(
          limitKiB,
          'examples/testbed',
          '--state',
          directory,
        );
        let refused = 0;
        while (sent < MAX_SETS && refused < ENOUGH_REFUSALS) {
          sent += 1;
          const answer = await set(agent, changeTo(sent));
          if (answer === 'noError/0') {
            kept.push(sent);
            continue;
          }
          expect(answer).toMatch(/^(commitFailed|resourceUnavailable)\/1$/);
          refused += 1;
          expect(await seen(agent, sent)).toEqual([int(kept.at(-1) ?? 0), kept]);
        }
        expect([refused, kept.length > 3]).toEqual([ENOUGH_REFUSALS, true]);
        await agent.kill();
      }
      await using agent = await AgentProcess.start('examples/testbed', '--state', directory);
      expect(await seen(agent, sent)).toEqual([int(kept.at(-1) ?? 0), kept]);
      expect(await set(agent, changeTo(sent + 1))).toBe('noError/0');
    },
    DEADLINE_MS,
  );
});
