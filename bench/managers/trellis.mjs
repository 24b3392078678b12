/** Our manager, as a program has it. */
import { community, Manager } from '../../dist/src/manager/index.js';
import { MAX_REPETITIONS } from '../workloads.mjs';
import { measured } from './measured.mjs';
import { ENTRY, SCALAR } from './objects.mjs';

measured((port, window) => {
  const manager = new Manager();
  const target = { host: '127.0.0.1', port, auth: community('public'), window };
  const getOne = async (/** @type {(isGood: boolean) => void} */ done) => {
    const { kind } = await manager.get(target, [SCALAR]);
    done(kind === 'ok');
  };
  const walkAll = async (
    /** @type {() => void} */ varbind,
    /** @type {(isGood: boolean) => void} */ done,
  ) => {
    const options = { maxRepetitions: MAX_REPETITIONS };
    let isGood = true;
    try {
      for await (const { value } of manager.bulkWalk(target, ENTRY, options)) {
        if (value.type !== 'Null') varbind();
      }
    } catch {
      isGood = false;
    }
    done(isGood);
  };
  return {
    get: (done) => void getOne(done),
    walk: (varbind, done) => void walkAll(varbind, done),
    close: () => void manager.close(),
  };
});
