/**
 * OTP's agent (the `snmp` application), the model of ours, under `erl -noshell`.
 *
 * Guards the decision to measure it with its defaults: no verbosity, net_if and set mechanism as
 * shipped, SNMPv2-MIB loaded by default. Two settings differ: the largest message (484 octets by
 * default; a GETBULK of fifty would not fit) and bind_to (it would listen on every interface).
 * recbuf stays at Erlang's 16 KiB although that loses a request now and then from 16 outstanding
 * on: a larger one also enlarges the buffer allocated per datagram and makes this agent slower.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitForAnswer } from '../lib/client.mjs';
import {
  freePort,
  SERVER_CORE,
  start as startProcess,
  stop,
  temporaryDirectory,
  waitForLine,
  which,
} from '../lib/proc.mjs';
import { ownMib, systemGroup } from '../workloads.mjs';
import { spawnSync } from 'node:child_process';

export const name = 'otp';

const PROBE =
  'io:format("OTP ~s, snmp-~s~n", [erlang:system_info(otp_release), case application:load(snmp) of ok -> element(2, application:get_key(snmp, vsn)); _ -> "missing" end]), halt().';

export function detect() {
  const program = which('erl');
  if (program === undefined) return { missing: 'no erl in PATH (Debian: erlang-snmp)' };
  const { stdout } = spawnSync(program, ['-noshell', '-eval', PROBE], {
    encoding: 'utf8',
    timeout: 10_000,
  });
  const version = stdout?.trim();
  if (!version || version.endsWith('missing'))
    return { missing: 'erl has no snmp application (Debian: erlang-snmp)' };
  return {
    version,
    notes: [
      'walks its own MIB',
      'message size and bind_to set, all else default; loses some requests, its receive buffer is 16 KiB',
      'SET of sysLocation: kept in dets, as SNMPv2-MIB declares it persistent',
    ],
  };
}

/** @param {number} port @returns {Record<string, string>} file name to content */
function configuration(port) {
  return {
    'agent.conf': `{intAgentIpAddress, [127,0,0,1]}.\n{intAgentUDPPort, ${port}}.\n{snmpEngineMaxMessageSize, 65507}.\n{snmpEngineID, "trellis-bench"}.\n`,
    'standard.conf':
      '{sysDescr, "bench"}.\n{sysObjectID, [1,3,6,1,4,1,193,19]}.\n{sysContact, "bench@example.org"}.\n{sysLocation, "Unknown"}.\n{sysServices, 72}.\n{sysName, "bench"}.\n{snmpEnableAuthenTraps, disabled}.\n',
    'community.conf':
      '{"public", "public", "reader", "", ""}.\n{"private", "private", "writer", "", ""}.\n',
    'vacm.conf': [
      '{vacmSecurityToGroup, v2c, "reader", "readers"}.',
      '{vacmSecurityToGroup, v2c, "writer", "writers"}.',
      '{vacmAccess, "readers", "", any, noAuthNoPriv, exact, "internet", "", ""}.',
      '{vacmAccess, "writers", "", any, noAuthNoPriv, exact, "internet", "internet", ""}.',
      '{vacmViewTreeFamily, "internet", [1,3,6,1], included, null}.',
      '',
    ].join('\n'),
    'context.conf': '"".\n',
    'target_addr.conf': '%% none\n',
    'target_params.conf': '%% none\n',
    'notify.conf': '%% none\n',
    'usm.conf': '%% none\n',
  };
}

export async function start() {
  const directory = temporaryDirectory('otp');
  const port = await freePort();
  const conf = join(directory, 'conf');
  const db = join(directory, 'db');
  for (const d of [conf, db]) mkdirSync(d);
  for (const [file, text] of Object.entries(configuration(port)))
    writeFileSync(join(conf, file), text);
  writeFileSync(
    join(directory, 'bench.config'),
    `[{snmp, [{agent, [{versions, [v1, v2]}, {agent_type, master}, {net_if, [{options, [{bind_to, true}]}]}, {config, [{dir, ${JSON.stringify(`${conf}/`)}}]}, {db_dir, ${JSON.stringify(`${db}/`)}}]}]}].\n`,
  );
  const child = startProcess(
    which('erl') ?? 'erl',
    [
      '-noshell',
      '-config',
      join(directory, 'bench'),
      '-eval',
      'ok = application:start(snmp), io:format("ready~n").',
    ],
    SERVER_CORE,
    { cwd: directory, env: { ...process.env, ERL_CRASH_DUMP_SECONDS: '0' } },
  );
  await waitForLine(child, 'ready', 20_000);
  await waitForAnswer(port, '1.3.6.1.2.1.1.6.0', 10_000);
  return {
    port,
    pid: child.pid ?? 0,
    work: { ...systemGroup(), ...ownMib() },
    stop: () => stop(child),
  };
}
