import { SimulatedClock } from '../../../src/base/index.js';
import type { FileSystemUsage, HostSource } from '../../../src/host/index.js';
import { hostAgent } from '../../../src/host-agent/index.js';
import { parseOid, startAgent, type Agent, type Oid } from '../../../src/index.js';
import { decodeMessage, MessageEncoder, type StatusPdu } from '../../../src/message/index.js';
import { NULL_VALUE, type SnmpValue, type VarBind } from '../../../src/smi/index.js';
import { changeSource, fixtureSource } from '../host/fixture-source.js';

const MAX_SIZE_OCTETS = 65_507;
const SMALL: FileSystemUsage = { blockOctets: 4096, blocks: 1000, freeBlocks: 400 };

/** The machine of the fixtures; every one of its file systems has a thousand blocks. */
export const machine: HostSource = changeSource(fixtureSource('machine'), {
  statFileSystem: () => Promise.resolve(SMALL),
});

/** The host agent on a machine that stands still, asked by messages without any network. */
export class HostUnderTest implements AsyncDisposable {
  readonly clock: SimulatedClock;
  readonly agent: Agent;
  readonly #encoder = new MessageEncoder();

  private constructor(agent: Agent, clock: SimulatedClock) {
    this.agent = agent;
    this.clock = clock;
  }

  static async start(source: HostSource = machine): Promise<HostUnderTest> {
    const clock = new SimulatedClock();
    const definition = hostAgent({ source, clock });
    const communities = { public: 'read', private: 'write' } as const;
    const agent = await startAgent({ ...definition, access: { communities } });
    await definition.start?.(agent);
    return new HostUnderTest(agent, clock);
  }

  /** The value of an instance: `ifDescr.4`. */
  async get(instance: string): Promise<SnmpValue | undefined> {
    return (await this.#ask('get', { name: this.oidOf(instance), value: NULL_VALUE })).varBinds[0]
      ?.value;
  }

  /** What the manager sees of a value: text, number, bigint; undefined where it has none. */
  async read(instance: string): Promise<unknown> {
    const value = await this.get(instance);
    if (value === undefined || !('value' in value)) return undefined;
    return value.value instanceof Uint8Array ? Buffer.from(value.value).toString() : value.value;
  }

  async getStatus(instance: string): Promise<number> {
    return (await this.#ask('get', { name: this.oidOf(instance), value: NULL_VALUE })).errorStatus;
  }

  async set(instance: string, value: SnmpValue): Promise<number> {
    return (await this.#ask('set', { name: this.oidOf(instance), value })).errorStatus;
  }

  /** Everything below `root`, one GETNEXT after the other. */
  async walk(root: string): Promise<VarBind[]> {
    const found: VarBind[] = [];
    let name = this.oidOf(root);
    const below = `${name.join('.')}.`;
    for (;;) {
      const next = (await this.#ask('getNext', { name, value: NULL_VALUE })).varBinds[0];
      if (next === undefined) throw new Error(`walk of ${root}: an error at ${name.join('.')}`);
      if (next.value.type === 'endOfMibView' || !next.name.join('.').startsWith(below))
        return found;
      found.push(next);
      name = next.name;
    }
  }

  oidOf(instance: string): Oid {
    const [descriptor = '', ...rest] = instance.split('.');
    if (descriptor === '') return parseOid(instance);
    const oid = this.agent.oidOf(descriptor);
    if (oid === undefined) throw new Error(`nobody knows ${descriptor}`);
    return [...oid, ...rest.map(Number)];
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.agent.stop();
  }

  async #ask(type: 'get' | 'getNext' | 'set', varBind: VarBind): Promise<StatusPdu> {
    const pdu = { type, requestId: 1, errorStatus: 0, errorIndex: 0, varBinds: [varBind] };
    const community = Buffer.from(type === 'set' ? 'private' : 'public');
    const request = this.#encoder.encode({ version: 'v2c', community, pdu }, MAX_SIZE_OCTETS);
    const response = await this.agent.inject(request ?? new Uint8Array());
    const decoded = decodeMessage(response ?? new Uint8Array());
    if (!decoded.ok || decoded.message.pdu.type !== 'response') throw new Error('no response');
    return decoded.message.pdu;
  }
}

export function text(value: string): SnmpValue {
  return { type: 'OctetString', value: Buffer.from(value) };
}
