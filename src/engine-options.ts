import { requireInteger, systemRandom, type Clock } from './base/index.js';
import { generateEngineId, MAX_ENGINE_BOOTS, parseEngineId, SnmpEngine } from './security/index.js';

/** Who the agent is to those who ask in SNMPv3 (RFC 3411 section 3.1, RFC 3414 2.2). */
export interface EngineOptions {
  /**
   * snmpEngineID in hexadecimal, `80007ed905...`, 5 to 32 octets. Default: what the state keeps;
   * without a state another one for every agent that is started.
   */
  readonly id?: string;
  /**
   * snmpEngineBoots for this life, 1..2147483647. Default: what the state counted; without a state
   * 1, which goes with an `id` that no agent had before: whoever gives an `id` and no state counts
   * how often it was used.
   */
  readonly boots?: number;
}

/** What outlives an engine: the durable state. */
export interface EngineMemory {
  /** Of this life, counted already and on the disk. */
  readonly engineBoots: number;
  readonly engineId: Uint8Array | undefined;
  keepEngineId(id: Uint8Array): Promise<void>;
}

interface EngineSurroundings {
  readonly clock: Clock;
  readonly maxMessageSizeOctets: number;
  readonly memory: EngineMemory | undefined;
}

/**
 * @throws SnmpError SNMP_ENGINE_ID_INVALID, SNMP_OPTION_INVALID, SNMP_STATE_WRITE, rejecting: an
 *   engine ID that cannot be kept is not used.
 */
export async function createEngine(
  { id, boots: given }: EngineOptions = {},
  { clock, maxMessageSizeOctets, memory }: EngineSurroundings,
): Promise<SnmpEngine> {
  const boots = given ?? memory?.engineBoots ?? 1;
  requireInteger('engine.boots', boots, 1, MAX_ENGINE_BOOTS);
  return new SnmpEngine({
    id: id === undefined ? await ownId(memory) : parseEngineId(id),
    boots,
    maxMessageSizeOctets,
    clock,
    random: systemRandom,
  });
}

async function ownId(memory: EngineMemory | undefined): Promise<Uint8Array> {
  if (memory?.engineId !== undefined) return memory.engineId;
  const id = generateEngineId(systemRandom);
  await memory?.keepEngineId(id);
  return id;
}
