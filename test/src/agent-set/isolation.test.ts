import { describe, expect, it } from 'vitest';
import { instance } from '../../support/set-module.js';
import { integer, status } from '../../support/snmp-client.js';
import { answers, GET_MS, never, SetStage, throws } from '../../support/set-stage.js';

const slow = (delayMs: number) => answers('noError', { delayMs });

const three = { s1: { s1A: {}, s1B: {} }, s2: { s2A: {} }, s3: { s3A: {} } };

describe('SETs at the same time', () => {
  it('run side by side where they share no subtree: a hung one delays only its own [SET-052, PR-17]', async () => {
    await using s = await SetStage.open(three);
    s.scripts.set('s1A', { isSetOk: never });
    const hung = s.request(['s1A', 1], ['s3A', 1]);
    const free = s.request(['s2A', 5]);
    await s.clock.advanceAsync(0);
    expect(status(await free)).toBe('noError/0');
    expect(s.agent.metrics().setsRunning).toBe(1);
    expect(status(await s.until(hung))).toBe('genErr/1');
  });

  it('run one after another where they share one, in order of arrival [SET-053, PR-16]', async () => {
    await using s = await SetStage.open(three);
    s.scripts.set('s1A', { isSetOk: slow(20), set: slow(20) });
    s.takeTrace();
    const answered: number[] = [];
    const sets = [1, 2, 3].map(async (value) => {
      await s.request(['s1A', value]);
      answered.push(value);
    });
    await s.until(Promise.all(sets));
    expect(answered).toEqual([1, 2, 3]);
    expect(s.takeTrace()).toEqual(
      [1, 2, 3].flatMap((value) => [`isSetOk s1A ${value}`, `set s1A ${value}`]),
    );
    expect(s.value('s1A')).toBe(3);
  });

  it('with crossing subtrees do not wait for each other for ever [SET-054, PR-18]', async () => {
    await using s = await SetStage.open(three);
    s.scripts.set('s1A', { isSetOk: slow(20) });
    s.scripts.set('s2A', { isSetOk: slow(30) });
    const sets = [
      s.request(['s1A', 1], ['s2A', 1]),
      s.request(['s2A', 2], ['s1A', 2]),
      s.request(['s2A', 3], ['s3A', 3]),
    ];
    expect((await s.until(Promise.all(sets))).map(status)).toEqual([
      'noError/0',
      'noError/0',
      'noError/0',
    ]);
    expect(s.state).toBe('s1A=2 s2A=3 s3A=3');
    expect(await s.leftovers()).toEqual([]);
  });

  it('wait up to a limit; one more gets resourceUnavailable at once [docs/set.md 4]', async () => {
    await using s = await SetStage.open(three, { limits: { maxWaitingSets: 2 } });
    s.scripts.set('s1A', { set: never });
    const sets = [1, 2, 3].map((value) => s.request(['s1A', value]));
    expect(await s.set(['s1B', 9])).toBe('resourceUnavailable/1');
    expect(s.agent.metrics()).toMatchObject({ setsRunning: 1, setsWaiting: 2 });
    // One that need not wait is taken all the same.
    expect(await s.set(['s2A', 9])).toBe('noError/0');
    expect((await s.until(Promise.all(sets))).map(status)).toEqual([
      'commitFailed/1',
      'commitFailed/1',
      'commitFailed/1',
    ]);
    expect(await s.leftovers()).toEqual([]);
  });

  it('are all answered, a whole queue of them that end in one turn each', async () => {
    await using s = await SetStage.open(three);
    s.scripts.set('s1A', { set: slow(10) });
    const first = s.request(['s1A', 1], ['s1B', 1]);
    const rest = Array.from({ length: 256 }, (_, i) => s.request(['s1B', i + 2]));
    const all = await s.until(Promise.all([first, ...rest]));
    expect(new Set(all.map(status))).toEqual(new Set(['noError/0']));
    expect(s.value('s1B')).toBe(257);
    expect(await s.leftovers()).toEqual([]);
  });
});

