import { describe, expect, it } from 'vitest';
import type { ModuleToLoad, SubtreeDefinition } from '../../../src/agent-options.js';
import { scalar, table } from '../../../src/instrumentation/index.js';
import { SECOND_MIB } from '../../support/second-mib.js';
import { SETS_MIB } from '../../support/set-module.js';
import { never, SetStage, throws } from '../../support/set-stage.js';

const fail = (): never => {
  throw new Error('no');
};
const one = { get: () => 1 };

/** A module of one scalar, as text: `smallValue`, or what it is to be called. */
const smallText = (
  value = 'smallValue',
  imports = 'SNMPv2-SMI',
  root = 'enterprises 32473 90',
) => ({
  path: 'small.mib',
  text: `SMALL-MIB DEFINITIONS ::= BEGIN
IMPORTS OBJECT-TYPE, Integer32, enterprises FROM ${imports};
small OBJECT IDENTIFIER ::= { ${root} }
${value} OBJECT-TYPE
    SYNTAX Integer32  MAX-ACCESS read-only  STATUS current
    DESCRIPTION "A number."  ::= { small 1 }
END`,
});
const OTHER_TEXT = {
  path: 'other.mib',
  text: `OTHER-MIB DEFINITIONS ::= BEGIN
IMPORTS OBJECT-TYPE, Integer32 FROM SNMPv2-SMI  small FROM SMALL-MIB;
otherValue OBJECT-TYPE
    SYNTAX Integer32  MAX-ACCESS read-only  STATUS current
    DESCRIPTION "A number."  ::= { small 2 }
END`,
};
const SMALL = [1, 3, 6, 1, 4, 1, 32473, 90, 1, 0];
const OTHER = [1, 3, 6, 1, 4, 1, 32473, 90, 2, 0];

async function types(s: SetStage, ...names: readonly number[][]): Promise<unknown[]> {
  const answer = await s.until(s.client.get(...names));
  return answer?.varBinds.map(({ value }) => ('value' in value ? value.value : value.type)) ?? [];
}

