import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallContext } from '../../../src/instrumentation/index.js';
import { varBindSize } from '../../../src/smi/index.js';
import { runs } from '../../support/arbitraries.js';
import { confAgent, functions, storedScalars } from '../../support/conf-agent.js';
import { conf as oid } from '../../support/mib-fixtures.js';
import { asked, integer, nextRequestId, statusPdu } from '../../support/snmp-client.js';
import { joined, paddedLength } from '../../support/tlv.js';
import type { V3Reply } from '../../support/v3-client.js';
import { ENGINE_ID, V3Manager, v3Agent, type UserName } from '../../support/v3-manager.js';

const setPdu = (value: number) =>
  statusPdu('set', [{ name: oid('anyInt.0'), value: integer(value) }]);

/** An integer that counts how often it was set, and by whom. */
function counted() {
  const contexts: CallContext[] = [];
  let value = 0;
  return {
    contexts,
    objects: {
      ...storedScalars(),
      anyInt: functions.scalar({
        get: () => value,
        set: (next, context) => {
          contexts.push(context);
          value = next as number;
          return 'noError';
        },
      }),
    },
  };
}

function told(reply: V3Reply | undefined): string {
  if (reply === undefined) return 'silence';
  const { pdu } = reply;
  if (pdu.type !== 'response') return pdu.type;
  return `${pdu.errorStatus}/${pdu.errorIndex}`;
}

describe('a SET of SNMPv3', () => {
  it('is done once, however often it is sent again, and answered each time with its msgID', async () => {
    const { objects, contexts } = counted();
    await using conf = await v3Agent(objects);
    for (const name of ['signed', 'des', 'aes'] as const) {
      contexts.length = 0;
      const manager = new V3Manager(conf, name);
      const pdu = setPdu(7);
      const replies: (V3Reply | undefined)[] = [];
      const messages: Buffer[] = [];
      for (const msgId of [70, 71, 72]) {
        const { octets } = manager.encode(pdu, { msgId });
        messages.push(octets);
        replies.push(await manager.sendOctets(octets));
        conf.clock.advance(1000);
      }
      expect(replies.map(told)).toEqual(['0/0', '0/0', '0/0']);
      expect(replies.map((reply) => reply?.message.msgId)).toEqual([70, 71, 72]);
      expect(contexts).toHaveLength(1);
      expect(messages[0]?.equals(messages[1] as Buffer)).toBe(false);
      // No salt twice, not even in the answer that was remembered [PR-53].
      const salts = replies.map((reply) => Buffer.from(reply?.parameters.privParameters ?? []));
      if (manager.level === 'authPriv') expect(salts[0]?.equals(salts[1] as Buffer)).toBe(false);
    }
  });

  it('is another one from another user, or at another time', async () => {
    const { objects, contexts } = counted();
    await using conf = await v3Agent(objects);
    const pdu = setPdu(8);
    await new V3Manager(conf, 'des').send(pdu);
    await new V3Manager(conf, 'aes').send(pdu);
    await new V3Manager(conf, 'signed').send(pdu);
    expect(contexts).toHaveLength(3);
    conf.clock.advance(6000);
    await new V3Manager(conf, 'aes').send(pdu);
    expect(contexts).toHaveLength(4);
  });

  it('tells the instrumentation who asks, and how well that is known', async () => {
    const { objects, contexts } = counted();
    await using conf = await v3Agent(objects);
    await new V3Manager(conf, 'aes').send(setPdu(1));
    await new V3Manager(conf, 'open').send(setPdu(2));
    expect(contexts.map(({ requester, contextName }) => ({ ...requester, contextName }))).toEqual([
      {
        version: 'v3',
        securityName: 'aes',
        securityLevel: 'authPriv',
        address: '127.0.0.1',
        port: 0,
        contextName: '',
      },
      {
        version: 'v3',
        securityName: 'open',
        securityLevel: 'noAuthNoPriv',
        address: '127.0.0.1',
        port: 0,
        contextName: '',
      },
    ]);
  });

  it('below the level that the user must ask at is an authorizationError [USM-007]', async () => {
    const { objects, contexts } = counted();
    await using conf = await v3Agent(objects);
    const manager = new V3Manager(conf, 'aes');
    for (const level of ['authNoPriv', 'noAuthNoPriv'] as const) {
      const reply = await manager.send(setPdu(3), { level });
      expect(told(reply)).toBe('16/0');
      expect(reply?.message.securityLevel).toBe(level);
    }
    expect(contexts).toHaveLength(0);
    expect(conf.counter('snmpInBadCommunityUses')).toBe(0);
  });
});

