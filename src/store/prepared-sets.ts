import { SnmpError } from '../base/index.js';
import type { KeptValue, SetGroup } from '../instrumentation/index.js';
import type { Share } from '../set/index.js';
import { formatOid, parseOid, type Oid } from '../smi/index.js';
import { rowFromJson, rowToJson, type JsonRow } from './record.js';

/** One group of a SET whose functions have effects outside: enough to roll it back later. */
export interface PreparedGroup {
  /** RFC 3411 contextName: in another one the same OID may be another subtree's. */
  readonly contextName: string;
  readonly oid: Oid;
  readonly rowIndex: Oid;
  /** What was to be set. */
  readonly values: readonly KeptValue[];
  /** What was there before; undefined where it could not be read. */
  readonly before: readonly KeptValue[] | undefined;
}

interface JsonGroup {
  /** Absent for the default context. */
  readonly context?: string;
  readonly object: string;
  readonly row: string;
  readonly values: JsonRow;
  readonly before?: JsonRow;
}

function isToBePrepared({ object }: SetGroup): boolean {
  return !object.isStored && object.provides('rollback');
}

/** What is kept of a SET before it is done; undefined where none of its groups needs it. */
export function preparedContent(
  shares: readonly Share[],
  contextName: string,
): readonly JsonGroup[] | undefined {
  const groups = shares.flatMap((share) => share.groups.filter(isToBePrepared));
  return groups.length === 0 ? undefined : groups.map((group) => toJson(group, contextName));
}

function toJson(group: SetGroup, contextName: string): JsonGroup {
  const before = group.object.beforeImage?.(group);
  return {
    ...(contextName === '' ? {} : { context: contextName }),
    object: formatOid(group.object.oid),
    row: formatOid(group.rowIndex),
    values: rowToJson(group.changes.map(({ column, wire }) => ({ column, value: wire }))),
    ...(before === undefined ? {} : { before: rowToJson(before) }),
  };
}

/** @throws SnmpError SNMP_STATE_VALUE, SNMP_OID_SYNTAX */
export function readPrepared(content: unknown): readonly PreparedGroup[] {
  if (!Array.isArray(content)) throw new SnmpError('SNMP_STATE_VALUE', 'not a prepared SET');
  return (content as readonly JsonGroup[]).map(({ context = '', object, row, values, before }) => ({
    contextName: context,
    oid: parseOid(object),
    rowIndex: row === '' ? [] : parseOid(row),
    values: rowFromJson(values),
    before: before === undefined ? undefined : rowFromJson(before),
  }));
}
