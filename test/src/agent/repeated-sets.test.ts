import { describe, expect, it } from 'vitest';
import { confAgent, deferred, functions, type ConfAgent } from '../../support/conf-agent.js';
import { conf as oid } from '../../support/mib-fixtures.js';
import { integer, status, statusPdu } from '../../support/snmp-client.js';

const HOME = { address: '192.0.2.1', port: 4000 };

interface Counting {
  readonly conf: ConfAgent;
  readonly sets: number[];
}

async function counting(
  answer: (value: number) => 'noError' | 'commitFailed' | Promise<'noError'> = () => 'noError',
): Promise<Counting> {
  const sets: number[] = [];
  const conf = await confAgent({
    anyInt: functions.scalar({
      get: () => 1,
      set: (value) => {
        sets.push(value as number);
        return answer(value as number);
      },
      rollback: () => 'noError',
    }),
  });
  return { conf, sets };
}

function request(
  { client }: ConfAgent,
  value: number,
  requestId = 99,
  version = client.version,
): Buffer {
  return client
    .as({ version })
    .encode(statusPdu('set', [{ name: oid('anyInt.0'), value: integer(value) }], requestId));
}

describe('a SET that is sent again within 5 s', () => {
  it('is answered by the first response, and done once [D11, PR-32, docs/set.md 4]', async () => {
    const { conf, sets } = await counting();
    const first = await conf.agent.inject(request(conf, 5), HOME);
    const second = await conf.agent.inject(request(conf, 5), HOME);
    expect(second).toEqual(first);
    expect(sets).toEqual([5]);
    expect(conf.agent.metrics().setsRepeated).toBe(1);
    expect(conf.counter('snmpOutPkts')).toBe(2);
    expect(conf.counter('snmpInTotalSetVars')).toBe(1);
    await conf.agent.stop();
  });

  it('also where the first was refused or failed', async () => {
    const { conf, sets } = await counting(() => 'commitFailed');
    const first = await conf.client.sendOctets(request(conf, 5));
    const second = await conf.client.sendOctets(request(conf, 5));
    expect([status(first), status(second)]).toEqual(['commitFailed/1', 'commitFailed/1']);
    expect(sets).toEqual([5]);
    await conf.agent.stop();
  });

  it('is another one where source, version, request-id or octets differ', async () => {
    const { conf, sets } = await counting();
    await conf.agent.inject(request(conf, 5), HOME);
    await conf.agent.inject(request(conf, 5), { ...HOME, port: 4001 });
    await conf.agent.inject(request(conf, 5), { ...HOME, address: '192.0.2.2' });
    await conf.agent.inject(request(conf, 5, 100), HOME);
    await conf.agent.inject(request(conf, 5, 99, 'v1'), HOME);
    await conf.agent.inject(request(conf, 6), HOME);
    expect(sets).toEqual([5, 5, 5, 5, 5, 6]);
    expect(conf.agent.metrics().setsRepeated).toBe(0);
    await conf.agent.stop();
  });

  it('after 5 s it is done again', async () => {
    const { conf, sets } = await counting();
    await conf.agent.inject(request(conf, 5), HOME);
    conf.clock.advance(5000);
    await conf.agent.inject(request(conf, 5), HOME);
    expect(sets).toEqual([5]);
    conf.clock.advance(1);
    await conf.agent.inject(request(conf, 5), HOME);
    expect(sets).toEqual([5, 5]);
    await conf.agent.stop();
  });

  it('while the first is under way is silent: the answer is still to come', async () => {
    const gate = deferred<'noError'>();
    const { conf, sets } = await counting(() => gate.promise);
    const first = conf.client.sendOctets(request(conf, 5));
    await conf.clock.advanceAsync(1);
    expect(await conf.client.sendOctets(request(conf, 5))).toBeUndefined();
    gate.resolve('noError');
    expect(status(await first)).toBe('noError/0');
    expect(status(await conf.client.sendOctets(request(conf, 5)))).toBe('noError/0');
    expect(sets).toEqual([5]);
    await conf.agent.stop();
  });

  it('is not mistaken for another SET that took its request-id meanwhile', async () => {
    const gate = deferred<'noError'>();
    const { conf, sets } = await counting((value) => (value === 5 ? gate.promise : 'noError'));
    const first = conf.client.sendOctets(request(conf, 5));
    await conf.clock.advanceAsync(1);
    // Waits behind the first one, with its request-id.
    const second = conf.client.sendOctets(request(conf, 6));
    await conf.clock.advanceAsync(1);
    gate.resolve('noError');
    await conf.clock.advanceAsync(1);
    expect((await first)?.varBinds[0]?.value).toEqual(integer(5));
    expect((await second)?.varBinds[0]?.value).toEqual(integer(6));
    const again = await conf.client.sendOctets(request(conf, 6));
    expect(again?.varBinds[0]?.value).toEqual(integer(6));
    expect(sets).toEqual([5, 6]);
    await conf.agent.stop();
  });
});

describe('other requests that are sent again', () => {
  it('are simply answered again', async () => {
    let reads = 0;
    await using conf = await confAgent({ anyInt: { get: () => (reads += 1) } });
    const get = conf.client.encode(
      statusPdu('get', [{ name: oid('anyInt.0'), value: { type: 'Null' } }]),
    );
    await conf.agent.inject(get, HOME);
    await conf.agent.inject(get, HOME);
    expect(reads).toBe(2);
  });
});
