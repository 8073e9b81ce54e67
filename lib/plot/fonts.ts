/**
 * Which fonts a text needs. DejaVu Sans has Latin, Greek, Cyrillic, Arabic letters and more; Noto Sans
 * has Chinese, Japanese, Korean and Hindi ones. Noto's letters are spread over many small files, each
 * of which is read when a text needs it.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { fileURLToPath } from "node:url";
import devanagari from "@fontsource-variable/noto-sans-devanagari/unicode.json" with {
  type: "json",
};
import korean from "@fontsource-variable/noto-sans-kr/unicode.json" with { type: "json" };
import chinese from "@fontsource-variable/noto-sans-sc/unicode.json" with { type: "json" };
import { FONT_FAMILY, setFont, skia } from "./canvas.ts";

/** The packages to look in, in this order, with the ranges of letters of each of their files. */
const PACKAGES: readonly (readonly [name: string, ranges: Readonly<Record<string, string>>])[] = [
  ["noto-sans-devanagari", devanagari],
  ["noto-sans-sc", chinese],
  ["noto-sans-kr", korean],
];

/** All of these are in DejaVu Sans, and nearly all texts hold nothing else. */
const USUAL = /^[\u0020-\u007e\u00a0-\u024f\u0400-\u045f–—‘’“”…−≤≥×·]*$/;
/** What has no ink of its own, or changes how its neighbours look. */
const WITHOUT_INK = /^[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]$/u;

/** A letter's family; undefined if no font has it. */
const familyOfLetter = new Map<string, string | undefined>();
/** How many letters are remembered: more than there are in any one language. */
const REMEMBERED = 100_000;

/** Of a longer text the rest is cut off in any picture. */
const MOST_SHOWN = 500;

/** The families that have the letters of a text, the usual one first. */
export function familiesOf(text: string): string[] {
  if (USUAL.test(text)) return [FONT_FAMILY];
  const families = new Set([FONT_FAMILY]);
  for (const letter of text) {
    const family = familyOf(letter);
    if (family !== undefined) families.add(family);
  }
  return [...families];
}

/** The letters of texts that no font has, each once, in their order; of long texts, at their start. */
export function lackingLetters(texts: Iterable<string>): string[] {
  const lacking = new Set<string>();
  for (const text of texts) {
    if (USUAL.test(text)) continue;
    for (const letter of text.slice(0, MOST_SHOWN)) {
      if (familyOf(letter) === undefined) lacking.add(letter);
    }
  }
  return [...lacking];
}

function familyOf(letter: string): string | undefined {
  if (USUAL.test(letter) || WITHOUT_INK.test(letter)) return FONT_FAMILY;
  if (familyOfLetter.has(letter)) return familyOfLetter.get(letter);
  const family = hasInk(letter, FONT_FAMILY) ? FONT_FAMILY : otherFamilyOf(letter);
  if (familyOfLetter.size >= REMEMBERED) familyOfLetter.clear();
  familyOfLetter.set(letter, family);
  return family;
}

function otherFamilyOf(letter: string): string | undefined {
  const code = letter.codePointAt(0)!;
  for (const { ranges, family } of fontFiles()) {
    if (!ranges.some(([from, to]) => from <= code && code <= to)) continue;
    const found = family(letter);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A file of a font. */
interface FontFile {
  /** The first and the last letter of each of its ranges; not all between need be there. */
  readonly ranges: readonly (readonly [from: number, to: number])[];
  /** Its family, if it has a letter. */
  readonly family: (letter: string) => string | undefined;
}

let files: FontFile[] | undefined;

function fontFiles(): FontFile[] {
  return files ??= PACKAGES.flatMap(([name, subsets]) =>
    Object.entries(subsets).filter(([subset]) =>
      !/^(?:latin|cyrillic|greek|vietnamese)/.test(subset)
    )
      .map(([subset, ranges]): FontFile => {
        const part = subset.replace(/^\[(\d+)\]$/, "$1");
        const family = `${name} ${part}`;
        return {
          ranges: ranges.split(",").map(parseRange),
          family: (letter) => {
            const isThere = register(family, name, part);
            return isThere && hasInk(letter, family) ? family : undefined;
          },
        };
      })
  );
}

/** `U+4e00` or `U+4e00-4eff`, as style sheets say it. */
function parseRange(range: string): [from: number, to: number] {
  const [from, to = from] = range.replace(/^\s*U\+/i, "").split("-");
  return [parseInt(from!, 16), parseInt(to!, 16)];
}

const registered = new Map<string, boolean>();

function register(family: string, name: string, part: string): boolean {
  return registered.getOrInsertComputed(family, () => {
    const file = `@fontsource-variable/${name}/files/${name}-${part}-wght-normal.woff2`;
    const bytes = Deno.readFileSync(fileURLToPath(import.meta.resolve(file)));
    return skia.GlobalFonts.register(Buffer.from(bytes.buffer), family) !== null;
  });
}

/** A letter that no font can ever have: Unicode says that it is none. */
const NO_LETTER = "\u{10ffff}";
const PROBE = { side: 32, size: 24 } as const;
let drawnMissing: string | undefined;
const probe = skia.createCanvas(PROBE.side, PROBE.side).getContext("2d");

/** Whether a letter is drawn otherwise than one that is not there. */
function hasInk(letter: string, family: string): boolean {
  return drawn(letter, family) !== (drawnMissing ??= drawn(NO_LETTER, FONT_FAMILY));
}

function drawn(letter: string, family: string): string {
  probe.clearRect(0, 0, PROBE.side, PROBE.side);
  setFont(probe, { size: PROBE.size, weight: "normal" }, [FONT_FAMILY, family]);
  probe.fillText(letter, 4, PROBE.size);
  const { data } = probe.getImageData(0, 0, PROBE.side, PROBE.side);
  return Buffer.from(data.buffer).toString("latin1");
}
