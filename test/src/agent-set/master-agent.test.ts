import { describe, expect, it } from 'vitest';
import { getInitialSnapshot, getNextSnapshot, type EventFrom } from 'xstate';
import {
  MasterAgent,
  masterMachine,
  type PlannedShare,
  type SetPlan,
  type SetReply,
} from '../../../src/agent/index.js';
import { nextTurn } from '../../../src/base/index.js';
import { NO_JOURNAL, type Outcome, type TransactionFacts } from '../../../src/set/index.js';
import { accepted, FakeParticipant, refused, type Answers } from '../set/set-parts.js';

const REQUESTER = {
  version: 'v2c',
  securityName: 'test',
  address: '192.0.2.1',
  port: 1,
} as const;

interface Stage {
  readonly master: MasterAgent;
  readonly told: string[];
  /** Asks for a SET of one participant; the reply is told. */
  request(name: string, answers?: Answers, later?: (answer: () => void) => void): void;
}

function stage(
  maxWaiting = 256,
  observer: Partial<Record<'setFinished' | 'defect', () => void>> = {},
): Stage {
  const told: string[] = [];
  const master = new MasterAgent(
    {
      setFinished: ({ id }: TransactionFacts, { word }: Outcome) => {
        told.push(`${id} ${word}`);
        observer.setFinished?.();
      },
      defect: (error) => void told.push(String(error)),
    },
    maxWaiting,
    100,
  );
  return {
    master,
    told,
    request: (name, answers = { votes: [accepted] }, later) => {
      const share = new FakeParticipant(name, answers, [], later).share(1);
      const facts = { requestId: 1, contextName: '', requester: REQUESTER };
      master.requestSet([share as PlannedShare], facts, (failure) => {
        told.push(
          `${name} ${failure === undefined ? 'noError' : `${failure.status}/${failure.position}`}`,
        );
      });
    },
  };
}

describe('the master of SETs', () => {
  it('takes none before it is started, and none once it stops', async () => {
    const s = stage();
    s.request('a');
    s.master.start();
    s.request('b');
    await s.master.stop();
    s.request('c');
    expect(s.told).toEqual([
      'a resourceUnavailable/1',
      '101 committed',
      'b noError',
      'c resourceUnavailable/1',
    ]);
  });

  it('gives every transaction a higher id, also after its predecessor [docs/set.md 4]', () => {
    const s = stage();
    s.master.start();
    s.request('a');
    s.request('b', { votes: [refused(1)] });
    expect(s.told).toEqual(['101 committed', 'a noError', '102 refused', 'b wrongValue/1']);
    expect(s.master.transactions).toBe(102);
  });

  it('starts what waited in a turn of its own', async () => {
    const s = stage();
    s.master.start();
    const open: (() => void)[] = [];
    s.request('a', { votes: [accepted] }, (answer) => void open.push(answer));
    s.request('a');
    s.request('a');
    expect([s.master.runningSets, s.master.waitingSets]).toEqual([1, 2]);
    while (open.length > 0) open.shift()?.();
    expect(s.told).toEqual(['101 committed', 'a noError']);
    await nextTurn();
    await nextTurn();
    expect([s.told.length, s.master.runningSets, s.master.waitingSets]).toEqual([6, 0, 0]);
  });

  it('refuses what would wait where the queue is full', () => {
    const s = stage(0);
    s.master.start();
    s.request('a', { votes: [accepted] }, () => undefined);
    s.request('a');
    s.request('b');
    expect(s.told).toEqual(['a resourceUnavailable/1', '102 committed', 'b noError']);
  });

  it('stops when the last SET is done, those that wait included [SUP-030]', async () => {
    const s = stage();
    s.master.start();
    const open: (() => void)[] = [];
    s.request('a', { votes: [accepted] }, (answer) => void open.push(answer));
    s.request('a');
    let isStopped = false;
    void s.master.stop().then(() => (isStopped = true));
    await nextTurn();
    expect(isStopped).toBe(false);
    while (open.length > 0) open.shift()?.();
    await nextTurn();
    await nextTurn();
    expect(isStopped).toBe(true);
    expect(s.told.filter((line) => line === 'a noError')).toHaveLength(2);
    await s.master.stop();
  });

  it('can be stopped before it was started', async () => {
    const s = stage();
    await s.master.stop();
    expect(s.told).toEqual([]);
  });

  it('goes on after an observer that throws: nobody stays blocked', async () => {
    let isBroken = true;
    const s = stage(256, {
      setFinished: () => {
        if (isBroken) throw new Error('observer');
      },
    });
    s.master.start();
    s.request('a');
    isBroken = false;
    s.request('a');
    await s.master.stop();
    expect(s.told).toEqual([
      '101 committed',
      'a noError',
      'Error: observer',
      '102 committed',
      'a noError',
    ]);
  });
});

