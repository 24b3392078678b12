import { describe, expect, it } from 'vitest';
import { Child } from '../support/child.js';
import { agentPackage, managerPackage, mibPackage, supervisorsPackage } from './built-package.js';

describe('the built package', () => {
  it('has its doors', () => {
    expect(agentPackage.startAgent).toBeTypeOf('function');
    expect(agentPackage.defineAgent).toBeTypeOf('function');
    expect(supervisorsPackage.Supervisor).toBeTypeOf('function');
    expect(mibPackage.compileMibs).toBeTypeOf('function');
    expect(managerPackage.Manager).toBeTypeOf('function');
  });

  it('shows nothing of its insides', async () => {
    const child = new Child([
      '--input-type=module',
      '-e',
      `await import('trellis-snmp/dist/src/agent-runtime.js').then(
         () => console.log('open'), (error) => console.log(error.code));`,
    ]);
    expect(await child.exit()).toBe(0);
    expect(child.output.trim()).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });
});

describe('an agent that has stopped', () => {
  it('leaves no handle open: the process ends by itself, with nothing to say', async () => {
    const child = new Child([
      '--input-type=module',
      '-e',
      `import { startAgent } from 'trellis-snmp';
       for (let i = 0; i < 3; i++) {
         const agent = await startAgent({
           listen: ['udp://127.0.0.1:0', 'udp://[::1]:0'],
           access: { communities: { public: 'read' } },
         });
         await agent.stop();
         await agent.stop();
         console.log(await agent.stopped);
       }`,
    ]);
    expect(await child.exit()).toBe(0);
    expect(child.output).toBe('stop\nstop\nstop\n');
  });

  it('that could not start leaves none either', async () => {
    const child = new Child([
      '--input-type=module',
      '-e',
      `import { startAgent } from 'trellis-snmp';
       await startAgent({ listen: ['udp://127.0.0.1:0', 'udp://192.0.2.1:0'] }).catch((error) =>
         console.log(error.code, error.cause?.code, error.cause?.cause?.code, error.cause?.cause?.cause?.code),
       );`,
    ]);
    expect(await child.exit()).toBe(0);
    expect(child.output).toContain('SNMP_LISTEN_FAILED');
  });
});
