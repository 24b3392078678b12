/** Loads one module and tells how long that took: `load-module.mjs DIRECTORY CACHE MODULE`. */
import { ModuleFinder } from '../../dist/src/mib/index.js';

const [directory = '', cache = '', name = ''] = process.argv.slice(2);
const startedMs = performance.now();
const cpu = process.cpuUsage();
const { mib } = new ModuleFinder({ directories: [directory], cache }).load([name]);
const { user, system } = process.cpuUsage(cpu);
const wallMs = performance.now() - startedMs;
if (!mib.modules.has(name)) throw new Error(`no ${name}`);
console.log(JSON.stringify({ wallMs, cpuMs: (user + system) / 1000 }));
