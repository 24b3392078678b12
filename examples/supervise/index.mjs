// Supervises a worker that fails now and then, watches it come back, then lets it fail for good.
// Run: npm run build && node examples/supervise/index.mjs
import { Supervisor, startTask } from 'trellis-snmp/supervisors';

const say = (line) => process.stdout.write(`${line}\n`);

/** What makes the current incarnation fail. */
let breakIt;

/** A task works until its signal is aborted; when it rejects, it has crashed. */
const flaky = () =>
  startTask(
    (signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => resolve());
        breakIt = () => reject(new Error('sensor lost'));
      }),
  );

const steady = () =>
  startTask(
    (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
  );

const supervisor = await Supervisor.start({
  name: 'plant',
  strategy: 'oneForOne',
  intensity: 2,
  periodMs: 5000,
  children: [
    { id: 'steady', start: steady },
    { id: 'flaky', start: flaky },
  ],
});

const { events } = supervisor;
events.on('child:exited', ({ id, incarnation, reason }) =>
  say(`${id} #${incarnation} exited: ${reason.kind}`),
);
events.on('child:restarted', ({ id, incarnation, durationMs }) =>
  say(`${id} #${incarnation} is back after ${durationMs.toFixed(3)} ms`),
);
events.on('supervisor:given-up', ({ childId, restarts, periodMs }) =>
  say(`${childId} failed ${restarts} times within ${periodMs} ms: giving up`),
);
const ended = new Promise((resolve) => supervisor.onExit(resolve));

for (let crash = 1; crash <= 3; crash += 1) {
  breakIt();
  await new Promise((resolve) => setImmediate(resolve));
}

say(`supervisor exited: ${(await ended).kind}`);
say(JSON.stringify(supervisor.tree(), null, 2));
