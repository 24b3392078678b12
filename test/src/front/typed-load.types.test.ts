import { describe, expectTypeOf, it } from 'vitest';
import { noSuchInstance, scalar, SetError, table } from '../../../src/instrumentation/index.js';
import type { Agent } from '../../../src/agent.js';
import type {
  MibDefinition,
  RowIndexOf,
  RowOf,
  ValueOf,
  WrittenValueOf,
} from '../../../src/mib/index.js';
import type { Oid } from '../../../src/smi/index.js';
import { TYPED_MIB } from '../../fixtures/typed/typed-mib.js';

// Nothing here runs: `npm run typecheck` is what fails. Each @ts-expect-error stands right above
// what must not compile.
const never = (loading: (agent: Agent) => unknown): void => void loading;

type Typed = typeof TYPED_MIB;
type Mood = 'merry' | 'sad' | 'so-so';
type Ability = 'walk' | 'talk' | 'fly';

describe('the types of a compiled module [API.md]', () => {
  it('tell values from the SYNTAX', () => {
    expectTypeOf<ValueOf<Typed, 'tyMood'>>().toEqualTypeOf<Mood>();
    expectTypeOf<ValueOf<Typed, 'tyAbilities'>>().toEqualTypeOf<ReadonlySet<Ability>>();
    expectTypeOf<ValueOf<Typed, 'tyName'>>().toEqualTypeOf<string>();
    expectTypeOf<ValueOf<Typed, 'tyKey'>>().toEqualTypeOf<Uint8Array>();
    expectTypeOf<ValueOf<Typed, 'tyMac'>>().toEqualTypeOf<Uint8Array>();
    expectTypeOf<ValueOf<Typed, 'tyTotal'>>().toEqualTypeOf<bigint>();
    expectTypeOf<ValueOf<Typed, 'tyCount'>>().toEqualTypeOf<number>();
    expectTypeOf<ValueOf<Typed, 'tyLevel'>>().toEqualTypeOf<number>();
    expectTypeOf<ValueOf<Typed, 'tyPlace'>>().toEqualTypeOf<Oid>();
    expectTypeOf<ValueOf<Typed, 'tyAddress'>>().toEqualTypeOf<string>();
    expectTypeOf<ValueOf<Typed, 'tyOpaque'>>().toEqualTypeOf<Uint8Array>();
    expectTypeOf<ValueOf<Typed, 'constructor'>>().toEqualTypeOf<'to-string' | 'hasOwnProperty'>();
    expectTypeOf<ValueOf<Typed, 'friendKind'>>().toEqualTypeOf<'human' | 'robot'>();
    // @ts-expect-error there is no such object
    expectTypeOf<ValueOf<Typed, 'friendShoe'>>();
    // @ts-expect-error a table has no value
    expectTypeOf<ValueOf<Typed, 'friendTable'>>();
  });

  it('tell what a RowStatus is read and written as apart [RFC 2579]', () => {
    expectTypeOf<ValueOf<Typed, 'friendStatus'>>().toEqualTypeOf<
      'active' | 'notInService' | 'notReady'
    >();
    expectTypeOf<WrittenValueOf<Typed, 'friendStatus'>>().toEqualTypeOf<
      'active' | 'notInService' | 'createAndGo' | 'createAndWait' | 'destroy'
    >();
  });

  it('tell rows: INDEX objects are there, columns may lack a value, what is hidden is not there', () => {
    expectTypeOf<RowOf<Typed, 'friendTable'>>().toEqualTypeOf<{
      readonly friendIndex: number;
      readonly friendName?: string | undefined;
      readonly friendKind?: 'human' | 'robot' | undefined;
      readonly friendSeen?: bigint | undefined;
      readonly friendStorage?:
        | 'other'
        | 'volatile'
        | 'nonVolatile'
        | 'permanent'
        | 'readOnly'
        | undefined;
      readonly friendStatus?: 'active' | 'notInService' | 'notReady' | undefined;
    }>();
    expectTypeOf<RowOf<Typed, 'visitTable'>>().toEqualTypeOf<{
      readonly visitFrom: string;
      readonly visitWhat: string;
      readonly visitMood?: Mood | undefined;
      readonly visitAbilities?: ReadonlySet<Ability> | undefined;
      readonly visitLength?: number | undefined;
    }>();
    expectTypeOf<RowOf<Typed, 'portTable'>>().toEqualTypeOf<{
      readonly ifIndex: number;
      readonly portNumber: number;
      readonly portIsOpen?: 'true' | 'false' | undefined;
    }>();
    expectTypeOf<RowOf<Typed, 'moreTable'>>().toEqualTypeOf<{
      readonly ifIndex: number;
      readonly moreNote?: string | undefined;
    }>();
  });

  it('tell row indexes: a number for a number, four for an address, any for a text', () => {
    expectTypeOf<RowIndexOf<Typed, 'friendTable'>>().toEqualTypeOf<readonly [number]>();
    expectTypeOf<RowIndexOf<Typed, 'portTable'>>().toEqualTypeOf<readonly [number, number]>();
    expectTypeOf<RowIndexOf<Typed, 'visitTable'>>().toEqualTypeOf<
      readonly [number, number, number, number, ...number[]]
    >();
  });

  it('are those of a definition', () => {
    expectTypeOf<Typed>().toExtend<MibDefinition>();
  });
});

