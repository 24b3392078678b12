import { describe, expectTypeOf, it } from 'vitest';
import {
  cellsOf,
  community,
  scalarsOf,
  type CompiledVarBind,
  type Manager,
  type TableRow,
} from '../../../src/manager/index.js';
import type { RowOf } from '../../../src/mib/index.js';
import { TYPED_MIB } from '../../fixtures/typed/typed-mib.js';

// Nothing here runs: `npm run typecheck` is what fails. Each @ts-expect-error stands right above
// what must not compile.
const never = (asking: (manager: Manager) => unknown): void => void asking;

const target = { host: '192.0.2.10', auth: community('public') };
type Typed = typeof TYPED_MIB;

describe('the types of what is asked of a compiled module [API.md]', () => {
  it('rows are those of the table that is named', () => {
    never(async (manager) => {
      for await (const row of manager.table(target, TYPED_MIB, 'friendTable')) {
        expectTypeOf(row).toEqualTypeOf<RowOf<Typed, 'friendTable'>>();
        expectTypeOf(row.friendIndex).toEqualTypeOf<number>();
        expectTypeOf(row.friendKind).toEqualTypeOf<'human' | 'robot' | undefined>();
        expectTypeOf(row.friendSeen).toEqualTypeOf<bigint | undefined>();
        // @ts-expect-error there is no such column
        void row.friendShoe;
        // @ts-expect-error it is no value of that column
        void (row.friendKind === 'dog');
      }
      for await (const row of manager.table(target, TYPED_MIB, 'visitTable')) {
        expectTypeOf(row.visitFrom).toEqualTypeOf<string>();
        expectTypeOf(row.visitAbilities).toEqualTypeOf<
          ReadonlySet<'walk' | 'talk' | 'fly'> | undefined
        >();
      }
      for await (const row of manager.table(target, TYPED_MIB, 'moreTable')) {
        expectTypeOf(row.ifIndex).toEqualTypeOf<number>();
      }
    });
  });

  it('rows have the columns that were asked for, and the index', () => {
    never(async (manager) => {
      const options = { columns: ['portIsOpen'] } as const;
      for await (const row of manager.table(target, TYPED_MIB, 'portTable', options)) {
        expectTypeOf(row).toEqualTypeOf<{
          readonly ifIndex: number;
          readonly portNumber: number;
          readonly portIsOpen?: 'true' | 'false' | undefined;
        }>();
      }
      const names = manager.table(target, TYPED_MIB, 'friendTable', { columns: ['friendName'] });
      for await (const row of names) {
        expectTypeOf(row.friendName).toEqualTypeOf<string | undefined>();
        // @ts-expect-error it was not asked for
        void row.friendKind;
      }
    });
  });

  it('what the module does not have cannot be asked for', () => {
    never((manager) => {
      // @ts-expect-error no table
      manager.table(target, TYPED_MIB, 'tyMood');
      // @ts-expect-error no such table
      manager.table(target, TYPED_MIB, 'shoeTable');
      // @ts-expect-error a column of another table
      manager.table(target, TYPED_MIB, 'friendTable', { columns: ['portIsOpen'] });
      // @ts-expect-error a column that cannot be read
      manager.table(target, TYPED_MIB, 'friendTable', { columns: ['friendIndex'] });
      // @ts-expect-error a definition without a table
      manager.table(target, TYPED_MIB);
    });
  });

  it('a table by name is untyped, as before', () => {
    never(async (manager) => {
      for await (const row of manager.table(target, 'IF-MIB::ifTable', { columns: ['ifDescr'] })) {
        expectTypeOf(row).toEqualTypeOf<TableRow>();
      }
    });
  });

  it('scalars are read by descriptor, and may be absent', () => {
    never(async (manager) => {
      const values = await manager.scalars(target, TYPED_MIB, ['tyMood', 'tyTotal', 'ty-hyphen']);
      expectTypeOf(values).toEqualTypeOf<{
        readonly tyMood?: 'merry' | 'sad' | 'so-so' | undefined;
        readonly tyTotal?: bigint | undefined;
        readonly 'ty-hyphen'?: number | undefined;
      }>();
      // @ts-expect-error a column
      await manager.scalars(target, TYPED_MIB, ['friendName']);
      // @ts-expect-error not accessible
      await manager.scalars(target, TYPED_MIB, ['tyHidden']);
      // @ts-expect-error only told in notifications
      await manager.scalars(target, TYPED_MIB, ['tyTold']);
    });
  });

  it('what is set is what managers may write, of the values that there are', () => {
    never((manager) => {
      expectTypeOf(scalarsOf(TYPED_MIB, { tyMood: 'sad', tyLevel: 5 })).toEqualTypeOf<
        readonly CompiledVarBind[]
      >();
      void manager.set(target, [...scalarsOf(TYPED_MIB, { tyMood: 'sad' }), ['sysName.0', 'a']]);
      // @ts-expect-error no value of it
      scalarsOf(TYPED_MIB, { tyMood: 'nonsense' });
      // @ts-expect-error read-only
      scalarsOf(TYPED_MIB, { tyTotal: 5n });
      // @ts-expect-error there is no such object
      scalarsOf(TYPED_MIB, { tyMod: 'sad' });
      // @ts-expect-error of another type
      scalarsOf(TYPED_MIB, { tyLevel: '5' });
      cellsOf(TYPED_MIB, 'friendTable', { friendIndex: 2 }, { friendStatus: 'createAndGo' });
      cellsOf(TYPED_MIB, 'friendTable', { friendIndex: 2 }, { friendName: undefined });
      // @ts-expect-error RFC 2579: never written
      cellsOf(TYPED_MIB, 'friendTable', { friendIndex: 2 }, { friendStatus: 'notReady' });
      // @ts-expect-error read-only
      cellsOf(TYPED_MIB, 'friendTable', { friendIndex: 2 }, { friendSeen: 2n });
      // @ts-expect-error without its INDEX
      cellsOf(TYPED_MIB, 'friendTable', {}, { friendKind: 'robot' });
      // @ts-expect-error an index of another type
      cellsOf(TYPED_MIB, 'friendTable', { friendIndex: '2' }, { friendKind: 'robot' });
      // @ts-expect-error a part of the INDEX is missing
      cellsOf(TYPED_MIB, 'visitTable', { visitFrom: '192.0.2.1' }, { visitMood: 'sad' });
    });
  });
});
