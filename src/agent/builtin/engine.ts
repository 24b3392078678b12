import type { SnmpEngine } from '../../security/index.js';
import type { SubtreeObjects } from '../bind-objects.js';

/** The snmpEngine group (RFC 3411): what an engine says of itself. */
export function engineObjects(engine: SnmpEngine): SubtreeObjects {
  return {
    snmpEngineID: { get: () => engine.id },
    snmpEngineBoots: { get: () => engine.boots },
    snmpEngineTime: { get: () => engine.timeSeconds },
    snmpEngineMaxMessageSize: { get: () => engine.maxMessageSizeOctets },
  };
}
