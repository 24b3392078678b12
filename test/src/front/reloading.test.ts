import { describe, expect, it } from 'vitest';
import type { SubtreeDefinition } from '../../../src/agent-options.js';
import { scalar, table, type ScalarFunctions } from '../../../src/instrumentation/index.js';
import { compareOids, type Oid } from '../../../src/smi/index.js';
import { instance, SETS_MIB } from '../../support/set-module.js';
import { integer, status } from '../../support/snmp-client.js';
import { answers, never, SET_MS, SetStage, throws } from '../../support/set-stage.js';

const fail = (): never => {
  throw new Error('no');
};

/** A scalar that writes down what is called, as `version` of it. */
function told(
  s: SetStage,
  version: string,
  more: Partial<ScalarFunctions> = {},
): ScalarFunctions<number> {
  const say = (what: string) => (): 'noError' => {
    s.trace.push(`${what} ${version}`);
    return 'noError';
  };
  return {
    get: () => Number(version.slice(1)),
    new: say('new'),
    delete: say('delete'),
    isSetOk: say('isSetOk'),
    set: say('set'),
    rollback: say('rollback'),
    ...more,
  };
}

async function opened(more: Partial<ScalarFunctions> = {}): Promise<SetStage> {
  const s = await SetStage.open({ s2: { s2A: {} } });
  await s.agent.load(SETS_MIB, { name: 's1', s1A: told(s, 'v1', more) });
  s.takeTrace();
  return s;
}

