import { SetStage, type Objects, type Operation, type Script } from '../support/set-stage.js';
import { instance } from '../support/set-module.js';
import { integer, statusPdu, type Answer } from '../support/snmp-client.js';
import { cellOf, objectOf, subtreeOf, valueOf, type SetCase } from './set-cases.js';

/** A GET that was sent while the functions were asked for their votes. */
export interface Peek {
  readonly errorStatus: string;
  /** By cell. */
  readonly values: ReadonlyMap<string, number>;
}

/** What came of a case in a real agent. */
export interface Observed {
  readonly status: string;
  readonly index: number;
  /** Whether the answer's varbinds are the request's, octet by octet. */
  readonly isEchoed: boolean;
  readonly word: string;
  readonly state: ReadonlyMap<string, number>;
  /** All calls, in order. */
  readonly trace: readonly string[];
  /** Which functions ended, after how many calls. */
  readonly ended: readonly {
    readonly operation: Operation;
    readonly group: string;
    readonly at: number;
  }[];
  readonly peeks: readonly Peek[];
  /** Answers that came when nobody waited for them any more. */
  readonly staleAnswers: number;
  readonly leftovers: readonly string[];
  readonly defects: readonly string[];
  readonly tookMs: number;
}

/** What a test does to an agent while a case runs in it. */
export interface Plan {
  readonly version?: 'v1' | 'v2c';
  /** Told of each call: `isSetOk 0` is the first of its kind. */
  readonly called?: (stage: SetStage, call: string) => void;
  /** Reads do not wait for the SET: one that crashes a subtree can do so in every phase. */
  readonly readsGoThrough?: boolean;
  /** What to do when it is over and its values are noted. */
  readonly after?: (stage: SetStage) => Promise<void>;
}

/** One agent serves all cases of a file: to start one takes longer than a SET. BOUNDED by two. */
const shared = new Map<'wait' | 'through', SetStage>();

export async function closeShared(): Promise<void> {
  for (const stage of shared.values()) await stage[Symbol.asyncDispose]();
  shared.clear();
}

async function stageFor({ readsGoThrough = false }: Plan): Promise<SetStage> {
  const reads = readsGoThrough ? 'through' : 'wait';
  const stage = shared.get(reads) ?? (await SetStage.open({}, { reads }));
  shared.set(reads, stage);
  return stage;
}

/** Runs a case in subtrees that are loaded for it. */
export async function observe(given: SetCase, plan: Plan = {}): Promise<Observed> {
  const objects: Record<string, Objects> = {};
  for (const name of given.instances) {
    const subtree = subtreeOf(name);
    const object = given.provided[objectOf(name)];
    if (object !== undefined) {
      objects[subtree] = { ...objects[subtree], [objectOf(name)]: object };
    }
  }
  const stage = await stageFor(plan);
  for (const [name, has] of Object.entries(objects)) await stage.load(name, has);
  try {
    return await runCase(stage, given, plan);
  } finally {
    stage.called = () => undefined;
    for (const name of Object.keys(objects)) await stage.until(stage.agent.unload(name));
    stage.scripts.clear();
    stage.values.clear();
  }
}

async function runCase(stage: SetStage, given: SetCase, plan: Plan): Promise<Observed> {
  for (const [cell, value] of Object.entries(given.before)) stage.values.set(cell, value);
  for (const [name, group] of Object.entries(given.groups)) {
    stage.scripts.set(name, {
      isSetOk: group.vote.act,
      set: group.set.act,
      undo: group.undo.act,
      rollback: group.rollback.act,
      setBack: group.rollback.act,
    } satisfies Script);
  }
  stage.takeTrace();
  stage.told.length = 0;
  stage.ended.length = 0;
  const peeks: Promise<Peek>[] = [];
  let votes = 0;
  const calls = new Map<string, number>();
  stage.called = (line) => {
    // The first votes of a SET, and some later ones: a GET for each would be most of the work.
    const isVote = line.startsWith('isSetOk ') && plan.readsGoThrough !== true;
    if (isVote && (votes++ < 2 || votes % 4 === 0)) {
      peeks.push(peek(stage, given));
    }
    const operation = line.split(' ')[0] ?? '';
    const nth = calls.get(operation) ?? 0;
    calls.set(operation, nth + 1);
    plan.called?.(stage, `${operation} ${nth}`);
  };
  const begunMs = stage.clock.nowMs();
  const staleBefore = stage.agent.metrics().staleAnswers;
  let endedMs = begunMs;
  const client = stage.client.as({ version: plan.version ?? 'v2c' });
  const varBinds = given.instances.map((name) => ({
    name: instance(name),
    value: integer(valueOf(name)),
  }));
  const request = client.send(statusPdu('set', varBinds));
  void request.then(() => (endedMs = stage.clock.nowMs()));
  const answer = await stage.until(request);
  const leftovers = await stage.leftovers();
  const finished = stage.told.find((line) => line.startsWith('set:finished')) ?? '';
  const observed: Observed = {
    status: answer?.errorStatus ?? 'silence',
    index: answer?.errorIndex ?? -1,
    isEchoed: answer !== undefined && isEchoed(answer, client.encode(statusPdu('set', varBinds))),
    word: finished.split(' ')[1] ?? '',
    state: new Map(stage.values),
    trace: stage.takeTrace(),
    ended: stage.ended.splice(0),
    peeks: await Promise.all(peeks),
    staleAnswers: stage.agent.metrics().staleAnswers - staleBefore,
    leftovers,
    defects: stage.told.filter((line) => line.startsWith('agent:defect')),
    tookMs: endedMs - begunMs,
  };
  await plan.after?.(stage);
  return observed;
}

/** The varbinds stand last in a message: its end is theirs. */
function isEchoed({ varBindOctets }: Answer, request: Uint8Array): boolean {
  const sent = Buffer.from(request).subarray(-varBindOctets.length || request.length);
  return sent.equals(varBindOctets);
}

async function peek(stage: SetStage, { instances }: SetCase): Promise<Peek> {
  const answer = await stage.client.get(...instances.map(instance));
  const values = (answer?.varBinds ?? []).map(({ value }) => ('value' in value ? value.value : -1));
  return {
    errorStatus: answer?.errorStatus ?? 'silence',
    values: new Map(instances.map((name, i) => [cellOf(name), Number(values[i])])),
  };
}
