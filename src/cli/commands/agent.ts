import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import {
  SnmpError,
  startAgent,
  type Agent,
  type AgentDefinition,
  type CommunityAccess,
  type NotifyTargetOptions,
  type UserAccess,
} from '../../index.js';
import { hostAgent } from '../../host-agent/index.js';
import { describeAccess, drawTree, exampleRequest } from '../agent-output.js';
import { readUser, USER_SYNTAX } from '../user-option.js';

const DEFAULT_LISTEN = 'udp://127.0.0.1:1161';

interface Options {
  readonly listen?: string[];
  readonly community?: [string, CommunityAccess][];
  readonly user?: UserAccess[];
  readonly engineId?: string;
  readonly mib?: string[];
  readonly mibPath?: string[];
  readonly notify?: NotifyTargetOptions[];
  readonly state?: string;
}

export function agentCommand(): Command {
  return new Command('agent')
    .description('run an agent: of an ES module, or of this very machine')
    .argument(
      '<module>',
      'ES module (or folder with index.mjs) whose default export is an agent definition; `host` for this machine',
    )
    .option('--listen <url>', 'udp://HOST:PORT to listen on; may be repeated', collect)
    .option(
      '--community <name=access>',
      'let NAME `read` or `write`; may be repeated; replaces those of the module',
      collectCommunity,
    )
    .option(
      '--user <name=access>',
      `an SNMPv3 user, ${USER_SYNTAX}, with passwords from env:VARIABLE or file:PATH; may be repeated; replaces those of the module`,
      collectUser,
    )
    .option(
      '--engine-id <hex>',
      'snmpEngineID, 5 to 32 octets; without it another one at each start',
    )
    .option(
      '--notify <community@url>',
      'send SNMPv2c traps to COMMUNITY@udp://HOST:PORT; may be repeated; besides those of the module',
      collectTarget,
    )
    .option('--state <dir>', 'keep what is not volatile there; made where it is not there')
    .option('--mib <file>', 'text of a MIB module the agent may load; may be repeated', collect)
    .option(
      '--mib-path <dir>',
      'directory to look for MIB modules in, by what its files hold; may be repeated',
      collect,
    )
    .action(async (module: string, options: Options) => {
      await runAgent(await readDefinition(module), options);
    });
}

function collect(value: string, earlier: string[] = []): string[] {
  return [...earlier, value];
}

function collectCommunity(
  value: string,
  earlier: [string, CommunityAccess][] = [],
): [string, CommunityAccess][] {
  const at = value.lastIndexOf('=');
  const access = value.slice(at + 1);
  if (at < 1 || (access !== 'read' && access !== 'write')) {
    throw new InvalidArgumentError('expected NAME=read or NAME=write');
  }
  return [...earlier, [value.slice(0, at), access]];
}

function collectUser(value: string, earlier: UserAccess[] = []): UserAccess[] {
  return [...earlier, readUser(value, process.env)];
}

function collectTarget(value: string, earlier: NotifyTargetOptions[] = []): NotifyTargetOptions[] {
  const at = value.lastIndexOf('@udp://');
  if (at < 1) throw new InvalidArgumentError('expected COMMUNITY@udp://HOST:PORT');
  return [...earlier, { community: value.slice(0, at), address: value.slice(at + 1) }];
}

async function readDefinition(module: string): Promise<AgentDefinition> {
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

async function runAgent(definition: AgentDefinition, options: Options): Promise<void> {
  const listen = options.listen ?? asList(definition.listen) ?? [DEFAULT_LISTEN];
  const communities = options.community
    ? Object.fromEntries(options.community)
    : (definition.access?.communities ?? {});
  const users = options.user ?? definition.access?.users ?? [];
  const agent = await startAgent({
    ...definition,
    listen,
    access: { communities, users },
    engine: {
      ...definition.engine,
      ...(options.engineId === undefined ? {} : { id: options.engineId }),
    },
    notify: {
      ...definition.notify,
      targets: [...(definition.notify?.targets ?? []), ...(options.notify ?? [])],
    },
    ...(options.state === undefined ? {} : { state: options.state }),
    mibPaths: [...(definition.mibPaths ?? []), ...(options.mibPath ?? [])],
    mibs: [...(definition.mibs ?? []), ...(options.mib ?? [])],
  });
  report(agent);
  try {
    await definition.start?.(agent);
  } catch (error) {
    await agent.stop();
    throw error;
  }
  const stop = (signal: NodeJS.Signals): void => {
    print(`${signal}: stopping`);
    // A second signal finds no handler any more, and ends the process as it always does.
    void agent.stop();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  print(drawTree(agent.tree()));
  print(describeAccess(communities, users));
  const example = exampleRequest(agent.addresses, communities, users);
  if (example !== undefined) print(`try:   ${example}`);
  print(`ready  ${agent.addresses.join('  ')}`);
  const reason = await agent.stopped;
  print('stopped');
  if (reason !== 'stop') {
    throw new SnmpError('SNMP_AGENT_GAVE_UP', `the agent stopped by itself: ${reason}`);
  }
}

function asList(listen: AgentDefinition['listen']): readonly string[] | undefined {
  return typeof listen === 'string' ? [listen] : listen;
}

/** What happens to the subtrees is printed as it happens. */
function report(agent: Agent): void {
  agent.on('subtree:crashed', ({ subtree, incarnation, operation, error }) => {
    const what = error instanceof Error ? error.message : String(error);
    print(`crash      ${subtree} (incarnation ${incarnation}) in ${operation}: ${what}`);
  });
  agent.on('subtree:up', ({ subtree, incarnation }) => {
    if (incarnation > 1) print(`restarted  ${subtree} (incarnation ${incarnation})`);
  });
  agent.on('subtree:quarantined', ({ subtree, restarts }) => {
    print(
      `given up   ${subtree}: ${restarts} crashes in its period are too many; the rest serves on`,
    );
  });
  agent.on('agent:defect', ({ error }) => {
    print(`defect     ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  });
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
