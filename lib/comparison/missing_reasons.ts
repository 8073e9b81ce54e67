/**
 * Why numbers and intervals are missing in `compare.md`.
 *
 * @module
 */
import { markdownText } from "../base/markdown_text.ts";
import { layerText } from "../results/layer_name.ts";
import type { ComparisonRow } from "./comparison_table.ts";

/** So many reasons are given at most: of many layers there may be hundreds. */
const MOST_REASONS = 12;
/** So many places are named of a reason. */
const MOST_PLACES = 12;
/** How many persons there are, of which a reason says that they are too few. */
const COUNT = / (\(\d+\))/;

/**
 * The reasons for which a number or an interval of a relation is missing, those that hold of the most first, each with
 * where it holds and how many persons there are: a list of Markdown, or nothing if none is missing.
 *
 * @param rows Those of single relations; means lack what one of theirs does.
 * @param labels The names of the relations by their keys.
 */
export function missingReasons(
  rows: readonly ComparisonRow[],
  labels: ReadonlyMap<string, string>,
): string[] {
  const places = new Map<string, Map<string, string[]>>();
  for (const { layer, pair } of rows) {
    const name = labels.get(pair.relation!) ?? pair.relation!;
    for (const side of ["a", "b"] as const) {
      const { reason } = pair[side];
      if (reason === null) continue;
      const [, count] = COUNT.exec(reason) ?? [];
      places.getOrInsertComputed(reason.replace(COUNT, ""), () => new Map())
        .getOrInsertComputed(`${name} at ${layerText(layer)}`, () => [])
        .push(count === undefined ? side.toUpperCase() : `${side.toUpperCase()} ${count}`);
    }
  }
  if (places.size === 0) return [];
  const reasons = [...places].sort(([, one], [, other]) => other.size - one.size);
  const lines = reasons.slice(0, MOST_REASONS)
    .map(([reason, where]) => `- ${markdownText(`${reason}: ${placesText(where)}`)}`);
  const left = reasons.length - lines.length;
  if (left > 0) {
    lines.push(`- ${left} more ${left === 1 ? "reason stands" : "reasons stand"} in compare.json`);
  }
  return ["A number or an interval is missing for these reasons:", lines.join("\n")];
}

/** `birth city at layer 3 in A and B, employer at layer 3 in B, and 2 more`. */
function placesText(where: ReadonlyMap<string, readonly string[]>): string {
  const all = [...where].map(([place, sides]) => `${place} in ${sides.join(" and ")}`);
  const named = all.slice(0, MOST_PLACES);
  const left = all.length - named.length;
  return left === 0 ? named.join(", ") : `${named.join(", ")}, and ${left} more`;
}
