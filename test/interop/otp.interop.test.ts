import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runs } from '../support/arbitraries.js';
import { SnmpClient, status, tellValue, tellVarBind, type Answer } from '../support/snmp-client.js';
import { UdpClient } from '../support/udp-client.js';
import { DIVERGENCE_IDS, divergenceRows, type DivergenceId } from './otp/divergences.js';
import { OtpAgent } from './otp/otp-agent.js';
import { BEFORE, keyOf, nameOf, type Instance } from './otp/peer-objects.js';
import { setCase, type SetCase } from './otp/set-case.js';
import { outcomeOf, type SetOutcome } from './otp/set-outcome.js';
import { TrellisAgent } from './otp/trellis-agent.js';

const ECHO = 'the variables of the request';

/** An agent of either make. */
interface Peer {
  readonly host: string;
  readonly port: number;
  begin(given: SetCase): void | Promise<void>;
}

/** One for each, so that both can be asked at once. */
let clients: readonly UdpClient[] = [];
let trellis: TrellisAgent;
let otp: OtpAgent | undefined;

beforeAll(async () => {
  clients = [await UdpClient.open(), await UdpClient.open()];
  trellis = await TrellisAgent.start();
  otp = await OtpAgent.start();
});

afterAll(async () => {
  for (const one of [otp, trellis, ...clients]) await one?.[Symbol.asyncDispose]();
});

/** What a manager sees of a SET: the answer, and the values that are read after it. */
async function seen(peer: Peer, client: UdpClient | undefined, given: SetCase): Promise<string[]> {
  await peer.begin(given);
  const exchange = async (octets: Uint8Array): Promise<Uint8Array> =>
    (await client!.exchange(octets, peer)).octets;
  const manager = new SnmpClient(exchange, given);
  const { changes } = given;
  const answer = await manager.set(
    ...changes.map((change) => [nameOf(change), change.value] as const),
  );
  const instances = instancesOf(given);
  const reader = manager.as({ version: 'v2c', community: 'private' });
  const read = await reader.get(...instances.map(nameOf));
  expect(status(read)).toBe('noError/0');
  return [status(answer), ...shown(instances, valuesIn(read)), echo(given, answer)];
}

/** Whether the answer has the variables of the request, as every answer to a SET must. */
function echo({ changes }: SetCase, answer: Answer | undefined): string {
  const due = changes.map((change) => tellVarBind({ name: nameOf(change), value: change.value }));
  const got = (answer?.varBinds ?? []).map(tellVarBind);
  return due.join() === got.join() ? ECHO : `${got.join()} for ${due.join()}`;
}

const valuesIn = (answer: Answer | undefined): string[] =>
  (answer?.varBinds ?? []).map(({ value }) => tellValue(value));

/** All that a case touches and that can be read, and what has a value before it. */
function instancesOf({ changes }: SetCase): Instance[] {
  const before = [...BEFORE.keys()].map((key): Instance => {
    const [object = '', ...suffix] = key.split('.');
    return { object, suffix: suffix.map(Number) };
  });
  const touched = changes.filter(
    ({ object, suffix }) => suffix.length > 0 && !/Index|Nothing|NoColumn|outside/.test(object),
  );
  const all = [...before, ...touched];
  return [...new Map(all.map((instance) => [keyOf(instance), instance])).values()];
}

const shown = (instances: readonly Instance[], values: readonly string[]): string[] =>
  instances.map((instance, i) => `${keyOf(instance)} = ${values[i]}`);

/** The same in the terms of the model. */
function told(given: SetCase, { status: label, index, writers }: SetOutcome): string[] {
  const instances = instancesOf(given);
  const values = instances.map((instance) => {
    const writer = writers.get(keyOf(instance));
    if (writer === undefined) return 'noSuchInstance';
    const change = given.changes[writer - 1];
    const value = change?.reads ?? change?.value;
    return value === undefined ? `Integer32:${BEFORE.get(keyOf(instance))}` : tellValue(value);
  });
  return [`${label}/${index}`, ...shown(instances, values), ECHO];
}

const ALL: ReadonlySet<DivergenceId> = new Set(DIVERGENCE_IDS);
const NONE: ReadonlySet<DivergenceId> = new Set();

/** Those without which OTP's answer would have been another one. */
function divergencesIn(given: SetCase): DivergenceId[] {
  const whole = told(given, outcomeOf(given, ALL)).join();
  return DIVERGENCE_IDS.filter((id) => {
    const others = new Set(DIVERGENCE_IDS.filter((other) => other !== id));
    return told(given, outcomeOf(given, others)).join() !== whole;
  });
}

describe("the same SETs at our agent and at OTP's", () => {
  /**
   * Invariant: answer and values are docs/set.md's here, and there the same but for the listed
   * divergences. Coverage: each of them makes a difference in some case, and agreement is common.
   */
  it('come to the same, but for what is listed [RFC 3416 4.2.5]', async () => {
    const met = new Map<DivergenceId, number>();
    let agreed = 0;
    let asked = 0;
    await fc.assert(
      fc.asyncProperty(setCase, async (given) => {
        const [ours, theirs] = await Promise.all([
          seen(trellis, clients[0], given),
          seen(otp!, clients[1], given),
        ]);
        expect(ours).toEqual(told(given, outcomeOf(given, NONE)));
        expect(theirs).toEqual(told(given, outcomeOf(given, ALL)));
        asked += 1;
        if (ours.join() === theirs.join()) agreed += 1;
        else for (const id of divergencesIn(given)) met.set(id, (met.get(id) ?? 0) + 1);
      }),
      runs(1000),
    );
    expect(DIVERGENCE_IDS.filter((id) => !met.has(id))).toEqual([]);
    expect(agreed / asked).toBeGreaterThan(0.25);
  });

  it('differ as docs/otp.md says', () => {
    const page = readFileSync(new URL('../../docs/otp.md', import.meta.url), 'utf8');
    const rows = page.split('\n').filter((line) => /^\| `[a-z0-9]+(-[a-z0-9]+)+` \|/.test(line));
    expect(rows).toEqual(divergenceRows());
  });
});
