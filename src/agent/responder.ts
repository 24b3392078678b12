import type { Clock } from '../base/index.js';
import type { Reply, Request, SnmpCounters } from '../dispatch/index.js';
import { MessageEncoder, responseSize, type ResponseHead } from '../message/index.js';
import {
  errorStatusCode,
  isException,
  toV1ErrorStatus,
  type ErrorStatus,
  type VarBind,
} from '../smi/index.js';
import type { MasterAgent, SetReply } from './master-agent.js';
import { planSet, type SetPlan } from './plan-set.js';
import { answerGetBulk } from './read/get-bulk.js';
import { answerGetNext } from './read/get-next.js';
import { answerGet } from './read/get.js';
import type { ReadReply, ReadRequest } from './read/read-request.js';
import type { Contexts } from './contexts.js';
import { Registrations } from './registrations.js';
import { RepeatedSets } from './repeated-sets.js';

/** The largest error-status there is: what a SET's response may have to hold (RFC 3416 4.2.5). */
const LARGEST_ERROR_STATUS = 18;

/** Whether error statuses have a counter of their own in the (obsolete part of the) snmp group. */
const OUT_COUNTER: Partial<Record<ErrorStatus, keyof SnmpCounters>> = {
  tooBig: 'snmpOutTooBigs',
  noSuchName: 'snmpOutNoSuchNames',
  badValue: 'snmpOutBadValues',
  genErr: 'snmpOutGenErrs',
};

const NOTHING_REGISTERED = new Registrations();

export interface ResponderParts {
  readonly contexts: Contexts;
  /** The living master; a SET that comes while it restarts waits for nothing: genErr. */
  readonly master: () => MasterAgent | undefined;
  readonly counters: SnmpCounters;
  readonly clock: Clock;
  readonly faulted: (subtree: string, reason: string) => void;
}

/**
 * Answers requests (RFC 3416 4.2; for SNMPv1 RFC 1157 4.1 and RFC 3584 4.2.2): access, the
 * operation, the version's view of its result, and a size that fits.
 */
export class CommandResponder {
  readonly #parts: ResponderParts;
  readonly #encoder = new MessageEncoder();
  readonly #repeated: RepeatedSets;

  constructor(parts: ResponderParts) {
    this.#parts = parts;
    this.#repeated = new RepeatedSets(parts.clock);
  }

  get repeatedSets(): number {
    return this.#repeated.repeated;
  }

  respond(request: Request): Reply | Promise<Reply> {
    const { pdu } = request;
    if (pdu.type === 'set') return this.#respondToSet(request);
    const view = request.principal.readView;
    if (view === undefined) return this.#refuseAccess(request);
    const read: ReadRequest = {
      version: request.message.version,
      requestId: pdu.requestId,
      contextName: request.contextName,
      requester: request.requester,
      view,
      registrations: this.#registrationsFor(request),
      clock: this.#parts.clock,
      faulted: this.#parts.faulted,
    };
    const reply = this.#read(read, request);
    return reply instanceof Promise
      ? reply.then((settled) => this.#encodeRead(request, settled))
      : this.#encodeRead(request, reply);
  }

  #read(read: ReadRequest, request: Request): ReadReply | Promise<ReadReply> {
    const { pdu } = request;
    switch (pdu.type) {
      case 'getNext':
        return answerGetNext(read, pdu.varBinds);
      case 'getBulk': {
        const room = this.#maxVarBindOctets(request);
        return answerGetBulk(read, pdu, room);
      }
      default:
        return answerGet(read, pdu.varBinds);
    }
  }

