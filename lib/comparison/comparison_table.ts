/**
 * The tables of `compare.md`.
 *
 * @module
 */
import { markdownText } from "../base/markdown_text.ts";
import { fixedText, shareText } from "../base/number_text.ts";
import type { Interval } from "../stats/wilson.ts";
import type { ComparedSide } from "./compared_side.ts";
import { type LayerName, layerText } from "../results/layer_name.ts";
import { wordingsText } from "../results/wordings_text.ts";
import type { ComparedPair } from "./run_comparison.ts";

/** A row: a relation, or the mean over all, at a layer. */
export interface ComparisonRow {
  /** The layer. */
  readonly layer: LayerName;
  /** What was found. */
  readonly pair: ComparedPair;
}

/**
 * A table of relations at layers, with the AUROC of each wording where these are known.
 *
 * @param options The names of the relations by their keys; whether some intervals are over persons and
 * wordings and others, which get an asterisk then, over persons alone.
 */
export function comparisonTable(
  rows: readonly ComparisonRow[],
  { labels, areMixed }: { labels: ReadonlyMap<string, string>; areMixed: boolean },
): string {
  const hasWordings = rows.some(({ pair: { a, b } }) => a.doAgree !== null || b.doAgree !== null);
  const mark = ({ isCrossed }: { isCrossed: boolean }) => areMixed && !isCrossed ? "*" : "";
  const side = (each: ComparedSide) =>
    each.interval === null && each.auroc !== null
      ? `${sideText(each)} [-]`
      : `${sideText(each)}${each.interval ? mark(each) : ""}`;
  const lines = rows.map(({ layer, pair }) => {
    const { relation, a, b, difference, interval } = pair;
    return [
      layerText(layer),
      relation === null ? "all (mean)" : escaped(markdownText(labels.get(relation) ?? relation)),
      featureText(a),
      side(a),
      featureText(b),
      side(b),
      difference === null ? "-" : signed(difference),
      interval === null ? "-" : `${interval.map(signed).join(" to ")}${mark(pair)}`,
      ...(hasWordings ? [wordingText(a), wordingText(b)] : []),
    ].join(" | ");
  });
  const head = [
    "layer",
    "relation",
    "feature in A",
    "A",
    "feature in B",
    "B",
    "B − A",
    "95 % interval",
    ...(hasWordings ? ["A, wording by wording", "B, wording by wording"] : []),
  ];
  return [
    `| ${head.join(" | ")} |`,
    `| ${head.map(() => "---").join(" | ")} |`,
    ...lines.map((line) => `| ${line} |`),
  ].join("\n");
}

/** An AUROC with its interval. */
export function sideText({ auroc, interval }: Pick<ComparedSide, "auroc" | "interval">): string {
  if (auroc === null) return "-";
  return `${shareText(auroc)}${interval === null ? "" : ` ${bracket(interval)}`}`;
}

/** `+0.012`, `−0.300`; `0.000` of 0 alone, `<+0.001` and `>−0.001` near it. */
export function signed(value: number): string {
  const sign = value > 0 ? "+" : "−";
  const text = fixedText(Math.abs(value));
  if (value === 0) return text;
  return text.startsWith("<")
    ? `${value > 0 ? "<" : ">"}${sign}${text.slice(1)}`
    : `${sign}${text}`;
}

function featureText({ feature }: ComparedSide): string {
  return feature === null ? "" : String(feature);
}

/** `0: 0.91, 1: 0.93 (agree)`. */
function wordingText({ byWording, doAgree }: ComparedSide): string {
  const notes = doAgree === null ? [] : [doAgree ? "agree" : "do not agree"];
  return escaped(wordingsText(Object.entries(byWording), notes, markdownText) ?? "-");
}

function bracket(interval: Interval): string {
  return `[${interval.map((end) => shareText(end)).join(", ")}]`;
}

/** Text in a cell of a table. */
function escaped(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/\s+/g, " ");
}
