/** The session of the npm package net-snmp. */
import { createRequire } from 'node:module';
import { MAX_REPETITIONS } from '../workloads.mjs';
import { measured } from './measured.mjs';
import { ENTRY, SCALAR } from './objects.mjs';

const snmp = createRequire(import.meta.url)('net-snmp');

measured((port) => {
  const session = snmp.createSession('127.0.0.1', 'public', {
    port,
    version: snmp.Version2c,
    timeout: 1000,
    retries: 5,
  });
  return {
    get(done) {
      session.get([SCALAR], (/** @type {unknown} */ error, /** @type {any[]} */ varbinds) =>
        done(error === null && !snmp.isVarbindError(varbinds[0])),
      );
    },
    walk(varbind, done) {
      session.subtree(
        ENTRY,
        MAX_REPETITIONS,
        (/** @type {any[]} */ varbinds) => {
          for (const one of varbinds) if (!snmp.isVarbindError(one)) varbind();
        },
        (/** @type {unknown} */ error) => done(error === undefined || error === null),
      );
    },
    close: () => session.close(),
  };
});
