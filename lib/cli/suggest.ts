/**
 * What a user may have meant by a word that is not known.
 *
 * @module
 */

/** How many are suggested at most; more would be no help. */
const MOST = 3;
/** The share of a word's letters that may be wrong: of a slip, and of a guess. */
const WRONG_SHARE = { slip: 0.2, guess: 0.4 } as const;
/** From how many letters on a common beginning, or a word within a name, tells something. */
const LEAST_LETTERS = 2;

/**
 * The known names that are most like a word: those that a slip of the fingers makes of it; else
 * those of which one is the beginning of the other; else those with most words in common; else
 * those that differ in few letters.
 *
 * @returns At most three names; none if nothing is like the word.
 */
export function suggest(word: string, names: readonly string[]): string[] {
  const typed = letters(word);
  const likenesses: ((name: string) => number)[] = [
    (name) => WRONG_SHARE.slip - wrongShare(typed, letters(name)),
    (name) => Number(beginsAlike(typed, letters(name))),
    (name) => commonWords(word, name),
    (name) => WRONG_SHARE.guess - leastWrongShare(typed, name),
  ];
  for (const likeness of likenesses) {
    const found = mostLike(names, likeness);
    if (found.length > 0) return found;
  }
  return [];
}

/** The names of the greatest likeness, if it is above zero. */
function mostLike(names: readonly string[], likeness: (name: string) => number): string[] {
  const rated = names.map((name) => ({ name, rate: likeness(name) }));
  const best = Math.max(...rated.map(({ rate }) => rate));
  if (!(best > 0)) return [];
  return rated.filter(({ rate }) => rate === best).slice(0, MOST).map(({ name }) => name);
}

/** Suggestions as the end of a message, empty if there are none: `; did you mean --layers?` */
export function didYouMean(suggestions: readonly string[]): string {
  if (suggestions.length === 0) return "";
  const last = suggestions.at(-1)!;
  const rest = suggestions.slice(0, -1).join(", ");
  return `; did you mean ${rest === "" ? last : `${rest} or ${last}`}?`;
}

function letters(text: string): string {
  return text.toLowerCase().replaceAll(/[-_\s]/g, "");
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().split(/[-_\s]+/).filter((word) => word.length >= LEAST_LETTERS);
}

/** How many words of one are in the other. */
function commonWords(a: string, b: string): number {
  const words = wordsOf(a);
  return wordsOf(b).filter((word) => words.some((other) => sameWord(word, other))).length;
}

/** The same word, in the singular or the plural. */
function sameWord(a: string, b: string): boolean {
  return a === b || a === `${b}s` || `${a}s` === b;
}

/** Whether one is the beginning of the other, or all but the last letter of `typed` is. */
function beginsAlike(typed: string, name: string): boolean {
  if (typed.length < LEAST_LETTERS) return false;
  if (name.startsWith(typed) || typed.startsWith(name)) return true;
  return typed.length > 2 * LEAST_LETTERS && name.startsWith(typed.slice(0, -1));
}

/** The share of letters that differ, of a name or of one of its words. */
function leastWrongShare(typed: string, name: string): number {
  return Math.min(...[letters(name), ...wordsOf(name)].map((each) => wrongShare(typed, each)));
}

/** The share of letters that differ, from 0 to 1. */
function wrongShare(a: string, b: string): number {
  return a === b ? 0 : distance(a, b) / Math.max(a.length, b.length);
}

/** The fewest letters to put in, take out, replace, or swap with their neighbour. */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, rows[i - 2]![j - 2]! + 1);
      }
      row.push(least);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
