import { InvalidArgumentError } from 'commander';
import { count } from './ask-options.js';

/** Which letters -C has in a command, as net-snmp's commands have them. */
export interface ApplicationLetters {
  /** That stand alone. */
  readonly flags?: string;
  /** With digits right behind. */
  readonly numbers?: string;
  /** With all that stands behind. */
  readonly words?: string;
}

export interface ApplicationOptions {
  has(flag: string): boolean;
  number(letter: string): number | undefined;
  word(letter: string): string | undefined;
}

/**
 * What the words of -C say: `-Cib -Cw80 -Cf,`.
 *
 * @throws InvalidArgumentError for a letter that the command does not know.
 */
export function applicationOptions(
  given: readonly string[],
  { flags = '', numbers = '', words = '' }: ApplicationLetters,
): ApplicationOptions {
  /** BOUNDED by the letters there are. */
  const found = new Map<string, string>();
  for (const word of given) {
    for (let at = 0; at < word.length;) {
      const letter = word.charAt(at);
      const rest = word.slice(at + 1);
      const digits = /^\d*/.exec(rest)?.[0] ?? '';
      if (words.includes(letter)) {
        if (rest === '') throw new InvalidArgumentError(`-C${letter} needs a word behind it.`);
        found.set(letter, rest);
        break;
      }
      if (numbers.includes(letter)) found.set(letter, String(count(digits)));
      else if (flags.includes(letter)) found.set(letter, '');
      else {
        const known = (flags + numbers + words).split('').join(' ');
        throw new InvalidArgumentError(`-C knows no ${letter}: expected letters of ${known}.`);
      }
      at += numbers.includes(letter) ? 1 + digits.length : 1;
    }
  }
  return {
    has: (flag) => found.has(flag),
    number: (letter) => {
      const digits = found.get(letter);
      return digits === undefined ? undefined : Number(digits);
    },
    word: (letter) => found.get(letter),
  };
}
