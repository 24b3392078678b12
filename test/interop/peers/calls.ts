import { isDeepStrictEqual } from 'node:util';
import {
  community,
  RequestError,
  type Manager,
  type RequestResult,
  type Target,
  type VarBindToSet,
} from '../../../src/manager/index.js';
import { compareOids, equalOids } from '../../../src/smi/index.js';

/** An agent, and what of it does not matter to the calls. */
export interface Peer {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

type Version = 'v1' | 'v2c';

/** One way of asking, and what comes of it, in a line that is the same for agents that agree. */
export interface Call {
  readonly name: string;
  /** What the RFCs, and our agent, say. */
  readonly due: string;
  readonly ask: (manager: Manager, peer: Peer) => Promise<string>;
}

const DESCR = 'SNMPv2-MIB::sysDescr';
const LOCATION = 'SNMPv2-MIB::sysLocation.0';
const NAME = 'SNMPv2-MIB::sysName.0';
const NO_INSTANCE = 'SNMPv2-MIB::sysDescr.1';
const NO_OBJECT = '1.3.6.1.2.1.99.1.0';
const AFTER_ALL = '2.999.1.1.1.1';
const LONG = { type: 'OctetString', value: 'x'.repeat(300) } as const;
const NUMBER = { type: 'Integer32', value: 1 } as const;
/** Each fits a datagram, so many of them do not. */
const MANY = Array.from({ length: 400 }, () => LOCATION);
const MANY_OCTETS = 'x'.repeat(200);

export function targetAt({ host, port }: Peer, version: Version = 'v2c', name = 'private'): Target {
  return { host, port, auth: community(name, { version }), timeoutMs: 1500, retries: 1 };
}

/** What did come and could not be taken for the response stands behind a timeout. */
function status({ errorIndication, errorStatus, errorIndex, stats }: RequestResult): string {
  if (errorIndication === null) return `${errorStatus} ${errorIndex}`;
  return [errorIndication, ...Object.keys(stats.discarded)].join(' ');
}

function types(result: RequestResult): string {
  const found = result.varBinds.map(({ value }) => value.type);
  return [status(result), ...found].join(' ');
}

function labels(result: RequestResult): string {
  const found = result.varBinds.map(({ label }) => label.replace('SNMPv2-MIB::', ''));
  return [status(result), ...found].join(' ');
}

async function collected<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

function get(name: string, version: Version, names: readonly string[], due: string): Call {
  const ask: Call['ask'] = async (manager, peer) =>
    types(await manager.get(targetAt(peer, version), names));
  return { name: `get, ${version}: ${name}`, due, ask };
}

/** The answer, whether it has the variables of the request, and whether something was set. */
function set(
  name: string,
  version: Version,
  varBinds: readonly VarBindToSet[],
  due: string,
  as = 'private',
): Call {
  const ask: Call['ask'] = async (manager, peer) => {
    const writer = targetAt(peer);
    await manager.set(writer, [[LOCATION, 'before']]);
    const options = { validate: 'untyped' } as const;
    const result = await manager.set(targetAt(peer, version, as), varBinds, options);
    const read = await manager.get(writer, [LOCATION]);
    const isEcho =
      result.request.length === result.varBinds.length &&
      result.varBinds.every((one, i) => {
        const asked = result.request[i];
        return (
          asked !== undefined &&
          equalOids(one.name, asked.name) &&
          one.value.type === asked.value.type
        );
      });
    const echo = isEcho ? '' : ', other variables answered';
    return `${status(result)}, ${read.varBinds[0]?.plain === 'before' ? 'nothing' : 'something'} set${echo}`;
  };
  return { name: `set, ${version}: ${name}`, due, ask };
}

const HERE: VarBindToSet = [LOCATION, 'here'];
const IS_READ_ONLY: VarBindToSet = [`${DESCR}.0`, 'Linux i386'];

/** By each way of walking, the names of the system group. */
async function walks(manager: Manager, peer: Peer): Promise<string> {
  const v1 = targetAt(peer, 'v1');
  const v2c = targetAt(peer);
  const names = async (walk: AsyncIterable<{ readonly name: readonly number[] }>) =>
    (await collected(walk)).map(({ name }) => name.join('.'));
  const all = [
    await names(manager.walk(v2c, 'system')),
    await names(manager.walk(v1, 'system')),
    await names(manager.bulkWalk(v1, 'system')),
  ];
  for (const maxRepetitions of [1, 5, 100]) {
    all.push(await names(manager.bulkWalk(v2c, 'system', { maxRepetitions })));
  }
  const [first = []] = all;
  const isOne = all.every((one) => one.join() === first.join());
  return `${isOne ? 'the same' : 'not the same'} by each, ${first.length > 6 ? 'whole' : 'short'}`;
}

async function wholeWalk(manager: Manager, peer: Peer): Promise<string> {
  const walk = manager.bulkWalk(targetAt(peer), '1.3', { subtree: false, maxRequests: 10_000 });
  const found = await collected(walk);
  const isAscending = found.every(({ name }, i) => {
    const before = found[i - 1];
    return before === undefined || compareOids(before.name, name) < 0;
  });
  return isAscending && found.length > 6 ? 'ended' : 'not ascending';
}

/** What a walk throws is how it ends. */
function ending(walk: Call['ask']): Call['ask'] {
  return async (manager, peer) => {
    try {
      return await walk(manager, peer);
    } catch (error) {
      if (error instanceof RequestError) return status(error.result);
      throw error;
    }
  };
}

async function table(manager: Manager, peer: Peer): Promise<string> {
  const rows = await collected(manager.table(targetAt(peer), 'SNMPv2-MIB::sysORTable'));
  const walk = await collected(manager.walk(targetAt(peer), 'SNMPv2-MIB::sysORDescr'));
  const asRead = rows.map((row) => [row['sysORIndex'], row['sysORDescr']]);
  const asWalked = walk.map(({ index, plain }) => [index[0], plain]);
  const isSame = isDeepStrictEqual(asRead, asWalked);
  return `${rows.length > 0 ? 'rows' : 'no rows'}, ${isSame ? 'as' : 'not as'} the column walked`;
}

async function stranger(manager: Manager, peer: Peer): Promise<string> {
  const target = { ...targetAt(peer, 'v2c', 'nobody'), timeoutMs: 200, retries: 0 };
  return status(await manager.get(target, [NAME]));
}

async function hundred(manager: Manager, peer: Peer): Promise<string> {
  const names = Array.from({ length: 100 }, (_, i) => `1.3.6.1.2.1.1.${(i % 7) + 1}.0`);
  const results = await Promise.all(names.map((name) => manager.get(targetAt(peer), [name])));
  const isOwn = results.every(
    (result, i) => result.kind === 'ok' && result.varBinds[0]?.name.join('.') === names[i],
  );
  return isOwn ? 'each its own' : 'not each its own';
}

async function tooBig(manager: Manager, peer: Peer, version: Version): Promise<string> {
  await manager.set(targetAt(peer), [[LOCATION, MANY_OCTETS]]);
  const result = await manager.get(
    { ...targetAt(peer, version), timeoutMs: 1000, retries: 0 },
    MANY,
  );
  await manager.set(targetAt(peer), [[LOCATION, 'here']]);
  return `${status(result)}, ${result.varBinds.length} variables`;
}

export const CALLS: readonly Call[] = [
  get('what is there', 'v1', [NAME, LOCATION], 'noError 0 OctetString OctetString'),
  get('what is there', 'v2c', [NAME, LOCATION], 'noError 0 OctetString OctetString'),
  get('no instance', 'v2c', [NO_INSTANCE], 'noError 0 noSuchInstance'),
  get('no object', 'v2c', [NO_OBJECT], 'noError 0 noSuchObject'),
  get('the second is not there', 'v1', [NAME, NO_INSTANCE], 'noSuchName 2 Null Null'),
  get('neither is there', 'v1', [NO_INSTANCE, NO_OBJECT], 'noSuchName 1 Null Null'),
  get('no variable', 'v2c', [], 'noError 0'),
  {
    name: 'get, v1: more than a datagram holds',
    due: 'tooBig 0, 400 variables',
    ask: (manager, peer) => tooBig(manager, peer, 'v1'),
  },
  {
    name: 'get, v2c: more than a datagram holds',
    due: 'tooBig 0, 0 variables',
    ask: (manager, peer) => tooBig(manager, peer, 'v2c'),
  },
  {
    name: 'getNext, v2c: of three objects',
    due: 'noError 0 sysDescr.0 sysContact.0 sysName.0',
    ask: async (manager, peer) =>
      labels(await manager.getNext(targetAt(peer), ['sysDescr', 'sysContact', 'sysName'])),
  },
  {
    name: 'getNext, v1: after all there is',
    due: 'noSuchName 1 Null',
    ask: async (manager, peer) => types(await manager.getNext(targetAt(peer, 'v1'), [AFTER_ALL])),
  },
  {
    name: 'getNext, v2c: after all there is',
    due: 'noError 0 endOfMibView',
    ask: async (manager, peer) => types(await manager.getNext(targetAt(peer), [AFTER_ALL])),
  },
  {
    name: 'getBulk: one once, two twice',
    due: 'noError 0 sysDescr.0 sysContact.0 sysName.0 sysName.0 sysLocation.0',
    ask: async (manager, peer) =>
      labels(
        await manager.getBulk(targetAt(peer), ['sysDescr', 'sysContact', 'sysName'], {
          nonRepeaters: 1,
          maxRepetitions: 2,
        }),
      ),
  },
  {
    name: 'getBulk: after all there is, three times',
    due: 'noError 0 endOfMibView',
    ask: async (manager, peer) =>
      types(await manager.getBulk(targetAt(peer), [AFTER_ALL], { maxRepetitions: 3 })),
  },
  {
    name: 'getBulk: no repetition',
    due: 'noError 0',
    ask: async (manager, peer) =>
      labels(await manager.getBulk(targetAt(peer), ['sysDescr'], { maxRepetitions: 0 })),
  },
  {
    name: 'getBulk: to an agent of SNMPv1',
    due: 'noError 0 sysDescr.0',
    ask: async (manager, peer) => labels(await manager.getBulk(targetAt(peer, 'v1'), ['sysDescr'])),
  },
  set('one variable', 'v1', [HERE], 'noError 0, something set'),
  set('one variable', 'v2c', [HERE], 'noError 0, something set'),
  set('one that is read-only', 'v1', [IS_READ_ONLY], 'noSuchName 1, nothing set'),
  set('one that is read-only', 'v2c', [IS_READ_ONLY], 'notWritable 1, nothing set'),
  set('the second is read-only', 'v1', [HERE, IS_READ_ONLY], 'noSuchName 2, nothing set'),
  set('the second is read-only', 'v2c', [HERE, IS_READ_ONLY], 'notWritable 2, nothing set'),
  set('the first is read-only', 'v2c', [IS_READ_ONLY, HERE], 'notWritable 1, nothing set'),
  set('a value of another type', 'v1', [[LOCATION, NUMBER]], 'badValue 1, nothing set'),
  set('a value of another type', 'v2c', [[LOCATION, NUMBER]], 'wrongType 1, nothing set'),
  set('a text too long', 'v1', [[LOCATION, LONG]], 'badValue 1, nothing set'),
  set('a text too long', 'v2c', [[LOCATION, LONG]], 'wrongLength 1, nothing set'),
  set('no object', 'v1', [[NO_OBJECT, NUMBER]], 'noSuchName 1, nothing set'),
  set('no object', 'v2c', [[NO_OBJECT, NUMBER]], 'notWritable 1, nothing set'),
  set('who may only read', 'v2c', [HERE], 'authorizationError 0, nothing set', 'public'),
  { name: 'an unknown community', due: 'requestTimedOut', ask: stranger },
  { name: 'walk, bulkWalk: the system group', due: 'the same by each, whole', ask: ending(walks) },
  { name: 'bulkWalk: to the end', due: 'ended', ask: ending(wholeWalk) },
  { name: 'table: sysORTable', due: 'rows, as the column walked', ask: ending(table) },
  { name: 'a hundred at once', due: 'each its own', ask: hundred },
];
