import { SnmpError } from '../base/index.js';
import type { Mib } from '../mib/index.js';
import { equalOids, errorStatusLabel, type ErrorStatus, type VarBind } from '../smi/index.js';
import { ERROR_INDICATIONS, type ErrorIndication } from './error-indication.js';
import type { RequestStats, RequestPdu, Settlement } from './exchange.js';
import { ReceivedVarBind } from './received-var-bind.js';

/** A label of RFC 3416 section 3, or of a code that no RFC defines. */
export type AnsweredStatus = ErrorStatus | `unknown(${number})`;

interface Common {
  /** What was sent. */
  readonly request: readonly VarBind[];
  readonly stats: RequestStats;
}

/** The agent did it. */
export interface Ok extends Common {
  readonly kind: 'ok';
  readonly errorIndication: null;
  readonly errorStatus: 'noError';
  readonly errorIndex: 0;
  readonly varBinds: readonly ReceivedVarBind[];
  /**
   * The variables that were answered are not those that were asked: by name for GET and SET, by
   * number for GETNEXT and GETBULK.
   */
  readonly isMismatched: boolean;
}

/** The agent said no. */
export interface AgentError extends Common {
  readonly kind: 'agentError';
  readonly errorIndication: null;
  readonly errorStatus: AnsweredStatus;
  /** As on the wire. */
  readonly errorStatusCode: number;
  /** As on the wire: 1-based, 0 for none in particular; an agent may send anything. */
  readonly errorIndex: number;
  /** The variable of the request that errorIndex names, or null. */
  readonly failed: ReceivedVarBind | null;
  readonly varBinds: readonly ReceivedVarBind[];
}

/** There was no response. */
export interface EngineError extends Common {
  readonly kind: 'engineError';
  readonly errorIndication: ErrorIndication;
  /** A sentence for people. */
  readonly message: string;
  readonly errorStatus: 'noError';
  readonly errorIndex: 0;
  readonly varBinds: readonly [];
  /** What the system said, where it did. */
  readonly cause?: unknown;
}

type Tuple<Result extends Ok | AgentError | EngineError> = readonly [
  errorIndication: Result['errorIndication'],
  errorStatus: Result['errorStatus'],
  errorIndex: Result['errorIndex'],
  varBinds: Result['varBinds'],
] &
  Result;

export type OkResult = Tuple<Ok>;
export type AgentErrorResult = Tuple<AgentError>;
export type EngineErrorResult = Tuple<EngineError>;

/**
 * What became of a request: pysnmp's four parts in its order, to be taken apart, which is also an
 * object with names, told apart by `kind`.
 */
export type RequestResult = OkResult | AgentErrorResult | EngineErrorResult;

/** @param mib - what names and values are looked up in when they are looked at; or nothing. */
export function resultOf(
  settlement: Settlement,
  asked: RequestPdu,
  mib: Mib | undefined,
): RequestResult {
  const { stats } = settlement;
  const request = asked.varBinds;
  if (settlement.kind === 'failed') {
    return engineError(settlement.indication, request, stats, settlement.cause);
  }
  const { pdu } = settlement;
  const varBinds = Object.freeze(pdu.varBinds.map((one) => new ReceivedVarBind(one, mib)));
  if (pdu.errorStatus === 0) {
    return okResult(request, stats, varBinds, isMismatched(asked, varBinds));
  }
  const failed = request[pdu.errorIndex - 1];
  return asTuple<AgentError>({
    kind: 'agentError',
    errorIndication: null,
    errorStatus: errorStatusLabel(pdu.errorStatus) ?? `unknown(${pdu.errorStatus})`,
    errorStatusCode: pdu.errorStatus,
    errorIndex: pdu.errorIndex,
    failed: failed === undefined ? null : new ReceivedVarBind(failed, mib),
    varBinds,
    request,
    stats,
  });
}

/** Of a trap: nobody answers, so that it was sent is all there is to know. */
export function sentResult(request: readonly VarBind[]): OkResult {
  return okResult(request, { attempts: 1, discarded: {} }, [], false);
}

/** Written out, property by property: `asTuple` costs as much as to decode the response. */
function okResult(
  request: readonly VarBind[],
  stats: RequestStats,
  varBinds: readonly ReceivedVarBind[],
  areOthers: boolean,
): OkResult {
  const result: [null, 'noError', 0, Ok['varBinds']] & { -readonly [Key in keyof Ok]?: Ok[Key] } = [
    null,
    'noError',
    0,
    varBinds,
  ];
  result.kind = 'ok';
  result.errorIndication = null;
  result.errorStatus = 'noError';
  result.errorIndex = 0;
  result.varBinds = varBinds;
  result.isMismatched = areOthers;
  result.request = request;
  result.stats = stats;
  return Object.freeze(result) as OkResult;
}

export function engineError(
  indication: ErrorIndication,
  request: readonly VarBind[],
  stats: RequestStats,
  cause?: unknown,
): EngineErrorResult {
  const { errorStatus, errorIndex, varBinds } = NO_RESPONSE;
  return asTuple<EngineError>({
    kind: 'engineError',
    errorIndication: indication,
    message: ERROR_INDICATIONS[indication],
    errorStatus,
    errorIndex,
    varBinds,
    request,
    stats,
    ...(cause === undefined ? {} : { cause }),
  });
}

const NO_RESPONSE = { errorStatus: 'noError', errorIndex: 0, varBinds: [] } as const;

function asTuple<Result extends Ok | AgentError | EngineError>(result: Result): Tuple<Result> {
  const { errorIndication, errorStatus, errorIndex, varBinds } = result;
  const parts = [errorIndication, errorStatus, errorIndex, varBinds] as const;
  return Object.freeze(Object.assign([...parts] as const, result));
}

function isMismatched(asked: RequestPdu, answered: readonly VarBind[]): boolean {
  const { type, varBinds } = asked;
  if (type === 'getBulk') return varBinds.length > 0 && answered.length === 0;
  if (varBinds.length !== answered.length) return true;
  return (
    type !== 'getNext' && varBinds.some(({ name }, i) => !equalOids(name, answered[i]?.name ?? []))
  );
}

/**
 * A request that did not succeed, for those who would rather catch than ask. code:
 * SNMP_REQUEST_REFUSED where the agent said no, SNMP_REQUEST_FAILED where there was no response.
 */
export class RequestError extends SnmpError {
  readonly result: AgentErrorResult | EngineErrorResult;

  constructor(result: AgentErrorResult | EngineErrorResult) {
    if (result.kind === 'engineError') {
      const { cause } = result;
      super('SNMP_REQUEST_FAILED', result.message, cause === undefined ? {} : { cause });
    } else {
      const at = result.failed === null ? '' : ` at ${result.failed.label}`;
      super('SNMP_REQUEST_REFUSED', `the agent answered ${result.errorStatus}${at}`);
    }
    this.name = 'RequestError';
    this.result = result;
  }
}

/**
 * The result, where it is one.
 *
 * @throws RequestError
 */
export function orThrow(result: RequestResult): OkResult {
  if (result.kind === 'ok') return result;
  throw new RequestError(result);
}
