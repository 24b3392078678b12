import { Command, InvalidArgumentError } from 'commander';
import {
  SnmpError,
  startAgent,
  type Agent,
  type AgentDefinition,
  type CommunityAccess,
  type UserAccess,
} from '../../index.js';
import { readConfig } from '../../config/index.js';
import { layered, readDefinition } from '../agent-definition.js';
import { describeAccess, drawTree, exampleRequest, loggerOfErrors } from '../agent-output.js';
import { counted } from '../../base/index.js';
import { NOTIFY_SYNTAX, readNotifyWord, targetOf, type NotifyWord } from '../notify-option.js';
import { printLine, tell } from '../print.js';
import { readUser, USER_SYNTAX } from '../user-option.js';

const DEFAULT_LISTEN = 'udp://127.0.0.1:1161';

const HELP = `
Examples:
  trellis agent host --community public=read
  trellis agent my-agent.mjs --listen udp://127.0.0.1:1161 --state ./state
  AUTH=... PRIV=... trellis agent host --user ops=write,sha256:env:AUTH,aes128:env:PRIV
Without --listen, and where nothing else says: ${DEFAULT_LISTEN}.

Exit status: 0 it was stopped by SIGINT or SIGTERM, 1 it could not start or gave up (the message says
why), 2 the words of the call are off.`;

interface Options {
  readonly config?: string;
  readonly listen?: string[];
  readonly community?: [string, CommunityAccess][];
  readonly user?: UserAccess[];
  readonly engineId?: string;
  readonly mib?: string[];
  readonly mibPath?: string[];
  readonly notify?: NotifyWord[];
  readonly state?: string;
}

export function agentCommand(): Command {
  return new Command('agent')
    .description('run an agent: of an ES module, or of this very machine')
    .argument(
      '[module]',
      'ES module (or folder with index.mjs) whose default export is an agent definition; `host` for this machine; default: what the configuration serves',
    )
    .option(
      '--config <file>',
      'configuration, trellis.json or a module that exports one; the options below go before it',
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
      '--notify <who@url>',
      `send traps to ${NOTIFY_SYNTAX}: of SNMPv2c, or of SNMPv3 as one of the users; may be repeated; besides those of the module`,
      collectTarget,
    )
    .option('--state <dir>', 'keep what is not volatile there; made where it is not there')
    .option('--mib <file>', 'text of a MIB module the agent may load; may be repeated', collect)
    .option(
      '--mib-path <dir>',
      'directory to look for MIB modules in, by what its files hold; may be repeated',
      collect,
    )
    .addHelpText('after', HELP)
    .action(async (module: string | undefined, options: Options) => {
      await runAgent(module, options);
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

function collectTarget(value: string, earlier: NotifyWord[] = []): NotifyWord[] {
  return [...earlier, readNotifyWord(value)];
}

/** What is served; over it the configuration, and over that the command line. */
async function settled(module: string | undefined, options: Options): Promise<AgentDefinition> {
  const { listen, state, community, user } = options;
  const settings =
    options.config === undefined
      ? undefined
      : await readConfig(options.config, listen === undefined ? {} : { listen });
  const served = module === undefined ? settings?.serve : [module];
  if (served === undefined) {
    throw new SnmpError(
      'SNMP_CLI_NOTHING_SERVED',
      'nothing says what is to be served: give a module or `host`, or a --config with `serve`',
    );
  }
  let definition: AgentDefinition = {};
  for (const one of served) definition = layered(definition, await readDefinition(one));
  if (settings !== undefined) definition = layered(definition, settings.options);
  const access = {
    ...definition.access,
    ...(community === undefined ? {} : { communities: Object.fromEntries(community) }),
    ...(user === undefined ? {} : { users: user }),
  };
  return layered(definition, {
    listen: listen ?? definition.listen ?? DEFAULT_LISTEN,
    access,
    ...(options.engineId === undefined ? {} : { engine: { id: options.engineId } }),
    ...(state === undefined ? {} : { state }),
    notify: { targets: (options.notify ?? []).map((word) => targetOf(word, access)) },
    mibPaths: options.mibPath ?? [],
    mibs: options.mib ?? [],
  });
}

async function runAgent(module: string | undefined, options: Options): Promise<void> {
  const definition = await settled(module, options);
  const agent = await startAgent({ logger: loggerOfErrors(tell), ...definition });
  report(agent);
  try {
    await definition.start?.(agent);
  } catch (error) {
    await agent.stop();
    throw error;
  }
  const stop = (signal: NodeJS.Signals): void => {
    printLine(`${signal}: stopping`);
    // A second signal finds no handler any more, and ends the process as it always does.
    void agent.stop();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  // Styled, and each of its parts escaped.
  process.stdout.write(`${drawTree(agent.tree())}\n`);
  printLine(describeAccess(definition.access, agent.addresses));
  const example = exampleRequest(agent.addresses, definition.access);
  if (example !== undefined) printLine(`try:   ${example}`);
  printLine(`ready  ${agent.addresses.join('  ')}`);
  const reason = await agent.stopped;
  printLine('stopped');
  if (reason !== 'stop') {
    throw new SnmpError('SNMP_AGENT_GAVE_UP', `the agent stopped by itself: ${reason}`);
  }
}

/** What happens to the subtrees is printed as it happens. */
function report(agent: Agent): void {
  agent.on('subtree:crashed', ({ subtree, incarnation, operation, error }) => {
    const what = error instanceof Error ? error.message : String(error);
    printLine(`crash      ${subtree} (incarnation ${incarnation}) in ${operation}: ${what}`);
  });
  agent.on('subtree:up', ({ subtree, incarnation }) => {
    if (incarnation > 1) printLine(`restarted  ${subtree} (incarnation ${incarnation})`);
  });
  agent.on('subtree:quarantined', ({ subtree, restarts }) => {
    printLine(
      `given up   ${subtree}: ${counted(restarts, 'crash', 'crashes')} in its period ${restarts === 1 ? 'is' : 'are'} too many; the rest serves on`,
    );
  });
  agent.on('agent:defect', ({ error }) => {
    printLine(
      `defect     ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  });
}
