import { expect } from 'vitest';
import type { SnmpValue } from '../../src/smi/index.js';
import type { AgentProcess } from '../interop/agent-process.js';
import { asked, decodeAnswer, SnmpClient, status, statusPdu } from './snmp-client.js';
import { targetOf, UdpClient } from './udp-client.js';

/** More SETs than any room that is left takes; and so many refusals on end are no accident. */
const MAX_SETS = 3000;
/** What tbInteger may be. */
const MAX_INTEGER = 1000;
const ENOUGH_REFUSALS = 5;
const ROWS_PER_GET = 20;

const TESTBED = '1.3.6.1.4.1.32473.1';
const TB_INTEGER = `${TESTBED}.1.1.0`;
const ROW_ENTRY = `${TESTBED}.4.1.1`;
const [ROW_VALUE, ROW_TEXT, ROW_STATUS] = [3, 4, 7];
const CREATE_AND_GO: SnmpValue = { type: 'Integer32', value: 4 };

type Changes = readonly (readonly [string, SnmpValue])[];

const int = (value: number): SnmpValue => ({ type: 'Integer32', value });
const text = (value: string): SnmpValue => ({ type: 'OctetString', value: Buffer.from(value) });
/** A number up to a thousand and a letter are the index. */
const cell = (column: number, row: number): string =>
  `${ROW_ENTRY}.${column}.${(row % 1000) + 1}.${97 + Math.floor(row / 1000)}`;

/** A scalar of one subtree and a row of another. */
const changeTo = (step: number): Changes => [
  [TB_INTEGER, int(step % MAX_INTEGER)],
  [cell(ROW_VALUE, step), int(step % 100)],
  [cell(ROW_TEXT, step), text(`${step}`.padStart(16, 'x'))],
  [cell(ROW_STATUS, step), CREATE_AND_GO],
];

/** Makes row after row in the testbed agent, until its disk is full, and knows which were taken. */
export class DiskFiller implements AsyncDisposable {
  readonly #client = new SnmpClient(() => undefined, { community: 'private' });
  readonly #socket: UdpClient;
  /** Acknowledged. BOUNDED by MAX_SETS each time. */
  readonly #kept: number[] = [];
  #sent = 0;

  private constructor(socket: UdpClient) {
    this.#socket = socket;
  }

  static async open(): Promise<DiskFiller> {
    return new DiskFiller(await UdpClient.open());
  }

  get rows(): number {
    return this.#kept.length;
  }

  /** SETs that find room. */
  async make(agent: AgentProcess, count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      this.#sent += 1;
      expect(await this.#set(agent, changeTo(this.#sent))).toBe('noError/0');
      this.#kept.push(this.#sent);
    }
  }

  /** Until there is no room any more; with every refusal all is as before it. */
  async fill(agent: AgentProcess): Promise<void> {
    let refused = 0;
    const last = this.#sent + MAX_SETS;
    while (this.#sent < last && refused < ENOUGH_REFUSALS) {
      this.#sent += 1;
      const answer = await this.#set(agent, changeTo(this.#sent));
      if (answer === 'noError/0') {
        this.#kept.push(this.#sent);
        continue;
      }
      expect(answer).toMatch(/^(commitFailed|resourceUnavailable)\/1$/);
      refused += 1;
      await this.check(agent);
    }
    expect(refused).toBe(ENOUGH_REFUSALS);
  }

  /** All that was acknowledged is there, and nothing else. */
  async check(agent: AgentProcess): Promise<void> {
    const there: number[] = [];
    for (let first = 1; first <= this.#sent; first += ROWS_PER_GET) {
      const rows = Array.from({ length: ROWS_PER_GET }, (_, i) => first + i);
      const values = await this.#read(agent, ...rows.map((row) => cell(ROW_TEXT, row)));
      for (const [i, row] of rows.entries()) {
        if (values[i]?.type === 'OctetString') there.push(row);
        else expect([row, values[i]]).toEqual([row, { type: 'noSuchInstance' }]);
      }
    }
    expect(await this.#read(agent, TB_INTEGER)).toEqual([
      int((this.#kept.at(-1) ?? 0) % MAX_INTEGER),
    ]);
    expect(there).toEqual(this.#kept);
  }

  async #set(agent: AgentProcess, changes: Changes): Promise<string> {
    const varBinds = changes.map(([name, value]) => ({
      name: asked([name])[0]?.name ?? [],
      value,
    }));
    const octets = this.#client.encode(statusPdu('set', varBinds));
    const target = targetOf(`udp://${agent.address}`);
    return status(decodeAnswer((await this.#socket.exchange(octets, target)).octets));
  }

  async #read(agent: AgentProcess, ...names: readonly string[]): Promise<readonly SnmpValue[]> {
    const octets = this.#client.encode(statusPdu('get', asked(names)));
    const target = targetOf(`udp://${agent.address}`);
    const { varBinds } = decodeAnswer((await this.#socket.exchange(octets, target)).octets);
    return varBinds.map(({ value }) => value);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#socket[Symbol.asyncDispose]();
  }
}
