/**
 * How a verdict writes numbers, intervals and lists.
 *
 * @module
 */
import { besideText, fixedText, shareText } from "../../base/number_text.ts";
import type { Measured } from "../measured.ts";
import type { Verdict } from "../verdict.ts";

/**
 * A number with so many digits after the point; a dash if there is none. What is not 0 is not written
 * as 0.
 */
export function number(value: number | null, digits = 3): string {
  return value === null ? "–" : fixedText(value, digits);
}

/** An AUROC. What is not 1 is not written as 1, and what is not ½ not as ½. */
export function auroc(value: number | null, digits = 3): string {
  return value === null ? "–" : shareText(value, digits);
}

/** How a number is written that is held against borders: what lies beside one is not written as it. */
export function heldAgainst(...borders: readonly number[]): Show {
  return (value) => besideText(value, borders);
}

/** A share as a percentage. */
export function percent(share: number | null): string {
  if (share === null) return "–";
  return share < 1 && Number((100 * share).toFixed(1)) === 100
    ? ">99.9 %"
    : `${number(100 * share, 1)} %`;
}

/** A number with its interval, in a sentence: why there is none, if there is none. */
export function withInterval(measured: Measured, show: Show = number): string {
  const { value, interval, reason } = measured;
  if (value === null) return `not known (${reason})`;
  if (interval === null) return `${show(value)} (no interval: ${reason})`;
  return `${show(value)} [${show(interval[0])}, ${show(interval[1])}]`;
}

/** The same in a cell of a table: shorter. */
export function cellOf({ value, interval }: Measured, show: Show = number): string {
  if (value === null) return "–";
  if (interval === null) return `${show(value)} [–]`;
  return `${show(value)} [${show(interval[0])}, ${show(interval[1])}]`;
}

/** How a number is written. */
export type Show = (value: number) => string;

/** Words as a list: `a, b and c`. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** Layers as a list in the order of their numbers, `layers 1 to 4 and 6`, where they are all called so. */
export function layersListed(names: readonly string[]): string {
  const areLayers = names.length > 1 && names.every((name) => /^layer \d+$/.test(name));
  if (!areLayers) return listed(names);
  const runs: [first: number, last: number][] = [];
  const numbers = names.map((name) => Number(name.slice("layer ".length)))
    .sort((a, b) => a - b);
  for (const layer of numbers) {
    const run = runs.at(-1);
    if (run !== undefined && layer === run[1] + 1) run[1] = layer;
    else runs.push([layer, layer]);
  }
  const said = runs.flatMap(([first, last]) =>
    last - first < 2 ? [...new Set([first, last])].map(String) : [`${first} to ${last}`]
  );
  return `layers ${listed(said)}`;
}

/** A whole number: `11,070`. */
export function whole(n: number): string {
  return n.toLocaleString("en-US");
}

/** A number of things: `1 layer`, `3 layers`. */
export function count(n: number, one: string, many: string = `${one}s`): string {
  return `${whole(n)} ${n === 1 ? one : many}`;
}

/**
 * How many of so many numbers a rare event is expected to befall by chance: `fewer than 1`, `about 3`.
 *
 * @param share How often it befalls one.
 */
export function byChance(numbers: number, share: number): string {
  const expected = numbers * share;
  return expected < 1 ? "fewer than 1" : `about ${Math.round(expected)}`;
}

/** What intervals and halves are of: persons, or questions where it is not known whose they are. */
export function unitsOf({ asked }: Pick<Verdict, "asked">): "persons" | "questions" {
  return asked.persons === null ? "questions" : "persons";
}

/** The first letter large. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A paragraph in which a reason is said once; after that, a dash stands for it. */
export function sayOnce(paragraph: string): string {
  const said = new Set<string>();
  return paragraph.replace(
    /\((no interval: [^()]*(?:\([^()]*\)[^()]*)*)\)/g,
    (whole, reason: string) => {
      if (said.has(reason)) return "[–]";
      said.add(reason);
      return whole;
    },
  );
}
