import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startAgent } from '../../../src/start-agent.js';
import type { Logger } from '../../../src/base/index.js';
import type { CallContext, ScalarFunctions } from '../../../src/instrumentation/index.js';
import { instance, SETS_MIB } from '../../support/set-module.js';
import { integer, SnmpClient, status } from '../../support/snmp-client.js';
import { SetStage, throws } from '../../support/set-stage.js';

/** What Node would end the process for. */
const escaped: unknown[] = [];
const note = (error: unknown): void => void escaped.push(error);

beforeEach(() => {
  escaped.length = 0;
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
});
afterEach(() => {
  process.off('uncaughtException', note);
  process.off('unhandledRejection', note);
});

/** Node reports what a listener throws in a turn of its own. */
const afterwards = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const throwing = (): never => {
  throw new Error('the disk is full');
};
const rejecting = (() => Promise.reject(new Error('the disk is full'))) as () => never;

/** As old programs do it. */
function setOnAbort(signal: AbortSignal, onabort: (() => void) | null): void {
  Object.assign(signal, { onabort });
}

const LOGGERS: Readonly<Record<string, Logger>> = {
  throws: { debug: throwing, info: throwing, warn: throwing, error: throwing },
  rejects: { debug: rejecting, info: rejecting, warn: rejecting, error: rejecting },
  'lacks its methods': {} as Logger,
};

describe('a logger of the program that', () => {
  it.each(Object.keys(LOGGERS))('%s costs no answer and no restart', async (what) => {
    const logger = LOGGERS[what] as Logger;
    await using s = await SetStage.open({ s1: { s1A: {} } }, { logger });
    s.scripts.set('s1A', { get: throws });
    expect(await s.get('s1A')).toBe('genErr/1');
    s.scripts.clear();
    expect(await s.get('s1A')).toBe('0');
    s.scripts.set('s1A', { set: throws });
    expect(await s.set(['s1A', 5])).toBe('commitFailed/1');
    s.scripts.clear();
    expect(await s.set(['s1A', 5])).toBe('noError/0');
    await afterwards();
    expect(escaped).toEqual([]);
    expect(s.told.filter((line) => line.startsWith('agent:defect'))).toEqual([]);
    expect(s.agent.metrics().loggerFailures).toBeGreaterThan(0);
  });
});

describe('a listener of the signal that a function is given', () => {
  const LISTENERS: readonly [string, (signal: AbortSignal) => void][] = [
    ['throws', (signal) => signal.addEventListener('abort', throwing)],
    ['rejects', (signal) => signal.addEventListener('abort', rejecting)],
    [
      'is an object that throws',
      (signal) => signal.addEventListener('abort', { handleEvent: throwing }),
    ],
    ['is onabort and throws', (signal) => setOnAbort(signal, throwing)],
  ];
  it.each(LISTENERS)('and %s costs no answer and is counted', async (_, listen) => {
    await using s = await SetStage.open();
    const heard: string[] = [];
    const hang = ({ signal }: CallContext): Promise<never> => {
      listen(signal);
      signal.addEventListener('abort', () => void heard.push('aborted'), { once: true });
      return new Promise(() => undefined);
    };
    const s1A: ScalarFunctions = { get: hang, set: () => 'noError' };
    await s.load('s1', {}, { s1A });
    expect(await s.get('s1A')).toBe('genErr/1');
    await afterwards();
    expect(heard).toEqual(['aborted']);
    expect(escaped).toEqual([]);
    expect(s.agent.metrics().listenerFailures).toBe(1);
  });

  it('can be taken off again, and hears once however often it was added', async () => {
    await using s = await SetStage.open();
    const heard: string[] = [];
    const hang = ({ signal }: CallContext): Promise<never> => {
      const off = (): void => void heard.push('off');
      const on = (): void => void heard.push('on');
      signal.addEventListener('abort', off);
      signal.addEventListener('abort', on);
      signal.addEventListener('abort', on);
      signal.removeEventListener('abort', off);
      setOnAbort(signal, off);
      setOnAbort(signal, on);
      expect(signal.onabort).toBe(on);
      setOnAbort(signal, null);
      return new Promise(() => undefined);
    };
    await s.load('s1', {}, { s1A: { get: hang } });
    expect(await s.get('s1A')).toBe('genErr/1');
    expect(heard).toEqual(['on']);
  });

  it('is one of a true AbortSignal: what takes such signals takes it', async () => {
    await using s = await SetStage.open();
    const composed: boolean[] = [];
    const hang = ({ signal }: CallContext): Promise<never> => {
      const both = AbortSignal.any([signal, new AbortController().signal]);
      both.addEventListener('abort', () => void composed.push(both.aborted));
      return new Promise(() => undefined);
    };
    await s.load('s1', {}, { s1A: { get: hang } });
    expect(await s.get('s1A')).toBe('genErr/1');
    expect(composed).toEqual([true]);
  });
});

describe('a function that throws what cannot be looked at', () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const fail = (): never => {
    throw proxy;
  };
  it.each<[string, () => unknown]>([
    ['throws it', fail],
    ['rejects with it', () => Promise.reject(proxy)],
  ])('out of a get that %s: the manager gets genErr', async (_, get) => {
    await using agent = await startAgent({ access: { communities: { private: 'write' } } });
    const defects: unknown[] = [];
    agent.on('agent:defect', ({ error }) => void defects.push(error));
    await agent.load(SETS_MIB, {
      name: 's1',
      s1A: { get: get as ScalarFunctions['get'], set: fail },
      s1Table: { get: get as never, getNext: get as never },
    });
    const client = new SnmpClient((octets) => agent.inject(octets));
    expect(status(await client.get(instance('s1A')))).toBe('genErr/1');
    expect(status(await client.get(instance('s1X.1')))).toBe('genErr/1');
    expect(status(await client.getNext(instance('s1X.1')))).toBe('genErr/1');
    expect(status(await client.set([instance('s1A'), integer(1)]))).toBe('undoFailed/0');
    expect(defects).toEqual([]);
  });
});
