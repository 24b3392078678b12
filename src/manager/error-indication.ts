/**
 * Why there is no response. Where pysnmp has an indication of the same meaning, it has that name:
 * requestTimedOut, tooBig, oidNotIncreasing, and those of SNMPv3, which the agent reported.
 */
export type ErrorIndication = keyof typeof ERROR_INDICATIONS;

/** The indications, each with a sentence for people. */
export const ERROR_INDICATIONS = Object.freeze({
  requestTimedOut: 'no response came before the timeout of the last attempt',
  deadlineExpired: 'no response came before the deadline of the request',
  tooBig: 'the request is larger than the messages that may be sent to this target',
  hostNotFound: 'the host has no address of the family asked for',
  transportFailed: 'there is no socket to send from',
  queueFull: 'too many requests wait already',
  managerClosed: 'the manager was closed',
  unknownUserName: 'the agent knows no user of that name',
  unsupportedSecurityLevel: 'the agent has no such keys for this user as that level needs',
  wrongDigest: 'the agent finds the signature wrong: another password or protocol, mostly',
  decryptionError: 'the agent cannot decrypt the request: another protocol, mostly',
  notInTimeWindow: 'the agent has another time than it says',
  unknownEngineID: 'the agent is another engine than the one asked for',
  unknownContext: 'the agent has no context of that name',
  unavailableContext: 'the context is not available at present',
  unknownPDUHandler: 'nobody at the agent answers such requests for that context',
  reportPduReceived: 'the agent answered with a Report',
  oidNotIncreasing: 'the agent answered with a name that is not after the one asked for',
  emptyResponse: 'the agent answered without the variables asked for',
  tooManyRequests: 'the walk did not come to its end within the requests that it may send',
});
