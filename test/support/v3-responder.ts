import { createCounters, V3Processing } from '../../src/dispatch/index.js';
import { MessageEncoder, type OutgoingPdu, type Pdu } from '../../src/message/index.js';
import {
  PasswordKeys,
  UserKeys,
  UserTable,
  type SnmpEngine,
  type UserSecrets,
} from '../../src/security/index.js';
import { testEngine } from './v3-client.js';

type Answer = (pdu: Pdu, contextName: string) => Partial<OutgoingPdu> | undefined;

const passwords = new PasswordKeys();

/** An engine that answers requests of its users: with what they asked, unless told otherwise. */
export class V3Responder {
  readonly engine: SnmpEngine;
  readonly #processing: V3Processing;
  readonly #encoder = new MessageEncoder();
  /** What the answer has otherwise; undefined: there is none. */
  answer: Answer = () => ({});
  /** PDUs that were understood. */
  readonly asked: Pdu[] = [];

  constructor(users: readonly UserSecrets[], given: Parameters<typeof testEngine>[0] = {}) {
    this.engine = testEngine(given);
    const table = new UserTable();
    for (const user of users) {
      table.add(new UserKeys(user, 'user').localize(this.engine.id, passwords));
    }
    this.#processing = new V3Processing(createCounters(), this.engine, table);
  }

  receive(datagram: Uint8Array): Uint8Array | undefined {
    const outcome = this.#processing.receive(datagram);
    if (outcome.kind === 'ended') return outcome.report;
    const { pdu, contextEngineId, contextName } = outcome;
    this.asked.push(pdu);
    const answer = this.answer(pdu, Buffer.from(contextName).toString());
    if (answer === undefined) return undefined;
    const { requestId, varBinds } = pdu;
    const response = { type: 'response', requestId, errorStatus: 0, errorIndex: 0, varBinds };
    const scopedPdu = this.#encoder.encode(
      {
        version: 'v3',
        contextEngineId,
        contextName,
        pdu: { ...response, ...answer } as OutgoingPdu,
      },
      65_507,
    );
    return scopedPdu === undefined ? undefined : outcome.seal(scopedPdu);
  }
}
