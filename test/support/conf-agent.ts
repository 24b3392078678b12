import type { Agent } from '../../src/agent.js';
import type { AgentOptions, SubtreeDefinition } from '../../src/agent-options.js';
import { SimulatedClock } from '../../src/base/index.js';
import {
  scalar,
  table,
  type CallContext,
  type ScalarFunctions,
  type TableFunctions,
} from '../../src/instrumentation/index.js';
import { startAgent } from '../../src/start-agent.js';
import { mibText } from './mib-fixtures.js';
import { SnmpClient, type ClientOptions } from './snmp-client.js';

type Objects = Readonly<Record<string, SubtreeDefinition[string]>>;

/** Functions of a scalar and of a table: literals that the union of both would not type. */
export const functions = {
  scalar: (given: ScalarFunctions): ScalarFunctions => given,
  table: (given: TableFunctions): TableFunctions => given,
};

/** Stored scalars of CONF-MIB with the values that the tests expect. */
export function storedScalars(): Objects {
  return {
    roInt: scalar.stored({ value: 17 }),
    rwInt: scalar.stored({ value: 50 }),
    rwRange: scalar.stored({ value: 3 }),
    rwEnum: scalar.stored({ value: 'one' }),
    rwStr: scalar.stored({ value: Buffer.from('abc') }),
    rwSizes: scalar.stored({ value: Buffer.alloc(4) }),
    rwBits: scalar.stored({ value: new Set(['a', 'i']) }),
    rwOid: scalar.stored({ value: [1, 3, 6] }),
    rwIp: scalar.stored({ value: '192.0.2.1' }),
    c32: scalar.stored({ value: 4_294_967_295 }),
    g32: scalar.stored({ value: 2_147_483_648 }),
    tt: scalar.stored({ value: 12_345 }),
    c64: scalar.stored({ value: 18_446_744_073_709_551_615n }),
    rwOpaque: scalar.stored({ value: Uint8Array.of(0x9f, 0x78) }),
  };
}

/** Two full rows and, between them, one that lacks the first column. */
export function sparseRows(): Objects {
  return {
    sparseTable: table.computed({
      rows: () => [
        { sparseIndex: 1, sparseA: 11, sparseB: 21 },
        { sparseIndex: 2, sparseB: 22 },
        { sparseIndex: 3, sparseA: 13, sparseB: 23 },
      ],
      maxAgeMs: 1_000_000,
    }),
  };
}

export interface ConfAgent extends AsyncDisposable {
  readonly agent: Agent;
  readonly clock: SimulatedClock;
  /** Community `private`, which writes, and v2c. */
  readonly client: SnmpClient;
  /** The same requests out of SNMPv1. */
  readonly v1: SnmpClient;
  counter(name: string): number;
}

interface ConfOptions extends Omit<AgentOptions, 'clock'> {
  readonly client?: ClientOptions;
  readonly deadlines?: { getMs?: number; setMs?: number; lifecycleMs?: number };
  /** Whether the system and snmp groups can be seen. By default only 1.3.6.1.4.1.32473. */
  readonly sees?: 'conf' | 'all';
}

const CONF_ONLY = { include: ['1.3.6.1.4.1.32473'] };

/**
 * An agent with part of CONF-MIB, in simulated time. One definition is one subtree `conf`; several
 * need names. Communities: public reads, private writes, none knows nothing.
 */
export async function confAgent(
  definitions: Objects | readonly SubtreeDefinition[] = storedScalars(),
  { client: clientOptions, sees = 'conf', ...options }: ConfOptions = {},
): Promise<ConfAgent> {
  const clock = new SimulatedClock();
  const view = sees === 'conf' ? CONF_ONLY : ('all' as const);
  const agent = await startAgent({
    access: {
      communities: {
        public: { read: view },
        private: { read: view, write: view },
        nothing: {},
      },
    },
    ...options,
    clock,
  });
  const list = Array.isArray(definitions)
    ? (definitions as readonly SubtreeDefinition[])
    : [{ name: 'conf', ...(definitions as Objects) }];
  await agent.loadText(mibText('CONF-MIB'), list);
  const client = new SnmpClient((octets) => agent.inject(octets), clientOptions);
  return {
    agent,
    clock,
    client,
    v1: client.as({ version: 'v1' }),
    counter: (name) => agent.metrics().snmp[name] ?? Number.NaN,
    [Symbol.asyncDispose]: () => agent.stop(),
  };
}

/** One call of an instrumentation function, as it was made. */
export interface Call {
  readonly operation: string;
  readonly rowIndex?: readonly number[];
  readonly columns?: unknown;
  readonly context: CallContext;
}

/** What a promise is settled by, later. */
export interface Deferred<Value> {
  readonly promise: Promise<Value>;
  resolve(value: Value): void;
  reject(error: unknown): void;
}

export function deferred<Value>(): Deferred<Value> {
  let resolve: (value: Value) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<Value>((resolveIt, rejectIt) => {
    resolve = resolveIt;
    reject = rejectIt;
  });
  return { promise, resolve, reject };
}