describe('a list of modules', () => {
  const list = (last: SubtreeDefinition): ModuleToLoad[] => [
    { module: SETS_MIB, instrumentation: { name: 's1', s1A: one } },
    { module: SECOND_MIB, instrumentation: { name: 'second', sparseTable: table.stored() } },
    { module: SETS_MIB, instrumentation: [{ name: 's2', s2A: one }, last] },
  ];

  it('is loaded in order, and told', async () => {
    await using s = await SetStage.open();
    const told: string[] = [];
    s.agent.on('subtree:loaded', ({ subtree, module }) => void told.push(`${subtree} ${module}`));
    await s.agent.load(list({ name: 's3', s3A: one }));
    expect(told).toEqual([
      's1 SETS-MIB',
      `second ${SECOND_MIB.name}`,
      's2 SETS-MIB',
      's3 SETS-MIB',
    ]);
    expect(await s.get('s1A', 's2A', 's3A')).toBe('1 1 1');
    expect(s.agent.metrics().subtreesLoaded).toBe(12);
  });

  it.each<[string, SubtreeDefinition, string]>([
    ['conflicts with an earlier one', { name: 'x', s1A: one }, 'SNMP_OID_CONFLICT'],
    ['has the name of an earlier one', { name: 's1', s3A: one }, 'SNMP_SUBTREE_NAME_TAKEN'],
    ['has an unknown object', { name: 'x', s9A: one }, 'SNMP_LOAD_UNKNOWN_OBJECT'],
  ])('is refused before any new where one %s [OTP-062, SUP-029]', async (_, last, code) => {
    await using s = await SetStage.open();
    const calls: string[] = [];
    const first = {
      module: SETS_MIB,
      instrumentation: { name: 's1', s1A: { ...one, new: () => void calls.push('new') } },
    };
    const modules = [first, ...list(last).slice(1)];
    await expect(s.agent.load(modules)).rejects.toMatchObject({ code });
    expect(calls).toEqual([]);
    expect(s.agent.metrics().subtreesLoaded).toBe(8);
    expect(await s.get('s1A', 's2A')).toBe('noSuchObject noSuchObject');
  });

  it('is taken down in reverse order where a new fails [SUP-029]', async () => {
    await using s = await SetStage.open();
    const calls: string[] = [];
    const said = (name: string) => ({
      ...one,
      new: () => void calls.push(`new ${name}`),
      delete: () => void calls.push(`delete ${name}`),
    });
    const loading = s.agent.load([
      { module: SETS_MIB, instrumentation: { name: 's1', s1A: said('s1A'), s1B: said('s1B') } },
      { module: SETS_MIB, instrumentation: { name: 's2', s2A: said('s2A') } },
      {
        module: SETS_MIB,
        instrumentation: { name: 's3', s3A: said('s3A'), s3B: { ...one, new: fail } },
      },
      { module: SETS_MIB, instrumentation: { name: 's4', s4A: said('s4A') } },
    ]);
    await expect(loading).rejects.toMatchObject({ code: 'SNMP_SUBTREE_START' });
    const made = ['new s1A', 'new s1B', 'new s2A', 'new s3A'];
    const gone = ['delete s3A', 'delete s2A', 'delete s1B', 'delete s1A'];
    expect(calls).toEqual([...made, ...gone]);
    expect(s.agent.metrics().subtreesLoaded).toBe(8);
    expect(s.agent.capabilities.rows.map(({ sysORDescr }) => sysORDescr)).toEqual([
      'The MIB module SNMPv2-MIB',
      'The MIB module SNMP-FRAMEWORK-MIB',
      'The MIB module SNMP-MPD-MIB',
      'The MIB module SNMP-USER-BASED-SM-MIB',
      'The MIB module SNMP-VIEW-BASED-ACM-MIB',
      'The MIB module SNMP-TARGET-MIB',
      'The MIB module SNMP-COMMUNITY-MIB',
      'The MIB module SNMP-NOTIFICATION-MIB',
    ]);
  });

  it('may import from each other, in any order; refused, none of it is known [SUP-029]', async () => {
    await using s = await SetStage.open();
    const small = { text: smallText(), instrumentation: { smallValue: one } };
    const other = { text: OTHER_TEXT, instrumentation: { otherValue: { get: () => 2 } } };
    const broken = { ...small, instrumentation: { smallValue: { ...one, new: fail } } };
    await expect(s.agent.load([other, broken])).rejects.toMatchObject({
      code: 'SNMP_SUBTREE_START',
    });
    expect(s.agent.oidOf('smallValue')).toBe(undefined);
    expect(await types(s, SMALL, OTHER)).toEqual(['noSuchObject', 'noSuchObject']);
    await s.agent.load([other, small]);
    expect(await types(s, SMALL, OTHER)).toEqual([1, 2]);
    expect(s.agent.oidOf('otherValue')).toEqual(OTHER.slice(0, -1));
  });

  it('may be empty', async () => {
    await using s = await SetStage.open();
    await s.agent.load([]);
    expect(s.agent.metrics().subtreesLoaded).toBe(8);
  });
});

describe('a text', () => {
  it('that was refused can be corrected and given again', async () => {
    await using s = await SetStage.open();
    const loading = s.agent.loadText(smallText('smallValue', 'NOWHERE-MIB'), { smallValue: one });
    await expect(loading).rejects.toMatchObject({ code: 'SNMP_MIB_ERRORS' });
    await s.agent.loadText(smallText(), { smallValue: one });
    expect(await types(s, SMALL)).toEqual([1]);
  });

  it('replaces the module of its name; what is loaded of that is served on', async () => {
    await using s = await SetStage.open();
    await s.agent.loadText(smallText(), { smallValue: one });
    await s.agent.loadText(smallText('newName', 'SNMPv2-SMI', 'enterprises 32473 91'), {
      name: 'later',
      newName: { get: () => 2 },
    });
    const moved = SMALL.with(7, 91);
    expect(await types(s, SMALL, moved)).toEqual([1, 2]);
    expect(s.agent.oidOf('SMALL-MIB::newName')).toEqual(moved.slice(0, -1));
    expect(s.agent.oidOf('SMALL-MIB::smallValue')).toBe(undefined);
  });
});