describe('a request of SNMPv3', () => {
  it('may call our contexts by the engine ID that everybody knows [MPD-021]', async () => {
    await using conf = await v3Agent();
    const contextEngineId = Uint8Array.of(0x80, 0, 0, 0, 6);
    const reply = await new V3Manager(conf, 'open').send(statusPdu('get', asked(['roInt.0'])), {
      contextEngineId,
    });
    expect(told(reply)).toBe('0/0');
    expect([...(reply?.contextEngineId ?? [])]).toEqual([...contextEngineId]);
  });

  it('is verified over the octets as they came, whatever form its lengths have [USM-010]', async () => {
    await using conf = await v3Agent();
    const manager = new V3Manager(conf, 'signed');
    const { octets, digestAt } = manager.encode(statusPdu('get', asked(['roInt.0'])));
    const headerOctets = octets[1] === 0x81 ? 3 : 2;
    const content = octets.subarray(headerOctets);
    const padded = joined([0x30], paddedLength(content.length, 4), content);
    const at = digestAt - headerOctets + (padded.length - content.length);
    padded.fill(0, at, at + 24);
    manager.user.auth?.sign(padded, at);
    expect(told(await manager.sendOctets(padded))).toBe('0/0');
  });

  it('sent again within its window is answered again: nothing but a SET is remembered [USM-059]', async () => {
    await using conf = await v3Agent();
    const manager = new V3Manager(conf, 'aes');
    const { octets } = manager.encode(statusPdu('get', asked(['roInt.0'])));
    expect(told(await manager.sendOctets(octets))).toBe('0/0');
    conf.clock.advance(150_000);
    expect(told(await manager.sendOctets(octets))).toBe('0/0');
    conf.clock.advance(1000);
    expect(told(await manager.sendOctets(octets))).toBe('report');
  });

  it('of keys for another engine ID does not verify [ENG-010]', async () => {
    await using other = await confAgent(undefined, {
      access: {
        users: [{ name: 'signed', auth: 'sha256', authPassword: 'correct horse', read: 'all' }],
      },
      engine: { id: '80007ed9046f74686572' },
    });
    const manager = new V3Manager(other, 'signed');
    const reply = await manager.send(statusPdu('get', asked(['roInt.0'])), {
      engineId: Buffer.from('80007ed9046f74686572', 'hex'),
      engineBoots: 1,
    });
    expect(told(reply)).toBe('report');
    expect(other.counter('usmStatsWrongDigests')).toBe(1);
  });

  it('with a wrong digest is told of; one that seeks the engine is not', async () => {
    await using conf = await v3Agent();
    const failed: unknown[] = [];
    conf.agent.on('authentication:failed', (event) => void failed.push(event));
    const manager = new V3Manager(conf, 'signed');
    await manager.send(statusPdu('get', []), { engineId: new Uint8Array() });
    expect(failed).toEqual([]);
    const { octets, digestAt } = manager.encode(statusPdu('get', []));
    octets[digestAt]! ^= 1;
    await manager.sendOctets(octets);
    expect(failed).toEqual([{ address: '127.0.0.1', port: 0 }]);
  });

  it('is not taken beyond the limit of requests under way, and is counted', async () => {
    const { objects } = counted();
    await using conf = await v3Agent(
      { ...objects, anyInt: functions.scalar({ get: () => new Promise<never>(() => undefined) }) },
      { limits: { maxInFlight: 1 } },
    );
    const manager = new V3Manager(conf, 'aes');
    const first = manager.send(statusPdu('get', asked(['anyInt.0'])));
    expect(await manager.send(statusPdu('get', asked(['anyInt.0'])))).toBeUndefined();
    expect(conf.agent.metrics().requestsDropped).toBe(1);
    await conf.clock.advanceAsync(2000);
    const answer = await first;
    expect(told(answer)).toBe('5/1');
    expect(answer?.message.securityLevel).toBe('authPriv');
  });
});

/**
 * Invariant: whatever the asker can take, no message is larger; a GETBULK is cut where the next
 * varbind would not fit; what cannot be cut is tooBig. Model: the same request of somebody who can
 * take everything. Generator: sizes, users, names. Coverage: cut ones, whole ones, tooBig.
 */
