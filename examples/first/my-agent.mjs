// my-agent.mjs
import { defineAgent, scalar, table, SetError } from 'trellis-snmp';

let setpoint = 20;
const readSensor = () => setpoint + Math.round(Math.random());

export default defineAgent({
  access: { communities: { public: 'read', private: 'write' } },
  mibs: [new URL('./MY-MIB.mib', import.meta.url)],
  async start(agent) {
    await agent.load('MY-MIB', {
      supervise: { restart: 'permanent', intensity: 5, periodMs: 60_000 },
      temperature: { get: () => readSensor() }, // may be async, may throw: the manager gets genErr
      setpoint: {
        get: () => setpoint,
        isSetOk: (value) => (value <= 80 ? 'noError' : 'inconsistentValue'), // phase one: a vote
        set: (value) => {
          setpoint = value;
          return 'noError';
        }, // phase two
        restore: true, // the runtime sets the old value back if another part fails
      },
      location: scalar.stored({ value: 'lab' }), // kept by the runtime
      alarmTable: table.stored({
        // rows, RowStatus, StorageType, DEFVAL, rollback: the runtime's
        isSetOk(changes) {
          if (changes.length > 10) throw new SetError('resourceUnavailable', 'alarmStatus');
        },
      }),
    });
  },
});
