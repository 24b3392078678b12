import type { BaseType, Oid } from '../../smi/index.js';
import type { ColumnDefinition, LeafDefinition, MibDefinition } from './mib-definition.js';

/** The SYNTAX that a reference in a definition stands for. */
type SyntaxAt<Definition extends MibDefinition, Reference> = Reference extends string
  ? Reference extends keyof Definition['types']
    ? Definition['types'][Reference]
    : { readonly base: Reference }
  : Reference;

/** As `toPlain` makes them of what comes off the wire. */
interface PlainByBase<Syntax> {
  Integer32: Syntax extends { readonly enums: infer Enums } ? LabelOf<Enums> : number;
  OctetString: Syntax extends { readonly text: true } ? string : Uint8Array;
  ObjectIdentifier: Oid;
  Bits: Syntax extends { readonly bits: infer Bits } ? ReadonlySet<LabelOf<Bits>> : Uint8Array;
  IpAddress: string;
  Counter32: number;
  Gauge32: number;
  Unsigned32: number;
  TimeTicks: number;
  Opaque: Uint8Array;
  Counter64: bigint;
}

type LabelOf<Numbers> = keyof Numbers & string;

type PlainOf<Syntax> = Syntax extends { readonly base: infer Base extends BaseType }
  ? PlainByBase<Syntax>[Base]
  : never;

/** RFC 2579 RowStatus: three values are never read, one is never written. */
type ReadOf<Syntax> =
  IsRowStatus<Syntax> extends true
    ? Exclude<PlainOf<Syntax>, 'createAndGo' | 'createAndWait' | 'destroy'>
    : PlainOf<Syntax>;
type WrittenOf<Syntax> =
  IsRowStatus<Syntax> extends true ? Exclude<PlainOf<Syntax>, 'notReady'> : PlainOf<Syntax>;

type IsRowStatus<Syntax> = Syntax extends { readonly conventions: readonly (infer Name)[] }
  ? 'RowStatus' extends Name
    ? true
    : false
  : false;

type Leaf = LeafDefinition | ColumnDefinition;

export type ReadValue<Definition extends MibDefinition, Object extends Leaf> = ReadOf<
  SyntaxAt<Definition, Object['syntax']>
>;
export type WrittenValue<Definition extends MibDefinition, Object extends Leaf> = WrittenOf<
  SyntaxAt<Definition, Object['syntax']>
>;

/** Names of the tables of a definition. */
export type TableName<Definition extends MibDefinition> = keyof Definition['tables'] & string;

/** Names of its scalars and columns. */
export type ObjectName<Definition extends MibDefinition> =
  | (keyof Definition['scalars'] & string)
  | { [Table in TableName<Definition>]: ColumnNameOf<Definition, Table> }[TableName<Definition>];

type ColumnNameOf<
  Definition extends MibDefinition,
  Table extends TableName<Definition>,
> = keyof Definition['tables'][Table]['columns'] & string;

/** The scalar or column of that name. */
type LeafNamed<Definition extends MibDefinition, Name> = Name extends keyof Definition['scalars']
  ? Definition['scalars'][Name]
  : {
      [Table in TableName<Definition>]: Name extends keyof Definition['tables'][Table]['columns']
        ? Definition['tables'][Table]['columns'][Name]
        : never;
    }[TableName<Definition>];

/**
 * What an object reads as in a program: enumerations are their labels, BITS a set of labels, text
 * by its DISPLAY-HINT a string, other octets Uint8Array, Counter64 a bigint, OIDs arrays of
 * numbers, IpAddress a dotted string. `ValueOf<typeof IF_MIB, 'ifDescr'>` is string.
 */
export type ValueOf<
  Definition extends MibDefinition,
  Name extends ObjectName<Definition>,
> = ReadValue<Definition, LeafNamed<Definition, Name>>;

/** What a manager may write to it, where it may be written. */
export type WrittenValueOf<
  Definition extends MibDefinition,
  Name extends ObjectName<Definition>,
> = WrittenValue<Definition, LeafNamed<Definition, Name>>;

type ItemOf<
  Definition extends MibDefinition,
  Table extends TableName<Definition>,
> = Definition['tables'][Table]['index'][number];

