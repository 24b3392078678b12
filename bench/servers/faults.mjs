/**
 * Our agent with a subtree that crashes when it is told to, one that never answers, and one that is
 * well, for `crash` and `hang`.
 *
 * Guards the decision to measure the supervision that everybody gets: deadlines and strategy are the
 * defaults. Only the intensity is not, as the run wants thousands of crashes and none of them the last.
 *
 * As a child: `node servers/faults.mjs --child PORT`.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { waitForAnswer } from '../lib/client.mjs';
import {
  freePort,
  monotonicMicros,
  SERVER_CORE,
  start as startProcess,
  stop,
  waitForLine,
} from '../lib/proc.mjs';

const entry = new URL('../../dist/src/index.js', import.meta.url);

/** Its get throws. */
export const CRASHING = '1.3.6.1.4.1.32473.78.1.1.0';
/** In the same subtree: when that was last, by `monotonicMicros`, a double. */
export const CRASHED_AT = '1.3.6.1.4.1.32473.78.1.2.0';
/** Its get never answers. */
export const HANGING = '1.3.6.1.4.1.32473.78.2.1.0';
/** In a subtree of its own. */
export const WELL = '1.3.6.1.4.1.32473.78.3.1.0';

const object = (
  /** @type {string} */ name,
  /** @type {string} */ syntax,
  /** @type {string} */ place,
) =>
  `${name} OBJECT-TYPE SYNTAX ${syntax} MAX-ACCESS read-only STATUS current DESCRIPTION "For the benchmark." ::= { ${place} }`;

const MIB = `BENCH-FAULTS-MIB DEFINITIONS ::= BEGIN
IMPORTS MODULE-IDENTITY, OBJECT-TYPE, Integer32, enterprises FROM SNMPv2-SMI;
benchFaults MODULE-IDENTITY LAST-UPDATED "202611210000Z" ORGANIZATION "Trellis" CONTACT-INFO "nobody"
  DESCRIPTION "Functions that crash and hang." ::= { enterprises 32473 78 }
crashing OBJECT IDENTIFIER ::= { benchFaults 1 }
hanging OBJECT IDENTIFIER ::= { benchFaults 2 }
well OBJECT IDENTIFIER ::= { benchFaults 3 }
${object('crashNow', 'Integer32', 'crashing 1')}
${object('crashedAt', 'OCTET STRING (SIZE (8))', 'crashing 2')}
${object('hangNow', 'Integer32', 'hanging 1')}
${object('wellNow', 'Integer32', 'well 1')}
END
`;

export function detect() {
  return existsSync(entry)
    ? {}
    : { missing: 'dist/src/index.js is not there: run `npm run build`' };
}

export async function start() {
  const port = await freePort();
  const child = startProcess(
    process.execPath,
    [fileURLToPath(import.meta.url), '--child', String(port)],
    SERVER_CORE,
  );
  await waitForLine(child, 'ready', 10_000);
  await waitForAnswer(port, WELL, 5000);
  return { port, pid: child.pid ?? 0, stop: () => stop(child) };
}

/** @param {number} port */
async function serve(port) {
  const { startAgent } = await import(entry.href);
  const supervise = { intensity: 1_000_000, periodMs: 1000 };
  const crashedAt = Buffer.alloc(8);
  const agent = await startAgent({
    listen: `udp://127.0.0.1:${port}`,
    access: { communities: { public: 'read' } },
  });
  await agent.loadText({ path: 'BENCH-FAULTS-MIB.mib', text: MIB }, [
    {
      subtree: 'crashing',
      supervise,
      crashNow: {
        get() {
          crashedAt.writeDoubleBE(monotonicMicros());
          throw new Error('as it was told');
        },
      },
      crashedAt: { get: () => crashedAt },
    },
    { subtree: 'hanging', supervise, hangNow: { get: () => new Promise(() => undefined) } },
    { subtree: 'well', wellNow: { get: () => 1 } },
  ]);
  console.log('ready');
}

if (process.argv[2] === '--child') await serve(Number(process.argv[3]));
