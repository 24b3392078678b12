import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agent.js';
import type { SubtreeDefinition } from '../../src/agent-options.js';
import { SimulatedClock } from '../../src/base/index.js';
import { noSuchInstance, scalar, table } from '../../src/instrumentation/index.js';
import type { RowOf } from '../../src/mib/index.js';
import type { Oid, SnmpValue } from '../../src/smi/index.js';
import { startAgent } from '../../src/start-agent.js';
import { defineSubtree, type SubtreeOf } from '../../src/typed-subtree.js';
import { fewRuns, valueOf } from '../support/arbitraries.js';
import { mibText } from '../support/mib-fixtures.js';
import {
  asked,
  nextRequestId,
  SnmpClient,
  status,
  statusPdu,
  told,
} from '../support/snmp-client.js';
import { TYPED_MIB } from '../fixtures/typed/typed-mib.js';

/**
 * Invariant: an agent that loads a compiled definition answers every request, and calls every
 * function, as one that loads the text. Model: the second. Generator: sequences of reads and SETs
 * about instances of every object and beside them, with values of every type, mostly near those
 * that fit. Coverage: every status that such objects can give was given.
 */
type Typed = typeof TYPED_MIB;
type TypedObjects = SubtreeOf<Typed> & SubtreeDefinition;

/** Every kind of object that the module has; what functions were called with goes to `log`. */
function instrumentation(log: unknown[]): TypedObjects {
  const notes = new Map<number, string>([[7, 'seventh']]);
  let level = 1;
  return defineSubtree(TYPED_MIB, {
    name: 'typed',
    tyMood: scalar.stored({ isSetOk: (value) => void log.push(value) }),
    tyAbilities: scalar.stored({ isSetOk: (value) => void log.push([...value]) }),
    tyName: scalar.stored(),
    tyKey: scalar.stored({ isSetOk: (value) => void log.push(value.length) }),
    tyMac: { get: () => Uint8Array.of(0, 1, 2, 3, 4, 5) },
    tyTotal: { get: () => 5n },
    tyLevel: {
      get: () => level,
      set(value) {
        log.push(value);
        level = value;
        return 'noError';
      },
    },
    tyPlace: scalar.stored(),
    tyAddress: scalar.stored({ value: '192.0.2.1', isSetOk: (value) => void log.push(value) }),
    tyTold: { get: () => 1 },
    tyLock: scalar.stored({ value: 5 }),
    constructor: { get: () => 'to-string' },
    'ty-hyphen': { get: () => noSuchInstance },
    friendTable: table.stored({
      rows: [{ friendIndex: 1, friendName: 'alice', friendSeen: 3n }],
      isSetOk: (changes) => void log.push(changes.map((change) => ({ ...change }))),
    }),
    visitTable: table.stored({
      rows: [
        { visitFrom: '192.0.2.1', visitWhat: 'tea', visitMood: 'sad' },
        { visitFrom: '192.0.2.1', visitWhat: 'wine', visitAbilities: new Set(['fly']) },
      ],
    }),
    portTable: table.computed({
      rows: (): RowOf<Typed, 'portTable'>[] => [
        { ifIndex: 1, portNumber: 22, portIsOpen: 'true' },
        { ifIndex: 2, portNumber: 0 },
      ],
    }),
    moreTable: {
      get([ifIndex], columns) {
        log.push([ifIndex, columns]);
        return columns.map(() => notes.get(ifIndex) ?? noSuchInstance);
      },
      getNext([after = 0], columns) {
        const next = [...notes.keys()].toSorted((a, b) => a - b).find((one) => one > after);
        return columns.map((column) =>
          next === undefined || column > 1
            ? 'endOfTable'
            : { column: 1, rowIndex: [next], value: notes.get(next) ?? '' },
        );
      },
      set([ifIndex], columns) {
        for (const { value } of columns) notes.set(ifIndex, value);
        return 'noError';
      },
    },
  });
}

interface Side {
  readonly agent: Agent;
  readonly client: SnmpClient;
  readonly log: unknown[];
}

/** Without what starts at random, such as snmpSetSerialNo. */
const VIEW = { include: ['1.3.6.1.4.1.32473'] };

async function side(load: (agent: Agent, objects: TypedObjects) => Promise<void>): Promise<Side> {
  const agent = await startAgent({
    access: { communities: { private: { read: VIEW, write: VIEW } } },
    clock: new SimulatedClock(),
  });
  const log: unknown[] = [];
  await load(agent, instrumentation(log));
  return { agent, client: new SnmpClient((octets) => agent.inject(octets)), log };
}

const compiled = (): Promise<Side> => side((agent, objects) => agent.load(TYPED_MIB, objects));
const fromText = (): Promise<Side> =>
  side((agent, objects) => agent.loadText(mibText('TYPED-MIB'), objects));

const ROOT = [1, 3, 6, 1, 4, 1, 32473, 88];
const tea = [192, 0, 2, 1, ...Buffer.from('tea')];
const scalarName = fc
  .tuple(fc.integer({ min: 1, max: 18 }), fc.constantFrom([0], [0], [0], [], [1], [0, 0]))
  .map(([arc, suffix]) => [...ROOT, 1, arc, ...suffix]);