describe('a reload', () => {
  it('puts other instrumentation in the same place: delete, then new', async () => {
    await using s = await opened();
    expect(await s.get('s1A')).toBe('1');
    await s.agent.reload('s1', { s1A: told(s, 'v2') });
    expect(await s.get('s1A')).toBe('2');
    expect(s.takeTrace()).toEqual(['delete v1', 'new v2']);
    expect(s.told.at(-1)).toBe('subtree:reloaded s1');
    expect(await s.set(['s1A', 1])).toBe('noError/0');
    await s.agent.unload('s1');
    expect(s.takeTrace()).toEqual(['isSetOk v2', 'set v2', 'delete v2']);
    expect(await s.leftovers()).toEqual([]);
  });

  it('without another definition binds the same one anew', async () => {
    await using s = await opened();
    await s.agent.reload('s1');
    expect(s.takeTrace()).toEqual(['delete v1', 'new v1']);
    expect(await s.get('s1A')).toBe('1');
  });

  it('keeps the place in the tree, and takes over how it is to be supervised', async () => {
    await using s = await opened({ get: fail });
    await s.load('s3', { s3A: {} });
    await s.agent.reload('s1', {
      s1A: told(s, 'v2', { get: fail }),
      supervise: { intensity: 0 },
    });
    const subtrees = s.agent.tree().children?.find(({ id }) => id === 'subtrees');
    expect(subtrees?.children?.map(({ id }) => id)).toEqual([
      'snmp',
      'engine',
      'mpd',
      'usm',
      'vacm',
      'target',
      'community',
      'notification',
      's2',
      's1',
      's3',
    ]);
    expect(await s.get('s1A')).toBe('genErr/1');
    await s.clock.advanceAsync(0);
    expect(s.told.at(-1)).toBe('subtree:quarantined s1');
  });

  it.each<[string, SubtreeDefinition, string]>([
    ['an object is not known', { s1Z: { get: () => 1 } }, 'SNMP_LOAD_UNKNOWN_OBJECT'],
    ['a function is missing', { s1A: {} }, 'SNMP_LOAD_BAD_FUNCTIONS'],
    ['there is no object', {}, 'SNMP_LOAD_EMPTY'],
    ['it is in the way of another', { s2A: { get: () => 1 } }, 'SNMP_OID_CONFLICT'],
    ['the name is another', { name: 'x', s1A: { get: () => 1 } }, 'SNMP_LOAD_NAME_CHANGED'],
  ])('is refused, and the old one hears nothing, where %s [OTP-062]', async (_, given, code) => {
    await using s = await opened();
    await expect(s.agent.reload('s1', given)).rejects.toMatchObject({ code });
    expect(s.takeTrace()).toEqual([]);
    expect(await s.get('s1A')).toBe('1');
    expect(await s.set(['s1A', 5])).toBe('noError/0');
    // The place is the old one's, no more and no less.
    await s.load('x', { s1B: {} });
    await expect(s.load('y', { s1A: {} })).rejects.toMatchObject({ code: 'SNMP_OID_CONFLICT' });
  });

  it.each<[string, () => unknown]>([
    ['throws', fail],
    ['rejects', () => Promise.reject(new Error('no'))],
    ['stays silent', () => new Promise(() => undefined)],
  ])('whose new %s leaves the old one serving [SUP-029]', async (_, broken) => {
    await using s = await opened();
    const reload = s.agent.reload('s1', {
      s1A: told(s, 'v2'),
      s1B: told(s, 'v2', { new: broken }),
    });
    const read = s.get('s1A');
    await expect(s.until(reload)).rejects.toMatchObject({ code: 'SNMP_SUBTREE_START' });
    expect(s.takeTrace()).toEqual(['delete v1', 'new v2', 'delete v2', 'new v1']);
    expect(await s.get('s1A')).toBe('1');
    expect(['1', 'genErr/1']).toContain(await read);
    expect(await s.set(['s1A', 5])).toBe('noError/0');
    expect(await s.get('s1B')).toBe('noSuchObject');
    await s.load('x', { s1B: {} });
    expect(await s.leftovers()).toEqual([]);
  });

  it('that fails, where the old one does not come back either, gives it up until restart', async () => {
    let isBroken = false;
    await using s = await opened({ new: () => (isBroken ? fail() : undefined) });
    isBroken = true;
    const reload = s.agent.reload('s1', { s1A: told(s, 'v2', { new: fail }) });
    await expect(reload).rejects.toMatchObject({ code: 'SNMP_SUBTREE_START' });
    expect(await s.get('s1A')).toBe('noSuchObject');
    isBroken = false;
    await s.agent.restart('s1');
    expect(await s.get('s1A')).toBe('1');
  });

  it('brings back what was given up; where it fails that stays as it was', async () => {
    await using s = await SetStage.open();
    await s.load('s1', { s1A: {} }, { supervise: { intensity: 0 } });
    s.scripts.set('s1A', { get: throws });
    await s.get('s1A');
    await s.clock.advanceAsync(0);
    const broken = s.agent.reload('s1', { s1A: told(s, 'v2', { new: fail }) });
    await expect(broken).rejects.toMatchObject({ code: 'SNMP_SUBTREE_START' });
    expect(await s.get('s1A')).toBe('noSuchObject');
    await s.load('heir', { s1A: {} }, { s1A: { get: () => 9 } });
    const late = s.agent.reload('s1', { s1A: told(s, 'v2') });
    await expect(late).rejects.toMatchObject({ code: 'SNMP_OID_CONFLICT' });
    await s.agent.unload('heir');
    await s.agent.reload('s1', { s1A: told(s, 'v2') });
    expect(await s.get('s1A')).toBe('2');
  });

  it('of a temporary subtree is one too', async () => {
    await using s = await SetStage.open();
    await s.load('s1', {}, { s1A: told(s, 'v1'), supervise: { restart: 'temporary' } });
    const reload = s.agent.reload('s1', { s1A: told(s, 'v2') });
    const read = s.get('s1A');
    await reload;
    expect([await read, await s.get('s1A')]).toEqual(['2', '2']);
  });

  it('several at once, and an unload, are done one after another', async () => {
    await using s = await opened();
    const all = await s.until(
      Promise.allSettled([
        s.agent.reload('s1', { s1A: told(s, 'v2') }),
        s.agent.reload('s1', { s1A: told(s, 'v3', { new: fail }) }),
        s.agent.restart('s1'),
        s.agent.unload('s1'),
        s.agent.reload('s1'),
      ]),
    );
    expect(all.map((each) => each.status[0])).toEqual(['f', 'r', 'f', 'f', 'r']);
    expect(s.takeTrace()).toEqual([
      'delete v1',
      'new v2',
      'delete v2',
      'new v2',
      'delete v2',
      'new v2',
      'delete v2',
    ]);
    expect(await s.leftovers()).toEqual([]);
  });

  it('that stops in the middle, with the agent, ends', async () => {
    const s = await opened();
    const silent = { new: () => new Promise<void>(() => undefined) };
    const reload = s.agent.reload('s1', { s1A: told(s, 'v2', silent) });
    const refused = expect(s.until(reload)).rejects.toBeInstanceOf(Error);
    await s.clock.advanceAsync(10);
    await s.until(s.agent.stop());
    await refused;
    expect(s.clock.pendingTimers).toBe(0);
  });
});

