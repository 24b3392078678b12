import { systemClock } from '../base/index.js';
import type { ListedUser } from '../config/index.js';
import { authProtocolOf, privProtocolOf } from '../security/index.js';
import type { Oid, SnmpValue } from '../smi/index.js';
import { StateStore } from '../store/index.js';

/** RFC 3414 section 5. */
const USM_USER_TABLE: Oid = [1, 3, 6, 1, 6, 3, 15, 1, 2, 2];
const COLUMN = { authProtocol: 5, privProtocol: 8, storageType: 12 } as const;
/** A configured user is a row that no manager can delete. */
const PERMANENT = 4;

/**
 * The users that managers have made, as a state directory keeps them; an agent may be running with it.
 *
 * @throws SnmpError SNMP_STATE_*, rejecting
 */
export async function readStateUsers(directory: string): Promise<readonly ListedUser[]> {
  const store = await StateStore.open(directory, systemClock, 'look');
  try {
    return (store.rows(USM_USER_TABLE) ?? []).flatMap(({ rowIndex, values }) => {
      const valueOf = (wanted: number): SnmpValue | undefined =>
        values.find(({ column }) => column === wanted)?.value;
      const name = userNameOf(rowIndex);
      const storage = valueOf(COLUMN.storageType);
      const isMade = storage?.type === 'Integer32' && storage.value !== PERMANENT;
      if (name === undefined || !isMade) return [];
      const auth = protocolOf(valueOf(COLUMN.authProtocol), authProtocolOf);
      const priv = protocolOf(valueOf(COLUMN.privProtocol), privProtocolOf);
      return [
        {
          name,
          ...(auth === undefined ? {} : { auth }),
          ...(priv === undefined ? {} : { priv }),
          secrets: auth === undefined ? ('none' as const) : ('localized keys' as const),
        },
      ];
    });
  } finally {
    await store.close();
  }
}

/** The index is the engine ID, then the name, each behind its length; the entry without one is none. */
function userNameOf([engineOctets = 0, ...rest]: Oid): string | undefined {
  const [nameOctets = 0, ...name] = rest.slice(engineOctets);
  if (nameOctets === 0 || name.length !== nameOctets) return undefined;
  return Buffer.from(name).toString('utf8');
}

function protocolOf(
  value: SnmpValue | undefined,
  nameOf: (oid: Oid) => string | undefined,
): string | undefined {
  if (value?.type !== 'ObjectIdentifier') return undefined;
  const name = nameOf(value.value);
  return name === 'none' ? undefined : name;
}
