import { expect, it } from 'vitest';
import { describeAccess, loggerOfErrors } from '../../../src/cli/agent-output.js';

const LOCAL = ['udp://127.0.0.1:1161', 'udp://[::1]:1161'];

it('who may ask is counted, with the rights of their groups, and from where is said', () => {
  const groups = {
    ops: [{ read: 'all' }, { level: 'authPriv', write: 'all' }],
    all: [{}],
  } as const;
  const access = {
    communities: { public: 'read', secret: { group: 'all' } },
    users: [
      { name: 'ann', group: 'ops' },
      { name: 'ben', group: 'all' },
    ],
    groups,
  } as const;
  expect(describeAccess(access, LOCAL)).toBe(
    'access: 2 communities, 0 with write access; 2 users, 1 with write access; on loopback only',
  );
  expect(describeAccess({ communities: { public: 'read' } }, ['udp://0.0.0.0:161'])).toBe(
    'access: 1 community, 0 with write access; 0 users, 0 with write access; nobody may write',
  );
  expect(describeAccess({ communities: { secret: 'write' } }, LOCAL)).toContain('1 with write');
  expect(describeAccess({}, LOCAL)).toContain('nothing is answered');
  expect(describeAccess(access, LOCAL)).not.toContain('secret');
});

it('errors with a code are told, all else is not', () => {
  const told: string[] = [];
  const logger = loggerOfErrors((line) => void told.push(line));
  logger.error({ code: 'SNMP_ENGINE_BOOTS_UNKNOWN' }, 'the date is not set');
  logger.error({ subtree: 'x' }, 'subtree crashed');
  logger.warn({ code: 'SNMP_X' }, 'odd');
  expect(told).toEqual(['trellis: the date is not set [SNMP_ENGINE_BOOTS_UNKNOWN]\n']);
});
