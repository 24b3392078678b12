import type { Agent } from '../../../src/agent.js';
import type {
  ColumnValue,
  ScalarFunctions,
  TableFunctions,
} from '../../../src/instrumentation/index.js';
import type { PlainValue } from '../../../src/smi/index.js';
import { noSuchInstance, startAgent } from '../../../src/index.js';
import { targetOf } from '../../support/udp-client.js';
import { BEFORE, columnName, OTP_PEER_MIB } from './peer-objects.js';
import type { Act, Operation, SetCase } from './set-case.js';

const SCALARS: Readonly<Record<string, string>> = {
  left: 'leftA leftB leftBare leftText leftHoles leftFlags leftKind leftShown leftOid leftFixed',
  right: 'rightA rightB',
};

/** Our agent with the functions of otp_peer.erl behind the same objects. */
export class TrellisAgent implements AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly #agent: Agent;
  /** By instance. */
  readonly #values = new Map<string, PlainValue>();
  /** What an instance had before the last `set`; undefined where it had nothing. */
  readonly #before = new Map<string, PlainValue | undefined>();
  #acts: SetCase['acts'] = {};

  private constructor(agent: Agent) {
    this.#agent = agent;
    const { host, port } = targetOf(agent.addresses[0] ?? '');
    this.host = host;
    this.port = port;
  }

  static async start(): Promise<TrellisAgent> {
    const agent = await startAgent({
      listen: 'udp://127.0.0.1:0',
      access: {
        communities: {
          public: 'read',
          private: 'write',
          partly: { read: 'all', write: { include: ['1.3.6.1.4.1.32473.79.1'] } },
        },
      },
    });
    const peer = new TrellisAgent(agent);
    await peer.#load('left');
    await peer.#load('right');
    return peer;
  }

  begin({ acts }: SetCase): void {
    this.#values.clear();
    for (const [key, value] of BEFORE) this.#values.set(key, value);
    this.#before.clear();
    this.#acts = acts;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#agent.stop();
  }

  #load(name: string): Promise<void> {
    const scalars = (SCALARS[name] ?? '')
      .split(' ')
      .map((scalar) => [scalar, this.#scalar(scalar)]);
    return this.#agent.load(OTP_PEER_MIB, {
      name,
      // Crashes are part of most cases.
      supervise: { intensity: 1_000_000, periodMs: 1000 },
      ...Object.fromEntries(scalars),
      [`${name}Table`]: this.#table(`${name}Table`),
    });
  }

  #scalar(name: string): ScalarFunctions {
    const key = `${name}.0`;
    const get = (): PlainValue | typeof noSuchInstance => this.#values.get(key) ?? noSuchInstance;
    if (name === 'leftFixed') return { get };
    const functions = {
      get,
      set: (value: PlainValue) => this.#act(name, 'set', () => this.#write([[key, value]])),
      rollback: () => this.#putBack([key]),
    };
    if (name === 'leftBare') return functions;
    return {
      ...functions,
      isSetOk: () => this.#act(name, 'isSetOk'),
      undo: () => this.#act(name, 'undo'),
    };
  }

  #table(table: string): TableFunctions {
    const group = (row: readonly number[]): string => [table, ...row].join('.');
    const key = (row: readonly number[], column: number): string =>
      [columnName(table, column), ...row].join('.');
    const keys = (row: readonly number[], columns: readonly ColumnValue[]): string[] =>
      columns.map(({ column }) => key(row, column));
    return {
      get: (row, columns) =>
        columns.map((column) => this.#values.get(key(row, column)) ?? noSuchInstance),
      getNext: (_row, columns) => columns.map(() => 'endOfTable' as const),
      isSetOk: (row) => this.#act(group(row), 'isSetOk'),
      set: (row, columns) =>
        this.#act(group(row), 'set', () =>
          this.#write(columns.map(({ column, value }) => [key(row, column), value])),
        ),
      undo: (row) => this.#act(group(row), 'undo'),
      rollback: (row, columns) => this.#putBack(keys(row, columns)),
    };
  }

  #write(changes: readonly (readonly [key: string, value: PlainValue])[]): void {
    for (const [key, value] of changes) {
      this.#before.set(key, this.#values.get(key));
      this.#values.set(key, value);
    }
  }

  #putBack(keys: readonly string[]): 'noError' {
    for (const key of keys) {
      // Not there where `set` never took effect.
      if (!this.#before.has(key)) continue;
      const before = this.#before.get(key);
      if (before === undefined) this.#values.delete(key);
      else this.#values.set(key, before);
    }
    return 'noError';
  }

  #act(group: string, operation: Operation, effect: () => void = () => undefined): never {
    const act = this.#acts[`${group} ${operation}`];
    if (act === undefined || act.effect) effect();
    return (act === undefined ? 'noError' : perform(group.includes('.'), act)) as never;
  }
}

function perform(isRow: boolean, { ends, label, column }: Act): unknown {
  if (ends === 'crashes' || ends === 'exits') throw new Error(label);
  const isStatus = isRow && label !== 'rubbish' && column !== undefined;
  const answer = isStatus ? { error: label, column } : label;
  if (ends === 'throws') throw answer;
  return answer;
}
