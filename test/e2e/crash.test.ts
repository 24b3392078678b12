import { cpSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SnmpValue } from '../../src/smi/index.js';
import { AgentProcess, run } from '../interop/agent-process.js';
import { asked, decodeAnswer, SnmpClient, status, statusPdu } from '../support/snmp-client.js';
import { targetOf, UdpClient } from '../support/udp-client.js';

/** `npm run soak` asks for many more. */
const ROUNDS = Number(process.env['TRELLIS_CRASH_ROUNDS'] ?? 3);
const SEED = Number(process.env['TRELLIS_SEED'] ?? 1);
/** After so many kills the file of the state is cut short, too. */
const ROUNDS_PER_CUT = 5;
const ROUND_DEADLINE_MS = 20_000;

const TESTBED = '1.3.6.1.4.1.32473.1';
const SYS_LOCATION = '1.3.6.1.2.1.1.6.0';
const TB_INTEGER = `${TESTBED}.1.1.0`;
const TB_GAUGE = `${TESTBED}.1.8.0`;
const TB_LOCK = `${TESTBED}.1.14.0`;
const TB_A1 = `${TESTBED}.3.1.1.0`;
const TRACE_COUNT = `${TESTBED}.5.2.0`;
const TRACE_LINE = `${TESTBED}.5.3.1.2`;
const ROW_ENTRY = `${TESTBED}.4.1.1`;
const [ROW_VALUE, ROW_TEXT, ROW_STATUS] = [3, 4, 7];
const CREATE_AND_GO = 4;
const DESTROY = 6;
/** tbInteger is Integer32 (0..1000), tbRowNumber Unsigned32 (1..1000). */
const MAX_INTEGER = 1000;
const MAX_ROW_NUMBER = 1000;
/** Rows live for so many generations. */
const LIFE = 3;
/** So many SETs are outstanding in every other round: then they share what goes to the disk. */
const MOST_OUTSTANDING = 12;

const client = new SnmpClient(() => undefined, { community: 'private' });
const text = (value: string): SnmpValue => ({ type: 'OctetString', value: Buffer.from(value) });
const int = (value: number): SnmpValue => ({ type: 'Integer32', value });
const gauge = (value: number): SnmpValue => ({ type: 'Gauge32', value });
/** Last arcs of the names of the two rows that each generation has. */
const ROW_NAMES = [97, 98];
const integerOf = (generation: number): number => generation % (MAX_INTEGER + 1);
const rowCell = (column: number, generation: number, name = 97): string =>
  `${ROW_ENTRY}.${column}.${1 + (generation % MAX_ROW_NUMBER)}.${name}`;
/** A script of tbA1 by which all of its functions say yes. */
const scriptOf = (generation: number): number => 2000 + 100 * (generation % 900);

/** One SET over several subtrees: scalars of two, two rows made, two older ones destroyed, a function. */
function changeTo(
  generation: number,
  lock: number,
  withFunction: boolean,
): (readonly [string, SnmpValue])[] {
  const changes: (readonly [string, SnmpValue])[] = [
    [SYS_LOCATION, text(`${generation}`)],
    [TB_INTEGER, int(integerOf(generation))],
    [TB_GAUGE, gauge(generation)],
    [TB_LOCK, int(lock)],
  ];
  if (withFunction) changes.push([TB_A1, int(scriptOf(generation))]);
  const old = generation - LIFE;
  for (const name of ROW_NAMES) {
    changes.push(
      [rowCell(ROW_VALUE, generation, name), int(generation % 100)],
      [rowCell(ROW_TEXT, generation, name), text(`${generation}`)],
      [rowCell(ROW_STATUS, generation, name), int(CREATE_AND_GO)],
    );
    if (old >= 1) changes.push([rowCell(ROW_STATUS, old, name), int(DESTROY)]);
  }
  return changes;
}

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'trellis-crash-'));
});

afterAll(() => rmSync(directory, { recursive: true }));

interface Seen {
  readonly generation: number;
  readonly lock: number;
}

/** What the agent has, after it was found to be whole. */
async function readWhole(socket: UdpClient, agent: AgentProcess, most: number): Promise<Seen> {
  const target = targetOf(`udp://${agent.address}`);
  const read = async (...names: readonly string[]): Promise<readonly SnmpValue[]> => {
    const octets = client.encode(statusPdu('get', asked(names)));
    return decodeAnswer((await socket.exchange(octets, target)).octets).varBinds.map(
      ({ value }) => value,
    );
  };
  const [location, integer, gauged, lock] = await read(SYS_LOCATION, TB_INTEGER, TB_GAUGE, TB_LOCK);
  const written = location?.type === 'OctetString' ? Buffer.from(location.value).toString() : '?';
  const generation = Number(written);
  if (written !== '')
    expect([integer, gauged]).toEqual([int(integerOf(generation)), gauge(generation)]);
  for (let row = Math.max(1, generation - 2 * LIFE); row <= most; row++) {
    const cells = await read(...ROW_NAMES.map((name) => rowCell(ROW_TEXT, row, name)));
    const isThere = row <= generation && row > generation - LIFE;
    const cell = isThere ? text(`${row}`) : { type: 'noSuchInstance' };
    expect([row, ...cells]).toEqual([row, cell, cell]);
  }
  // The device behind tbA1 begins anew with its process. Its functions hear rollback of the SET
  // that the process died in, if any: never of one that is there.
  const [device, count] = await read(TB_A1, TRACE_COUNT);
  expect(device).toEqual(int(0));
  const rolledBack: string[] = [];
  for (let line = 1; count?.type === 'Gauge32' && line <= count.value; line++) {
    const [heard] = await read(`${TRACE_LINE}.${line}`);
    const words = heard?.type === 'OctetString' ? Buffer.from(heard.value).toString() : '?';
    if (words.startsWith('rollback tbA1')) rolledBack.push(words);
  }
  const unfinished = `rollback tbA1 ${scriptOf(generation + 1)}`;
  expect([[], [unfinished]]).toContainEqual(rolledBack);
  return { generation, lock: lock?.type === 'Integer32' ? lock.value : Number.NaN };
}

