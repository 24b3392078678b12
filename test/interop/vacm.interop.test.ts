import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAgent, scalar, type Agent } from '../../src/index.js';
import { mibText } from '../support/mib-fixtures.js';
import { run } from './agent-process.js';

const AUTH_PASS = 'auth-pass-word';
const PRIV_PASS = 'priv-pass-word';
const SYS_NAME = '1.3.6.1.2.1.1.5.0';
const SYS_CONTACT = '1.3.6.1.2.1.1.4.0';

let agent: Agent;
let address: string;

beforeAll(async () => {
  const user = { auth: 'sha256', authPassword: AUTH_PASS, level: 'authNoPriv' } as const;
  const { level: _own, ...grouped } = user;
  agent = await startAgent({
    listen: 'udp://127.0.0.1:0',
    contexts: ['left', 'right'],
    system: { name: 'the-name', contact: 'the-contact' },
    access: {
      communities: {
        left: { read: 'all', context: 'left' },
        near: { read: 'all', from: ['127.0.0.0/8'] },
        far: { read: 'all', from: ['192.0.2.0/24'] },
      },
      users: [
        {
          name: 'admin',
          ...user,
          priv: 'aes128',
          privPassword: PRIV_PASS,
          level: 'authPriv',
          read: 'all',
          write: 'all',
          administer: true,
        },
        { name: 'guest', ...grouped, group: 'guests' },
      ],
      groups: {
        guests: [{ level: 'authNoPriv', context: 'l', contextMatch: 'prefix', read: 'all' }],
      },
    },
  });
  await agent.loadText(mibText('CONF-MIB'), [
    { name: 'left', contexts: ['left'], rwInt: scalar.stored({ value: 51 }) },
    { name: 'right', contexts: ['right'], rwInt: scalar.stored({ value: 52 }) },
  ]);
  address = agent.addresses[0]?.replace('udp://', '') ?? '';
});
afterAll(() => agent.stop());

const COMMON = ['-v3', '-On', '-t3', '-r1', '-a', 'SHA-256', '-A', AUTH_PASS];

/** @param words - options of SNMP as a list, before the address; then what the command takes. */
async function asAdmin(
  command: string,
  ...[first = '', ...rest]: readonly (string | readonly string[])[]
): Promise<string> {
  const options = typeof first === 'string' ? [] : first;
  const words = (typeof first === 'string' ? [first, ...rest] : rest) as readonly string[];
  const who = ['-u', 'admin', '-l', 'authPriv', '-x', 'AES', '-X', PRIV_PASS, ...options];
  return (await run(command, [...COMMON, ...who, address, ...words])).output.trim();
}

async function asGuest(command: string, context: string, ...names: readonly string[]) {
  const who = ['-u', 'guest', '-l', 'authNoPriv', '-n', context];
  return (await run(command, [...COMMON, '-Oqv', ...who, address, ...names])).output.trim();
}

async function asCommunity(community: string, name: string): Promise<string> {
  const words = ['-v2c', '-c', community, '-On', '-t1', '-r0', address, name];
  return (await run('snmpgetnext', words)).output.trim();
}

describe('snmpvacm', () => {
  it('makes and destroys groups, access and views; each counts at once [ACM-025, ACM-040]', async () => {
    expect(await asGuest('snmpget', '', SYS_NAME)).toContain('authorizationError');
    // Who is configured is not a manager's to move.
    expect(await asAdmin('snmpvacm', 'deleteSec2Group', '3', 'guest')).toContain('notWritable');
    for (const [words, said] of [
      [['createView', 'some', '.1.3.6.1.2.1.1', 'fe'], 'View successfully created.'],
      [['createView', '-Ce', 'some', '.1.3.6.1.2.1.1.5'], 'View successfully created.'],
      [
        ['createAccess', 'guests', '3', '2', '1', 'some', 'none', 'none'],
        'Access successfully created.',
      ],
      [['createSec2Group', '3', 'other', 'guests'], 'Sec2group successfully created.'],
    ] as const) {
      expect(await asAdmin('snmpvacm', ...words)).toBe(said);
    }
    expect(await asGuest('snmpget', '', SYS_CONTACT)).toBe('"the-contact"');
    expect(await asGuest('snmpget', '', SYS_NAME)).toContain('No Such Object');
    expect(await asGuest('snmpgetnext', '', '1.3.6.1.2.1.1.4.0')).not.toContain('the-name');
    expect(await asAdmin('snmpvacm', 'deleteView', 'some', '.1.3.6.1.2.1.1.5')).toBe(
      'View successfully deleted.',
    );
    expect(await asGuest('snmpget', '', SYS_NAME)).toBe('"the-name"');
    expect(await asAdmin('snmpvacm', 'deleteAccess', 'guests', '3', '2')).toBe(
      'Access successfully deleted.',
    );
    expect(await asGuest('snmpget', '', SYS_NAME)).toContain('authorizationError');
    expect(await asAdmin('snmpvacm', 'deleteSec2Group', '3', 'other')).toBe(
      'Sec2group successfully deleted.',
    );
  });

  it('may name all that there is by one number, and leave sub-identifiers open [ACM-028]', async () => {
    expect(await asAdmin('snmpvacm', 'createView', 'whole', '.1')).toBe(
      'View successfully created.',
    );
    await asAdmin('snmpvacm', 'createView', 'row', '.1.3.6.1.2.1.1.9.1.0.4', 'ff.a0');
    for (const view of ['whole', 'row']) {
      await asAdmin('snmpvacm', 'createAccess', 'guests', '3', '2', '1', view, 'none', 'none');
      const walked = await asGuest('snmpwalk', '', '1.3.6.1.2.1.1.9.1');
      const cells = walked.split('\n').filter((line) => !line.startsWith('No more variables'));
      // Three columns: of row 4, or of all rows.
      if (view === 'row') expect(cells.length).toBe(3);
      else expect(cells.length).toBeGreaterThan(20);
      await asAdmin('snmpvacm', 'deleteAccess', 'guests', '3', '2');
    }
  });
});

describe('contexts', () => {
  it('are asked for by name, and reported where they are not there [ACM-001, ACM-019]', async () => {
    const rwInt = agent.oidOf('rwInt')?.join('.') ?? '';
    expect(await asGuest('snmpget', 'left', `${rwInt}.0`)).toBe('51');
    expect(await asGuest('snmpget', 'right', `${rwInt}.0`)).toContain('authorizationError');
    expect(await asAdmin('snmpget', ['-n', 'right'], `${rwInt}.0`)).toContain('INTEGER: 52');
    expect(await asGuest('snmpget', 'nowhere', `${rwInt}.0`)).toContain('Bad context');
    expect(await asCommunity('left', rwInt)).toContain('INTEGER: 51');
  });
});

it('a community is taken from where it is for [TGT-019, TGT-021]', async () => {
  expect(await asCommunity('near', SYS_CONTACT)).toContain('the-name');
  expect(await asCommunity('far', SYS_CONTACT)).toContain('Timeout');
});