describe('loading a compiled module', () => {
  it('takes functions of scalars, typed by the object', () => {
    never((agent) =>
      agent.load(TYPED_MIB, {
        name: 'typed',
        subtree: 'typedScalars',
        supervise: { restart: 'transient' },
        tyMood: {
          get: () => 'merry',
          isSetOk(value, context) {
            expectTypeOf(value).toEqualTypeOf<Mood>();
            expectTypeOf(context.signal).toEqualTypeOf<AbortSignal>();
            return value === 'sad' ? 'inconsistentValue' : 'noError';
          },
          set: async (value) => (value === 'so-so' ? 'commitFailed' : 'noError'),
        },
        tyAbilities: { get: () => new Set(['walk', 'fly']), set: () => 'noError' },
        tyLevel: { get: () => 1, readOnly: true },
        tyTotal: { get: async () => 5n },
        tyCount: { get: () => noSuchInstance, new: () => 1, delete: () => 2 },
        tyTold: { get: () => 1 },
        constructor: { get: () => 'to-string' },
        'ty-hyphen': { get: () => 3 },
      }),
    );
  });

  it('refuses values that the SYNTAX does not have', () => {
    never((agent) => [
      // @ts-expect-error no such label
      agent.load(TYPED_MIB, { tyMood: { get: () => 'angry', set: () => 'noError' } }),
      // @ts-expect-error no such bit
      agent.load(TYPED_MIB, { tyAbilities: { get: () => new Set(['swim']), readOnly: true } }),
      // @ts-expect-error a Counter64 is a bigint
      agent.load(TYPED_MIB, { tyTotal: { get: () => 5 } }),
      // @ts-expect-error octets without a hint for text are no string
      agent.load(TYPED_MIB, { tyMac: { get: () => '00:01:02:03:04:05' } }),
      // @ts-expect-error an async value is held to the same
      agent.load(TYPED_MIB, { tyCount: { get: async () => 'five' } }),
      agent.load(TYPED_MIB, {
        // @ts-expect-error a vote cannot be commitFailed
        tyLevel: { get: () => 1, set: done, isSetOk: () => 'commitFailed' },
      }),
    ]);
  });

  it('refuses what the module does not let managers do, and demands what it does', () => {
    never((agent) => [
      // @ts-expect-error it can be written: set, or readOnly
      agent.load(TYPED_MIB, { tyMood: { get: () => 'merry' } }),
      // @ts-expect-error either set or readOnly
      agent.load(TYPED_MIB, { tyMood: { get: () => 'merry', set: done, readOnly: true } }),
      // @ts-expect-error a vote without set
      agent.load(TYPED_MIB, { tyMood: { get: () => 'merry', isSetOk: done, readOnly: true } }),
      // @ts-expect-error it cannot be written
      agent.load(TYPED_MIB, { tyCount: { get: () => 1, set: done } }),
      // @ts-expect-error it can only be told in notifications
      agent.load(TYPED_MIB, { tyTold: { get: () => 1, set: done } }),
      // @ts-expect-error it is not accessible
      agent.load(TYPED_MIB, { tyHidden: { get: () => 1 } }),
      // @ts-expect-error a function is missing
      agent.load(TYPED_MIB, { tyCount: {} }),
      // @ts-expect-error there is no such object
      agent.load(TYPED_MIB, { tyNothing: { get: () => 1 } }),
      // @ts-expect-error a column is given with its table
      agent.load(TYPED_MIB, { friendName: { get: () => 'alice' } }),
      // @ts-expect-error a table is no scalar
      agent.load(TYPED_MIB, { friendTable: { get: () => 1, set: done } }),
      // @ts-expect-error there is no such node
      agent.load(TYPED_MIB, { subtree: 'typedNothing', tyCount: { get: () => 1 } }),
      agent.load(TYPED_MIB, [
        { name: 'a', tyCount: { get: () => 1 } },
        // @ts-expect-error of several subtrees, too
        { name: 'b', tyNo: {} },
      ]),
    ]);
  });

  it('takes stored scalars of the object’s type', () => {
    const mood = scalar.stored<ValueOf<Typed, 'tyMood'>>({ value: 'sad' });
    const text = scalar.stored<string>();
    never((agent) => [
      agent.load(TYPED_MIB, {
        tyMood: mood,
        tyAbilities: scalar.stored({
          value: new Set(['talk']),
          onSet: (value) => (value.has('fly') ? 'commitFailed' : undefined),
        }),
        tyName: scalar.stored(),
        tyTotal: scalar.stored({ value: 1n }),
      }),
      // @ts-expect-error no such label
      agent.load(TYPED_MIB, { tyMood: scalar.stored({ value: 'angry' }) }),
      // @ts-expect-error any string is more than the labels
      agent.load(TYPED_MIB, { tyMood: text }),
      // @ts-expect-error a stored table is no scalar
      agent.load(TYPED_MIB, { tyMood: table.stored() }),
      // @ts-expect-error the type of what it holds must be said
      agent.load(TYPED_MIB, { tyName: untypedScalar }),
    ]);
  });
});

