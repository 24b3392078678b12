import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { escapeControls, SnmpError, systemClock, type Timer } from '../base/index.js';

/** Nobody types for longer. */
const PROMPT_DEADLINE_MS = 300_000;

/** What is asked on, and what is typed at. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
}

/**
 * Asks for a new password, twice, and shows nothing of what is typed.
 *
 * @throws SnmpError SNMP_CLI_PROMPT, rejecting: there is no terminal, it was left, or what was typed
 *   differs.
 */
export async function askNewPassword(question: string, terminal: Terminal): Promise<string> {
  if (terminal.input.isTTY !== true) {
    throw new SnmpError(
      'SNMP_CLI_PROMPT',
      `${question}: there is no terminal to ask at; give env:VARIABLE or file:PATH`,
    );
  }
  const first = await askHidden(`${question}: `, terminal);
  const second = await askHidden(`${question}, again: `, terminal);
  if (first !== second) {
    throw new SnmpError('SNMP_CLI_PROMPT', `${question}: the two that were typed differ`);
  }
  return first;
}

function askHidden(question: string, { input, output }: Terminal): Promise<string> {
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: unseen, terminal: true });
  let deadline: Timer | undefined;
  return new Promise<string>((resolve, reject) => {
    const left = (): void =>
      reject(new SnmpError('SNMP_CLI_PROMPT', 'no password was typed; nothing was changed'));
    lines.once('SIGINT', left);
    lines.once('close', left);
    deadline = systemClock.startTimer(PROMPT_DEADLINE_MS, left);
    lines.question('', resolve);
    output.write(escapeControls(question));
  }).finally(() => {
    deadline?.cancel();
    lines.close();
    output.write('\n');
  });
}
