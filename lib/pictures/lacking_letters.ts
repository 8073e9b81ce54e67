/**
 * Letters that no font has.
 *
 * @module
 */
import type { Observer } from "../base/observer.ts";
import { lackingLetters } from "../plot/fonts.ts";
import type { LayerRecord } from "../results/layer_record.ts";
import { layerCaption } from "./caption.ts";
import { slotNames } from "./relation_names.ts";

/** How many letters a warning names. */
const NAMED = 10;

/** Warns once, naming the letters, if the pictures of some layers cannot show all that they should. */
export function warnOfLackingLetters(records: readonly LayerRecord[], observer: Observer): void {
  const letters = lackingLetters(records.flatMap((record) => [
    ...record.relations.map(({ label }) => label),
    ...slotNames(record).filter((name) => name !== undefined),
    ...layerCaption(record),
  ]));
  if (letters.length === 0) return;
  const named = letters.slice(0, NAMED).map((letter) => {
    const code = letter.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
    return `${letter} (U+${code})`;
  });
  const others = letters.length - named.length;
  observer.warn(
    `the fonts of the pictures have no ${named.join(", ")}${
      others > 0 ? ` and ${others} more` : ""
    }` +
      ": boxes stand in their place, and the relation's number before its name",
  );
}
