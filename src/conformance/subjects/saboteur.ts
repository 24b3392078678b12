import type { Agent, ScalarFunctions } from '../../index.js';
import { parseOid } from '../../smi/index.js';
import type { Saboteur } from '../subject.js';

const SUBTREE = 'trellisConformance';
const VOTES_NO = 1;
const FAILS_COMMIT = 2;

/** 32473 is the enterprise number kept for documentation (RFC 5612). */
const MODULE = `TRELLIS-CONFORMANCE-MIB DEFINITIONS ::= BEGIN
IMPORTS MODULE-IDENTITY, OBJECT-TYPE, enterprises FROM SNMPv2-SMI;
trellisConformance MODULE-IDENTITY
    LAST-UPDATED "202611200000Z"
    ORGANIZATION "The Trellis project"
    CONTACT-INFO "See the project's repository."
    DESCRIPTION  "Loaded into an agent while its conformance is tried."
    REVISION     "202611200000Z"
    DESCRIPTION  "First version."
    ::= { enterprises 32473 9999 }
tcSaboteur OBJECT-TYPE
    SYNTAX      INTEGER { harmless(0), votesNo(${VOTES_NO}), failsCommit(${FAILS_COMMIT}) }
    MAX-ACCESS  read-write
    STATUS      current
    DESCRIPTION "Makes the SET that it is part of fail, in the way written."
    ::= { trellisConformance 1 }
END
`;

const FUNCTIONS: ScalarFunctions<string> = {
  get: () => 'harmless',
  isSetOk: (value) => (value === 'votesNo' ? 'inconsistentValue' : 'noError'),
  set: (value) => (value === 'failsCommit' ? 'commitFailed' : 'noError'),
  undo: () => 'noError',
  rollback: () => 'noError',
};

/**
 * Loads the saboteur into an agent, as a subtree of its own: its neighbours' `undo` and `rollback`
 * can then be made to run by anybody who can send a SET.
 *
 * @returns the saboteur, and what unloads it.
 * @throws SnmpError as `agent.load`: the agent has one already.
 */
export async function loadSaboteur(
  agent: Agent,
): Promise<{ readonly saboteur: Saboteur; unload(): Promise<void> }> {
  await agent.loadText(
    { path: 'TRELLIS-CONFORMANCE-MIB', text: MODULE },
    { name: SUBTREE, tcSaboteur: FUNCTIONS as ScalarFunctions },
  );
  return {
    saboteur: {
      name: parseOid('1.3.6.1.4.1.32473.9999.1.0'),
      label: 'tcSaboteur.0',
      votesNo: { type: 'Integer32', value: VOTES_NO },
      failsCommit: { type: 'Integer32', value: FAILS_COMMIT },
    },
    unload: () => agent.unload(SUBTREE),
  };
}
