/**
 * net-snmp's snmpd, the agent of the C world, with a private configuration and persistent directory.
 *
 * Guards the decision to measure peers as their packages configure them: all default modules but
 * smux, no tuning; sysLocation is left out of the configuration so that it can be SET.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitForAnswer } from '../lib/client.mjs';
import {
  firstLine,
  freePort,
  SERVER_CORE,
  start as startProcess,
  stop,
  temporaryDirectory,
  which,
} from '../lib/proc.mjs';
import { ownMib, systemGroup, USM_USER, withUser } from '../workloads.mjs';

export const name = 'snmpd';

export function detect() {
  const program = which('snmpd');
  if (program === undefined) return { missing: 'no snmpd in PATH (Debian: snmpd)' };
  const version = firstLine(program, ['-v'])?.replace(/.*:\s*/, '') ?? 'unknown';
  return {
    version,
    notes: [
      'walks its own MIB: it has no table of our size',
      'SET of sysLocation: stored to disk later, not per SET',
    ],
  };
}

export async function start() {
  const directory = temporaryDirectory('snmpd');
  const port = await freePort();
  const config = join(directory, 'snmpd.conf');
  writeFileSync(
    config,
    [
      'rocommunity public 127.0.0.1',
      'rwcommunity private 127.0.0.1',
      `createUser ${USM_USER.name} SHA-256 ${USM_USER.authPassword} AES ${USM_USER.privPassword}`,
      `rouser ${USM_USER.name} priv`,
      'sysContact bench@example.org',
      'sysName bench',
      'sysServices 72',
      '',
    ].join('\n'),
  );
  const child = startProcess(
    which('snmpd') ?? 'snmpd',
    [
      '-f',
      '-C',
      '-c',
      config,
      '-p',
      join(directory, 'pid'),
      '-Lf',
      join(directory, 'log'),
      '-I',
      '-smux',
      `udp:127.0.0.1:${port}`,
    ],
    SERVER_CORE,
    {
      env: {
        ...process.env,
        SNMP_PERSISTENT_DIR: join(directory, 'persistent'),
        SNMPCONFPATH: directory,
      },
    },
  );
  child.stdout?.resume();
  child.stderr?.resume();
  await waitForAnswer(port, '1.3.6.1.2.1.1.6.0', 10_000);
  return {
    port,
    pid: child.pid ?? 0,
    work: { ...withUser(systemGroup()), ...ownMib() },
    stop: () => stop(child),
  };
}
