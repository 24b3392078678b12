// tbReads: reads that fail in every way there is.
const never = () => new Promise(() => {});

/** How tbReadFault answers, by the label of tbReadMode. */
const ANSWERS = {
  ok: () => 1,
  genErr: () => ({ error: 'genErr' }),
  throws: () => {
    throw new Error('tbReadFault throws, as tbReadMode says');
  },
  never,
  wrongType: () => 'octets where an integer belongs',
  outOfRange: () => 100,
  junk: () => ({ rubbish: true }),
  slow: () => new Promise((resolve) => setTimeout(() => resolve(1), 200)),
  noSuchInstance: () => ({ noValue: 'noSuchInstance' }),
};

let mode = 'ok';
let starts = 0;

export const readObjects = {
  tbReadOk: { get: () => 1 },
  tbReadNoSuchObject: { get: () => ({ noValue: 'noSuchObject' }) },
  tbReadNoSuchInstance: { get: () => ({ noValue: 'noSuchInstance' }) },
  tbReadFault: { get: () => ANSWERS[mode]() },
  tbReadMode: {
    get: () => mode,
    set(label) {
      mode = label;
      return 'noError';
    },
    restore: true,
  },
  tbReadStarts: {
    new() {
      starts += 1;
      mode = 'ok';
    },
    get: () => starts,
  },
};
