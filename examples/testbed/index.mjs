// The testbed agent: objects whose instrumentation behaves, or misbehaves, in documented ways
// (README.md beside this file), for trying a manager, a peer or a benchmark against. Its
// communities and passwords are known to everybody, and meant to be.
import { defineAgent, scalar, table } from 'trellis-snmp';
import { bigObjects } from './big.mjs';
import { faultSubtree } from './faults.mjs';
import { readObjects } from './reads.mjs';
import { scriptTable } from './scripts.mjs';
import { traceObjects } from './trace.mjs';

const supervise = { intensity: 1000, periodMs: 10_000 };
const deadlines = { getMs: 500, setMs: 300 };

const scalars = {
  tbInteger: scalar.stored(),
  tbRanges: scalar.stored(),
  tbString: scalar.stored(),
  tbEnum: scalar.stored(),
  tbBits: scalar.stored(),
  tbOid: scalar.stored(),
  tbAddress: scalar.stored(),
  tbGauge: scalar.stored(),
  tbTicks: scalar.stored(),
  tbOpaque: scalar.stored(),
  tbHinted: scalar.stored(),
  tbCounter: { get: () => 4_294_967_295 },
  tbCounter64: { get: () => 18_446_744_073_709_551_615n },
  tbLock: scalar.stored(),
  tbWhen: scalar.stored(),
};

/** Rows made and destroyed by managers; tbRowHits counts how often tbRowText was written. */
const rowTable = table.stored({
  rowStatus: { frozenWhileActive: ['tbRowValue'] },
  permanentRefusal: 'inconsistentValue',
  derive: (change) =>
    change.written.includes('tbRowText')
      ? { tbRowHits: (change.before?.tbRowHits ?? 0n) + 1n }
      : undefined,
});

const subtrees = [
  { subtree: 'tbScalars', ...scalars },
  { subtree: 'tbReads', ...readObjects },
  faultSubtree('A'),
  faultSubtree('B'),
  faultSubtree('C'),
  { subtree: 'tbRowTable', tbRowTable: rowTable },
  { subtree: 'tbScriptTable', tbScriptTable: scriptTable() },
  { name: 'tbBigTable', ...bigObjects },
  { subtree: 'tbTrace', ...traceObjects },
];

/**
 * Writing n sends tbAlarm n times, to the targets of `--notify`, once the SET is committed: a
 * notification cannot be taken back. It always reads 0.
 */
function alarmSubtree(agent) {
  const tbSendAlarm = scalar.stored({ value: 0, durable: false });
  tbSendAlarm.on('change', (count) => {
    tbSendAlarm.set(0);
    const { tbInteger, tbString } = scalars;
    for (let tbSecret = 1; tbSecret <= count; tbSecret++) {
      void agent.notify('tbAlarm', {
        tbInteger: tbInteger.value,
        tbString: tbString.value,
        tbSecret,
      });
    }
  });
  return { subtree: 'tbNotify', tbSendAlarm };
}

/** The users of SNMPv3; of AES-256 both key extensions come to the same with SHA-512. */
const users = [
  { name: 'nobody', read: { include: ['tbScalars'] } },
  { name: 'reader', auth: 'sha256', authPassword: 'auth-reader-pass', read: 'all' },
  {
    name: 'writer',
    auth: 'sha256',
    authPassword: 'auth-writer-pass',
    priv: 'aes128',
    privPassword: 'priv-writer-pass',
    write: 'all',
  },
  {
    name: 'legacy',
    auth: 'md5',
    authPassword: 'auth-legacy-pass',
    priv: 'des',
    privPassword: 'priv-legacy-pass',
    write: 'all',
  },
  {
    name: 'strong',
    auth: 'sha512',
    authPassword: 'auth-strong-pass',
    priv: 'aes256c',
    privPassword: 'priv-strong-pass',
    write: 'all',
  },
];

export default defineAgent({
  access: {
    users,
    communities: {
      public: 'read',
      private: 'write',
      partial: {
        read: { include: ['tbScalars', 'tbFaultA'] },
        write: { include: ['tbScalars', 'tbFaultA'], exclude: ['tbA2'] },
      },
    },
  },
  mibs: [new URL('./TRELLIS-TESTBED-MIB.mib', import.meta.url)],
  async start(agent) {
    await agent.load(
      'TRELLIS-TESTBED-MIB',
      [...subtrees, alarmSubtree(agent)].map((subtree) => ({ supervise, deadlines, ...subtree })),
    );
  },
});