describe('a read beside a SET', () => {
  it('sees the old values in phase one, without waiting [PR-36]', async () => {
    await using s = await SetStage.open(three);
    s.scripts.set('s2A', { isSetOk: slow(100) });
    const set = s.request(['s1A', 5], ['s2A', 6]);
    await s.clock.advanceAsync(10);
    expect(await s.get('s1A', 's2A')).toBe('0 0');
    expect(s.agent.metrics().setsRunning).toBe(1);
    expect(status(await s.until(set))).toBe('noError/0');
  });

  it('waits while something is set, then sees all of it [SET-037, PR-20, docs/set.md 4]', async () => {
    await using s = await SetStage.open(three);
    s.scripts.set('s2A', { set: slow(100) });
    const set = s.request(['s1A', 5], ['s2A', 6]);
    const reads = [s.get('s1A', 's2A'), s.get('s1A'), s.get('s1B')];
    let read = 0;
    for (const one of reads) void one.then(() => (read += 1));
    await s.clock.advanceAsync(99);
    expect(read).toBe(0);
    // Of a subtree that the SET does not touch.
    expect(await s.get('s3A')).toBe('0');
    expect(await Promise.all(reads)).toEqual(['5 6', '5', '0']);
    expect(status(await set)).toBe('noError/0');
  });

  it('never sees what is rolled back [PR-20]', async () => {
    await using s = await SetStage.open(three);
    s.scripts.set('s1A', { rollback: slow(50) });
    s.scripts.set('s2A', { set: answers('commitFailed', { delayMs: 100 }) });
    const set = s.request(['s1A', 5], ['s2A', 6]);
    await s.clock.advanceAsync(50);
    expect(s.value('s1A')).toBe(5);
    const read = s.get('s1A', 's2A');
    expect(await read).toBe('0 0');
    expect(status(await set)).toBe('commitFailed/2');
  });

  it('waits up to its own deadline, then is genErr [docs/set.md 6]', async () => {
    await using s = await SetStage.open(three, {
      deadlines: { setMs: 2 * GET_MS, getMs: GET_MS, lifecycleMs: 1000 },
    });
    s.scripts.set('s1A', { set: never });
    const set = s.request(['s1A', 5]);
    const begunMs = s.clock.nowMs();
    const waiting = s.get('s2A', 's1A');
    let endedMs = 0;
    void waiting.then(() => (endedMs = s.clock.nowMs()));
    await s.clock.advanceAsync(GET_MS);
    expect([await waiting, endedMs - begunMs]).toEqual(['genErr/2', GET_MS]);
    expect(status(await s.until(set))).toBe('commitFailed/1');
  });

  it('goes through where it is told to [docs/set.md 4]', async () => {
    await using s = await SetStage.open(three, { reads: 'through' });
    s.scripts.set('s2A', { set: slow(100) });
    const set = s.request(['s1A', 5], ['s2A', 6]);
    await s.clock.advanceAsync(10);
    expect(await s.get('s1A', 's2A')).toBe('5 0');
    expect(status(await s.until(set))).toBe('noError/0');
  });

  it('that began before sees all of the SET or nothing of it [PR-20]', async () => {
    await using s = await SetStage.open(three);
    // s1A has been read when s2A is still being looked for, and both are set meanwhile.
    s.scripts.set('s2A', { get: answers(0, { delayMs: 40 }) });
    const read = s.get('s1A', 's2A');
    await s.clock.advanceAsync(10);
    s.scripts.set('s2A', { set: slow(50) });
    expect(await s.set(['s1A', 5], ['s2A', 6])).toBe('noError/0');
    expect(await read).toBe('5 6');
  });

  it('gets its turn between SETs that come without a pause', async () => {
    await using s = await SetStage.open(three);
    s.scripts.set('s2A', { set: slow(20) });
    const sets = Array.from({ length: 40 }, (_, i) => s.request(['s1A', i + 1], ['s2A', i + 1]));
    const read = s.get('s1A', 's2A');
    const [a, b] = (await read).split(' ');
    expect(a).toBe(b);
    expect(Number(a)).toBeGreaterThan(0);
    expect(s.agent.metrics().setsWaiting).toBeGreaterThan(30);
    await s.until(Promise.all(sets));
  });
});

