import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import type { Oid } from '../../../src/smi/index.js';
import type { Agent } from '../../../src/agent.js';
import { startAgent } from '../../../src/start-agent.js';
import { StateStore } from '../../../src/store/index.js';
import { storedScalars } from '../../support/conf-agent.js';
import { mibText } from '../../support/mib-fixtures.js';
import { integer, octets, SnmpClient, status, statusPdu } from '../../support/snmp-client.js';

const ALL = { include: ['1.3'] };
const CREATE_AND_GO = integer(4);
const DESTROY = integer(6);
const SYS_DESCR: Oid = [1, 3, 6, 1, 2, 1, 1, 1, 0];

it('an import restores who may ask what from the next request on, and leaves what is configured', async () => {
  const state = mkdtempSync(join(tmpdir(), 'trellis-administration-'));
  const agent = await startAgent({
    state,
    access: { communities: { root: { write: ALL, securityName: 'root' } } },
  });
  const clientOf = (community: string): SnmpClient =>
    new SnmpClient((message) => agent.inject(message), { community });
  const root = clientOf('root');
  const at = (column: string): Oid => [...(agent.oidOf(column) ?? []), ...Buffer.from('guest')];
  const guest = await root.set(
    [at('snmpCommunityName'), octets('guest')],
    [at('snmpCommunitySecurityName'), octets('root')],
    [at('snmpCommunityStatus'), CREATE_AND_GO],
  );
  expect(status(guest)).toBe('noError/0');
  const before = JSON.parse(JSON.stringify(await agent.exportState())) as unknown;
  expect(status(await clientOf('guest').get(SYS_DESCR))).toBe('noError/0');
  expect(status(await root.set([at('snmpCommunityStatus'), DESTROY]))).toBe('noError/0');
  const nobody = await agent.inject(clientOf('guest').encode(statusPdu('get', [])));
  expect(nobody).toBe(undefined);
  let fail: (error: Error) => void = () => undefined;
  const full = new Promise<void>((_, reject) => {
    fail = reject;
  });
  const failing = vi.spyOn(StateStore.prototype, 'commit').mockReturnValue(full);
  const lost = expect(agent.importState(before)).rejects.toMatchObject({
    code: 'SNMP_STATE_IMPORT',
  });
  // Views are resolved anew, and who asks is looked up again, while the import is under way.
  await agent.loadText(mibText('CONF-MIB'), { name: 'conf', ...storedScalars() });
  expect(await agent.inject(clientOf('guest').encode(statusPdu('get', [])))).toBe(undefined);
  fail(new Error('the disk is full'));
  await lost;
  failing.mockRestore();
  expect(await agent.inject(clientOf('guest').encode(statusPdu('get', [])))).toBe(undefined);
  await agent.importState(before);
  expect(status(await clientOf('guest').get(SYS_DESCR))).toBe('noError/0');
  expect(status(await root.get(SYS_DESCR))).toBe('noError/0');
  await agent.stop();
  rmSync(state, { recursive: true });
});

it('a community that is for contexts of another engine opens none here [RFC 3584 5.2.1]', async () => {
  const state = mkdtempSync(join(tmpdir(), 'trellis-administration-'));
  const options = {
    state,
    access: { communities: { root: { write: ALL, securityName: 'root' } } },
  };
  const get = async (agent: Agent, community: string): Promise<boolean> => {
    const client = new SnmpClient((message) => agent.inject(message), { community });
    return (await agent.inject(client.encode(statusPdu('get', [])))) !== undefined;
  };
  {
    await using agent = await startAgent({ ...options, engine: { id: '80007ed904616161' } });
    const root = new SnmpClient((message) => agent.inject(message), { community: 'root' });
    const at = (column: string): Oid => [...(agent.oidOf(column) ?? []), ...Buffer.from('guest')];
    const made = await root.set(
      [at('snmpCommunityName'), octets('guest')],
      [at('snmpCommunitySecurityName'), octets('root')],
      [at('snmpCommunityStatus'), CREATE_AND_GO],
    );
    expect(status(made)).toBe('noError/0');
    expect([await get(agent, 'guest'), await get(agent, 'root')]).toEqual([true, true]);
  }
  {
    await using agent = await startAgent({ ...options, engine: { id: '80007ed904626262' } });
    expect([await get(agent, 'guest'), await get(agent, 'root')]).toEqual([false, true]);
  }
  rmSync(state, { recursive: true });
});
