import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../support/arbitraries.js';
import { instance, SETS_MIB } from '../support/set-module.js';
import { integer, status } from '../support/snmp-client.js';
import { SetStage } from '../support/set-stage.js';
import { LoadingModel, type Expected, type Way } from './loading-model.js';
import { beginnings, NAMES, OBJECTS, Play, resultOf, type Drawn } from './loading-play.js';

/**
 * Invariants: what a sequence of loads, unloads, reloads, restarts, crashes and SETs answers, which
 * `new` and `delete` it calls and in which order, and who answers for which object afterwards, is
 * what the model says (PR-55, OTP-001, OTP-003, SUP-029); nothing is left at the end.
 */

const ALWAYS_LOADED = 8;

const good = fc.constantFrom<Way>('at once', 'at once', 'later');
const creates = fc.oneof(
  { weight: 6, arbitrary: good },
  { weight: 1, arbitrary: fc.constantFrom<Way>('throws', 'rejects', 'silent') },
);
const destroys = fc.oneof(
  { weight: 5, arbitrary: good },
  { weight: 1, arbitrary: fc.constantFrom<Way>('throws', 'rejects', 'silent') },
);

const subtree = (create: fc.Arbitrary<Way>, destroy: fc.Arbitrary<Way>) =>
  fc.record({
    name: fc.constantFrom(...NAMES),
    objects: fc
      .shuffledSubarray([...OBJECTS], { minLength: 1, maxLength: 2 })
      .chain((objects) =>
        fc.tuple(
          ...objects.map((object) => fc.record({ object: fc.constant(object), create, destroy })),
        ),
      ),
    isFragile: fc.boolean(),
  });

const commandOf = (one: fc.Arbitrary<Drawn>) =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('load' as const),
        list: fc.array(one, { minLength: 1, maxLength: 2 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('unload' as const),
        name: fc.constantFrom(...NAMES),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('reload' as const), to: one }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('restart' as const),
        name: fc.constantFrom(...NAMES),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('crash' as const),
        object: fc.constantFrom(...OBJECTS),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('set' as const),
        object: fc.constantFrom(...OBJECTS),
      }),
    },
  );
type Command = ReturnType<typeof commandOf> extends fc.Arbitrary<infer Value> ? Value : never;

/** What every sequence begins with, so that there is something to unload. */
const FIRST = (isFragile: boolean): Command => ({ kind: 'load', list: beginnings(isFragile) });

describe('loads, unloads, reloads and crashes one after another', () => {
  /** @returns what was expected of the command. */
  async function carryOut(play: Play, model: LoadingModel, command: Command): Promise<Expected> {
    const { stage } = play;
    const { agent } = stage;
    const expectAs = async (expected: Expected, asked: Promise<unknown>): Promise<Expected> => {
      const result = await resultOf(stage.until(asked));
      expect({ result, calls: play.takeCalls() }).toEqual(expected);
      return expected;
    };
    switch (command.kind) {
      case 'load': {
        const list = command.list.map((drawn) => play.given(drawn));
        return expectAs(
          model.load(list),
          agent.load(
            SETS_MIB,
            list.map((given) => play.definition(given)),
          ),
        );
      }
      case 'reload': {
        const given = play.given(command.to);
        return expectAs(model.reload(given), agent.reload(given.name, play.definition(given)));
      }
      case 'unload':
        return expectAs(model.unload(command.name), agent.unload(command.name));
      case 'restart':
        return expectAs(model.restart(command.name), agent.restart(command.name));
      case 'set': {
        const version = model.served.get(command.object);
        const at = [instance(command.object), integer(1)] as const;
        const answer = status(await stage.until(stage.client.set(at)));
        const { object } = command;
        const expected =
          version === undefined
            ? { result: 'notWritable/1', calls: [] }
            : {
                result: 'noError/0',
                calls: [`isSetOk ${version} ${object} 1`, `set ${version} ${object} 1`],
              };
        expect({ result: answer, calls: play.takeCalls() }).toEqual(expected);
        return expected;
      }
      case 'crash': {
        play.poisoned = command.object;
        const result = await stage.get(command.object);
        play.poisoned = undefined;
        await stage.clock.advanceAsync(100);
        const expected = model.crash(command.object);
        expect({ result, calls: play.takeCalls() }).toEqual(expected);
        return expected;
      }
    }
  }

  async function look(play: Play, model: LoadingModel): Promise<void> {
    const { stage } = play;
    const { served, names } = model;
    const expected = OBJECTS.map((object) => String(served.get(object) ?? 'noSuchObject'));
    expect(await stage.get(...OBJECTS)).toBe(expected.join(' '));
    const inOrder = OBJECTS.filter((object) => served.has(object));
    expect(await play.walk()).toEqual(
      inOrder.map((object) => [instance(object), served.get(object)]),
    );
    // Besides those that every agent has, of itself and of who may do what.
    expect(stage.agent.metrics().subtreesLoaded).toBe(ALWAYS_LOADED + names.length);
    const shown = stage.agent.capabilities.rows.filter(({ sysORDescr }) =>
      /SETS-MIB/.test(sysORDescr),
    );
    expect(shown.length).toBe(names.length === 0 ? 0 : 1);
    const subtrees =
      stage.agent.tree().children?.find(({ id }) => id === 'subtrees')?.children ?? [];
    expect(subtrees.map(({ id }) => id).toSorted()).toEqual(
      [
        'snmp',
        'engine',
        'mpd',
        'usm',
        'vacm',
        'target',
        'community',
        'notification',
        ...names,
      ].toSorted(),
    );
  }

  it('are what the model says [PR-55, OTP-001, OTP-003, OTP-062, SUP-023, SUP-029]', async () => {
    const results = new Map<string, number>();
    const commands = fc.array(commandOf(subtree(creates, destroys)), {
      minLength: 5,
      maxLength: 14,
    });
    await fc.assert(
      fc.asyncProperty(fc.boolean(), commands, async (isFragile, given) => {
        await using stage = await SetStage.open();
        const play = new Play(stage);
        const model = new LoadingModel();
        for (const command of [FIRST(isFragile), ...given]) {
          const { result } = await carryOut(play, model, command);
          const key = `${command.kind} ${result}`;
          results.set(key, (results.get(key) ?? 0) + 1);
          await look(play, model);
        }
        for (const name of model.names) {
          const expected = model.unload(name);
          await stage.until(stage.agent.unload(name));
          expect(play.takeCalls()).toEqual(expected.calls);
        }
        await look(play, model);
        expect(await stage.leftovers()).toEqual([]);
        expect(stage.told.filter((line) => line.startsWith('agent:defect'))).toEqual([]);
      }),
      runs(),
    );
    for (const often of [
      'load ok',
      'load SNMP_OID_CONFLICT',
      'load SNMP_SUBTREE_NAME_TAKEN',
      'load SNMP_SUBTREE_START',
      'unload ok',
      'reload ok',
      'reload SNMP_OID_CONFLICT',
      'reload SNMP_SUBTREE_START',
      'restart ok',
      'crash genErr/1',
      'set noError/0',
      'set notWritable/1',
    ]) {
      expect(`${often}: ${(results.get(often) ?? 0) >= 2}`).toBe(`${often}: true`);
    }
  }, 120_000);
});
