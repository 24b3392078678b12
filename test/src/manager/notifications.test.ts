import { beforeEach, expect, test } from 'vitest';
import { nextTurn } from '../../../src/base/index.js';
import {
  community,
  user,
  type Manager,
  type ManagerOptions,
  type RequestResult,
  type Target,
  type VarBindToSet,
} from '../../../src/manager/index.js';
import { PasswordKeys, UserKeys } from '../../../src/security/index.js';
import { formatOid } from '../../../src/smi/index.js';
import { tellValue } from '../../support/snmp-client.js';
import { decodeV3 } from '../../support/v3-client.js';
import { V3Responder } from '../../support/v3-responder.js';
import { FakeNetwork, responseTo } from './fake-network.js';

const PEER = { address: '192.0.2.10', port: 162 };
const LINK_DOWN = 'IF-MIB::linkDown';
const INDEX: VarBindToSet = ['IF-MIB::ifIndex.4', 4];
const SECRET = {
  name: 'secret',
  auth: 'sha256',
  authPassword: 'correct horse',
  priv: 'aes128',
  privPassword: 'battery staple',
} as const;
const ENGINE = { id: '80007ed9056d616e61676572', boots: 7 };
let network: FakeNetwork;
beforeEach(() => {
  network = new FakeNetwork();
});

/** Read once: it takes a while. */
const mibs = new FakeNetwork().manager({ mibs: { modules: ['IF-MIB'] } }).mib;

function started(options: Partial<ManagerOptions> = {}): Manager {
  return network.manager({ mibs, ...options });
}

function target(auth: Target['auth'] = community('public')): Target {
  return { host: PEER.address, auth, timeoutMs: 100, retries: 2 };
}

const told = (varBinds: readonly { readonly name: readonly number[]; readonly value: never }[]) =>
  varBinds.map(({ name, value }) => `${formatOid(name)}=${tellValue(value)}`);
const UP_TIME = '1.3.6.1.2.1.1.3.0';
const TRAP_OID = '1.3.6.1.6.3.1.1.4.1.0';

test('a trap of SNMPv2c begins with sysUpTime and snmpTrapOID, and is sent once [NOT-001]', async () => {
  const manager = started();
  await network.clock.advanceAsync(12_340);
  const result = await manager.trap(target(), LINK_DOWN, [INDEX]);
  expect([...result]).toEqual([null, 'noError', 0, []]);
  const [sent] = network.asked;
  expect(sent?.peer).toEqual(PEER);
  expect(sent?.message.pdu.type).toBe('trap');
  expect(told(sent?.message.pdu.varBinds as never)).toEqual([
    `${UP_TIME}=TimeTicks:1234`,
    `${TRAP_OID}=ObjectIdentifier:1.3.6.1.6.3.1.1.5.3`,
    '1.3.6.1.2.1.2.2.1.1.4=Integer32:4',
  ]);
  await network.clock.advanceAsync(10_000);
  expect(network.sent).toHaveLength(1);
  expect(network.clock.pendingTimers).toBe(0);
  await manager.close();
  expect(network.closed).toEqual([4]);
});

test('a trap of SNMPv1 is by OID, or by enterprise, generic and specific [NOT-003]', async () => {
  const manager = started();
  const v1 = target(community('public', { version: 'v1' }));
  const options = { agentAddress: '192.0.2.1', upTimeCentiseconds: 99 };
  const enterprise = '1.3.6.1.4.1.8072';
  await manager.trap(v1, LINK_DOWN, [INDEX], options);
  await manager.trap(v1, `${enterprise}.0.17`, [], options);
  await manager.trap(v1, { enterprise, genericTrap: 6, specificTrap: 17 }, [INDEX], options);
  await manager.trap(v1, { enterprise, genericTrap: 3 }, [], options);
  const pdus = network.asked.map(({ message }) => message.pdu);
  const kinds = pdus.map((pdu) =>
    pdu.type === 'trapV1'
      ? `${formatOid(pdu.enterprise)} ${pdu.genericTrap}/${pdu.specificTrap} ${pdu.agentAddress.join('.')} ${pdu.timestampCentiseconds} ${pdu.varBinds.length}`
      : pdu.type,
  );
  expect(kinds).toEqual([
    '1.3.6.1.6.3.1.1.5 2/0 192.0.2.1 99 1',
    `${enterprise} 6/17 192.0.2.1 99 0`,
    `${enterprise} 6/17 192.0.2.1 99 1`,
    `${enterprise} 3/0 192.0.2.1 99 0`,
  ]);
});

test('what SNMPv1 calls a trap has its OID in the other versions [RFC 3584 3.1]', async () => {
  const manager = started();
  const enterprise = '1.3.6.1.4.1.8072';
  await manager.trap(target(), { enterprise, genericTrap: 6, specificTrap: 17 });
  await manager.trap(target(), { enterprise, genericTrap: 2 });
  const oids = network.asked.map(({ message }) => told(message.pdu.varBinds as never)[1]);
  expect(oids).toEqual([
    `${TRAP_OID}=ObjectIdentifier:${enterprise}.0.17`,
    `${TRAP_OID}=ObjectIdentifier:1.3.6.1.6.3.1.1.5.3`,
  ]);
});

