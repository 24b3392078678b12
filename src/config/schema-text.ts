import { readFileSync } from 'node:fs';

/** The JSON Schema of configurations, as it comes with the package. */
export function configSchemaText(): string {
  return readFileSync(new URL('./trellis.schema.json', import.meta.url), 'utf8');
}
