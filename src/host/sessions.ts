import { SMALL_FILE_OCTETS, type HostSource } from './proc-source.js';

/** The size of struct utmp: with 32-bit times on most machines, with 64-bit times on some. */
const RECORD_OCTETS = [384, 400] as const;

/** ut_type of a login, and the largest type there is. */
const USER_PROCESS = 7;
const ACCOUNTING = 9;

/**
 * How many sessions of users there are, as `who` counts them: from utmp, and where the machine
 * keeps none any more, from what systemd-logind writes down.
 */
export async function countSessions(source: HostSource): Promise<number> {
  for (const path of ['/run/utmp', '/var/run/utmp']) {
    const utmp = await source.readBytes(path);
    if (utmp !== undefined) return countUtmpSessions(utmp);
  }
  return countLogindSessions(source);
}

function countUtmpSessions(utmp: Uint8Array): number {
  const view = new DataView(utmp.buffer, utmp.byteOffset, utmp.byteLength);
  for (const size of RECORD_OCTETS) {
    if (utmp.length % size !== 0) continue;
    /** BOUNDED by the records of the file. */
    const types = Array.from({ length: utmp.length / size }, (_, record) =>
      view.getInt16(record * size, true),
    );
    // The wrong size reads types from the middle of names.
    if (types.some((type) => type < 0 || type > ACCOUNTING)) continue;
    return types.filter((type) => type === USER_PROCESS).length;
  }
  return 0;
}

async function countLogindSessions(source: HostSource): Promise<number> {
  const directory = '/run/systemd/sessions';
  let sessions = 0;
  for (const name of await source.readDirectory(directory)) {
    const text = (await source.readText(`${directory}/${name}`, SMALL_FILE_OCTETS)) ?? '';
    if (/^CLASS=user$/m.test(text) && !/^STATE=closing$/m.test(text)) sessions += 1;
  }
  return sessions;
}
