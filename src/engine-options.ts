import { requireInteger, systemRandom, type Clock, type Logger } from './base/index.js';
import { generateEngineId, MAX_ENGINE_BOOTS, parseEngineId, SnmpEngine } from './security/index.js';

/** Who the agent is to those who ask in SNMPv3 (RFC 3411 section 3.1, RFC 3414 2.2). */
export interface EngineOptions {
  /**
   * snmpEngineID in hexadecimal, `80007ed905...`, 5 to 32 octets. Default: what the state keeps;
   * without a state another one for every agent that is started.
   */
  readonly id?: string;
  /**
   * snmpEngineBoots for this life, 1..2147483647. Default: what the state counted. Without a state
   * 1, which goes with the ID that no agent had before; where an `id` is given, seconds since 2020 by
   * the date, so that no life has the boots of one before it.
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
  readonly logger: Logger;
  readonly maxMessageSizeOctets: number;
  readonly memory: EngineMemory | undefined;
}

/**
 * @throws SnmpError SNMP_ENGINE_ID_INVALID, SNMP_OPTION_INVALID, SNMP_STATE_WRITE, rejecting: an
 *   engine ID that cannot be kept is not used.
 */
export async function createEngine(
  { id, boots: given }: EngineOptions = {},
  { clock, logger, maxMessageSizeOctets, memory }: EngineSurroundings,
): Promise<SnmpEngine> {
  const uncounted = (): number => (id === undefined ? 1 : bootsByDate(clock, logger));
  const boots = given ?? memory?.engineBoots ?? uncounted();
  requireInteger('engine.boots', boots, 1, MAX_ENGINE_BOOTS);
  return new SnmpEngine({
    id: id === undefined ? await ownId(memory) : parseEngineId(id),
    boots,
    maxMessageSizeOctets,
    clock,
    random: systemRandom,
  });
}

/** Boots count seconds from here where nothing else counts them: enough of them until 2088. */
const FIRST_BOOT_MS = Date.UTC(2020, 0, 1);

/**
 * Boots of an engine whose ID had lives before that nobody has counted. What was signed in one of
 * them must not be taken in this one (RFC 3414 2.2.2), and the date has gone on since: unless two
 * lives begin within a second, or the date is set back.
 *
 * Where the date says nothing, boots are latched: nothing authenticated is taken (RFC 3414 2.3).
 */
function bootsByDate(clock: Clock, logger: Logger): number {
  const seconds = Math.floor((clock.wallTimeMs() - FIRST_BOOT_MS) / 1000);
  if (seconds >= 1) return Math.min(seconds, MAX_ENGINE_BOOTS);
  logger.error(
    { code: 'SNMP_ENGINE_BOOTS_UNKNOWN' },
    'engine.id without a state, and the date is not set: nothing authenticated is taken in SNMPv3; give a state or engine.boots',
  );
  return MAX_ENGINE_BOOTS;
}

async function ownId(memory: EngineMemory | undefined): Promise<Uint8Array> {
  if (memory?.engineId !== undefined) return memory.engineId;
  const id = generateEngineId(systemRandom);
  await memory?.keepEngineId(id);
  return id;
}