/**
 * The state as a disk would have it that lost the end of a file: refused, or whole all the same.
 *
 * @returns what an agent found that was started with the state itself meanwhile, if any.
 */
async function cutShort(
  socket: UdpClient,
  random: number,
  most: number,
): Promise<Seen | undefined> {
  const copy = `${directory}-cut`;
  cpSync(directory, copy, { recursive: true });
  const data = join(copy, 'data.mdb');
  truncateSync(data, random % statSync(data).size);
  const check = await run(process.execPath, ['dist/src/cli/main.js', 'state', 'check', copy]);
  const seen: Seen[] = [];
  if (check.code === 0) {
    for (const state of [directory, copy]) {
      await using agent = await AgentProcess.start('examples/testbed', '--state', state);
      seen.push(await readWhole(socket, agent, most));
    }
    expect(seen[1]).toEqual(seen[0]);
  } else {
    expect(check.output).toContain('damaged');
  }
  rmSync(copy, { recursive: true });
  return seen[0];
}

describe('kill -9 at any moment', () => {
  it(
    `leaves every acknowledged SET whole, and no other in part (${ROUNDS} rounds, seed ${SEED}) [LIM-017, OTP-068, TC-011]`,
    async () => {
      let random = SEED;
      let acknowledged = 0;
      let sent = 0;
      let total = 0;
      let before: Seen | undefined;
      for (let round = 0; round < ROUNDS; round++) {
        await using socket = await UdpClient.open();
        await using agent = await AgentProcess.start('examples/testbed', '--state', directory);
        const target = targetOf(`udp://${agent.address}`);
        const seen = await readWhole(socket, agent, sent + 1);
        expect(seen.generation).toBeGreaterThanOrEqual(acknowledged);
        expect(seen.generation).toBeLessThanOrEqual(sent);
        // A lock that went back would let a stale value pass. It has moved with every SET, and at the
        // start; that one may not have been kept where the agent died at once.
        if (before !== undefined && seen.generation > 0) {
          const sets = seen.generation - before.generation;
          expect([sets, sets + 1]).toContain((seen.lock - before.lock + 2 ** 31) % 2 ** 31);
        }
        before = seen;
        acknowledged = seen.generation;
        sent = seen.generation;
        let { lock } = seen;
        random = (random * 1_103_515_245 + 12_345) % 2 ** 31;
        // One by one, functions too; or many at once that rest on each other, stored objects alone.
        const isOneByOne = round % 2 === 0;
        let die = (): void => undefined;
        const killed = new Promise<void>((resolve) => {
          die = resolve;
        });
        // Those have something to lose: at the earliest when the first of them is acknowledged.
        let startCountdown = (): void => {
          startCountdown = () => undefined;
          const delayMs = 5 + (random % (isOneByOne ? 60 : 200));
          setTimeout(() => void agent.kill().then(die), delayMs);
        };
        if (isOneByOne) startCountdown();
        let isDead = false;
        void killed.then(() => {
          isDead = true;
        });
        while (!isDead) {
          while (sent - acknowledged < (isOneByOne ? 1 : MOST_OUTSTANDING)) {
            sent += 1;
            const varBinds = changeTo(sent, lock, isOneByOne).map(([name, value]) => ({
              name: asked([name])[0]?.name ?? [],
              value,
            }));
            lock = (lock + 1) % 2 ** 31;
            await socket.send(client.encode(statusPdu('set', varBinds)), target);
          }
          const answer = await Promise.race([socket.receive(), killed]);
          if (typeof answer !== 'object') break;
          // They share subtrees, so they are answered in order.
          acknowledged += 1;
          expect([acknowledged, status(decodeAnswer(answer.octets))]).toEqual([
            acknowledged,
            'noError/0',
          ]);
          total += 1;
          startCountdown();
        }
        await killed;
        if (round % ROUNDS_PER_CUT === 0) {
          before = (await cutShort(socket, random, sent + 1)) ?? before;
        }
      }
      expect(total).toBeGreaterThan(0);
      process.stdout.write(`${ROUNDS} kills, ${total} SETs acknowledged, none of them lost\n`);
    },
    ROUNDS * ROUND_DEADLINE_MS,
  );
});
