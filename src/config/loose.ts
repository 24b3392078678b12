/** Looking into a value whose shape may be wrong: what does not fit is not there. */

export function fieldOf(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Of a list no entries: its places are no names. */
export function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return isObject(value) && !Array.isArray(value) ? Object.entries(value) : [];
}

/** One or several. */
export function textsOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? (value as unknown[]) : [value]).filter(
    (one) => typeof one === 'string',
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
