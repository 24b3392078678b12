import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../../src/base/index.js';
import { dateAndTime, readSystem, readSystemDefaults } from '../../../src/host/index.js';
import { changeSource, fixtureSource, withTexts } from './fixture-source.js';

const clock = new SimulatedClock();
const machine = fixtureSource('machine');

function utmp(recordOctets: number, types: readonly number[]): Uint8Array {
  const octets = new Uint8Array(recordOctets * types.length).fill(0x7a);
  const view = new DataView(octets.buffer);
  types.forEach((type, record) => view.setInt16(record * recordOctets, type, true));
  return octets;
}

describe('readSystem', () => {
  it('reads the hrSystem group [RFC 2790]', async () => {
    const { hrSystemDate, ...others } = await readSystem(machine, clock);
    expect(others).toEqual({
      hrSystemUptime: 92760,
      hrSystemInitialLoadParameters: 'root=/dev/vda quiet console=ttyS0',
      hrSystemNumUsers: 1,
      hrSystemProcesses: 9,
      hrSystemMaxProcesses: 192731,
    });
    expect(hrSystemDate).toHaveLength(11);
  });

  it('wraps the uptime after 497 days, as TimeTicks do', async () => {
    const source = withTexts(machine, { '/proc/uptime': '42949672.97 1.00\n' });
    expect((await readSystem(source, clock)).hrSystemUptime).toBe(1);
  });

  it('cuts the boot parameters to 128 octets, at a whole character', async () => {
    const source = withTexts(machine, { '/proc/cmdline': `${'x'.repeat(127)}ö` });
    const { hrSystemInitialLoadParameters } = await readSystem(source, clock);
    expect(hrSystemInitialLoadParameters).toBe('x'.repeat(127));
  });

  it.each([384, 400])('counts the logins in utmp records of %i octets', async (recordOctets) => {
    const source = changeSource(machine, {
      readBytes: async (path) =>
        path === '/run/utmp' ? utmp(recordOctets, [2, 1, 7, 8, 7]) : undefined,
    });
    expect((await readSystem(source, clock)).hrSystemNumUsers).toBe(2);
  });

  it('knows uptime and its own process where there is no /proc', async () => {
    expect(await readSystem(fixtureSource('nothing'), clock)).toMatchObject({
      hrSystemUptime: 1250,
      hrSystemInitialLoadParameters: '',
      hrSystemNumUsers: 0,
      hrSystemProcesses: 1,
      hrSystemMaxProcesses: 0,
    });
  });
});

describe('dateAndTime', () => {
  it('writes local time, deciseconds and the zone [RFC 2579 DateAndTime]', () => {
    const wallTimeMs = Date.UTC(1992, 4, 26, 17, 30, 15, 199);
    expect([...dateAndTime(wallTimeMs, -240)]).toEqual([7, 200, 5, 26, 13, 30, 15, 1, 0x2d, 4, 0]);
  });

  it('carries the date over midnight in a zone of half hours', () => {
    const wallTimeMs = Date.UTC(1999, 11, 31, 20, 0, 0);
    expect([...dateAndTime(wallTimeMs, 330)]).toEqual([7, 208, 1, 1, 1, 30, 0, 0, 0x2b, 5, 30]);
  });
});

describe('readSystemDefaults', () => {
  it('describes the machine as uname does', () => {
    expect(readSystemDefaults(machine)).toEqual({
      sysDescr: 'Linux still 6.1.0 #1 SMP x86_64',
      sysName: 'still',
      sysContact: '',
      sysLocation: '',
      sysServices: 72,
    });
  });
});
