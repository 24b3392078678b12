import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { toJsonSchema } from '@valibot/to-json-schema';
import { expect, it } from 'vitest';
import { configSchemaText } from '../../../src/config/index.js';
import { configSchema } from '../../../src/config/schema.js';

const FILE = fileURLToPath(new URL('../../../src/config/trellis.schema.json', import.meta.url));

/** Of a pipe the last schema: the ones before only say that it is an object. */
function generated(): unknown {
  const schema = toJsonSchema(configSchema, { typeMode: 'output', errorMode: 'ignore' });
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    // What may not be there at all: editors know the shorter form.
    key === 'additionalProperties' && JSON.stringify(value) === '{"not":{}}' ? false : value,
  ) as unknown;
}

it('the JSON Schema that is shipped is what the validator says (TRELLIS_DRAW=1 writes it)', () => {
  const schema = generated();
  if (process.env['TRELLIS_DRAW'] !== undefined) {
    writeFileSync(FILE, `${JSON.stringify(schema, undefined, 2)}\n`);
  }
  expect(JSON.parse(configSchemaText())).toEqual(schema);
  expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(schema);
});
