import { escapeControls } from '../base/index.js';

/** Writes to standard output. Nothing of the text can change the terminal. */
export function print(text: string): void {
  process.stdout.write(escapeControls(text));
}

export function printLine(line: string): void {
  print(`${line}\n`);
}

/** As `print`, to standard error: what is no result. */
export function tell(text: string): void {
  process.stderr.write(escapeControls(text));
}
