import { expect, it } from 'vitest';
import { readNotifyWord, targetOf } from '../../../src/cli/notify-option.js';
import { trellisIn } from '../../support/trellis.js';

it('agent takes the passwords of users from where others cannot read them, and says none', async () => {
  const refused: readonly (readonly [string, string])[] = [
    ['ann', 'NAME=read|write'],
    ['ann=write,sha256:hunter2hunter2', 'env:VARIABLE'],
    ['ann=write,sha256:env:TRELLIS_TEST_ABSENT', 'TRELLIS_TEST_ABSENT'],
    ['ann=write,sha256:file:/no/such/file', 'ENOENT'],
    ['ann=write,sha256:env:TRELLIS_TEST_WEAK', 'SNMP_PASSWORD_WEAK'],
    ['ann=write,rot13:env:TRELLIS_TEST_WEAK', 'access.users[0].auth'],
  ];
  for (const [user, told] of refused) {
    const words = ['agent', 'host', '--user', user];
    const { status, out, err } = await trellisIn({ TRELLIS_TEST_WEAK: 'sesame' }, ...words);
    expect(status, user).toBe(1);
    expect(out + err).toContain(told);
    expect(out + err).not.toMatch(/sesame|hunter2/);
  }
});

it('agent --notify tells as a community, or as one of the users', async () => {
  const url = 'udp://127.0.0.1:1162';
  const access = {
    communities: { both: 'read' },
    users: [{ name: 'ops' }, { name: 'both' }],
  } as const;
  expect(targetOf(readNotifyWord(`pub@lic@${url}`), access)).toEqual({
    community: 'pub@lic',
    address: url,
  });
  expect(targetOf(readNotifyWord(`user:ops@${url}`), access)).toEqual({
    user: 'ops',
    address: url,
  });
  expect(targetOf(readNotifyWord(`both@${url}`), access)).toEqual({
    community: 'both',
    address: url,
  });
  for (const [word, told] of [
    [`user:hunter2@${url}`, 'access.users of the configuration'],
    [`ops@${url}`, 'expected user:NAME@udp://'],
  ] as const) {
    const words = ['agent', 'host', '--user', 'ops=read', '--notify', word];
    const { status, out, err } = await trellisIn({}, ...words);
    expect(status).toBe(1);
    expect(err).toContain(told);
    expect(err).toContain('[SNMP_CLI_NOTIFY]');
    expect(out + err).not.toMatch(/hunter2|ops@/);
  }
});