describe('requests that meet a reload', () => {
  it('a SET that is under way comes to its end; the next one is for the new one [OTP-004]', async () => {
    await using s = await opened({
      set: () => new Promise((resolve) => s.clock.startTimer(40, () => resolve('noError'))),
    });
    s.scripts.set('s2A', { set: answers('commitFailed', { delayMs: 60 }) });
    const set = s.request(['s1A', 1], ['s2A', 2]);
    const queued = s.request(['s1A', 3]);
    await s.clock.advanceAsync(10);
    const reload = s.agent.reload('s1', { s1A: told(s, 'v2') });
    const next = s.request(['s1A', 4]);
    expect(status(await s.until(set))).toBe('commitFailed/2');
    await s.until(reload);
    expect([status(await s.until(queued)), status(await s.until(next))]).toEqual([
      'noError/0',
      'noError/0',
    ]);
    expect(s.takeTrace().filter((call) => / v\d$/.test(call))).toEqual([
      'isSetOk v1',
      'rollback v1',
      'delete v1',
      'new v2',
      'isSetOk v2',
      'set v2',
      'isSetOk v2',
      'set v2',
    ]);
    expect(await s.leftovers()).toEqual([]);
  });

  it('reads wait for the new one, and a walk sees no gap [docs/set.md 6, SUP-026]', async () => {
    await using s = await opened();
    const slowNew = () => new Promise((resolve) => s.clock.startTimer(50, () => resolve(0)));
    const reload = s.agent.reload('s1', { s1A: told(s, 'v2', { new: slowNew }) });
    await s.clock.advanceAsync(10);
    const before = (name: string): Oid => instance(name).slice(0, -1);
    const next = s.client.getNext(before('s1A'), before('s2A'));
    const bulk = s.client.getBulk(0, 2, before('s1A'));
    const get = s.get('s1A');
    await s.until(reload);
    for (const answer of [await next, await bulk]) {
      expect(answer?.varBinds.map(({ name }) => name)).toEqual([instance('s1A'), instance('s2A')]);
      expect(answer?.varBinds[0]?.value).toEqual(integer(2));
    }
    expect(await get).toBe('2');
  });

  it('a read that is under way is answered by the one that it asked', async () => {
    await using s = await opened({
      get: () => new Promise((resolve) => s.clock.startTimer(40, () => resolve(1))),
    });
    const read = s.get('s1A');
    await s.clock.advanceAsync(10);
    const reload = s.agent.reload('s1', { s1A: told(s, 'v2') });
    expect(await read).toMatch(/^[12]$/);
    await s.until(reload);
    expect(s.takeTrace()).toEqual(['delete v1', 'new v2']);
  });

  it('SETs and reads wait up to their own deadlines, no longer: genErr', async () => {
    await using s = await opened({ delete: () => new Promise(() => undefined) });
    const reload = s.agent.reload('s1', { s1A: told(s, 'v2') });
    const read = s.get('s1A');
    const begunMs = s.clock.nowMs();
    const set = s.request(['s2A', 1], ['s1A', 1]);
    expect(status(await s.until(set))).toBe('genErr/2');
    expect(s.clock.nowMs() - begunMs).toBeLessThan(2 * SET_MS);
    expect(await read).toBe('genErr/1');
    await s.until(reload);
    expect(await s.get('s1A')).toBe('2');
    expect(await s.leftovers()).toEqual([]);
  });

  it('a SET of what the new one has not is notWritable; of what moved, for who has it now', async () => {
    await using s = await opened();
    await s.agent.reload('s1', { s1A: told(s, 'v1'), s1B: told(s, 'v1') });
    s.scripts.set('s2A', { isSetOk: never });
    const first = s.request(['s2A', 1], ['s1A', 1]);
    const gone = s.request(['s1B', 2]);
    const moved = s.request(['s1B', 3]);
    const both = Promise.all([
      s.agent.reload('s1', { s1A: told(s, 'v2') }),
      s.until(first).then(() => s.load('s3', {}, { s1B: told(s, 'v3') })),
    ]);
    const statuses = [status(await s.until(first)), status(await s.until(gone))];
    await s.until(both);
    expect(statuses).toEqual(['genErr/1', 'notWritable/1']);
    expect(['noError/0', 'notWritable/1']).toContain(status(await s.until(moved)));
    expect(await s.leftovers()).toEqual([]);
  });

  it('a walk over reloads of everything strictly increases, and ends [SUP-026]', async () => {
    await using s = await SetStage.open();
    const rows = Array.from({ length: 20 }, (_, i) => ({ s1Index: i + 1, s1X: i }));
    const given = (): SubtreeDefinition => ({
      s1A: told(s, 'v1'),
      s1Table: table.stored({ rows }),
    });
    await s.agent.load(SETS_MIB, { name: 's1', ...given() });
    const seen: Oid[] = [];
    let at: Oid = [1, 3, 6, 1, 4, 1, 32473];
    for (let step = 0; step < 200; step++) {
      const next = s.client.getNext(at);
      if (step % 3 === 0) void s.agent.reload('s1', given());
      const found = (await s.until(next))?.varBinds[0];
      if (found === undefined || found.value.type === 'endOfMibView') break;
      seen.push(found.name);
      at = found.name;
    }
    expect(seen.length).toBeGreaterThanOrEqual(21);
    expect(seen.length).toBeLessThan(200);
    for (const [i, name] of seen.entries()) {
      if (i > 0) expect(compareOids(seen[i - 1] as Oid, name)).toBeLessThan(0);
    }
    expect(await s.leftovers()).toEqual([]);
  });
});

