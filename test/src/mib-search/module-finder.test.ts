import {
  appendFileSync,
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mibDirectories, ModuleFinder } from '../../../src/mib/index.js';
import { runs } from '../../support/arbitraries.js';
import { codeOf } from '../mib-naming/naming-mib.js';

let root: string;
let mibs: string;
let cache: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'trellis-finder-'));
  mibs = join(root, 'mibs');
  cache = join(root, 'cache');
  mkdirSync(mibs);
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const LONG_AGO = new Date('2020-01-01T00:00:00.5Z');
const textOf = (...names: readonly string[]): string =>
  names
    .map(
      (name) =>
        `${name} DEFINITIONS ::= BEGIN\n${name.toLowerCase()} OBJECT IDENTIFIER ::= { iso 99 }\nEND\n`,
    )
    .join('\n');
/** Times of modification are set back; those of change are the file system's own. */
function write(path: string, text: string, time: Date = LONG_AGO): void {
  writeFileSync(join(mibs, path), text);
  utimesSync(join(mibs, path), time, time);
}
const finder = (...directories: readonly string[]): ModuleFinder =>
  new ModuleFinder({ directories: directories.length > 0 ? directories : [mibs], cache });
const names = (of: ModuleFinder = finder()): readonly string[] =>
  of.names().filter((name) => /^[A-Z]-MIB$/.test(name));
const pathsOf = (name: string, of: ModuleFinder = finder()): readonly string[] =>
  of.locations(name).map(({ path }) => path.slice(mibs.length + 1));
const cacheFiles = (): readonly string[] => {
  try {
    return readdirSync(cache).map((name) => join(cache, name));
  } catch {
    return [];
  }
};

describe('a module finder', () => {
  it('finds modules by what is in the files, whatever they are called', () => {
    write('one.txt', textOf('A-MIB', 'B-MIB'));
    mkdirSync(join(mibs, 'vendor', 'deep'), { recursive: true });
    write('vendor/deep/two', textOf('C-MIB'));
    write('README.txt', textOf('D-MIB'));
    write('.hidden.mib', textOf('E-MIB'));
    write('notes.md', textOf('F-MIB'));
    expect(names()).toEqual(['A-MIB', 'B-MIB', 'C-MIB']);
    expect(pathsOf('B-MIB')).toEqual(['one.txt']);
    expect(String(finder().find('C-MIB')?.text)).toContain('C-MIB DEFINITIONS');
    expect(finder().find('IF-MIB')?.path).toContain('trellis-snmp');
    expect(new ModuleFinder({ cache: false, shipped: false }).find('IF-MIB')).toBeUndefined();
  });

  it('takes directories in their order, and in one the file named after the module', () => {
    const second = join(root, 'second');
    mkdirSync(second);
    writeFileSync(join(second, 'A-MIB.mib'), textOf('A-MIB'));
    writeFileSync(join(second, 'IF-MIB.mib'), textOf('IF-MIB'));
    write('0-old.mib', textOf('A-MIB'));
    write('A-MIB.txt', textOf('A-MIB'));
    write('z.mib', textOf('A-MIB'));
    const paths = finder(mibs, second)
      .locations('A-MIB')
      .map(({ path }) => path.slice(root.length + 1));
    expect(paths).toEqual(['mibs/A-MIB.txt', 'mibs/0-old.mib', 'mibs/z.mib', 'second/A-MIB.mib']);
    // A directory comes before the package.
    expect(finder(mibs, second).find('IF-MIB')?.path).toBe(join(second, 'IF-MIB.mib'));
  });

  it('loads a module with what it imports', () => {
    write('types', 'B-MIB DEFINITIONS ::= BEGIN\nbTop OBJECT IDENTIFIER ::= { iso 99 }\nEND');
    write(
      'x',
      'A-MIB DEFINITIONS ::= BEGIN\nIMPORTS bTop FROM B-MIB;\naTop OBJECT IDENTIFIER ::= { bTop 1 }\nEND',
    );
    const { mib, diagnostics } = finder().load(['A-MIB']);
    expect(diagnostics).toEqual([]);
    expect(mib.find('A-MIB::aTop')?.oid).toEqual([1, 99, 1]);
  });

  it('says what is not there, and what is like it', () => {
    write('a', textOf('A-MIB'));
    expect(codeOf(() => finder().load(['IFMIB']))).toMatch(
      /^SNMP_MIB_UNKNOWN.*did you mean IF-MIB/,
    );
    expect(codeOf(() => finder(join(root, 'none')).names())).toMatch(/^SNMP_MIB_DIRECTORY/);
    expect(codeOf(() => finder(join(mibs, 'a')).names())).toMatch(/^SNMP_MIB_DIRECTORY/);
  });

  it('follows links to files, and none to directories: they may lead in circles', () => {
    write('a', textOf('A-MIB'));
    symlinkSync(mibs, join(mibs, 'circle'));
    symlinkSync(join(root, 'nowhere'), join(mibs, 'dangling'));
    mkdirSync(join(root, 'elsewhere'));
    writeFileSync(join(root, 'elsewhere', 'b'), textOf('B-MIB'));
    symlinkSync(join(root, 'elsewhere', 'b'), join(mibs, 'link'));
    expect(names()).toEqual(['A-MIB', 'B-MIB']);
  });
});

