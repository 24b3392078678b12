/**
 * Text from elsewhere (a file, an agent, an argument) as it may be shown on a terminal: control
 * characters, which could move the cursor or change the terminal, become `\u001b`. Line ends and
 * tabs stay. In JSON the result means the same as before.
 */
export function escapeControls(text: string): string {
  // Most texts have none: they stay as they are.
  return CONTROL.test(text) ? text.replace(CONTROLS, escaped) : text;
}

/** Whether `escapeControls` would change the text. */
export function hasControls(text: string): boolean {
  return CONTROL.test(text);
}

// C0 but for tab and line feed, DEL, C1; a carriage return that ends no line goes back in it.
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]|\r(?!\n)/;
const CONTROLS = new RegExp(CONTROL, 'g');

function escaped(control: string): string {
  return `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
