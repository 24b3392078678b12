import { describe, expect, it } from 'vitest';
import type { CounterName } from '../../../src/dispatch/index.js';
import type { Agent } from '../../../src/agent.js';
import { SimulatedClock } from '../../../src/base/index.js';
import { decodeUsmParameters, decodeV3Message } from '../../../src/message/index.js';
import { startAgent } from '../../../src/start-agent.js';
import { formatOid } from '../../../src/smi/index.js';
import type { UserAccess } from '../../../src/agent-options.js';
import { UserReader } from '../../../src/user-access.js';
import { authOf, privOf, usmVectors, VECTOR_ENGINE } from '../../support/usm-vectors.js';
import { decodeV3, type V3Reply } from '../../support/v3-client.js';

const ERROR_COUNTERS: readonly CounterName[] = [
  'snmpInASNParseErrs',
  'snmpInBadVersions',
  'snmpUnknownSecurityModels',
  'snmpInvalidMsgs',
  'snmpUnknownPDUHandlers',
  'snmpUnknownContexts',
  'usmStatsUnsupportedSecLevels',
  'usmStatsNotInTimeWindows',
  'usmStatsUnknownUserNames',
  'usmStatsUnknownEngineIDs',
  'usmStatsWrongDigests',
  'usmStatsDecryptionErrors',
];

const users: readonly UserAccess[] = usmVectors.users.map((one) => {
  const auth = authOf(one.authProtocol);
  const priv = privOf(one.privProtocol);
  return {
    name: one.userName,
    ...(auth === undefined ? {} : { auth, authPassword: one.authPassword as string }),
    ...(priv === undefined ? {} : { priv, privPassword: one.privPassword as string }),
    read: 'all',
    level: 'noAuthNoPriv',
  };
});

/** The same, by the keys that their passwords come to: a hundred agents need not make them anew. */
const usersWithKeys: readonly UserAccess[] = users.map(
  ({ authPassword: _auth, privPassword: _priv, ...user }, i) => {
    const { authKey, privKey } = usmVectors.users[i] ?? {};
    return {
      ...user,
      ...(authKey === null || authKey === undefined ? {} : { authKey }),
      ...(privKey === null || privKey === undefined ? {} : { privKey }),
    };
  },
);

/** The engine of the vectors, whose time stands still. */
async function vectorAgent(boots: number): Promise<Agent> {
  const clock = new SimulatedClock();
  const id = VECTOR_ENGINE.id.toString('hex');
  const agent = await startAgent({
    access: { users: usersWithKeys },
    engine: { id, boots },
    clock,
  });
  clock.advance(VECTOR_ENGINE.timeSeconds * 1000);
  return agent;
}

const reader = new UserReader(VECTOR_ENGINE.id);
/** Signs Reports of the vectors, which do not name their users. */
const known = users.map((one, i) => reader.read(one, `users[${i}]`).user);

/** With the keys of whoever it says it is for. */
function decodeReply(reply: Uint8Array): V3Reply {
  const outline = decodeV3Message(reply);
  const parameters = outline.ok ? decodeUsmParameters(outline.value) : outline;
  const name = parameters.ok ? Buffer.from(parameters.value.userName).toString() : '';
  return decodeV3(reply, known.find((user) => user.name === name) ?? { name });
}

describe('messages to the engine of the vectors', () => {
  for (const vector of usmVectors.messages) {
    it(`${vector.id}: ${vector.user} at ${vector.level} is answered [MPD-013, MPD-014, USM-033, USM-035]`, async () => {
      await using agent = await vectorAgent(VECTOR_ENGINE.boots);
      const reply = await agent.inject(Buffer.from(vector.message, 'hex'));
      const user = known.find(({ name }) => name === vector.user) ?? { name: '' };
      const { message, parameters, pdu, contextEngineId } = decodeV3(reply, user);
      expect(message).toMatchObject({
        msgId: vector.msgID,
        securityLevel: vector.level,
        isReportable: false,
        maxSizeOctets: 65_507,
      });
      expect(parameters).toMatchObject({
        engineBoots: VECTOR_ENGINE.boots,
        engineTimeSeconds: VECTOR_ENGINE.timeSeconds,
      });
      for (const engineId of [parameters.engineId, contextEngineId]) {
        expect(Buffer.from(engineId).equals(VECTOR_ENGINE.id)).toBe(true);
      }
      const { start, end } = parameters.authParameters;
      if (vector.level === 'noAuthNoPriv') expect(end - start).toBe(0);
      if (vector.level !== 'authPriv') expect(parameters.privParameters).toHaveLength(0);
      expect(pdu).toMatchObject({
        type: 'response',
        requestId: vector.requestID,
        errorStatus: 0,
        varBinds: [{ value: { type: 'OctetString' } }],
      });
    });
  }
});

describe('messages that RFC 3414 3.2 judges, by the vectors [USM-002..USM-016, USM-020..USM-024, USM-034, MPD-003..MPD-013, MPD-015, MPD-017]', () => {
  for (const vector of usmVectors.inbound) {
    it(`${vector.id} ${vector.when}`, async () => {
      const boots = vector.engineState?.snmpEngineBoots ?? VECTOR_ENGINE.boots;
      await using agent = await vectorAgent(boots);
      const reply = await agent.inject(Buffer.from(vector.message, 'hex'));
      const counters = agent.metrics().snmp;
      const moved = ERROR_COUNTERS.filter((name) => counters[name] !== 0);
      const outcome =
        reply === undefined
          ? 'silence'
          : decodeReply(reply).pdu.type === 'report'
            ? 'report'
            : 'response';
      expect(vector.outcome.split('-or-')).toContain(outcome);
      if (outcome === 'response') {
        expect(moved).toEqual([]);
        return;
      }
      // Of garbage that was decrypted the table names one counter of several.
      if (vector.outcome === 'report-or-silence') expect(moved).toHaveLength(1);
      else expect(moved).toEqual([vector.counter].filter((name) => typeof name === 'string'));
      for (const name of moved) expect(counters[name]).toBe(1);
      if (reply === undefined || vector.report === undefined) return;
      const { message, parameters, pdu, contextName } = decodeReply(reply);
      expect(pdu).toMatchObject({ type: 'report', errorStatus: 0, errorIndex: 0 });
      expect(vector.report.requestID).toContain('requestId' in pdu ? pdu.requestId : undefined);
      expect(message.msgId).toBe(vector.report.msgID);
      expect(message.isReportable).toBe(false);
      const flags = message.securityLevel === 'authNoPriv' ? 1 : 0;
      expect([vector.report.msgFlags].flat()).toContain(flags);
      expect(parameters).toMatchObject({ engineBoots: boots, engineTimeSeconds: 1000 });
      expect(contextName).toHaveLength(0);
      const [varBind] = pdu.varBinds;
      expect(pdu.varBinds).toHaveLength(1);
      expect(varBind?.value).toEqual({ type: 'Counter32', value: 1 });
      if (typeof vector.oid === 'string') {
        expect(formatOid(varBind?.name ?? [])).toBe(vector.oid);
      }
    });
  }
});
