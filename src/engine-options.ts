import { requireInteger, systemRandom, type Clock } from './base/index.js';
import { generateEngineId, MAX_ENGINE_BOOTS, parseEngineId, SnmpEngine } from './security/index.js';

/** Who the agent is to those who ask in SNMPv3 (RFC 3411 section 3.1, RFC 3414 2.2). */
export interface EngineOptions {
  /**
   * snmpEngineID in hexadecimal, `80007ed905...`, 5 to 32 octets. Default: another one for every
   * agent that is started.
   */
  readonly id?: string;
  /**
   * snmpEngineBoots for this life, 1..2147483647: whoever gives an `id` counts how often it was
   * used. Default 1, which goes with an `id` that no agent had before.
   */
  readonly boots?: number;
}

/** @throws SnmpError SNMP_ENGINE_ID_INVALID, SNMP_OPTION_INVALID */
export function createEngine(
  { id, boots = 1 }: EngineOptions = {},
  clock: Clock,
  maxMessageSizeOctets: number,
): SnmpEngine {
  requireInteger('engine.boots', boots, 1, MAX_ENGINE_BOOTS);
  return new SnmpEngine({
    id: id === undefined ? generateEngineId(systemRandom) : parseEngineId(id),
    boots,
    maxMessageSizeOctets,
    clock,
    random: systemRandom,
  });
}
