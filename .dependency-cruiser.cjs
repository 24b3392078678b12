/**
 * The floors of the house: an import goes strictly down, and through a room's door (`index.ts`).
 * The order of the table is the order of the floors; rooms on one floor do not see each other.
 */
const FLOORS = [
  ['src/base'],
  ['src/ber', 'supervisors/otp'],
  ['src/smi'],
  ['src/message', 'src/mib', 'src/transport', 'src/host'],
  ['src/security', 'src/instrumentation'],
  ['src/dispatch', 'src/set'],
  ['src/subtree', 'src/store'],
  ['src/agent', 'src/notify', 'src/manager'],
  ['supervisors/trees'],
  ['src/FRONT'],
  ['src/host-agent', 'src/conformance', 'src/config'],
  ['src/cli'],
];

/** The front door and the composition root: the files that lie in `src` itself. */
const pattern = (room) => (room === 'src/FRONT' ? '^src/[^/]+\\.ts$' : `^${room}/`);
const published = '^supervisors/index\\.ts$';

const rooms = FLOORS.flat();
const floorOf = new Map(FLOORS.flatMap((floor, height) => floor.map((room) => [room, height])));

const notBelow = (room) =>
  rooms.filter((other) => other !== room && floorOf.get(other) >= floorOf.get(room));

const downOnly = rooms
  .filter((room) => notBelow(room).length > 0)
  .map((room) => ({
    name: `down-only-${room.replaceAll('/', '-')}`,
    comment: `${room} imports lower floors only`,
    severity: 'error',
    from: { path: pattern(room) },
    to: { path: notBelow(room).map(pattern) },
  }));

const throughTheDoor = rooms
  .filter((room) => room !== 'src/FRONT')
  .map((room) => ({
    name: `through-the-door-of-${room.replaceAll('/', '-')}`,
    comment: `${room} is entered by its index.ts`,
    severity: 'error',
    from: { pathNot: pattern(room) },
    to: { path: pattern(room), pathNot: `^${room}/index\\.ts$` },
  }));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...downOnly,
    ...throughTheDoor,
    {
      name: 'front-door-for-those-who-live-outside',
      comment: 'the host agent and the command line use the agent as everybody does',
      severity: 'error',
      from: { path: ['^src/host-agent/', '^src/conformance/', '^src/config/', '^src/cli/'] },
      to: {
        path: pattern('src/FRONT'),
        pathNot: '^src/index\\.ts$',
      },
    },
    {
      name: 'supervisors-know-no-snmp',
      comment: 'the kernel is generic: base and xstate only',
      severity: 'error',
      from: { path: '^supervisors/(otp/|index\\.ts$)' },
      to: { path: '^src/', pathNot: '^src/base/' },
    },
    {
      name: 'rooms-know-no-tree',
      comment: 'only the front floor knows who keeps what alive',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: '^src/(host-agent|conformance|config|cli)/' },
      to: { path: ['^supervisors/trees/', published] },
    },
    {
      name: 'xstate-where-there-are-charts',
      severity: 'error',
      from: { pathNot: ['^supervisors/otp/', '^src/(set|subtree|agent)/'] },
      to: { path: 'node_modules/xstate' },
    },
    {
      name: 'one-emitter',
      comment: 'a bare emitter lets a throwing listener hit the one who emits',
      severity: 'error',
      from: { pathNot: '^src/base/' },
      to: { path: 'node_modules/eventemitter3' },
    },
    {
      name: 'fast-check-in-the-kit',
      severity: 'error',
      from: { path: '^(src|supervisors)/', pathNot: '^src/conformance/' },
      to: { path: 'node_modules/fast-check' },
    },
    {
      name: 'valibot-where-configurations-are-read',
      comment: 'whoever starts an agent by its options alone does not pay for it',
      severity: 'error',
      from: { path: '^(src|supervisors)/', pathNot: '^src/config/' },
      to: { path: 'node_modules/valibot' },
    },
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-development-package',
      severity: 'error',
      from: { path: '^(src|supervisors)/' },
      // fast-check is an optional peer, needed by the conformance kit alone.
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['npm-peer'],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'] },
  },
};
