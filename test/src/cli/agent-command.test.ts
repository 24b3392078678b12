import { expect, it } from 'vitest';
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