const columnName = fc
  .tuple(
    fc.constantFrom(2, 2, 3, 4, 5),
    fc.integer({ min: 1, max: 7 }),
    fc.constantFrom([1], [2], [2], [7], [0], [1001], tea, [192, 0, 2, 1], [1, 22], [1, 2, 3], []),
  )
  .map(([arc, column, index]) => [...ROOT, arc, 1, column, ...index]);
const name: fc.Arbitrary<Oid> = fc.oneof(scalarName, columnName);

const text = (value: string): SnmpValue => ({ type: 'OctetString', value: Buffer.from(value) });
const value: fc.Arbitrary<SnmpValue> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .integer({ min: -6, max: 7 })
      .map((n) => ({ type: 'Integer32', value: n }) as const),
  },
  { weight: 2, arbitrary: fc.constantFrom('', 'tea', 'ß', 'abcd', 'x'.repeat(21)).map(text) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('c0', 'c040', '8001', '00')
      .map((hex) => ({ type: 'OctetString', value: Buffer.from(hex, 'hex') }) as const),
  },
  {
    weight: 2,
    arbitrary: fc.oneof(
      valueOf.IpAddress,
      valueOf.ObjectIdentifier,
      valueOf.Counter64,
      valueOf.OctetString,
    ),
  },
);

type Step =
  | { readonly type: 'get' | 'getNext'; readonly names: readonly Oid[] }
  | { readonly type: 'getBulk'; readonly name: Oid }
  | { readonly type: 'set'; readonly changes: readonly (readonly [Oid, SnmpValue])[] };

/** A row as managers make it, complete or not. */
const makeRow = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom(4, 5, 1), fc.boolean())
  .map(([index, action, isNamed]): Step => {
    const at = (column: number): Oid => [...ROOT, 2, 1, column, index];
    const create = [at(6), { type: 'Integer32', value: action }] as const;
    return { type: 'set', changes: isNamed ? [create, [at(2), text('new')]] : [create] };
  });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    type: fc.constantFrom('get' as const, 'getNext' as const),
    names: fc.array(name, { minLength: 1, maxLength: 4 }),
  }),
  fc.record({ type: fc.constant('getBulk' as const), name }),
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('set' as const),
      changes: fc.array(fc.tuple(name, value), { minLength: 1, maxLength: 2 }),
    }),
  },
  makeRow,
);

/** Long ones: two agents and their modules cost more than the requests. */
const steps = fc.array(step, { minLength: 1, maxLength: 60, size: 'max' });

async function ask({ client }: Side, asking: Step): Promise<string> {
  const requestId = nextRequestId();
  switch (asking.type) {
    case 'get':
    case 'getNext':
      return told(await client.send(statusPdu(asking.type, asked(asking.names), requestId)));
    case 'getBulk':
      return told(await client.getBulk(0, 9, asking.name));
    case 'set': {
      const varBinds = asking.changes.map(([at, to]) => ({ name: at, value: to }));
      const answer = await client.send(statusPdu('set', varBinds, requestId));
      statuses.add(status(answer).split('/')[0] ?? '');
      return told(answer);
    }
  }
}

const integerValue = (number: number): SnmpValue => ({ type: 'Integer32', value: number });
const set = (at: Oid, to: SnmpValue): Step => ({ type: 'set', changes: [[[...ROOT, ...at], to]] });

/** One SET for each status, so that none depends on luck. */
const REFUSED: Step[] = [
  set([1, 8, 0], integerValue(5)),
  set([1, 7, 0], integerValue(5)),
  set([1, 1, 0], text('sad')),
  set([1, 4, 0], text('five5')),
  set([1, 8, 0], integerValue(0)),
  set([1, 8, 1], integerValue(1)),
  set([2, 1, 2, 9], text('nobody')),
  set([2, 1, 6, 9], integerValue(4)),
];

const statuses = new Set<string>();
afterAll(() => statuses.clear());

describe('an agent with a compiled definition', () => {
  it('answers every request as one with the text of the module', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const [left, right] = await Promise.all([compiled(), fromText()]);
        try {
          for (const one of sequence) expect(await ask(left, one)).toBe(await ask(right, one));
          expect(left.log).toEqual(right.log);
        } finally {
          await Promise.all([left.agent.stop(), right.agent.stop()]);
        }
      }),
      { ...fewRuns(4), examples: [[REFUSED]] },
    );
    expect([...statuses]).toEqual(
      expect.arrayContaining([
        'noError',
        'notWritable',
        'wrongType',
        'wrongLength',
        'wrongValue',
        'noCreation',
        'inconsistentName',
        'inconsistentValue',
      ]),
    );
  });

  it('shows the same from its first instance to its last', async () => {
    const [left, right] = await Promise.all([compiled(), fromText()]);
    const tell = async ({ client }: Side): Promise<string[]> =>
      (await client.walk([1, 3, 6, 1, 4, 1])).map(({ name: at, value: is }) =>
        JSON.stringify([at, is], (_, part: unknown) =>
          typeof part === 'bigint' ? `${part}` : part,
        ),
      );
    const shown = await tell(left);
    expect(shown.length).toBeGreaterThan(20);
    expect(shown).toEqual(await tell(right));
    await Promise.all([left.agent.stop(), right.agent.stop()]);
  });
});