describe('the size of a response', () => {
  it('is within what the asker can take, and as near as it goes [BLK-021, MPD-019, MPD-020, LIM-001]', async () => {
    await using conf = await v3Agent(
      {
        ...storedScalars(),
        bigText: functions.scalar({ get: () => Buffer.alloc(300, 65) }),
      },
      { sees: 'all' },
    );
    // Not at the start: for an hour from now engineTime stays as long as it is.
    conf.clock.advance(200_000);
    const met = { cut: 0, whole: 0, tooBig: 0 };
    // Length octets, padding to DES's blocks, and a place for a longer time.
    const SLACK = 16;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<UserName>('open', 'signed', 'des', 'aes'),
        fc.integer({ min: 484, max: 1500 }),
        fc.constantFrom('1.3.6.1.2.1.1', '1.3.6.1.2.1.11', 'roInt'),
        fc.integer({ min: 1, max: 30 }),
        async (name, maxSizeOctets, start, maxRepetitions) => {
          const manager = new V3Manager(conf, name);
          const bulk = () => ({
            type: 'getBulk' as const,
            requestId: nextRequestId(),
            nonRepeaters: 0,
            maxRepetitions,
            varBinds: asked([start]),
          });
          const all = (await manager.send(bulk()))?.pdu.varBinds ?? [];
          const part = await manager.send(bulk(), { maxSizeOctets });
          const size = part?.octets.length ?? 0;
          expect(size).toBeLessThanOrEqual(maxSizeOctets);
          const got = part?.pdu.varBinds ?? [];
          expect(got.map((one) => one.name)).toEqual(
            all.slice(0, got.length).map((one) => one.name),
          );
          const next = all[got.length];
          if (next === undefined) met.whole += 1;
          else {
            met.cut += 1;
            expect(size + varBindSize(next) + SLACK).toBeGreaterThan(maxSizeOctets);
          }
          const texts = statusPdu('get', asked(['bigText.0', 'bigText.0', 'bigText.0']));
          const answer = await manager.send(texts, { maxSizeOctets });
          expect(answer?.octets.length).toBeLessThanOrEqual(maxSizeOctets);
          if (told(answer) === '1/0') met.tooBig += 1;
          else expect(told(answer)).toBe('0/0');
        },
      ),
      runs(200),
    );
    expect(Math.min(met.cut, met.whole, met.tooBig)).toBeGreaterThan(10);
  });

  it('is what fits exactly, at every size [BLK-022, MPD-020]', async () => {
    await using conf = await v3Agent(storedScalars(), { sees: 'all' });
    conf.clock.advance(200_000);
    for (const name of ['open', 'signed', 'des', 'aes'] as const) {
      const manager = new V3Manager(conf, name);
      /** Of the response, by what the asker can take. */
      const sizes = new Map<number, number>();
      for (let maxSizeOctets = 484; maxSizeOctets < 640; maxSizeOctets++) {
        const reply = await manager.send(
          {
            type: 'getBulk',
            requestId: nextRequestId(),
            nonRepeaters: 0,
            maxRepetitions: 40,
            varBinds: asked(['1.3.6.1.2.1.11']),
          },
          { maxSizeOctets },
        );
        sizes.set(maxSizeOctets, reply?.octets.length ?? 0);
      }
      const exact = [...sizes].filter(([most, size]) => most === size);
      // A varbind of a counter has some twenty octets; DES's blocks have eight.
      expect(exact.length, name).toBeGreaterThan(4);
      for (const [most, size] of sizes) {
        expect(size).toBeLessThanOrEqual(most);
        expect(size).toBeGreaterThan(most - 30);
      }
    }
  });

  it('is within what the agent may send, too [LIM-001, ENG-009]', async () => {
    await using conf = await v3Agent(
      { ...storedScalars(), bigText: functions.scalar({ get: () => Buffer.alloc(300, 65) }) },
      { limits: { maxMessageSizeOctets: 600 } },
    );
    const manager = new V3Manager(conf, 'des');
    const reply = await manager.send(statusPdu('get', asked(['bigText.0', 'bigText.0'])));
    expect(told(reply)).toBe('1/0');
    expect(reply?.message.maxSizeOctets).toBe(600);
    expect(ENGINE_ID).toBe(Buffer.from(reply?.parameters.engineId ?? []).toString('hex'));
  });
});
