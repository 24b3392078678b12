/** What the lexer takes each character of ASCII for. */
export const [BLANK, LETTER, DIGIT, MARK] = [1, 2, 3, 4] as const;

export const SYMBOLS = '{}()[],;|.:<>=*&+/@!?-';

/** By ASCII code. 0: begins no token of its own, as nothing does that is not ASCII. */
export const CLASSES = new Uint8Array(256);
CLASSES.fill(BLANK, 0, 0x21);
CLASSES[0x7f] = BLANK;
for (const symbol of SYMBOLS) CLASSES[symbol.charCodeAt(0)] = MARK;
for (let code = 0x30; code <= 0x39; code++) CLASSES[code] = DIGIT;
for (let code = 0x41; code <= 0x5a; code++) CLASSES[code] = CLASSES[code + 0x20] = LETTER;
CLASSES[0x5f] = LETTER;