const done = () => 'noError' as const;
const untypedScalar = scalar.stored();

describe('loading tables of a compiled module', () => {
  it('takes stored ones: rows, defaults, names and changes are typed where they stand', () => {
    never((agent) =>
      agent.load(TYPED_MIB, {
        friendTable: table.stored({
          rows: [
            { friendIndex: 1, friendName: 'alice', friendKind: 'human', friendSeen: 0n },
            { friendIndex: 2, friendName: 'bob', friendStatus: 'notInService' },
          ],
          defaults: { friendKind: 'robot' },
          optional: ['friendName'],
          rowStatus: { frozenWhileActive: ['friendKind'], isBusy: (row) => row.friendIndex === 1 },
          derive: (change) => ({ friendSeen: (change.after.friendSeen ?? 0n) + 1n }),
          isSetOk(changes) {
            for (const c of changes) {
              expectTypeOf(c.written).toEqualTypeOf<
                readonly (keyof RowOf<Typed, 'friendTable'>)[]
              >();
              if (c.op !== 'destroy' && c.after.friendKind === 'robot' && c.after.friendName === '')
                throw new SetError('inconsistentValue', 'friendName');
              // @ts-expect-error no such label
              if (c.op !== 'destroy' && c.after.friendKind === 'cat') return 'noError';
            }
          },
        }),
        visitTable: table.stored(),
        portTable: table.stored({ rows: [] }),
      }),
    );
  });

  it('takes stored ones that are made before, where their rows are said', () => {
    const friends = table.stored<RowOf<Typed, 'friendTable'>>({ rows: [{ friendIndex: 1 }] });
    never(() => {
      expectTypeOf(friends.get([1])?.friendSeen).toEqualTypeOf<bigint | undefined>();
      friends.update({ friendIndex: 1 }, { friendName: undefined, friendKind: 'robot' });
      // @ts-expect-error no such label
      friends.update([1], { friendKind: 'cat' });
      // @ts-expect-error no such column
      friends.insert({ friendIndex: 3, friendShoe: 43 });
      // @ts-expect-error managers write createAndGo; a program's row is active or not
      friends.insert({ friendIndex: 3, friendStatus: 'createAndGo' });
    });
    const guessed = table.stored({ rows: [{ friendIndex: 1, friendName: 'alice' }] });
    const untyped = table.stored();
    never((agent) => [
      agent.load(TYPED_MIB, { friendTable: friends }),
      // @ts-expect-error its rows may have less than those of the table
      agent.load(TYPED_MIB, { friendTable: guessed }),
      // @ts-expect-error its rows may have anything
      agent.load(TYPED_MIB, { friendTable: untyped }),
      // @ts-expect-error they are the rows of another table
      agent.load(TYPED_MIB, { visitTable: friends }),
    ]);
  });

  it('refuses rows that the table cannot have', () => {
    never((agent) => [
      // @ts-expect-error no such column
      agent.load(TYPED_MIB, { friendTable: table.stored({ rows: [{ friendIndex: 1, x: 1 }] }) }),
      // @ts-expect-error an INDEX object is missing
      agent.load(TYPED_MIB, { friendTable: table.stored({ rows: [{ friendName: 'alice' }] }) }),
      agent.load(TYPED_MIB, {
        // @ts-expect-error a Counter64 is a bigint
        friendTable: table.stored({ rows: [{ friendIndex: 1, friendSeen: 1 }] }),
      }),
      agent.load(TYPED_MIB, {
        // @ts-expect-error no such label
        friendTable: table.stored({ rows: [{ friendIndex: 1, friendKind: 'cat' }] }),
      }),
      agent.load(TYPED_MIB, {
        // @ts-expect-error not accessible
        visitTable: table.stored({
          rows: [{ visitFrom: '192.0.2.1', visitWhat: 'tea', visitSecret: 1 }],
        }),
      }),
      // @ts-expect-error no such column to default
      agent.load(TYPED_MIB, { friendTable: table.stored({ defaults: { friendShoe: 1 } }) }),
      agent.load(TYPED_MIB, {
        // @ts-expect-error no such column to freeze
        friendTable: table.stored({ rowStatus: { frozenWhileActive: ['x'] } }),
      }),
      // @ts-expect-error of what is derived, too
      agent.load(TYPED_MIB, { friendTable: table.stored({ derive: () => ({ friendSeen: 1 }) }) }),
    ]);
  });

  it('takes functions: row index, columns, values and answers are typed', () => {
    never((agent) =>
      agent.load(TYPED_MIB, {
        friendTable: {
          get([index], columns) {
            expectTypeOf(index).toEqualTypeOf<number>();
            expectTypeOf(columns).toEqualTypeOf<readonly (2 | 3 | 4 | 5 | 6)[]>();
            return columns.map((column) => (column === 4 ? 1n : noSuchInstance));
          },
          getNext(rowIndex, columns) {
            expectTypeOf(rowIndex).toEqualTypeOf<readonly number[]>();
            return columns.map((column) =>
              column === 3 ? { column, rowIndex: [2], value: 'robot' } : 'endOfTable',
            );
          },
          isSetOk(_rowIndex, columns) {
            for (const { name, column, value } of columns) {
              if (name === 'friendKind') expectTypeOf(column).toEqualTypeOf<3>();
              if (column === 3) expectTypeOf(value).toEqualTypeOf<'human' | 'robot'>();
              if (name === 'friendStatus' && value === 'destroy') {
                return { error: 'inconsistentValue', column: 'friendStatus' };
              }
              // @ts-expect-error managers cannot write it
              if (name === 'friendSeen') return { error: 'noAccess', column };
              // @ts-expect-error nobody writes notReady
              if (name === 'friendStatus' && value === 'notReady') return 'noError';
            }
            return 'noError';
          },
          set: (_rowIndex, columns) =>
            columns.length > 1 ? { error: 'commitFailed', column: 2 } : 'noError',
        },
        visitTable: {
          get: ([a, b, c, d, ...what]) =>
            [`${a}.${b}.${c}.${d}`, what.length].length === 2 ? [] : [],
          getNext: () => [],
          readOnly: true,
        },
        portTable: { get: ([ifIndex, port]) => [ifIndex + port], getNext: () => [] },
      }),
    );
  });

  it('refuses functions that do not fit the table', () => {
    const reads = { get: () => [], getNext: () => [] };
    never((agent) => [
      // @ts-expect-error managers can write it: set, or readOnly
      agent.load(TYPED_MIB, { friendTable: reads }),
      // @ts-expect-error a getNext is missing
      agent.load(TYPED_MIB, { portTable: { get: () => [] } }),
      // @ts-expect-error nobody can write it
      agent.load(TYPED_MIB, { portTable: { ...reads, set: done } }),
      // @ts-expect-error no such value in any column
      agent.load(TYPED_MIB, { portTable: { get: () => ['maybe'], getNext: () => [] } }),
      agent.load(TYPED_MIB, {
        // @ts-expect-error an error names a column of the table
        friendTable: { ...reads, set: () => ({ error: 'genErr', column: 'x' }) },
      }),
      agent.load(TYPED_MIB, {
        // @ts-expect-error the column’s successor has a value of that column
        portTable: { get: () => [], getNext: () => [{ column: 2, rowIndex: [1, 2], value: 5 }] },
      }),
      agent.load(TYPED_MIB, {
        // @ts-expect-error a successor is a whole row index
        portTable: { get: () => [], getNext: () => [{ column: 1, rowIndex: [1], value: 5 }] },
      }),
    ]);
  });

  it('takes computed ones', () => {
    never((agent) => [
      agent.load(TYPED_MIB, {
        portTable: table.computed({
          rows: () => [{ ifIndex: 1, portNumber: 22, portIsOpen: 'true' }],
          maxAgeMs: 100,
        }),
        friendTable: table.computed({
          rows: async () => [{ friendIndex: 1, friendKind: 'human', friendSeen: 5n }],
          set(_rowIndex, columns) {
            for (const { name } of columns) {
              expectTypeOf(name).toEqualTypeOf<
                'friendName' | 'friendKind' | 'friendStorage' | 'friendStatus'
              >();
            }
            return 'noError';
          },
        }),
        visitTable: table.computed({ rows: () => [], readOnly: true }),
      }),
      agent.load(TYPED_MIB, {
        portTable: table.computed({
          // @ts-expect-error no such label
          rows: () => [{ ifIndex: 1, portNumber: 2, portIsOpen: 'ajar' }],
        }),
      }),
      // What else computed rows have is passed over, here as at run time.
      agent.load(TYPED_MIB, {
        portTable: table.computed({ rows: () => [{ ifIndex: 1, portNumber: 2, owner: 'me' }] }),
      }),
      // @ts-expect-error an INDEX object is missing
      agent.load(TYPED_MIB, { portTable: table.computed({ rows: () => [{ portNumber: 2 }] }) }),
      // @ts-expect-error nobody can write it
      agent.load(TYPED_MIB, { portTable: table.computed({ rows: () => [], set: done }) }),
      // @ts-expect-error managers can write it: set, or readOnly
      agent.load(TYPED_MIB, { friendTable: table.computed({ rows: () => [] }) }),
    ]);
  });
});

describe('loading by name, by a compiled text or by a definition out of a variable', () => {
  it('is untyped', () => {
    const known: MibDefinition = TYPED_MIB;
    never((agent) => [
      agent.load('TYPED-MIB', { tyMood: scalar.stored({ value: 'sad' }), x: { get: () => 1 } }),
      agent.loadText('x.mib', [{ name: 'a', friendTable: table.stored({ rows: [{ a: 1 }] }) }]),
      agent.load(known, {
        tyMood: { get: () => 'sad' },
        friendTable: table.computed({ rows: () => [{ a: 1 }] }),
      }),
    ]);
  });
});
