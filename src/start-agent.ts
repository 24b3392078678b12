import { GuardedLogger, silentLogger, systemClock } from './base/index.js';
import {
  counterObjects,
  engineObjects,
  snmpObjects,
  systemObjects,
  type SubtreeObjects,
} from './agent/index.js';
import { Agent } from './agent.js';
import { completeLimits, type AgentOptions } from './agent-options.js';
import { AgentRuntime } from './agent-runtime.js';
import { createEngine } from './engine-options.js';
import { requireKnownOptions } from './option-keys.js';
import { StateStore } from './store/index.js';

/**
 * Starts an agent: its supervision tree, the modules about itself, then its transports.
 *
 * Loopback, no community, no user, no write access: whatever is open was opened by an option.
 *
 * @throws SnmpError SNMP_STATE_*, SNMP_LISTEN_SYNTAX, SNMP_LISTEN_FAILED, SNMP_OPTION_INVALID,
 *   SNMP_PASSWORD_WEAK, SNMP_ACCESS_DUPLICATE, SNMP_ENGINE_ID_INVALID, SNMP_MIB_*; what was started
 *   is stopped again then.
 */
export async function startAgent(options: AgentOptions = {}): Promise<Agent> {
  const runtime = await createRuntime(options);
  try {
    const [module, framework, mpd, usm, vacm, targets, communities, notification] =
      runtime.library.modules([
        'SNMPv2-MIB',
        'SNMP-FRAMEWORK-MIB',
        'SNMP-MPD-MIB',
        'SNMP-USER-BASED-SM-MIB',
        'SNMP-VIEW-BASED-ACM-MIB',
        'SNMP-TARGET-MIB',
        'SNMP-COMMUNITY-MIB',
        'SNMP-NOTIFICATION-MIB',
      ]);
    const system = { name: 'system', ...systemGroup(runtime, options) };
    const snmp = {
      name: 'snmp',
      ...snmpObjects(module, runtime.counters, runtime.enableAuthenTraps),
    };
    runtime.prepare(module, options.system === false ? [snmp] : [system, snmp]);
    runtime.prepare(framework, [{ name: 'engine', ...engineObjects(runtime.engine) }]);
    runtime.prepare(mpd, [{ name: 'mpd', ...counterObjects(mpd, runtime.counters) }]);
    runtime.prepareUsers(usm);
    const tables = runtime.access.subtrees(
      { vacm, targets, communities, notification },
      runtime.counters,
    );
    for (const { name, module: own, objects } of tables) {
      runtime.prepare(own, [{ name, ...objects }]);
    }
    await runtime.start();
  } catch (error) {
    await runtime.stop();
    throw error;
  }
  return new Agent(runtime);
}

/** The state first: the engine's ID and boots are in it, and all keys are made for that ID. */
async function createRuntime(options: AgentOptions): Promise<AgentRuntime> {
  requireKnownOptions(options);
  const { state, clock = systemClock, logger = silentLogger } = options;
  const { maxMessageSizeOctets } = completeLimits(options.limits);
  const memory = state === undefined ? undefined : await StateStore.open(state, clock, 'agent');
  try {
    const engine = await createEngine(options.engine, {
      clock,
      logger: GuardedLogger.of(logger),
      maxMessageSizeOctets,
      memory,
    });
    const runtime = new AgentRuntime(options, clock, logger, engine);
    if (memory !== undefined) runtime.keepIn(memory);
    return runtime;
  } catch (error) {
    await memory?.close();
    throw error;
  }
}

function systemGroup(runtime: AgentRuntime, { system }: AgentOptions): SubtreeObjects {
  return systemObjects(
    system === false ? {} : (system ?? {}),
    () => runtime.upTimeCentiseconds(),
    runtime.capabilities,
  );
}
