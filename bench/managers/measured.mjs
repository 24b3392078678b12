/**
 * A manager at work in a process of its own: so many requests under way at once, warmed up, then
 * counted for a while. Prints what it counted as one line of JSON.
 *
 * Guards the decision that every manager is driven by the same loop, through callbacks: what a
 * promise costs is paid by the manager that gives promises.
 *
 * @typedef {object} Client
 * @property {(done: (isGood: boolean) => void) => void} get one GET of one variable
 * @property {(varbind: () => void, done: (isGood: boolean) => void) => void} walk one whole table
 * @property {() => void} close
 */

const WARM_VARBINDS = { get: 20_000, walk: 300_000 };

/** @param {(port: number, window: number) => Client} open */
export function measured(open) {
  const [port = 0, window = 0, warmupMs = 0, measureMs = 0, expected = 0] = process.argv
    .slice(3)
    .map(Number);
  const work = process.argv[2] === 'walk' ? 'walk' : 'get';
  const client = open(port, window);
  let [requests, varbinds, errors] = [0, 0, 0];
  let isOver = false;
  const begunMs = performance.now();

  const get = () => {
    if (isOver) return;
    client.get((isGood) => {
      requests += 1;
      varbinds += 1;
      if (!isGood) errors += 1;
      get();
    });
  };
  const walk = () => {
    let seen = 0;
    client.walk(
      () => {
        seen += 1;
        varbinds += 1;
      },
      (isGood) => {
        if (isOver) return;
        requests += 1;
        if (!isGood || seen !== expected) errors += 1;
        walk();
      },
    );
  };
  for (let i = 0; i < window; i += 1) (work === 'walk' ? walk : get)();

  const count = () => {
    const before = { requests, varbinds };
    const cpuBefore = process.cpuUsage();
    const startedMs = performance.now();
    setTimeout(() => {
      isOver = true;
      const { user, system } = process.cpuUsage(cpuBefore);
      const counts = {
        elapsedMs: performance.now() - startedMs,
        requests: requests - before.requests,
        varbinds: varbinds - before.varbinds,
        cpuMicros: user + system,
        errors,
      };
      console.log(`counts ${JSON.stringify(counts)}`);
      client.close();
      // A walk that was left half way has nothing more to say.
      setTimeout(() => process.exit(0), 100).unref();
    }, measureMs);
  };
  // Compiled when it has run so often, however little of the machine it got meanwhile.
  const warm = setInterval(() => {
    if (performance.now() - begunMs < warmupMs || varbinds < WARM_VARBINDS[work]) return;
    clearInterval(warm);
    count();
  }, 50);
}
