// The valves of VALVE-MIB, instrumented by hand. One function has a bug, which no review has found
// so far: see docs/conformance.md. `node conform.mjs repaired` tries it without.
const OPENING = 2;
const MODE = 3;
const COLUMNS = [OPENING, MODE];

export function valves({ repaired = false } = {}) {
  /** By number, ascending: each is its columns. */
  const plant = new Map(
    [1, 2, 3].map((number) => [
      number,
      new Map([
        [OPENING, 10 * number],
        [MODE, 'manual'],
      ]),
    ]),
  );
  /** What a valve had before the SET at hand, by number. */
  const before = new Map();

  return {
    get([number], columns) {
      const valve = plant.get(number);
      if (valve === undefined) return { noValue: 'noSuchInstance' };
      return columns.map((column) => valve.get(column));
    },
    getNext([number = 0], columns) {
      return columns.map((asked) => {
        for (const column of COLUMNS.filter((one) => one >= asked)) {
          const after = column === asked ? number : 0;
          const next = [...plant.keys()].find((one) => one > after);
          if (next !== undefined) {
            return { column, rowIndex: [next], value: plant.get(next).get(column) };
          }
        }
        return 'endOfTable';
      });
    },
    isSetOk: ([number], columns) =>
      plant.has(number) ? 'noError' : { error: 'noCreation', column: columns[0].column },
    set([number], columns) {
      const valve = plant.get(number);
      before.set(number, new Map(valve));
      for (const { column, value } of columns) valve.set(column, value);
      return 'noError';
    },
    rollback([number], columns) {
      const valve = plant.get(number);
      const written = repaired ? columns : columns.slice(0, 1);
      for (const { column } of written) valve.set(column, before.get(number).get(column));
      return 'noError';
    },
  };
}
