import { describe, expect, it } from 'vitest';
import { AccessControl } from '../../../src/access-control.js';
import { Contexts } from '../../../src/agent/index.js';
import { silentLogger } from '../../../src/base/index.js';
import { compileMibs, type MibModule } from '../../../src/mib/index.js';
import { MibLibrary } from '../../../src/mib-library.js';
import type { Principal } from '../../../src/security/index.js';

const TEXT = `OPEN-MIB DEFINITIONS ::= BEGIN
  IMPORTS OBJECT-TYPE, enterprises, Integer32 FROM SNMPv2-SMI;
  openThings OBJECT IDENTIFIER ::= { enterprises 32473 77 }
  openOne OBJECT-TYPE SYNTAX Integer32 MAX-ACCESS read-write STATUS current
    DESCRIPTION "One." ::= { openThings 1 }
  openTwo OBJECT-TYPE SYNTAX Integer32 MAX-ACCESS read-write STATUS current
    DESCRIPTION "Two." ::= { openThings 2 }
END`;

const ENGINE_ID = Uint8Array.of(0x80, 0, 0, 0, 5, 1);
const ONE = [1, 3, 6, 1, 4, 1, 32473, 77, 1, 0];
const TWO = [1, 3, 6, 1, 4, 1, 32473, 77, 2, 0];

function openModule(): MibModule {
  const module = compileMibs([{ path: 'OPEN-MIB', text: TEXT }]).mib.modules.get('OPEN-MIB');
  if (module === undefined) throw new Error('the text holds OPEN-MIB');
  return module;
}

const control = new AccessControl(
  { communities: { some: { read: { include: ['openThings'], exclude: ['OPEN-MIB::openTwo'] } } } },
  ENGINE_ID,
  new Contexts(),
  silentLogger,
);
const viewNow = (library: MibLibrary): Principal | undefined => {
  control.resolve(library);
  return control.identify(Buffer.from('some'), 'v2c', { address: '192.0.2.1', port: 1 })?.principal;
};

describe('who is told what', () => {
  const NOBODY = { version: 'v3', user: 'eve', level: 'noAuthNoPriv' } as const;
  const at = (contextName: string) => ({ ...NOBODY, contextName: Buffer.from(contextName) });

  it('is up to the program for a user that is not here, in whatever context [RFC 3413 3.3]', () => {
    const own = new AccessControl({}, ENGINE_ID, new Contexts(), silentLogger);
    expect(own.mayTell(at(''), [ONE])).toBe(true);
    expect(own.mayTell(at('of another'), [ONE])).toBe(true);
  });

  it('is nothing for one that is here and has no group, or in a context that is not there', () => {
    const own = new AccessControl(
      { users: [{ name: 'ann', read: 'all' }] },
      ENGINE_ID,
      new Contexts(),
      silentLogger,
    );
    own.resolve(new MibLibrary());
    own.users.put({ name: 'eve' });
    expect(own.mayTell(at(''), [ONE])).toBe(false);
    expect(own.mayTell({ ...at(''), user: 'ann' }, [ONE])).toBe(true);
    expect(own.mayTell({ ...at('of another'), user: 'ann' }, [ONE])).toBe(false);
  });
});

describe('communities that share a securityName', () => {
  it('have no rights of one another: a group is no view, though it be called alike', () => {
    const both = (): AccessControl =>
      new AccessControl(
        {
          communities: {
            keeper: { group: 'all', securityName: 'shared' },
            guest: { read: 'all', securityName: 'shared' },
          },
          groups: { all: [{ read: 'all', write: 'all' }] },
        },
        ENGINE_ID,
        new Contexts(),
        silentLogger,
      );
    expect(both).toThrowError(expect.objectContaining({ code: 'SNMP_ACCESS_DUPLICATE' }));
  });
});

describe('a group of users that have keys', () => {
  const withLevel = (level: { level?: 'noAuthNoPriv' | 'authNoPriv' }): (() => AccessControl) => {
    const user = {
      name: 'ann',
      auth: 'sha1',
      authPassword: 'password of ann',
      group: 'ops',
    } as const;
    const groups = {
      ops: [{ model: 'v2c', read: 'all' } as const, { read: 'all', ...level } as const],
    };
    return () =>
      new AccessControl({ users: [user], groups }, ENGINE_ID, new Contexts(), silentLogger);
  };

  it('says at which level they are let in: without keys nobody is by default', () => {
    expect(withLevel({})).toThrowError(
      expect.objectContaining({
        code: 'SNMP_OPTION_INVALID',
        message: expect.stringContaining('access.groups.ops[1].level') as string,
      }),
    );
    expect(withLevel({ level: 'authNoPriv' })).not.toThrow();
    expect(withLevel({ level: 'noAuthNoPriv' })).not.toThrow();
  });
});

describe('views that name parts of modules', () => {
  it('show nothing while a name that they exclude is not known', () => {
    const principal = viewNow(new MibLibrary());
    expect(principal?.readView?.isEmpty).toBe(true);
    expect(principal?.readView?.includes(ONE)).toBe(false);
  });

  it('know the descriptors of a module that was compiled elsewhere', () => {
    const library = new MibLibrary();
    library.learn(openModule());
    const principal = viewNow(library);
    expect(principal?.readView?.includes(ONE)).toBe(true);
    expect(principal?.readView?.includes(TWO)).toBe(false);
  });

  it('stand for a securityName that does not show the community', () => {
    expect(JSON.stringify(viewNow(new MibLibrary()))).not.toContain('some');
  });
});
