import { describe, expect, it } from 'vitest';
import {
  ALL_VIEW,
  CommunityTable,
  MibView,
  type CommunityEntry,
} from '../../../src/security/index.js';

const included = (...subtree: number[]): { subtree: number[]; included: boolean } => ({
  subtree,
  included: true,
});
const excluded = (...subtree: number[]): { subtree: number[]; included: boolean } => ({
  subtree,
  included: false,
});

describe('MibView', () => {
  it('of everything includes everything', () => {
    expect(ALL_VIEW.isAll).toBe(true);
    expect(ALL_VIEW.isEmpty).toBe(false);
    expect(ALL_VIEW.includes([])).toBe(true);
    expect(ALL_VIEW.includes([2, 4_294_967_295])).toBe(true);
    expect(ALL_VIEW.overlaps([1])).toBe(true);
  });

  it('of nothing is empty', () => {
    for (const view of [
      new MibView([]),
      new MibView([excluded(1)]),
      new MibView([included(1), excluded(1)]),
    ]) {
      expect(view.isEmpty).toBe(true);
      expect(view.isAll).toBe(false);
      expect(view.includes([1])).toBe(false);
      expect(view.nextVisible([0])).toBeUndefined();
      expect(view.overlaps([])).toBe(false);
    }
  });

  it('reaches to the end of the tree where the last sub-identifier is the largest', () => {
    const view = new MibView([included(1, 4_294_967_295)]);
    expect(view.includes([1, 4_294_967_295])).toBe(true);
    expect(view.includes([1, 4_294_967_295, 4_294_967_295])).toBe(true);
    expect(view.includes([1, 4_294_967_294])).toBe(false);
    expect(view.includes([2])).toBe(false);
  });

  it('says where a search goes on', () => {
    const view = new MibView([
      included(1, 3),
      excluded(1, 3, 5),
      included(1, 3, 5, 7),
      included(2),
    ]);
    expect(view.nextVisible([1, 2])).toEqual([1, 3]);
    expect(view.nextVisible([1, 3, 5])).toEqual([1, 3, 5, 7]);
    expect(view.nextVisible([1, 3, 5, 8])).toEqual([1, 3, 6]);
    expect(view.nextVisible([1, 4])).toEqual([2]);
    expect(view.nextVisible([3])).toBeUndefined();
  });

  it('is the later family where two name the same subtree', () => {
    expect(new MibView([included(1), excluded(1)]).includes([1])).toBe(false);
    expect(new MibView([excluded(1), included(1)]).includes([1])).toBe(true);
  });
});

describe('CommunityTable', () => {
  const NOWHERE = { address: '192.0.2.1', port: 1 };

  it('knows a community by its very octets [ENC-046, ENC-047]', () => {
    const table = new CommunityTable(
      { communities: [entry('secret', 'one'), entry('sécret', 'two')], addresses: [] },
      ({ securityName }) => ({ principal: { securityName }, contextName: '' }),
    );
    const nameOf = (community: string): string | undefined =>
      table.identify(Buffer.from(community), 'v2c', NOWHERE)?.principal.securityName;
    expect(nameOf('secret')).toBe('one');
    expect(nameOf('sécret')).toBe('two');
    for (const other of [
      'Secret',
      'secret\0',
      'secre',
      'secrets',
      '',
      's\u00e9cret'.normalize('NFD'),
    ]) {
      expect(nameOf(other)).toBeUndefined();
    }
    const latin1 = Buffer.from('s\u00e9cret', 'latin1');
    expect(table.identify(latin1, 'v2c', NOWHERE)).toBeUndefined();
  });
});

function entry(community: string, securityName: string): CommunityEntry {
  return {
    community: Buffer.from(community),
    securityName,
    contextName: '',
    transportTag: '',
  };
}
