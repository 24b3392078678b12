import { SnmpError } from '../base/index.js';
import { FIRST_HIDDEN_COLUMN, type KeptRow } from '../instrumentation/index.js';
import { formatOid, parseOid, type Oid } from '../smi/index.js';
import { misplaced, objectKey, rowFromJson, rowToJson, sealed, type JsonRow } from './record.js';
import { FORMAT_VERSION } from './state-directory.js';
import type { StateStore } from './state-store.js';

/** What a state directory keeps, as JSON, in the order of OIDs. */
export interface StateExport {
  readonly format: 'trellis-state';
  readonly version: number;
  readonly engineBoots: number;
  /** snmpEngineID in hexadecimal, where the agent made one up. */
  readonly engineId?: string;
  /** How many values are missing because nobody may ask for them; absent: none. */
  readonly secretsLeftOut?: number;
  readonly objects: readonly ExportedObject[];
}

export interface ExportedObject {
  readonly oid: string;
  /** By row index, `''` for a scalar; each by column, 0 for a scalar. */
  readonly rows: Readonly<Record<string, JsonRow>>;
}

/** So many rows at a time on the way into a store. */
const ROWS_PER_COMMIT = 10_000;

/**
 * @param secrets - whether the hidden values of rows (keys of users, for example) are in it too.
 * @throws SnmpError SNMP_STATE_DAMAGED
 */
export function exportState(store: StateStore, { secrets = false } = {}): StateExport {
  let secretsLeftOut = 0;
  /** BOUNDED by what is kept. */
  const objects: { oid: string; rows: Record<string, JsonRow> }[] = [];
  for (const { oid, rowIndex, values } of store.objects()) {
    const name = formatOid(oid);
    let object = objects.at(-1);
    if (object?.oid !== name) {
      object = { oid: name, rows: {} };
      objects.push(object);
    }
    const shown = secrets ? values : values.filter(({ column }) => column < FIRST_HIDDEN_COLUMN);
    secretsLeftOut += values.length - shown.length;
    object.rows[formatOid(rowIndex)] = rowToJson(shown);
  }
  const { engineBoots, engineId } = store;
  return {
    format: 'trellis-state',
    version: FORMAT_VERSION,
    engineBoots,
    ...(engineId === undefined ? {} : { engineId: Buffer.from(engineId).toString('hex') }),
    ...(secretsLeftOut === 0 ? {} : { secretsLeftOut }),
    objects,
  };
}

/** An export, read and found to be one. */
export interface ReadExport {
  readonly objects: readonly { readonly oid: Oid; readonly rows: readonly KeptRow[] }[];
  readonly engineBoots: number | undefined;
  readonly engineId: Uint8Array | undefined;
}

/** @throws SnmpError SNMP_STATE_IMPORT for what is no export. */
export function readStateExport(content: unknown): ReadExport {
  const state = content as Partial<StateExport> | null;
  if (state?.format !== 'trellis-state' || !Array.isArray(state.objects)) {
    throw new SnmpError('SNMP_STATE_IMPORT', 'not an export of a state directory');
  }
  if (state.version !== FORMAT_VERSION) {
    throw new SnmpError(
      'SNMP_STATE_IMPORT',
      `an export of format version ${String(state.version)}; this release reads version ${FORMAT_VERSION}`,
    );
  }
  const { engineBoots, engineId } = state;
  const names = new Set(state.objects.map((object: Partial<ExportedObject> | null) => object?.oid));
  if (names.size < state.objects.length) {
    throw new SnmpError('SNMP_STATE_IMPORT', 'not an export: it has an object twice');
  }
  try {
    return {
      objects: state.objects.map(readObject),
      engineBoots: Number.isInteger(engineBoots) ? engineBoots : undefined,
      engineId: typeof engineId === 'string' ? Buffer.from(engineId, 'hex') : undefined,
    };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SnmpError('SNMP_STATE_IMPORT', `not an export of a state directory: ${why}`, {
      cause,
    });
  }
}

function readObject({ oid, rows }: ExportedObject): ReadExport['objects'][number] {
  return {
    oid: parseOid(oid),
    rows: Object.entries(rows).map(([row, values]) => {
      try {
        return { rowIndex: row === '' ? [] : parseOid(row), values: rowFromJson(values) };
      } catch (cause) {
        throw misplaced(`${oid} row ${row}`, cause);
      }
    }),
  };
}

/**
 * Puts an export into a store that has nothing yet.
 *
 * @throws SnmpError SNMP_STATE_IMPORT for what is no export, or a store that is not empty; nothing
 *   is written then.
 */
export async function importState(store: StateStore, content: unknown): Promise<number> {
  const { objects, engineBoots, engineId } = readStateExport(content);
  for (const _ of store.objects()) {
    throw new SnmpError(
      'SNMP_STATE_IMPORT',
      `${store.directory} is not empty: import into a new one`,
    );
  }
  const writes = objects.flatMap(({ oid, rows }) =>
    rows.map(({ rowIndex, values }) => ({
      key: objectKey(oid, rowIndex),
      value: sealed(rowToJson(values)),
    })),
  );
  for (let at = 0; at < writes.length; at += ROWS_PER_COMMIT) {
    await store.commit(writes.slice(at, at + ROWS_PER_COMMIT));
  }
  if (engineId !== undefined) await store.keepEngineId(engineId);
  if (engineBoots !== undefined) await store.raiseEngineBoots(engineBoots);
  return writes.length;
}
