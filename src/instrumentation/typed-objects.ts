import type {
  MibDefinition,
  ReadValue,
  RowIndexOf,
  RowOf,
  TableName,
  WrittenValue,
} from '../mib/index.js';
import type { PlainValue } from '../smi/index.js';
import type { TypedScalarFunctions, TypedTableFunctions } from './functions.js';
import type { TypedScalarSpec, TypedTableSpec } from './object-spec.js';

/** As `isWritable` and `isReadable` have it. */
type WritableAccess = 'read-write' | 'read-create';
type ReadableAccess = 'read-only' | WritableAccess;

/** What may stand behind a scalar of a definition. */
export type ScalarOf<
  Definition extends MibDefinition,
  Name extends keyof Definition['scalars'],
> = Definition['scalars'][Name] extends infer Scalar extends Definition['scalars'][string]
  ?
      | TypedScalarSpec<Plain<ReadValue<Definition, Scalar>>>
      | TypedScalarFunctions<
          Plain<ReadValue<Definition, Scalar>>,
          Plain<WrittenValue<Definition, Scalar>>,
          Writers<Scalar['access']>
        >
  : never;

/** What may stand behind one of its tables. */
export type TableOf<Definition extends MibDefinition, Table extends TableName<Definition>> =
  | TypedTableSpec<RowOf<Definition, Table>, TableShapeOf<Definition, Table>>
  | TypedTableFunctions<TableShapeOf<Definition, Table>>;

/** What the functions of a table are about. */
export interface TableShapeOf<
  Definition extends MibDefinition,
  Table extends TableName<Definition>,
> {
  readonly rowIndex: RowIndexOf<Definition, Table>;
  readonly column: Columns<Definition, Table, ReadableAccess>['column'];
  readonly value: Columns<Definition, Table, ReadableAccess>['read'];
  readonly next: NextOf<Columns<Definition, Table, ReadableAccess>, RowIndexOf<Definition, Table>>;
  readonly written: WrittenOf<Columns<Definition, Table, WritableAccess>>;
  readonly named: Columns<Definition, Table, ReadableAccess>['column' | 'name'];
  readonly writers: [Columns<Definition, Table, WritableAccess>] extends [never] ? 'none' : 'due';
}

type Writers<Access> = Access extends WritableAccess ? 'due' : 'none';

/** A value of an object is one, whatever the definition: what cannot be told is any. */
type Plain<Value> = Value extends PlainValue ? Value : never;

interface TypedColumn {
  readonly column: number;
  readonly name: string;
  readonly read: PlainValue;
  readonly written: PlainValue;
}

/** The columns of a table that have such an access, one by one. */
type Columns<
  Definition extends MibDefinition,
  Table extends TableName<Definition>,
  Access,
> = Definition['tables'][Table]['columns'] extends infer All extends
  MibDefinition['tables'][string]['columns']
  ? {
      [Name in keyof All & string]: All[Name]['access'] extends Access
        ? {
            readonly column: All[Name]['column'];
            readonly name: Name;
            readonly read: Plain<ReadValue<Definition, All[Name]>>;
            readonly written: Plain<WrittenValue<Definition, All[Name]>>;
          }
        : never;
    }[keyof All & string]
  : never;

type NextOf<Column extends TypedColumn, RowIndex> = Column extends TypedColumn
  ? {
      readonly column: Column['column'];
      readonly rowIndex: RowIndex;
      readonly value: Column['read'];
    }
  : never;

type WrittenOf<Column extends TypedColumn> = Column extends TypedColumn
  ? {
      readonly column: Column['column'];
      readonly name: Column['name'];
      readonly value: Column['written'];
    }
  : never;