  /** The most octets that a noError response to this request may have as variable-bindings. */
  #maxVarBindOctets(request: Request): number {
    const limit = request.maxReplyOctets;
    const head = headOf(request);
    // Length octets grow with the content: down from the largest guess, at most a few steps.
    let room = limit - responseSize(head, 0, 0, 0);
    while (room > 0 && responseSize(head, 0, 0, room) > limit) room -= 1;
    return Math.max(room, 0);
  }

  #encodeRead(request: Request, reply: ReadReply): Reply {
    if ('status' in reply) return this.#encodeError(request, reply.status, reply.index);
    const { varBinds } = reply;
    if (request.message.version === 'v1') {
      // RFC 3584 4.2.2: what SNMPv1 cannot carry is noSuchName.
      const hidden = varBinds.findIndex(
        ({ value }) => isException(value) || value.type === 'Counter64',
      );
      if (hidden >= 0) return this.#encodeError(request, 'noSuchName', hidden + 1);
    }
    const octets = this.#encode(request, 'noError', 0, varBinds);
    if (octets === undefined) return this.#encodeTooBig(request);
    this.#add('snmpInTotalReqVars', countValues(varBinds));
    return octets;
  }

  #respondToSet(request: Request): Reply | Promise<Reply> {
    const { pdu, principal } = request;
    const repetition = this.#repeated.meet(request);
    if (repetition.kind === 'underWay') return undefined;
    if (repetition.kind === 'answered') {
      this.#add('snmpOutPkts', 1);
      this.#add('snmpOutGetResponses', 1);
      return repetition.response;
    }
    // docs/set.md 1.1: a response that echoes the request fits, whatever its status.
    const echo = responseSize(
      headOf(request),
      LARGEST_ERROR_STATUS,
      pdu.varBinds.length,
      pdu.varBindOctets.length,
    );
    if (echo > request.maxReplyOctets) {
      return this.#remember(request, this.#encodeTooBig(request));
    }
    // 1.2: who asks may write something.
    if (principal.writeView === undefined || principal.writeView.isEmpty) {
      return this.#remember(request, this.#refuseAccess(request));
    }
    const registrations = this.#registrationsFor(request);
    const { writeView } = principal;
    let plannedAt = registrations.version;
    const plan = planSet(registrations, writeView, pdu.varBinds);
    if (plan.kind === 'refused') {
      const { status, position } = plan.failure;
      return this.#remember(request, this.#encodeError(request, status, position));
    }
    if (plan.shares.length === 0) return this.#remember(request, this.#encodeSuccess(request));
    const master = this.#parts.master();
    if (master === undefined) {
      return this.#remember(request, this.#encodeError(request, 'genErr', 1));
    }
    let reply: Reply;
    let settled = false;
    let resolve: ((reply: Reply) => void) | undefined;
    const lookAgain = (): SetPlan | undefined => {
      if (registrations.version === plannedAt) return undefined;
      plannedAt = registrations.version;
      return planSet(registrations, writeView, pdu.varBinds);
    };
    const settle = (failure: SetReply): void => {
      settled = true;
      reply = this.#remember(
        request,
        failure === undefined
          ? this.#encodeSuccess(request)
          : this.#encodeError(request, failure.status, failure.position),
      );
      resolve?.(reply);
    };
    const { contextName, requester } = request;
    const facts = { requestId: pdu.requestId, contextName, requester };
    master.requestSet(plan.shares, facts, settle, lookAgain);
    if (settled) return reply;
    return new Promise((later) => {
      resolve = later;
    });
  }

  /** The dispatcher lets in no request for a context that is not there. */
  #registrationsFor({ contextName }: Request): Registrations {
    return this.#parts.contexts.in(contextName) ?? NOTHING_REGISTERED;
  }

  #remember(request: Request, reply: Reply): Reply {
    this.#repeated.answered(request, reply);
    return reply;
  }

  #encodeSuccess(request: Request): Reply {
    this.#add('snmpInTotalSetVars', request.pdu.varBinds.length);
    return this.#encode(request, 'noError', 0, request.pdu.varBindOctets);
  }

  /** CONFORMANCE D6, RFC 3413 3.2: this principal has no view for this kind of operation. */
  #refuseAccess(request: Request): Reply {
    if (request.message.version !== 'v3') this.#add('snmpInBadCommunityUses', 1);
    return this.#encodeError(request, 'authorizationError', 0);
  }

  #encodeError(request: Request, status: ErrorStatus, index: number): Reply {
    const told = request.message.version === 'v1' ? toV1ErrorStatus(status) : status;
    const octets = this.#encode(request, told, index, request.pdu.varBindOctets);
    return octets ?? this.#encodeTooBig(request);
  }

  /** RFC 3416 4.2.1: empty variable-bindings; RFC 1157 4.1.2(3): as received. */
  #encodeTooBig(request: Request): Reply {
    const varBinds = request.message.version === 'v1' ? request.pdu.varBindOctets : [];
    const octets = this.#encode(request, 'tooBig', 0, varBinds);
    if (octets === undefined) this.#add('snmpSilentDrops', 1);
    return octets;
  }

  #encode(
    request: Request,
    status: ErrorStatus,
    errorIndex: number,
    varBinds: readonly VarBind[] | Uint8Array,
  ): Reply {
    const pdu = {
      type: 'response' as const,
      requestId: request.pdu.requestId,
      errorStatus: errorStatusCode(status),
      errorIndex,
      varBinds,
    };
    const { message } = request;
    const octets = this.#encoder.encode(
      message.version === 'v3'
        ? {
            version: 'v3',
            contextEngineId: message.contextEngineId,
            contextName: message.contextName,
            pdu,
          }
        : { version: message.version, community: message.community, pdu },
      request.maxReplyOctets,
    );
    if (octets === undefined) return undefined;
    this.#add('snmpOutPkts', 1);
    this.#add('snmpOutGetResponses', 1);
    const counter = OUT_COUNTER[status];
    if (counter !== undefined) this.#add(counter, 1);
    return octets;
  }

  #add(name: keyof SnmpCounters, count: number): void {
    const { counters } = this.#parts;
    counters[name] = (counters[name] + count) >>> 0;
  }
}

function headOf({ message, pdu: { requestId } }: Request): ResponseHead {
  if (message.version === 'v3') {
    const { version, contextEngineId, contextName } = message;
    return { version, contextEngineId, contextName, requestId };
  }
  return { version: message.version, community: message.community, requestId };
}

/** RFC 3418 snmpInTotalReqVars: objects that were retrieved; exceptions are none. */
function countValues(varBinds: readonly VarBind[]): number {
  let count = 0;
  for (const { value } of varBinds) if (!isException(value)) count += 1;
  return count;
}