describe('what is said of a load that is refused', () => {
  it.each<[string, SubtreeDefinition, string]>([
    ['a misspelt object', { s1a: one }, 'did you mean s1A'],
    ['a misspelt subtree', { subtree: 'S1', s1A: one }, 'did you mean s1'],
    ['an object like no other', { nothingLikeIt: one }, 'it has s1A, s1B'],
    ['a column', { s1X: one }, 'give the functions of s1Table instead'],
    ['no get', { s1A: {} }, 's1A: the function get is missing'],
  ])('names what may have been meant: %s', async (_, definition, text) => {
    await using s = await SetStage.open();
    await expect(s.agent.load(SETS_MIB, definition)).rejects.toThrow(text);
  });

  it('does so for modules and subtrees too', async () => {
    await using s = await SetStage.open({ s1: { s1A: {} } });
    await expect(s.agent.load('SNMPv2-MIBS', {})).rejects.toThrow('did you mean SNMPv2-MIB');
    await expect(s.agent.unload('S1')).rejects.toThrow('did you mean s1');
  });

  it('names the objects that are missing where all are asked for', async () => {
    await using s = await SetStage.open();
    const complete = { complete: true };
    const given = { subtree: 's1', s1A: one, s1B: one };
    await expect(s.agent.load(SETS_MIB, given, complete)).rejects.toMatchObject({
      code: 'SNMP_LOAD_INCOMPLETE',
      message: 'SETS-MIB: nothing is given for s1C, s1Table',
    });
    await s.agent.load(SETS_MIB, { ...given, s1C: one, s1Table: table.stored() }, complete);
    const all = s.agent.load(SETS_MIB, { name: 'x', s2A: one }, complete);
    await expect(all).rejects.toThrow('s2B');
  });
});

describe('stored objects of a load that is refused', () => {
  it('speak of those that are served on, or of none [OTP-062]', async () => {
    await using s = await SetStage.open();
    const value = scalar.stored<number>({ value: 1 });
    const rows = table.stored<{ sparseIndex: number; sparseA: number; sparseB: number }>();
    const both = [
      { module: SETS_MIB, instrumentation: { name: 's1', s1A: value } },
      { module: SECOND_MIB, instrumentation: { name: 'second', sparseTable: rows } },
    ];
    await s.agent.load(both);
    expect(await s.set(['s1A', 5])).toBe('noError/0');
    rows.insert({ sparseIndex: 1, sparseA: 2, sparseB: 3 });
    for (const refused of [
      s.agent.load(both),
      s.agent.load(SETS_MIB, [
        { name: 'x', s1A: value },
        { name: 'y', s2A: one },
      ]),
      s.agent.load(SETS_MIB, { name: 'z', s2A: value, s2B: { ...one, new: fail } }),
    ]) {
      await expect(refused).rejects.toThrow();
      expect([value.value, rows.size]).toEqual([5, 1]);
    }
    value.set(6);
    expect(await s.get('s1A')).toBe('6');
  });
});

describe('at once', () => {
  it('loads and unloads of one name are done one after another', async () => {
    await using s = await SetStage.open();
    const load = (): Promise<void> => s.load('s1', { s1A: {} });
    const all = await s.until(
      Promise.allSettled([load(), s.agent.unload('s1'), load(), load(), s.agent.unload('s1')]),
    );
    expect(all.map((each) => each.status[0])).toEqual(['f', 'f', 'f', 'r', 'f']);
    expect(s.takeTrace()).toEqual(['new s1', 'delete s1', 'new s1', 'delete s1']);
    expect(await s.leftovers()).toEqual([]);
  });

  it('what a function asks for comes after what it is part of', async () => {
    await using s = await SetStage.open();
    const later: Promise<void>[] = [];
    await s.agent.load(SETS_MIB, {
      name: 's1',
      s1A: { ...one, new: () => void later.push(s.agent.unload('s1')) },
    });
    expect(s.told).toEqual([]);
    await s.until(Promise.all(later));
    expect(s.told).toEqual(['subtree:unloaded s1']);
  });

  it('a place is taken until delete has run: then another may have it [SUP-029]', async () => {
    await using s = await SetStage.open();
    let finish: () => void = () => undefined;
    const slow = { ...one, delete: () => new Promise<void>((resolve) => (finish = resolve)) };
    await s.agent.load(SETS_MIB, { name: 's1', s1A: slow });
    const unloaded = s.agent.unload('s1');
    await s.clock.advanceAsync(0);
    expect(await s.get('s1A')).toBe('noSuchObject');
    await expect(s.load('heir', { s1A: {} })).rejects.toMatchObject({ code: 'SNMP_OID_CONFLICT' });
    const again = s.load('s1', { s1A: {} });
    finish();
    await s.until(Promise.all([unloaded, again]));
    expect(await s.get('s1A')).toBe('0');
  });

  it('other names need not wait for each other', async () => {
    await using s = await SetStage.open({ s2: { s2A: {} } });
    s.scripts.set('s2A', { set: never });
    const set = s.request(['s2A', 1]);
    const unloaded = s.agent.unload('s2');
    await s.load('s1', { s1A: {} });
    expect(await s.get('s1A')).toBe('0');
    await s.until(Promise.all([set, unloaded]));
  });
});

