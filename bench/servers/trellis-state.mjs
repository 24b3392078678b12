/**
 * Our agent with a state directory: what a SET costs that is on the disk before it is answered.
 *
 * Guards the decision to measure durable SETs beside snmpd's, which saves its state at a SET too.
 */
import { join } from 'node:path';
import { temporaryDirectory } from '../lib/proc.mjs';
import * as trellis from './trellis.mjs';

export const name = 'trellis-state';

export function detect() {
  const found = trellis.detect();
  if ('missing' in found) return found;
  return { version: found.version, notes: ['SET of tbInteger, on the disk before the answer'] };
}

export async function start() {
  const directory = join(temporaryDirectory('trellis-state'), 'state');
  const server = await trellis.start(['--state', directory]);
  const { set, 'set-alone': setAlone } = server.work;
  return { ...server, work: { set, 'set-alone': setAlone } };
}
