// Scripts: the value V = 100 * i + 10 * s + u that is written says what the functions of this very
// SET do. Devices keep their values outside the actors, so they survive a restart.
import { trace } from './trace.mjs';

/** An answer that no function may give. */
const ILLEGAL = { rubbish: true };

const never = () => new Promise(() => {});
const after = (ms, answer) => new Promise((resolve) => setTimeout(() => resolve(answer), ms));

const VOTES = [
  () => 'noError',
  () => 'noAccess',
  () => 'noCreation',
  () => 'inconsistentValue',
  () => 'resourceUnavailable',
  () => 'inconsistentName',
  () => 'genErr',
  () => {
    throw new Error('isSetOk throws, as its script says');
  },
  never,
  () => ILLEGAL,
  () => 'badValue',
  () => 'noSuchName',
  () => 'commitFailed',
  () => after(50, 'noError'),
];

/** Each gets `store`, which makes the change. */
const SETS = [
  (store) => (store(), 'noError'),
  () => 'commitFailed',
  (store) => (store(), 'undoFailed'),
  () => 'genErr',
  () => {
    throw new Error('set throws before storing, as its script says');
  },
  (store) => {
    store();
    throw new Error('set throws after storing, as its script says');
  },
  never,
  () => ILLEGAL,
  (store) => (store(), after(50, 'noError')),
  (store) => (store(), 'noError'),
];

/** Each gets `restore`; with 1 to 5 it is not called. */
const UNDOS = [
  (restore) => (restore(), 'noError'),
  () => 'undoFailed',
  () => 'genErr',
  () => {
    throw new Error('undo throws, as its script says');
  },
  never,
  () => ILLEGAL,
  (restore) => (restore(), 'noError'),
  (restore) => (restore(), 'noError'),
  (restore) => (restore(), 'noError'),
  (restore) => (restore(), 'noError'),
];

const voteOf = (script) => VOTES[Math.floor(script / 100)] ?? VOTES[0];
const setOf = (script) => SETS[Math.floor(script / 10) % 10];
const undoOf = (script) => UNDOS[script % 10];

/** A row answers an error with the column that its script stands in; other answers are as they are. */
const about = (column) => (answer) =>
  typeof answer === 'string' && answer !== 'noError' ? { error: answer, column } : answer;

const through = (answer, wrap) => (answer instanceof Promise ? answer.then(wrap) : wrap(answer));

/** A scripted scalar; `hasRollback` as tbA1, without it as tbA2. */
export function scriptedScalar(name, hasRollback) {
  let value = 0;
  let before = 0;
  const functions = {
    get: () => value,
    isSetOk(script) {
      trace(`isSetOk ${name} ${script}`);
      return voteOf(script)();
    },
    set(script) {
      trace(`set ${name} ${script}`);
      before = value;
      return setOf(script)(() => (value = script));
    },
    undo(script) {
      trace(`undo ${name} ${script}`);
      return undoOf(script)(() => {});
    },
  };
  if (!hasRollback) return functions;
  return {
    ...functions,
    rollback(script) {
      trace(`rollback ${name} ${script}`);
      return undoOf(script)(() => (value = before));
    },
  };
}

const X = 2;
const Y = 3;
const Z = 4;
const CELLS = [X, Y];

/** tbScriptTable: rows 1 to 3, each kept as [X, Y]. */
export function scriptTable() {
  const rows = new Map([1, 2, 3].map((index) => [index, new Map(CELLS.map((cell) => [cell, 0]))]));
  const before = new Map();
  const cell = (row, column) =>
    column === Z ? row.get(X) + row.get(Y) : (row.get(column) ?? { noValue: 'noSuchInstance' });
  const line = (operation, [index], columns) =>
    `${operation} tbScript.${index} ${columns.map(({ column, value }) => `${column}=${value}`).join(' ')}`;
  /** The lowest column rules: [script, column]. */
  const ruling = (columns) => [columns[0].value, columns[0].column];
  const store = (index, columns) => {
    const row = rows.get(index);
    for (const { column, value } of columns) row.set(column, value);
  };
  return {
    get(rowIndex, columns) {
      const row = rowIndex.length === 1 ? rows.get(rowIndex[0]) : undefined;
      return row === undefined
        ? { noValue: 'noSuchInstance' }
        : columns.map((column) => cell(row, column));
    },
    getNext(rowIndex, columns) {
      return columns.map((asked) => {
        const column = Math.max(asked, X);
        // A partial or longer index sorts before or after the row it begins like.
        const from = asked < X || rowIndex.length === 0 ? 0 : rowIndex[0];
        const next = [...rows.keys()].find((index) => index > from);
        if (column > Z) return 'endOfTable';
        if (next !== undefined) {
          return { column, rowIndex: [next], value: cell(rows.get(next), column) };
        }
        return column === Z
          ? 'endOfTable'
          : { column: column + 1, rowIndex: [1], value: cell(rows.get(1), column + 1) };
      });
    },
    isSetOk(rowIndex, columns) {
      trace(line('isSetOk', rowIndex, columns));
      if (rowIndex.length !== 1 || !rows.has(rowIndex[0])) {
        return { error: 'noCreation', column: columns[0].column };
      }
      const [script, column] = ruling(columns);
      return through(voteOf(script)(), about(column));
    },
    set(rowIndex, columns) {
      trace(line('set', rowIndex, columns));
      const [index] = rowIndex;
      const [script, column] = ruling(columns);
      before.set(index, new Map(rows.get(index)));
      return through(
        setOf(script)(() => store(index, columns)),
        about(column),
      );
    },
    undo(rowIndex, columns) {
      trace(line('undo', rowIndex, columns));
      const [script, column] = ruling(columns);
      return through(
        undoOf(script)(() => {}),
        about(column),
      );
    },
    rollback(rowIndex, columns) {
      trace(line('rollback', rowIndex, columns));
      const [index] = rowIndex;
      const [script, column] = ruling(columns);
      return through(
        undoOf(script)(() => rows.set(index, new Map(before.get(index) ?? rows.get(index)))),
        about(column),
      );
    },
  };
}
