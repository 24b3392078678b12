import { describe, expect, it } from 'vitest';
import { confAgent, deferred, functions } from '../../support/conf-agent.js';
import { CONF_MIB } from '../../support/mib-fixtures.js';
import { integer, status, values } from '../../support/snmp-client.js';
import { stage } from '../../support/stage.js';

describe('requests under way', () => {
  it('are bounded: one more is dropped and counted, and service goes on [LIM-004, LIM-005]', async () => {
    const gate = deferred<number>();
    await using conf = await confAgent(
      { anyInt: functions.scalar({ get: () => gate.promise }), roInt: { get: () => 7 } },
      { limits: { maxInFlight: 3 } },
    );
    const seen: unknown[] = [];
    conf.agent.on('request:dropped', (event) => void seen.push(event));
    const waiting = Array.from({ length: 3 }, () => conf.client.get('anyInt.0'));
    const excess = await Promise.all(
      Array.from({ length: 1000 }, () => conf.client.get('roInt.0')),
    );
    expect(new Set(excess)).toEqual(new Set([undefined]));
    expect(conf.agent.metrics()).toMatchObject({ requestsInFlight: 3, requestsDropped: 1000 });
    expect(seen).toHaveLength(1000);
    gate.resolve(5);
    await Promise.all(waiting);
    expect(values(await conf.client.get('roInt.0'))).toEqual(['Integer32:7']);
    expect(conf.agent.metrics()).toMatchObject({ requestsInFlight: 0, requestsDropped: 1000 });
    expect(conf.counter('snmpInPkts')).toBe(1004);
    expect(conf.counter('snmpOutPkts')).toBe(4);
  });

  it('that are answered in their turn do not count towards the bound', () => {
    const { client } = stage([{ module: CONF_MIB, objects: { roInt: { get: () => 7 } } }], {
      maxInFlight: 1,
    });
    return Promise.all(Array.from({ length: 100 }, () => client.get('roInt.0'))).then((all) => {
      expect(all.every((answer) => status(answer) === 'noError/0')).toBe(true);
    });
  });

  it('that hang do not keep others from being answered, and end by their deadline', async () => {
    const never = deferred<number>();
    await using conf = await confAgent(
      [
        { name: 'hung', anyInt: functions.scalar({ get: () => never.promise }) },
        { name: 'well', roInt: { get: () => 7 } },
      ],
      { deadlines: { getMs: 100 } },
    );
    const hung = Array.from({ length: 50 }, () => conf.client.get('anyInt.0'));
    expect(status(await conf.client.get('roInt.0'))).toBe('noError/0');
    await conf.clock.advanceAsync(101);
    expect((await Promise.all(hung)).map(status)).toEqual(
      Array.from({ length: 50 }, () => 'genErr/1'),
    );
    expect(conf.agent.metrics().requestsInFlight).toBe(0);
  });

  it('leave no timer behind', async () => {
    await using conf = await confAgent({
      anyInt: functions.scalar({
        get: async () => 1,
        set: () => Promise.resolve('noError' as const),
        rollback: () => 'noError',
      }),
    });
    const idle = conf.clock.pendingTimers;
    await conf.client.get('anyInt.0');
    await conf.client.getBulk(0, 10, '1.3');
    await conf.client.set(['anyInt.0', integer(1)]);
    expect(conf.clock.pendingTimers).toBe(idle);
  });
});

describe('SETs that wait', () => {
  it('are bounded: one more gets resourceUnavailable at once [docs/set.md 4]', async () => {
    const gate = deferred<'noError'>();
    await using conf = await confAgent(
      {
        anyInt: functions.scalar({
          get: () => 1,
          isSetOk: () => gate.promise,
          set: () => 'noError',
          rollback: () => 'noError',
        }),
      },
      { limits: { maxWaitingSets: 2 } },
    );
    const sets = Array.from({ length: 3 }, (_, i) => conf.client.set(['anyInt.0', integer(i)]));
    await conf.clock.advanceAsync(1);
    expect(status(await conf.client.set(['anyInt.0', integer(9)]))).toBe('resourceUnavailable/1');
    gate.resolve('noError');
    expect((await Promise.all(sets)).map(status)).toEqual(['noError/0', 'noError/0', 'noError/0']);
  });
});

describe('stopping', () => {
  it('answers what is under way, takes nothing more, and says so [SUP-030]', async () => {
    const gate = deferred<number>();
    const conf = await confAgent({ anyInt: functions.scalar({ get: () => gate.promise }) });
    const pending = conf.client.get('anyInt.0');
    const stopping = conf.agent.stop();
    expect(await conf.client.get('anyInt.0')).toBeUndefined();
    gate.resolve(3);
    expect(values(await pending)).toEqual(['Integer32:3']);
    await stopping;
    expect(await conf.agent.stopped).toBe('stop');
    expect(conf.clock.pendingTimers).toBe(0);
    await expect(conf.agent.unload('conf')).rejects.toMatchObject({ code: 'SNMP_AGENT_STOPPED' });
  });
});
