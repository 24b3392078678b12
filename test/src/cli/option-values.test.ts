import { expect, it } from 'vitest';
import { trellisIn } from '../../support/trellis.js';

it('agent repeats no value of an option: what is malformed may be a secret all the same', async () => {
  const refused: readonly (readonly [readonly string[], string])[] = [
    [['--community', 'hunter2'], 'expected NAME=read or NAME=write'],
    [['--community', "hunter2' is invalid. =wirte"], 'expected NAME=read or NAME=write'],
    [['--community', 'hunter2\n=wirte'], 'expected NAME=read or NAME=write'],
    [['--notify', 'hunter2@127.0.0.1'], 'expected COMMUNITY@udp://HOST:PORT'],
    [['--notify', 'user:@udp://hunter2'], 'user:NAME@udp://HOST:PORT'],
    [['--comunity=hunter2=read'], "unknown option '--comunity'"],
    [["--comunity=hunter2'=read"], "unknown option '--comunity'"],
    [['-chunter2'], "unknown option '-c'"],
  ];
  for (const [words, told] of refused) {
    const { status, out, err } = await trellisIn({}, 'agent', 'host', ...words);
    expect(status, words.join(' ')).toBe(2);
    expect(err).toContain(told);
    expect(out + err).not.toContain('hunter2');
  }
});

it('a protocol that is a password by mistake is not repeated', async () => {
  const { status, err } = await trellisIn({}, 'get', '-v3', '-u', 'x', '-a', 'hunter2', 'h', '1.3');
  expect(status).toBe(2);
  expect(err).toContain('expected md5');
  expect(err).not.toContain('hunter2');
});