describe('what a finder remembers', () => {
  it('is as good as a new look, after any change', () => {
    write('a', textOf('A-MIB'));
    write('b', textOf('B-MIB'));
    expect(names()).toEqual(['A-MIB', 'B-MIB']);
    write('c', textOf('C-MIB'));
    rmSync(join(mibs, 'a'));
    expect(names()).toEqual(['B-MIB', 'C-MIB']);
    write('b', textOf('D-MIB', 'E-MIB'));
    expect(names()).toEqual(['C-MIB', 'D-MIB', 'E-MIB']);
    renameSync(join(mibs, 'b'), join(mibs, 'x'));
    expect(pathsOf('D-MIB')).toEqual(['x']);
  });

  it('does not trust size and time: a change that keeps both is seen', () => {
    write('a', textOf('A-MIB'));
    expect(names()).toEqual(['A-MIB']);
    const before = statSync(join(mibs, 'a'));
    write('a', textOf('B-MIB'));
    const after = statSync(join(mibs, 'a'));
    expect([after.size, after.mtimeMs]).toEqual([before.size, before.mtimeMs]);
    expect(names()).toEqual(['B-MIB']);
  });

  it('a change right after the look is seen, and one to a file of another name', () => {
    // Within one tick of the file system's clock all stamps may stay the same.
    for (const name of ['A', 'B', 'C', 'D', 'E', 'F']) {
      writeFileSync(join(mibs, 'a'), textOf(`${name}-MIB`));
      expect(names()).toEqual([`${name}-MIB`]);
    }
    writeFileSync(join(root, 'other'), textOf('Z-MIB'));
    rmSync(join(mibs, 'a'));
    linkSync(join(root, 'other'), join(mibs, 'a'));
    expect(names()).toEqual(['Z-MIB']);
  });

  it('a file that was only touched keeps what is known of it', () => {
    write('a', textOf('A-MIB'));
    expect(names()).toEqual(['A-MIB']);
    utimesSync(join(mibs, 'a'), new Date(), new Date());
    expect(names()).toEqual(['A-MIB']);
  });

  it('is per directory, and moves with none', () => {
    write('a', textOf('A-MIB'));
    expect(names()).toEqual(['A-MIB']);
    const moved = join(root, 'moved');
    renameSync(mibs, moved);
    mkdirSync(mibs);
    expect(names()).toEqual([]);
    expect(names(finder(moved))).toEqual(['A-MIB']);
    expect(cacheFiles()).toHaveLength(2);
  });

  it('damage in it is passed over, and put right', () => {
    write('a', textOf('A-MIB'));
    write('b', textOf('B-MIB', 'C-MIB'));
    const whole = ['A-MIB', 'B-MIB', 'C-MIB'];
    expect(names()).toEqual(whole);
    const [file = ''] = cacheFiles();
    const sound = readFileSync(file);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.nat(sound.length - 1).map((length) => sound.subarray(0, length)),
          fc.tuple(fc.nat(sound.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, by]) => {
            const damaged = Buffer.from(sound);
            damaged[at] = (damaged[at] as number) ^ by;
            return damaged;
          }),
          fc.uint8Array({ maxLength: 200 }).map((octets) => Buffer.from(octets)),
          fc
            .constantFrom('{}', 'null', '[]', 'trellis-mib-index 1 2 0\n{}')
            .map((text) => Buffer.from(text)),
        ),
        (damaged) => {
          writeFileSync(file, damaged);
          expect(names()).toEqual(whole);
        },
      ),
      runs(150),
    );
    expect(names()).toEqual(whole);
  });

  it('leaves nothing half written, and no more than one file per directory', () => {
    write('a', textOf('A-MIB'));
    for (let i = 0; i < 5; i++) {
      appendFileSync(join(mibs, 'a'), '\n');
      names();
    }
    expect(cacheFiles()).toHaveLength(1);
  });

  it('the oldest go where there are too many, and what a crash left', () => {
    mkdirSync(cache);
    for (let i = 0; i < 70; i++) {
      writeFileSync(join(cache, `${i}.index`), '');
      utimesSync(join(cache, `${i}.index`), LONG_AGO, LONG_AGO);
    }
    writeFileSync(join(cache, 'x.index.1234'), '');
    utimesSync(join(cache, 'x.index.1234'), LONG_AGO, LONG_AGO);
    writeFileSync(join(cache, 'mine.txt'), '');
    write('a', textOf('A-MIB'));
    expect(names()).toEqual(['A-MIB']);
    expect(cacheFiles()).toHaveLength(65);
    expect(cacheFiles()).toContain(join(cache, 'mine.txt'));
    expect(cacheFiles()).not.toContain(join(cache, 'x.index.1234'));
  });

  it('a directory that cannot be written is no error', () => {
    write('a', textOf('A-MIB'));
    writeFileSync(cache, 'a file where the directory should be');
    expect(names()).toEqual(['A-MIB']);
    expect(names()).toEqual(['A-MIB']);
  });

  it('nothing is kept where that is not wanted', () => {
    write('a', textOf('A-MIB'));
    expect(names(new ModuleFinder({ directories: [mibs], cache: false }))).toEqual(['A-MIB']);
    expect(cacheFiles()).toEqual([]);
  });

  it('a file that nobody may read is passed over', () => {
    write('a', textOf('A-MIB'));
    write('b', textOf('B-MIB'));
    chmodSync(join(mibs, 'b'), 0);
    const isRoot = process.getuid?.() === 0;
    expect(names()).toEqual(isRoot ? ['A-MIB', 'B-MIB'] : ['A-MIB']);
  });
});

