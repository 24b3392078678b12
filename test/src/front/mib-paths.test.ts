import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Agent } from '../../../src/agent.js';
import { SimulatedClock } from '../../../src/base/index.js';
import { startAgent } from '../../../src/start-agent.js';
import { SnmpClient, values } from '../../support/snmp-client.js';

const TYPES = `HOUSE-TC DEFINITIONS ::= BEGIN
Floor ::= INTEGER (0..9)
END`;
const HOUSE = `HOUSE-MIB DEFINITIONS ::= BEGIN
IMPORTS OBJECT-TYPE, enterprises FROM SNMPv2-SMI Floor FROM HOUSE-TC;
house OBJECT IDENTIFIER ::= { enterprises 32473 7 }
houseFloor OBJECT-TYPE SYNTAX Floor MAX-ACCESS read-only STATUS current
  DESCRIPTION "x" ::= { house 1 }
houseCellar OBJECT-TYPE SYNTAX NoSuchType MAX-ACCESS read-only STATUS current
  DESCRIPTION "x" ::= { house 2 }
END`;
const FLOOR = [1, 3, 6, 1, 4, 1, 32473, 7, 1];

let root: string;
let cache: string | undefined;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'trellis-paths-'));
  cache = process.env['TRELLIS_CACHE_DIR'];
  process.env['TRELLIS_CACHE_DIR'] = join(root, 'cache');
  mkdirSync(join(root, 'mibs/below'), { recursive: true });
  writeFileSync(join(root, 'mibs/types.txt'), TYPES);
  writeFileSync(join(root, 'mibs/below/anything.mib'), HOUSE);
});
afterEach(() => {
  if (cache === undefined) delete process.env['TRELLIS_CACHE_DIR'];
  else process.env['TRELLIS_CACHE_DIR'] = cache;
  rmSync(root, { recursive: true, force: true });
});

function start(mibPaths: readonly string[]): Promise<Agent> {
  return startAgent({
    clock: new SimulatedClock(),
    mibPaths,
    access: { communities: { public: { read: { include: ['HOUSE-MIB::house'] } } } },
  });
}

describe('an agent with directories of modules', () => {
  it('finds a module by what its file holds, with its imports and its faults', async () => {
    await using agent = await start([join(root, 'mibs')]);
    await agent.load('HOUSE-MIB', { houseFloor: { get: () => 3 } });
    const client = new SnmpClient((octets) => agent.inject(octets), { community: 'public' });
    expect(values(await client.get([...FLOOR, 0]))).toEqual(['Integer32:3']);
  });

  it('knows names of modules that were never loaded', async () => {
    await using agent = await start([join(root, 'mibs')]);
    expect(agent.oidOf('HOUSE-MIB::houseFloor')).toEqual(FLOOR);
    expect(agent.oidOf('HOUSE-MIB::houseRoof')).toBeUndefined();
    expect(agent.oidOf('GARDEN-MIB::tree')).toBeUndefined();
  });

  it('takes the imports of a text from there too', async () => {
    await using agent = await start([join(root, 'mibs')]);
    const text = HOUSE.replace('NoSuchType', 'Floor').replace(' 7 }', ' 8 }');
    await agent.loadText({ path: 'given', text }, { houseFloor: { get: () => 3 } });
    expect(agent.oidOf('HOUSE-MIB::houseFloor')?.at(-2)).toBe(8);
  });

  it('says which modules are like one that is none', async () => {
    await using agent = await start([join(root, 'mibs')]);
    await expect(agent.load('HOUS-MIB', {})).rejects.toMatchObject({
      code: 'SNMP_MIB_UNKNOWN',
      message: expect.stringContaining('did you mean HOUSE-MIB') as string,
    });
  });

  it('does not start where one of them is not there', async () => {
    await expect(start([join(root, 'nowhere')])).rejects.toMatchObject({
      code: 'SNMP_MIB_DIRECTORY',
    });
  });
});