describe('SETs that are kept together', () => {
  /** A journal whose writes end when they are told to; and what a SET is planned to be meanwhile. */
  function keptStage() {
    const told: string[] = [];
    const open: (() => void)[] = [];
    const master = new MasterAgent(
      { setFinished: () => undefined, defect: (error) => void told.push(String(error)) },
      256,
      0,
      { ...NO_JOURNAL, commit: () => new Promise((resolve) => void open.push(resolve)) },
    );
    master.start();
    return {
      told,
      /** Ends what is being written. */
      async written(): Promise<void> {
        for (const end of open.splice(0)) end();
        // Those that waited begin, and those that waited for one of them that ended at once.
        for (let turn = 0; turn < 4; turn++) await nextTurn();
      },
      request(name: string, changed?: SetPlan, votes = [accepted]): void {
        const share = new FakeParticipant('a', { votes }).share(1);
        let next = changed;
        const lookAgain = (): SetPlan | undefined => {
          const plan = next;
          next = undefined;
          return plan;
        };
        const reply = (failure: SetReply): void => {
          told.push(`${name} ${failure?.status ?? 'noError'}`);
        };
        master.requestSet(
          [share as PlannedShare],
          { requestId: 1, contextName: '', requester: REQUESTER },
          reply,
          lookAgain,
        );
      },
    };
  }

  it('are answered when one write has ended [SET-053]', async () => {
    const s = keptStage();
    for (const name of '1234') s.request(name);
    await s.written();
    expect(s.told).toEqual(['1 noError']);
    await s.written();
    expect(s.told).toEqual(['1 noError', '2 noError', '3 noError', '4 noError']);
  });

  it('leave out one that has to be planned anew: it is, when it begins [docs/set.md 4]', async () => {
    const s = keptStage();
    const failure = { status: 'notWritable', position: 1 } as const;
    for (const name of '12') s.request(name);
    s.request('3', { kind: 'refused', failure });
    s.request('4');
    await s.written();
    await s.written();
    expect(s.told).toEqual(['1 noError', '2 noError', '3 notWritable']);
    await s.written();
    expect(s.told.at(-1)).toBe('4 noError');
  });

  it('tell nobody of a refusal before that: it may be due to what is not kept [docs/set.md 4]', async () => {
    const s = keptStage();
    for (const name of '12') s.request(name);
    s.request('3', undefined, [refused(1)]);
    await s.written();
    expect(s.told).toEqual(['1 noError']);
    await s.written();
    expect(s.told).toEqual(['1 noError', '2 noError', '3 wrongValue']);
  });
});

describe('the chart of the master', () => {
  type Event = EventFrom<typeof masterMachine>['type'];
  const EVENTS: readonly Event[] = ['start.completed', 'lifecycle.stop', 'sets.drained'];

  it('has these transitions, each of which is taken, and no state besides', () => {
    const first = getInitialSnapshot(masterMachine);
    const places = new Map<string, typeof first>([[first.value, first]]);
    const taken: string[] = [];
    for (const from of places.values()) {
      for (const type of EVENTS) {
        if (from.status !== 'active' || !from.can({ type })) continue;
        const to = getNextSnapshot(masterMachine, from, { type });
        taken.push(`${from.value} ${type} ${to.value}`);
        places.set(to.value, places.get(to.value) ?? to);
      }
    }
    expect(taken).toEqual([
      'starting start.completed running',
      'starting lifecycle.stop draining',
      'running lifecycle.stop draining',
      'draining sets.drained stopped',
    ]);
    expect([...places.keys()].toSorted()).toEqual(Object.keys(masterMachine.states).toSorted());
    const declared = Object.values(masterMachine.states).flatMap((node) => [
      ...node.transitions.keys(),
    ]);
    expect(taken).toHaveLength(declared.length);
  });
});