/** The names of a table's INDEX objects, its own or another table's. */
export type IndexNameOf<
  Definition extends MibDefinition,
  Table extends TableName<Definition>,
> = ItemOf<Definition, Table>['object'];

/** Its INDEX objects. */
export type IndexOf<Definition extends MibDefinition, Table extends TableName<Definition>> = {
  readonly [Item in ItemOf<Definition, Table> as Item['object']]: PlainOf<
    SyntaxAt<Definition, Item['syntax']>
  >;
};

/**
 * A row of a table by descriptor: its INDEX objects, and every column that can be read, or told in
 * a notification, as far as the row has a value. `RowOf<typeof IF_MIB, 'ifTable'>`.
 */
export type RowOf<Definition extends MibDefinition, Table extends TableName<Definition>> =
  // Inferred, so that messages show the row instead of the whole definition.
  IndexOf<Definition, Table> & ColumnsOf<Definition, Table> extends infer Row extends object
    ? { [Name in keyof Row]: Row[Name] }
    : never;

type ColumnsOf<Definition extends MibDefinition, Table extends TableName<Definition>> = {
  readonly [
    Name in keyof Definition['tables'][Table]['columns'] as ColumnInRow<Definition, Table, Name>
  ]?: ReadValue<Definition, Definition['tables'][Table]['columns'][Name]> | undefined;
};

type ColumnInRow<
  Definition extends MibDefinition,
  Table extends TableName<Definition>,
  Name extends keyof Definition['tables'][Table]['columns'],
> = Definition['tables'][Table]['columns'][Name]['access'] extends 'not-accessible'
  ? never
  : Name extends IndexNameOf<Definition, Table>
    ? never
    : Name;

/** The names of a table's columns that can be read. */
export type ColumnOf<
  Definition extends MibDefinition,
  Table extends TableName<Definition>,
> = NamesWith<Definition['tables'][Table]['columns'], Readable>;

/** The names of the scalars that can be read. */
export type ReadableScalar<Definition extends MibDefinition> = NamesWith<
  Definition['scalars'],
  Readable
>;

type Readable = 'read-only' | 'read-write' | 'read-create';
type Writable = 'read-write' | 'read-create';

type NamesWith<Leaves extends Readonly<Record<string, Leaf>>, Wanted> = {
  [Name in keyof Leaves]: Leaves[Name]['access'] extends Wanted ? Name : never;
}[keyof Leaves] &
  string;

/** What a manager may write, by descriptor: the scalars of a module. */
export type ScalarsToWrite<Definition extends MibDefinition> = ToWrite<
  Definition,
  Definition['scalars']
>;

/** What a manager may write, by descriptor: the columns of a row. */
export type ColumnsToWrite<
  Definition extends MibDefinition,
  Table extends TableName<Definition>,
> = ToWrite<Definition, Definition['tables'][Table]['columns']>;

type ToWrite<Definition extends MibDefinition, Leaves extends Readonly<Record<string, Leaf>>> = {
  readonly [Name in NamesWith<Leaves, Writable>]?:
    | WrittenValue<Definition, Leaves[Name]>
    | undefined;
};

/** Sub-identifiers of one part of an INDEX (RFC 2578 7.7). */
type ArcsOf<Syntax> = Syntax extends { readonly base: infer Base }
  ? Base extends 'OctetString' | 'Opaque' | 'Bits' | 'ObjectIdentifier'
    ? readonly number[]
    : Base extends 'IpAddress'
      ? readonly [number, number, number, number]
      : readonly [number]
  : readonly number[];

type ArcsOfAll<Definition extends MibDefinition, Items> = Items extends readonly [
  infer First extends { readonly syntax: unknown },
  ...infer Rest,
]
  ? readonly [...ArcsOf<SyntaxAt<Definition, First['syntax']>>, ...ArcsOfAll<Definition, Rest>]
  : Items extends readonly []
    ? readonly []
    : readonly number[];

/**
 * What follows a column in an instance's name: a sub-identifier for each number of the INDEX, four
 * for an IpAddress, any number for what has no size of its own.
 */
export type RowIndexOf<
  Definition extends MibDefinition,
  Table extends TableName<Definition>,
> = ArcsOfAll<Definition, Definition['tables'][Table]['index']>;