describe('a SET that is sent again', () => {
  const open = async (deadlines = {}) => {
    const s = await SetStage.open({ s1: { s1A: {} } }, { deadlines });
    const peer = { address: '192.0.2.7', port: 4000 };
    const request = s.client.encode({
      type: 'set',
      requestId: 77,
      errorStatus: 0,
      errorIndex: 0,
      varBinds: [{ name: instance('s1A'), value: integer(5) }],
    });
    s.takeTrace();
    return { s, peer, request };
  };

  it('is answered with the first response, and not done again [D11, SET-056, OTP-070, PR-32]', async () => {
    const { s, peer, request } = await open();
    await using _ = s;
    const first = await s.agent.inject(request, peer);
    const again = await s.agent.inject(request, peer);
    expect(again).toEqual(first);
    expect(s.takeTrace()).toEqual(['isSetOk s1A 5', 'set s1A 5']);
    expect(s.agent.metrics().setsRepeated).toBe(1);
  });

  it('while the first is under way is answered by that one alone', async () => {
    const { s, peer, request } = await open();
    await using _ = s;
    s.scripts.set('s1A', { set: slow(50) });
    const first = s.agent.inject(request, peer);
    expect(await s.agent.inject(request, peer)).toBe(undefined);
    expect(await s.until(first)).toBeDefined();
    expect(s.takeTrace()).toEqual(['isSetOk s1A 5', 'set s1A 5']);
  });

  it('is done again after 5 s, from elsewhere, or with other octets', async () => {
    const { s, peer, request } = await open();
    await using _ = s;
    const other = Buffer.from(request);
    other[other.length - 1] = 6;
    await s.agent.inject(request, peer);
    await s.agent.inject(request, { ...peer, port: 4001 });
    await s.agent.inject(request, { ...peer, address: '192.0.2.8' });
    await s.agent.inject(other, peer);
    expect(s.takeTrace().filter((line) => line.startsWith('set'))).toHaveLength(4);
    // The other one, of the same request-id, has not made the first forgotten.
    await s.agent.inject(request, peer);
    expect(s.takeTrace()).toEqual([]);
    await s.clock.advanceAsync(5000);
    await s.agent.inject(request, peer);
    expect(s.takeTrace()).toEqual([]);
    await s.clock.advanceAsync(1);
    await s.agent.inject(request, peer);
    expect(s.takeTrace()[0]).toBe('isSetOk s1A 5');
  });

  it('gets a refusal again, too, and is not judged anew', async () => {
    const { s, peer, request } = await open();
    await using _ = s;
    s.scripts.set('s1A', { isSetOk: throws });
    const first = await s.agent.inject(request, peer);
    s.scripts.clear();
    expect(await s.agent.inject(request, peer)).toEqual(first);
  });

  it('under way for longer than 5 s is a SET of its own, with its own response', async () => {
    const { s, peer, request } = await open({ setMs: 8000 });
    await using _ = s;
    s.scripts.set('s1A', { isSetOk: slow(6000) });
    const first = s.agent.inject(request, peer);
    await s.clock.advanceAsync(5001);
    s.scripts.set('s1A', { isSetOk: answers('noAccess', { delayMs: 3000 }) });
    const second = s.agent.inject(request, peer);
    const [one, two] = await s.until(Promise.all([first, second]));
    expect(one).not.toEqual(two);
    // What is remembered is the second one's.
    expect(await s.agent.inject(request, peer)).toEqual(two);
  });
});
