import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SnmpError } from '../../../src/base/index.js';
import { startAgent, type AgentOptions } from '../../../src/index.js';
import { exportState, importState, StateStore } from '../../../src/store/index.js';
import { systemClock } from '../../../src/base/index.js';
import { SnmpClient, values } from '../../support/snmp-client.js';

let folder: string;
let directory: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-engine-'));
  directory = join(folder, 'state');
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** snmpEngineID and snmpEngineBoots of an agent that is started and stopped again. */
async function life(options: AgentOptions = {}, state = directory): Promise<readonly string[]> {
  await using agent = await startAgent({
    state,
    access: { communities: { public: 'read' } },
    ...options,
  });
  const client = new SnmpClient((octets) => agent.inject(octets), { community: 'public' });
  return values(await client.get('1.3.6.1.6.3.10.2.1.1.0', '1.3.6.1.6.3.10.2.1.2.0'));
}

describe('an engine with a state', () => {
  it('keeps its ID, and counts how often it began [USM-051, ENG-012]', async () => {
    const [id, boots] = await life();
    expect(id).toMatch(/^OctetString:80007ed905[\da-f]{24}$/);
    expect(boots).toBe('Integer32:1');
    expect(await life()).toEqual([id, 'Integer32:2']);
    expect(await life()).toEqual([id, 'Integer32:3']);
  });

  it('has the ID that it is given, and goes on counting [ENG-010]', async () => {
    const [own] = await life();
    const given = '80007ed90474726c';
    expect(await life({ engine: { id: given } })).toEqual([`OctetString:${given}`, 'Integer32:2']);
    expect(await life({ engine: { boots: 77 } })).toEqual([own, 'Integer32:77']);
    expect(await life()).toEqual([own, 'Integer32:4']);
  });

  it('takes both along where the state is exported and imported', async () => {
    const [id] = await life();
    const from = await StateStore.open(directory, systemClock, 'look');
    const exported: unknown = JSON.parse(JSON.stringify(exportState(from)));
    await from.close();
    const copy = join(folder, 'copy');
    const to = await StateStore.open(copy, systemClock, 'agent');
    await importState(to, exported);
    await to.close();
    expect(await life({}, copy)).toEqual([id, 'Integer32:2']);
  });

  it('does not begin without it: not where it is damaged, nor where the ID cannot be kept [USM-052]', async () => {
    await life();
    for (const file of readdirSync(directory)) {
      if (file.endsWith('.mdb')) writeFileSync(join(directory, file), 'no database');
    }
    await expect(life()).rejects.toMatchObject({ code: expect.stringMatching(/^SNMP_STATE_/) });
    const failure = new SnmpError('SNMP_STATE_WRITE', 'no space left');
    vi.spyOn(StateStore.prototype, 'commit').mockRejectedValue(failure);
    await expect(life({}, join(folder, 'another'))).rejects.toBe(failure);
  });

  it('frees the state where it is refused for another reason', async () => {
    await expect(life({ engine: { id: 'nonsense' } })).rejects.toMatchObject({
      code: 'SNMP_ENGINE_ID_INVALID',
    });
    expect(await life()).toHaveLength(2);
  });
});
