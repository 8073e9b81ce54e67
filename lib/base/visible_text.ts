/**
 * Names from files as a reader may see them: what moves the cursor, turns the direction of writing or
 * is not to be seen at all is written as an escape. Letters of all scripts stay as they are.
 *
 * Source: https://www.unicode.org/reports/tr36/ (security considerations),
 * https://www.unicode.org/reports/tr31/#Layout_and_Format_Control_Characters (joiners)
 *
 * @module
 */

/**
 * Controls, marks of direction, line separators, halves of characters, and what has no width. Of the
 * format characters (Cf), Arabic's and Kaithi's signs before numbers are seen.
 */
const UNSEEN =
  /(?![\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/u;

/** Scripts whose letters are joined or kept apart by U+200D and U+200C. */
const JOINED = String
  .raw`[\p{scx=Arab}\p{scx=Syrc}\p{scx=Mong}\p{scx=Nkoo}\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Orya}\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}\p{scx=Khmr}\p{scx=Tibt}\p{scx=Mymr}]`;

/** What is not to be seen alone, but is a part of what is: within words, and within emoji. */
const PARTS = [
  String.raw`(?<=${JOINED})[\u200c\u200d](?=${JOINED})`,
  String
    .raw`(?<=[\p{Emoji_Presentation}\p{Extended_Pictographic}\p{Emoji_Modifier}]\ufe0f?)\u200d(?=\p{Extended_Pictographic})`,
  String.raw`(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}])[\ufe0e\ufe0f]`,
  String.raw`(?<=[0-9#*])\ufe0f(?=\u20e3)`,
];

const PATTERN = new RegExp(`(?!${PARTS.join("|")})${UNSEEN.source}`, "gu");

/**
 * A text without what would deceive its reader.
 *
 * @param keepsLines Whether line ends stay. Default: they are written as `\n`.
 * @returns The text, in which what is unseen is written as in JSON: `\n`, `\u202e`, `\u{e0041}`.
 */
export function visibleText(
  text: string,
  { keepsLines = false }: { keepsLines?: boolean } = {},
): string {
  return text.replaceAll(PATTERN, (character) => {
    return keepsLines && character === "\n" ? character : escaped(character);
  });
}

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escaped(character: string): string {
  const code = character.codePointAt(0)!.toString(16);
  return SHORT[character] ?? (code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`);
}