describe('one module of many, the second time', () => {
  const nodesOf = (name: string): readonly string[] => [
    ...(finder().load([name], {}).mib.modules.get(name)?.nodes.keys() ?? []),
  ];
  const sourceOf = (name: string): string | undefined =>
    finder()
      .find(name)
      ?.path.slice(mibs.length + 1);
  /** Time enough after all changes for every stamp to be believed. */
  const settle = (): void => void vi.setSystemTime(Date.now() + 60_000);

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] });
    mkdirSync(join(mibs, 'deep'));
    write('a', textOf('A-MIB'));
    write('b', textOf('B-MIB', 'C-MIB'));
    write('deep/d', textOf('D-MIB'));
    settle();
    expect(names()).toEqual(['A-MIB', 'B-MIB', 'C-MIB', 'D-MIB']);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is found where it was, without a look at the other files', () => {
    expect(['A-MIB', 'C-MIB', 'D-MIB'].map(sourceOf)).toEqual(['a', 'b', 'deep/d']);
    // Written in place, another file does not show: `names` looks at all, `find` after it too.
    write('deep/d', textOf('D-MIB', 'A-MIB'));
    write('b', textOf('A-MIB', 'B-MIB'));
    expect(sourceOf('A-MIB')).toBe('a');
    expect(pathsOf('A-MIB')).toEqual(['a', 'b', 'deep/d']);
    // Nor one that comes with the package: it is in none of them.
    write('deep/d', textOf('D-MIB', 'IF-MIB'));
    const looking = finder();
    expect(looking.find('IF-MIB')?.path).toContain('trellis-snmp');
    looking.names();
    expect(looking.find('IF-MIB')?.path).toBe(join(mibs, 'deep', 'd'));
  });

  it('is looked for in all files where its own was written in place', () => {
    write('a', textOf('C-MIB'));
    write('b', textOf('B-MIB', 'A-MIB'));
    expect(sourceOf('A-MIB')).toBe('b');
    expect(sourceOf('C-MIB')).toBe('a');
    write('b', 'A-MIB DEFINITIONS ::= BEGIN\nnew OBJECT IDENTIFIER ::= { iso 98 }\nEND\n');
    expect(nodesOf('A-MIB')).toEqual(['new']);
  });

  it('is looked for in all files where it was in none', () => {
    expect(sourceOf('E-MIB')).toBeUndefined();
    write('deep/d', textOf('D-MIB', 'E-MIB'));
    expect(sourceOf('E-MIB')).toBe('deep/d');
  });

  it.each([
    ['a file that comes before it', () => write('A-MIB.txt', textOf('A-MIB')), 'A-MIB.txt'],
    ['its file removed', () => rmSync(join(mibs, 'a')), undefined],
    ['its file renamed', () => renameSync(join(mibs, 'a'), join(mibs, 'z')), 'z'],
    ['a directory moved', () => renameSync(join(mibs, 'deep'), join(mibs, 'low')), 'a'],
    ['one in a subdirectory', () => write('deep/A-MIB', textOf('A-MIB')), 'deep/A-MIB'],
  ])('%s is seen at once', (_, change, expected) => {
    expect(sourceOf('A-MIB')).toBe('a');
    change();
    expect(sourceOf('A-MIB')).toBe(expected);
    settle();
    expect(sourceOf('A-MIB')).toBe(expected);
    expect(sourceOf('D-MIB')).toBe(pathsOf('D-MIB')[0]);
  });

  it('a directory that changed while it was read is not believed', () => {
    vi.useRealTimers();
    write('e', textOf('E-MIB'));
    expect(names()).toContain('E-MIB');
    write('E-MIB', textOf('E-MIB'));
    expect(sourceOf('E-MIB')).toBe('E-MIB');
  });
});

describe('where modules are looked for', () => {
  it('is what was given, then $MIBDIRS without what is not there', () => {
    const directories = (value: string): readonly string[] =>
      mibDirectories(['given'], { MIBDIRS: value });
    expect(directories([mibs, join(root, 'none'), root].join(delimiter))).toEqual([
      'given',
      mibs,
      root,
    ]);
    expect(directories(`+${mibs}`)).toEqual(['given', mibs]);
    expect(directories('')).toEqual(['given']);
    expect(mibDirectories([mibs], { MIBDIRS: mibs })).toEqual([mibs]);
  });
});
