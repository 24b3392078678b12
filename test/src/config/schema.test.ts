import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { toJsonSchema } from '@valibot/to-json-schema';
import { expect, it } from 'vitest';
import { configSchemaText } from '../../../src/config/index.js';
import { configSchema, type ConfigContent } from '../../../src/config/schema.js';
import type {
  AccessOptions,
  AgentOptions,
  CommunityAccess,
  EngineOptions,
  LimitOptions,
  NotifyOptions,
  NotifyTargetOptions,
  UserAccess,
} from '../../../src/index.js';

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

/** `true`, or the names that options have and a configuration has no key for. */
type Complete<Options, Known> = [Exclude<keyof Options, keyof Known>] extends [never]
  ? true
  : Exclude<keyof Options, keyof Known>;
type Item<List> = List extends readonly (infer One)[] ? One : never;
type Facts<System> = Exclude<System, false | undefined>;
type Access = NonNullable<ConfigContent['access']>;
type Listed = Extract<NonNullable<Access['communities']>, readonly unknown[]>;
type Notify = NonNullable<ConfigContent['notify']>;

it('whatever an agent can be told, a configuration can tell it; tsc says what is missing', () => {
  const complete: readonly [
    // A program's own, which no file can hold.
    Complete<Omit<AgentOptions, 'logger' | 'clock'>, ConfigContent>,
    Complete<AccessOptions, Access>,
    Complete<UserAccess, Item<NonNullable<Access['users']>>>,
    Complete<Exclude<CommunityAccess, string>, Item<Listed>>,
    Complete<
      Item<NonNullable<AccessOptions['groups']>[string]>,
      Item<NonNullable<Access['groups']>[string]>
    >,
    Complete<NotifyOptions, Notify>,
    Complete<NotifyTargetOptions, Item<NonNullable<Notify['targets']>>>,
    Complete<EngineOptions, NonNullable<ConfigContent['engine']>>,
    Complete<LimitOptions, NonNullable<ConfigContent['limits']>>,
    Complete<Facts<AgentOptions['system']>, Facts<ConfigContent['system']>>,
  ] = [true, true, true, true, true, true, true, true, true, true];
  expect(complete).not.toContain(false);
});
