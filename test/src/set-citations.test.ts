import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const CITATION = /docs\/set\.md ((?:\d(?:\.\d)?)(?:(?:, | and | to )\d(?:\.\d)?)*)/g;

function sourcesOf(room: string): readonly string[] {
  return readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:ts|mjs|json)$/.test(file))
    .map((file) => join(ROOT, room, file));
}

/** Sections as `4`, numbered items as `4.2`. */
function placesIn(text: string): ReadonlySet<string> {
  const places = new Set<string>();
  let section = '';
  for (const line of text.split('\n')) {
    section = /^## (\d)\./.exec(line)?.[1] ?? section;
    const item = /^(\d)\. /.exec(line)?.[1];
    if (section !== '') places.add(item === undefined ? section : `${section}.${item}`);
  }
  return places;
}

it('what code and tests cite of docs/set.md is there', () => {
  const places = placesIn(readFileSync(join(ROOT, 'docs/set.md'), 'utf8'));
  const missing: string[] = [];
  let cited = 0;
  for (const file of ['src', 'test', 'supervisors'].flatMap(sourcesOf)) {
    for (const [, citation = ''] of readFileSync(file, 'utf8').matchAll(CITATION)) {
      for (const place of citation.match(/\d(?:\.\d)?/g) ?? []) {
        cited += 1;
        if (!places.has(place)) missing.push(`${file}: ${place}`);
      }
    }
  }
  expect(missing).toEqual([]);
  expect(cited).toBeGreaterThan(100);
});
