import { systemClock, type Clock } from '../base/index.js';
import { openHostSource, readSystemDefaults, type HostSource } from '../host/index.js';
import { defineAgent, type AgentDefinition } from '../index.js';
import { hostResourcesSubtrees } from './host-resources.js';
import { interfacesSubtree } from './interfaces.js';
import { MachineReadings } from './machine-readings.js';

/** @internal What tests put in place of the machine. */
interface HostAgentOptions {
  readonly source?: HostSource;
  readonly clock?: Clock;
}

/**
 * This machine: the system group (contact, name and location may be written), its interfaces, its
 * storage, devices and processes. No community and no address: whoever starts it opens it.
 */
export function hostAgent(options: HostAgentOptions = {}): AgentDefinition {
  const { source = openHostSource(), clock = systemClock } = options;
  const { sysDescr, sysName, sysContact, sysLocation, sysServices } = readSystemDefaults(source);
  return defineAgent({
    clock,
    system: {
      description: sysDescr,
      name: sysName,
      contact: sysContact,
      location: sysLocation,
      services: sysServices,
    },
    async start(agent) {
      const readings = new MachineReadings(source, clock, () => agent.upTimeCentiseconds);
      await readings.begin();
      await agent.load('IF-MIB', interfacesSubtree(readings));
      await agent.load('HOST-RESOURCES-MIB', hostResourcesSubtrees(readings));
    },
  });
}
