import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Masters } from '../../support/masters.js';
import { instance } from '../../support/set-module.js';
import { decodeAnswer, integer, status, statusPdu } from '../../support/snmp-client.js';
import { answers, SetStage } from '../../support/set-stage.js';

let masters: Masters;
beforeAll(() => {
  masters = new Masters();
});
afterAll(() => masters[Symbol.dispose]());

const two = { s1: { s1A: {} }, s2: { s2A: {} } };

describe('the coordinator of SETs that crashes', () => {
  it('when all is decided: sent again, the SET has one effect and one answer [SUP-017]', async () => {
    await using s = await SetStage.open(two);
    const request = s.client.encode(
      statusPdu('set', [
        { name: instance('s1A'), value: integer(5) },
        { name: instance('s2A'), value: integer(6) },
      ]),
    );
    s.scripts.set('s1A', { set: answers('noError', { delayMs: 50 }) });
    s.takeTrace();
    const first = s.agent.inject(request);
    await s.clock.advanceAsync(10);
    masters.crash();
    const again = s.agent.inject(request);
    // The first one's answer is still to come.
    expect(await s.until(again)).toBeUndefined();
    const octets = await s.until(first);
    expect(status(decodeAnswer(octets ?? new Uint8Array()))).toBe('noError/0');
    expect(await s.until(s.agent.inject(request))).toEqual(octets);
    expect(s.takeTrace().filter((line) => line.startsWith('set '))).toEqual([
      'set s1A 5',
      'set s2A 6',
    ]);
    expect(await s.get('s1A', 's2A')).toBe('5 6');
    expect(await s.leftovers()).toEqual([]);
  });

  it('takes no new ones before its successor is there, and loses none of those that wait [SUP-015, SUP-016]', async () => {
    await using s = await SetStage.open(two);
    s.scripts.set('s1A', { isSetOk: answers('noError', { delayMs: 50 }) });
    const [running, waiting] = [s.request(['s1A', 1]), s.request(['s1A', 2], ['s2A', 2])];
    await s.clock.advanceAsync(10);
    masters.crash();
    await s.clock.advanceAsync(0);
    expect(status(await s.request(['s2A', 3]))).toBe('resourceUnavailable/1');
    expect((await s.until(Promise.all([running, waiting]))).map(status)).toEqual([
      'noError/0',
      'noError/0',
    ]);
    expect(s.state).toBe('s1A=2 s2A=2');
    expect(await s.set(['s1A', 4], ['s2A', 4])).toBe('noError/0');
    expect(s.agent.tree().children?.[0]).toMatchObject({ id: 'master', incarnation: 2 });
    expect(await s.leftovers()).toEqual([]);
  });
});
