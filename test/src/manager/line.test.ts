import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Line, type Place } from '../../../src/manager/line.js';
import { RequestIds } from '../../../src/manager/request-ids.js';
import { runs } from '../../support/arbitraries.js';

/**
 * Invariant: a line is an array that one is added to at the end and taken from anywhere. Coverage:
 * the front, the back and the middle are left, and some leave twice.
 */
test('who stands in a line is served in the order of coming, whoever else leaves', () => {
  let [left, again] = [0, 0];
  const steps = fc.array(
    fc.oneof(fc.constant('add' as const), fc.constant('take' as const), fc.nat()),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(steps, (given) => {
      const line = new Line<number>();
      const places: Place<number>[] = [];
      let model: number[] = [];
      for (const step of given) {
        if (step === 'add') {
          model.push(places.length);
          places.push(line.add(places.length));
        } else if (step === 'take') {
          expect(line.take()).toBe(model.shift());
        } else if (places.length > 0) {
          const which = step % places.length;
          if (model.includes(which)) left += 1;
          else again += 1;
          model = model.filter((one) => one !== which);
          line.leave(places[which]);
        }
        expect([...line]).toEqual(model);
        expect(line.length).toBe(model.length);
      }
    }),
    runs(200),
  );
  expect(Math.min(left, again)).toBeGreaterThan(0);
});

test('who left a line keeps nobody of it alive', () => {
  const line = new Line<string>();
  const places = ['a', 'b', 'c'].map((name) => line.add(name));
  line.leave(places[1]);
  line.take();
  for (const place of places.slice(0, 2)) {
    expect([place.before, place.after]).toEqual([undefined, undefined]);
  }
  expect([...line]).toEqual(['c']);
});

/** Ids that differ by this have one slot, in tables as small as these. */
const FAR_AWAY = 2 ** 20;

/**
 * Invariant: ids are of their own, 1..2147483647, and find what they were given to until that is
 * deleted. Coverage: more are under way than the slots of the beginning hold.
 */
test('a request-id finds its request, and no other one', () => {
  let most = 0;
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.nat(), { nil: undefined }), { minLength: 50, maxLength: 150 }),
      (steps) => {
        const ids = new RequestIds<{ requestId: number }>();
        let model: { requestId: number }[] = [];
        for (const step of steps) {
          if (step === undefined || model.length === 0 || step % 3 > 0) {
            const item = { requestId: 0 };
            ids.add(item);
            expect(item.requestId).toBeGreaterThan(0);
            expect(ids.get(item.requestId)).toBe(item);
            model.push(item);
          } else {
            const gone = model[step % model.length];
            model = model.filter((one) => one !== gone);
            if (gone !== undefined) ids.delete(gone);
            expect(ids.get(gone?.requestId ?? 0)).toBeUndefined();
          }
          most = Math.max(most, ids.size);
        }
        expect(ids.size).toBe(model.length);
        expect(new Set(ids.all())).toEqual(new Set(model));
        expect(new Set(model.map(({ requestId }) => requestId)).size).toBe(model.length);
        for (const item of model) {
          expect(ids.get(item.requestId)).toBe(item);
          expect(ids.get(item.requestId ^ FAR_AWAY)).toBeUndefined();
        }
      },
    ),
    runs(50),
  );
  expect(most).toBeGreaterThan(64);
});

test('after the last request-id comes the first, and those in use are passed over', () => {
  const ids = new RequestIds<{ requestId: number }>(2 ** 31 - 3);
  const items = Array.from({ length: 5 }, () => ({ requestId: 0 }));
  for (const item of items) ids.add(item);
  expect(items.map(({ requestId }) => requestId)).toEqual([2 ** 31 - 2, 2 ** 31 - 1, 1, 2, 3]);
  // 61 more steps come to the slots of those five, which are taken.
  const others = Array.from({ length: 100 }, () => {
    const item = { requestId: 0 };
    ids.add(item);
    ids.delete(item);
    return item.requestId;
  });
  expect(others).not.toContain(64 + 1);
  expect(others).toContain(64 + 4);
});
