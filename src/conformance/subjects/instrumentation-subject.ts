import { startAgent, type MibText, type SubtreeDefinition } from '../../index.js';
import type { Subject } from '../subject.js';
import { inProcessSubject, type InProcessOptions } from './in-process-subject.js';
import { knownMib } from './known-mib.js';

const COMMUNITY = 'conformance';

export interface InstrumentationOptions extends Pick<
  InProcessOptions,
  'version' | 'sabotage' | 'timeoutMs' | 'clock'
> {
  /** The module of the objects. */
  readonly mib: MibText;
  /** Modules that it imports, besides those that come with the package. */
  readonly imports?: readonly MibText[];
  /** The instrumentation, as `agent.load` takes it. */
  readonly subtrees: SubtreeDefinition | readonly SubtreeDefinition[];
}

/**
 * Instrumentation as a subject: it is loaded into an agent of its own, which listens to nobody and
 * is stopped by `close`. Each subtree is restarted in the property about crashes.
 *
 * @throws SnmpError SNMP_MIB_*, SNMP_LOAD_*, SNMP_SUBTREE_START.
 */
export async function instrumentationSubject(options: InstrumentationOptions): Promise<Subject> {
  const { mib: text, imports = [], subtrees } = options;
  const mibs = [text, ...imports];
  const [module] = knownMib(mibs).modules.keys();
  const list = (Array.isArray(subtrees) ? subtrees : [subtrees]) as readonly SubtreeDefinition[];
  const agent = await startAgent({
    access: { communities: { [COMMUNITY]: 'write' } },
    mibs,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  });
  try {
    await agent.load(module ?? '', list);
    const subject = await inProcessSubject(agent, {
      ...options,
      mibs,
      community: COMMUNITY,
      restart: list.map(({ name, subtree }) => name ?? subtree ?? module ?? ''),
    });
    return Object.assign(subject, { close: () => agent.stop() });
  } catch (error) {
    await agent.stop();
    throw error;
  }
}
