import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { askNewPassword } from '../../../src/cli/prompt.js';

/** A terminal at which this is typed, line by line. */
function typing(...lines: readonly string[]) {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = new PassThrough();
  const rest = [...lines];
  let said = '';
  output.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    // One line for each question.
    if (text.endsWith(': ')) input.write(rest.shift() ?? '\u0004');
  });
  return { terminal: { input, output }, said: () => said };
}

it('a password is asked for twice and not shown', async () => {
  const { terminal, said } = typing('maplesyrux\u007fp\r', 'maplesyrup\r');
  expect(await askNewPassword('password', terminal)).toBe('maplesyrup');
  expect(said()).toBe('password: \npassword, again: \n');
});

it('one that is typed otherwise the second time is refused, and so is leaving', async () => {
  await expect(
    askNewPassword('password', typing('maplesyrup\r', 'maplesirup\r').terminal),
  ).rejects.toThrow('differ');
  await expect(askNewPassword('password', typing('map\u0003').terminal)).rejects.toMatchObject({
    code: 'SNMP_CLI_PROMPT',
  });
  await expect(askNewPassword('password', typing('\u0004').terminal)).rejects.toThrow('nothing');
});

it('where there is no terminal, nobody is asked', async () => {
  const terminal = { input: new PassThrough(), output: new PassThrough() };
  await expect(askNewPassword('password', terminal)).rejects.toThrow('env:VARIABLE or file:PATH');
});