describe('sysORTable', () => {
  const text = (identity: string) => ({
    path: 'small.mib',
    text: `SMALL-MIB DEFINITIONS ::= BEGIN
IMPORTS MODULE-IDENTITY, OBJECT-TYPE, Integer32, enterprises FROM SNMPv2-SMI;
small MODULE-IDENTITY LAST-UPDATED "202601010000Z" ORGANIZATION "o" CONTACT-INFO "c"
  DESCRIPTION "d" ::= { enterprises 32473 ${identity} }
smallValue OBJECT-TYPE SYNTAX Integer32 MAX-ACCESS read-only STATUS current
  DESCRIPTION "d" ::= { enterprises 32473 95 1 }
END`,
  });
  const smallValue = { get: () => 1 };

  it('shows the identity that the module has now; no change where that stays', async () => {
    await using s = await SetStage.open();
    const shown = () =>
      s.agent.capabilities.rows.flatMap(({ sysORID, sysORIndex }) =>
        sysORID[6] === 32473 ? [[sysORIndex, sysORID.at(-1)]] : [],
      );
    await s.agent.loadText(text('96'), { name: 'small', smallValue });
    const [[row] = []] = shown();
    await s.agent.reload('small');
    expect(shown()).toEqual([[row, 96]]);
    await s.agent.reload('small', { smallValue }, { text: text('97') });
    expect(shown()).toEqual([[Number(row) + 1, 97]]);
    await s.agent.unload('small');
    expect(shown()).toEqual([]);
  });

  it('and the library know nothing of a text whose reload was refused', async () => {
    await using s = await SetStage.open();
    await s.agent.loadText(text('96'), { name: 'small', smallValue });
    const bad = s.agent.reload(
      'small',
      { smallValue: { ...smallValue, new: fail } },
      { text: text('97') },
    );
    await expect(bad).rejects.toMatchObject({ code: 'SNMP_SUBTREE_START' });
    expect(s.agent.oidOf('small')?.at(-1)).toBe(96);
  });
});

describe('what the runtime keeps, over a reload', () => {
  it('survives, in the hands of the program too; also where the reload fails', async () => {
    await using s = await SetStage.open();
    const value = scalar.stored<number>({ value: 1 });
    await s.agent.load(SETS_MIB, { name: 's1', s1A: value });
    expect(await s.set(['s1A', 5])).toBe('noError/0');
    await s.agent.reload('s1');
    expect([await s.get('s1A'), value.value]).toEqual(['5', 5]);
    const other = scalar.stored<number>({ value: 2 });
    const failing = s.agent.reload('s1', { s1A: other, s1B: { get: () => 1, new: fail } });
    await expect(failing).rejects.toThrow();
    value.set(6);
    expect([await s.get('s1A'), value.value]).toEqual(['6', 6]);
    await s.agent.reload('s1', { s1A: other });
    other.set(other.value + 1);
    expect([await s.get('s1A'), value.value]).toEqual(['7', 6]);
    // To begin anew is to unload and to load.
    await s.agent.unload('s1');
    await s.agent.load(SETS_MIB, { name: 's1', s1A: other });
    expect(await s.get('s1A')).toBe('2');
  });

  it('includes what the program wrote while the SET before the reload came to its end', async () => {
    await using s = await SetStage.open();
    const value = scalar.stored<number>({ value: 1 });
    const slow = { get: () => 0, set: () => new Promise<never>(() => undefined) };
    await s.agent.load(SETS_MIB, { name: 's1', s1A: value, s1B: slow });
    const set = s.request(['s1B', 1]);
    const reload = s.agent.reload('s1');
    await s.clock.advanceAsync(10);
    value.set(8);
    await s.until(Promise.all([set, reload]));
    expect([await s.get('s1A'), value.value]).toEqual(['8', 8]);
  });
});