describe('a sysORTable that the program has filled', () => {
  it('keeps no module from being loaded, reloaded and unloaded', async () => {
    await using s = await SetStage.open();
    const { capabilities } = s.agent;
    const rows = Array.from({ length: 9_992 }, () => capabilities.add([1, 3, 6, 1], 'x'));
    expect(() => capabilities.add([1, 3, 6, 1], 'x')).toThrow('no more rows');
    await s.load('s1', { s1A: {} });
    expect(capabilities.rows.length).toBe(10_000);
    capabilities.remove(rows[0] ?? 0);
    await s.agent.reload('s1');
    expect(capabilities.rows.at(-1)?.sysORDescr).toBe('The MIB module SETS-MIB');
    await s.agent.unload('s1');
    expect(capabilities.rows.length).toBe(9_999);
  });
});

describe('a subtree that was given up', () => {
  it('keeps its name until it is unloaded; then it can be loaded again', async () => {
    await using s = await SetStage.open();
    const load = (): Promise<void> => s.load('s1', { s1A: {} }, { supervise: { intensity: 0 } });
    await load();
    s.scripts.set('s1A', { get: throws });
    await s.get('s1A');
    await s.clock.advanceAsync(0);
    s.scripts.clear();
    await expect(load()).rejects.toMatchObject({ code: 'SNMP_SUBTREE_NAME_TAKEN' });
    await s.agent.unload('s1');
    expect(s.takeTrace()).toEqual(['new s1']);
    await load();
    expect(await s.get('s1A')).toBe('0');
  });
});

describe('an agent that stops', () => {
  it('refuses a load that is under way, and delete is called of what had begun', async () => {
    const s = await SetStage.open();
    const calls: string[] = [];
    const slowNew = () => new Promise((resolve) => s.clock.startTimer(50, () => resolve(0)));
    const loading = s.agent.load(SETS_MIB, [
      { name: 's1', s1A: { ...one, delete: () => void calls.push('delete s1') } },
      { name: 's2', s2A: { ...one, new: slowNew, delete: () => void calls.push('delete s2') } },
    ]);
    const refused = expect(s.until(loading)).rejects.toMatchObject({ code: 'SNMP_AGENT_STOPPED' });
    await s.clock.advanceAsync(10);
    const stopped = s.until(s.agent.stop());
    await refused;
    await stopped;
    expect(calls.toSorted()).toEqual(['delete s1', 'delete s2']);
    expect(s.clock.pendingTimers).toBe(0);
  });

  it('completes an unload that is under way', async () => {
    const s = await SetStage.open();
    const calls: string[] = [];
    const slow = () => new Promise((resolve) => s.clock.startTimer(50, () => resolve(0)));
    await s.agent.load(SETS_MIB, {
      name: 's1',
      s1A: { ...one, delete: () => void calls.push('A') },
      s1B: { ...one, delete: slow },
    });
    const unloaded = s.agent.unload('s1');
    await s.clock.advanceAsync(10);
    await s.until(Promise.all([s.agent.stop(), unloaded]));
    expect(calls).toEqual(['A']);
    expect(s.clock.pendingTimers).toBe(0);
  });

  it('loads, unloads and reloads nothing any more', async () => {
    const s = await SetStage.open({ s1: { s1A: {} } });
    await s.until(s.agent.stop());
    const stopped = { code: 'SNMP_AGENT_STOPPED' };
    await expect(s.load('s2', { s2A: {} })).rejects.toMatchObject(stopped);
    await expect(s.agent.load([])).rejects.toMatchObject(stopped);
    await expect(s.agent.unload('s1')).rejects.toMatchObject(stopped);
    await expect(s.agent.reload('s1')).rejects.toMatchObject(stopped);
  });
});
