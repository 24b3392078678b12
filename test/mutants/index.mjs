import { agentMutants } from './agent.mjs';
import { askingMutants } from './asking.mjs';
import { berMutants } from './ber.mjs';
import { configMutants } from './config.mjs';
import { instrumentationMutants } from './instrumentation.mjs';
import { managerMutants } from './manager.mjs';
import { notifyMutants } from './notify.mjs';
import { outlineMutants } from './outline.mjs';
import { readMutants } from './reads.mjs';
import { securityMutants } from './security.mjs';
import { setMutants } from './set.mjs';
import { storeMutants } from './store.mjs';
import { subtreeMutants } from './subtree.mjs';
import { supervisorMutants } from './supervisors.mjs';

/**
 * What a careless author might have written: one place of one source file, changed so that some
 * property no longer holds. A proof that does not notice proves less than it says.
 *
 * @typedef {object} Mutant
 * @property {string} name
 * @property {string} says - what the careless author's agent does.
 * @property {string} file
 * @property {string} find - occurs exactly once in the file.
 * @property {string} replace
 * @property {readonly Edit[]} [also] - where one place is not enough; in the same file.
 * @property {readonly string[]} killedBy - what a killing test cites in its title, or a part of it.
 * @property {readonly string[]} tests - the files in which such tests are looked for.
 *
 * @typedef {{ readonly find: string, readonly replace: string }} Edit
 */

/** @type {readonly Mutant[]} */
export const MUTANTS = [
  ...setMutants,
  ...storeMutants,
  ...subtreeMutants,
  ...agentMutants,
  ...askingMutants,
  ...readMutants,
  ...outlineMutants,
  ...instrumentationMutants,
  ...berMutants,
  ...supervisorMutants,
  ...securityMutants,
  ...managerMutants,
  ...notifyMutants,
  ...configMutants,
];

/**
 * The mutant's source out of the true one.
 *
 * @param {Mutant} mutant
 * @param {string} source
 * @throws {Error} where a place is not found, or more than once: the source has moved on, and the
 *   mutant has to follow.
 */
export function mutate({ name, file, find, replace, also = [] }, source) {
  let mutated = source;
  for (const edit of [{ find, replace }, ...also]) {
    const parts = mutated.split(edit.find);
    if (parts.length !== 2) {
      const times = parts.length - 1;
      throw new Error(`mutant ${name}: found ${times} times in ${file}: ${edit.find}`);
    }
    mutated = parts.join(edit.replace);
  }
  return mutated;
}
