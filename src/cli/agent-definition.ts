import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SnmpError, type AgentDefinition } from '../index.js';
import { hostAgent } from '../host-agent/index.js';

/**
 * What a module, or a folder with index.mjs, exports; `host` is this machine.
 *
 * @throws SnmpError SNMP_CLI_NO_MODULE, SNMP_CLI_MODULE_FAILED, SNMP_CLI_NO_DEFINITION, rejecting
 */
export async function readDefinition(module: string): Promise<AgentDefinition> {
  if (module === 'host') return hostAgent();
  const path = resolve(module);
  const file =
    existsSync(path) && statSync(path).isDirectory()
      ? ['index.mjs', 'index.js'].map((name) => resolve(path, name)).find((one) => existsSync(one))
      : path;
  if (file === undefined || !existsSync(file)) {
    throw new SnmpError('SNMP_CLI_NO_MODULE', `no ES module at ${module}`);
  }
  let exported: unknown;
  try {
    const loaded = (await import(pathToFileURL(file).href)) as { default?: unknown };
    exported = loaded.default;
  } catch (cause) {
    throw new SnmpError('SNMP_CLI_MODULE_FAILED', `${module} could not be imported`, { cause });
  }
  if (typeof exported !== 'object' || exported === null) {
    throw new SnmpError(
      'SNMP_CLI_NO_DEFINITION',
      `${module}: its default export is no agent definition (see defineAgent)`,
    );
  }
  return exported;
}

/**
 * One definition over another: what both have is the upper one's. Modules, directories, targets and
 * contexts are added to, facts about the engine, the system and bounds are replaced one by one, and both
 * begin, the lower one first. `access` is replaced as a whole, so that nobody gets in by what the
 * upper one does not show.
 */
export function layered(under: AgentDefinition, over: AgentDefinition): AgentDefinition {
  const { system } = over;
  return {
    ...under,
    ...over,
    engine: { ...under.engine, ...over.engine },
    deadlines: { ...under.deadlines, ...over.deadlines },
    limits: { ...under.limits, ...over.limits },
    ...(typeof system === 'object' ? { system: { ...under.system, ...system } } : {}),
    contexts: [...new Set([...(under.contexts ?? []), ...(over.contexts ?? [])])],
    mibs: [...(under.mibs ?? []), ...(over.mibs ?? [])],
    mibPaths: [...(under.mibPaths ?? []), ...(over.mibPaths ?? [])],
    notify: {
      ...under.notify,
      ...over.notify,
      targets: [...(under.notify?.targets ?? []), ...(over.notify?.targets ?? [])],
    },
    async start(agent) {
      await under.start?.(agent);
      await over.start?.(agent);
    },
  };
}