test('a trap of SNMPv3 is from the engine of the manager, encrypted for its user [NOT-034]', async () => {
  const manager = started({ engine: ENGINE });
  await network.clock.advanceAsync(5000);
  const result = await manager.trap(target(user(SECRET)), LINK_DOWN, [INDEX]);
  expect(result.kind).toBe('ok');
  const engineId = Buffer.from(ENGINE.id, 'hex');
  const keys = new UserKeys(SECRET, 'user').localize(engineId, new PasswordKeys());
  const { message, parameters, pdu } = decodeV3(network.sent[0]?.octets, keys);
  expect(message).toMatchObject({ securityLevel: 'authPriv', isReportable: false });
  expect(parameters).toMatchObject({ engineId, engineBoots: 7, engineTimeSeconds: 5 });
  expect(pdu.type).toBe('trap');
  expect(told(pdu.varBinds as never)[2]).toBe('1.3.6.1.2.1.2.2.1.1.4=Integer32:4');
});

test('an inform is sent again until it is acknowledged [NOT-002, NOT-024]', async () => {
  const manager = started();
  const informing = manager.inform(target(), LINK_DOWN, [INDEX]);
  await network.clock.advanceAsync(130);
  expect(network.asked.map(({ message }) => message.pdu.type)).toEqual(['inform', 'inform']);
  network.reply(responseTo(network.asked[0]!.message), PEER);
  const result = await informing;
  expect(result).toMatchObject({ kind: 'ok', isMismatched: false, stats: { attempts: 2 } });
  expect(result.varBinds[2]?.label).toBe('IF-MIB::ifIndex.4');
});

test('an inform that nobody acknowledges times out, and the manager goes on [NOT-025]', async () => {
  const manager = started();
  const informing = [1, 2].map(() => manager.inform(target(), LINK_DOWN, [INDEX], { retries: 1 }));
  await network.clock.advanceAsync(1000);
  const results = await Promise.all(informing);
  expect(results.map(({ errorIndication }) => errorIndication)).toEqual([
    'requestTimedOut',
    'requestTimedOut',
  ]);
  network.agent = ({ message }) => responseTo(message);
  expect((await manager.inform(target(), LINK_DOWN)).kind).toBe('ok');
});

test('an inform of SNMPv3 is to the engine of who receives it [NOT-035]', async () => {
  // An agent, which listens to no informs, and says so.
  const agent = new V3Responder([SECRET], { clock: network.clock });
  network.responder = (octets) => agent.receive(octets);
  const result = await started().inform(target(user(SECRET)), LINK_DOWN, [INDEX]);
  expect(result.errorIndication).toBe('unknownPDUHandler');
  expect(network.sent).toHaveLength(2);
});

test('what cannot be sent is told before anything is', async () => {
  const manager = started();
  const v1 = target(community('public', { version: 'v1' }));
  const big: VarBindToSet = ['1.3.6.1.4.1.8072.1', { type: 'Counter64', value: 1n }];
  const rejected: [Promise<RequestResult>, string][] = [
    [manager.inform(v1, LINK_DOWN), 'SNMPv1 has no informs'],
    [manager.trap(v1, LINK_DOWN, [big]), 'SNMPv1 has no Counter64'],
    [manager.trap(target(user(SECRET)), LINK_DOWN), 'a trap of SNMPv3 is from an engine'],
    [manager.trap(target(), LINK_DOWN, [['IF-MIB::ifIndex.4', 'four']]), 'variable 1: ifIndex'],
    [manager.trap(target(), 'IF-MIB::nothing'), 'nothing'],
    [manager.trap(v1, LINK_DOWN, [], { agentAddress: '::1' }), 'agentAddress: expected'],
    [manager.trap(target(), LINK_DOWN, [], { upTime: 1 } as object), 'no option upTime'],
    [manager.trap(target(), { enterprise: '1.3', genericTrap: 7 }), 'notification.genericTrap'],
  ];
  for (const [sending, message] of rejected) await expect(sending).rejects.toThrow(message);
  expect(() => started({ engine: { id: '00', boots: 1 } })).toThrow('engine ID');
  expect(() => started({ engine: { ...ENGINE, boots: 0 } })).toThrow('engine.boots');
  expect(network.sent).toEqual([]);
});

test('a trap that cannot be sent is a result: no host, no socket, too large, closed', async () => {
  const cause = new Error('EMFILE');
  const failing = started({ openChannel: () => Promise.reject(cause) });
  const small = { ...target(), maxMessageSizeOctets: 484 };
  const long: VarBindToSet = [
    '1.3.6.1.4.1.8072.1',
    { type: 'OctetString', value: 'x'.repeat(500) },
  ];
  const manager = started({ resolveHost: () => Promise.reject(cause) });
  const outcomes = [
    await failing.trap(target(), LINK_DOWN),
    await manager.trap({ ...target(), host: 'nowhere' }, LINK_DOWN),
    await manager.trap(small, LINK_DOWN, [long]),
  ];
  await manager.close();
  outcomes.push(await manager.trap(target(), LINK_DOWN));
  expect(outcomes.map(({ errorIndication }) => errorIndication)).toEqual([
    'transportFailed',
    'hostNotFound',
    'tooBig',
    'managerClosed',
  ]);
  expect(network.sent).toEqual([]);
});

test('where too many traps wait for their host already, one more is told so at once', async () => {
  const manager = started({
    maxWaiting: 1,
    resolveHost: () => new Promise(() => undefined),
  });
  const named = { ...target(), host: 'slow' };
  const first = manager.trap(named, LINK_DOWN);
  expect((await manager.trap(named, LINK_DOWN)).errorIndication).toBe('queueFull');
  await network.clock.advanceAsync(15_000);
  expect((await first).errorIndication).toBe('hostNotFound');
  await nextTurn();
  expect(network.clock.pendingTimers).toBe(0);
});
