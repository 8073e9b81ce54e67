/**
 * Two runs compared, in words and tables: `compare.md`.
 *
 * @module
 */
import type { LayerName } from "./layer_name.ts";
import { layerText } from "./layer_name.ts";
import type { Compared, ComparedPair, ComparedSide } from "./run_comparison.ts";
import type { Interval } from "../stats/wilson.ts";

/** What the text speaks of. */
export interface ComparisonText {
  /** The directories of the runs. */
  readonly directories: readonly [string, string];
  /** The names of the relations by their keys. */
  readonly labels: ReadonlyMap<string, string>;
  /** What was found, layer by layer. */
  readonly layers: readonly {
    readonly layer: LayerName;
    readonly pairs: Readonly<Partial<Record<Compared, readonly ComparedPair[]>>>;
  }[];
  /** The layer that sees only how long a question is; undefined if it is not among them. */
  readonly control?: LayerName | undefined;
  /** What a reader has to know. */
  readonly notes: readonly string[];
}

const HEADINGS: Readonly<Record<Compared, string>> = {
  slots: "Slots",
  features: "Best features",
};

/** The text of the file. */
export function comparisonText(
  { directories, labels, layers, notes, control }: ComparisonText,
): string {
  const [a, b] = directories.map(asCode);
  const parts = (["slots", "features"] as const).flatMap((what) => {
    const rows = layers.flatMap(({ layer, pairs }) =>
      (pairs[what] ?? []).map((pair) => ({ layer, pair }))
    );
    if (rows.length === 0) return [];
    return [
      `## ${HEADINGS[what]}`,
      verdictOf(what, rows, control),
      tableOf(rows.filter(({ pair }) => pair.relation === null), labels),
      ...(rows.some(({ pair }) => pair.relation !== null)
        ? [
          "### By relation",
          tableOf(rows.filter(({ pair }) => pair.relation !== null), labels),
        ]
        : []),
    ];
  });
  return [
    "# Two runs compared",
    `A is ${a}, B is ${b}. Numbers are AUROCs: of all pairs of a question of the relation and one of ` +
    "another, the share in which the former has the higher activation (½ is chance). A difference is " +
    "B − A, so that a positive one means that B tells the relation apart better. In brackets stand " +
    "95 % intervals; a dash stands where there is none, for fewer than ten persons are active.",
    [
      ...notes,
      ...(control === undefined ? [] : [
        `${capitalized(layerText(control))} sees only the length of a question: it is the control.`,
      ]),
    ].map((note) => `- ${note}`).join("\n"),
    ...parts,
  ].join("\n\n") + "\n";
}

interface Row {
  readonly layer: LayerName;
  readonly pair: ComparedPair;
}

/** How many differences are clear, and at which layer the mean differs most. */
function verdictOf(
  what: Compared,
  rows: readonly Row[],
  control: LayerName | undefined,
): string {
  const single = rows.filter(({ pair }) => pair.relation !== null && pair.interval !== null);
  const below = single.filter(({ pair }) => pair.interval![1] < 0).length;
  const above = single.filter(({ pair }) => pair.interval![0] > 0).length;
  const counted = single.length === 0
    ? `No difference of ${what} has an interval.`
    : `Of ${single.length} differences that have an interval, ${below} are below 0 as a whole (A is ` +
      `better) and ${above} above it (B is better). If there were no difference at all, about ` +
      `${Math.round(single.length / 20)} of them would seem to be one.`;
  const compared = rows.filter(({ pair }) => pair.relation === null && pair.difference !== null);
  const others = compared.filter(({ layer }) => layer !== control);
  const means = others.length === 0 ? compared : others;
  if (means.length === 0) return counted;
  const size = ({ pair }: Row) => Math.abs(pair.difference!);
  const most = means.reduce((best, row) => size(row) > size(best) ? row : best);
  const { a, b, difference, interval } = most.pair;
  return `${counted} On average over the relations, the runs differ most at ${
    layerText(most.layer)
  }: ` +
    `${sideText(a)} in A and ${sideText(b)} in B, a difference of ${signed(difference!)}${
      interval === null ? "" : ` [${interval.map(signed).join(", ")}]`
    }${
      interval === null
        ? ", without an interval"
        : interval[0] <= 0 && interval[1] >= 0
        ? ", which may be none: its interval holds 0"
        : ""
    }.`;
}

function tableOf(rows: readonly Row[], labels: ReadonlyMap<string, string>): string {
  const lines = rows.map(({ layer, pair: { relation, a, b, difference, interval } }) =>
    [
      layerText(layer),
      relation === null ? "all (mean)" : escaped(labels.get(relation) ?? relation),
      featureText(a),
      sideText(a),
      featureText(b),
      sideText(b),
      difference === null ? "-" : signed(difference),
      interval === null ? "-" : interval.map(signed).join(" to "),
    ].join(" | ")
  );
  const head = [
    "layer",
    "relation",
    "feature in A",
    "A",
    "feature in B",
    "B",
    "B − A",
    "95 % interval",
  ];
  return [
    `| ${head.join(" | ")} |`,
    `| ${head.map(() => "---").join(" | ")} |`,
    ...lines.map((line) => `| ${line} |`),
  ].join("\n");
}

function featureText({ feature }: ComparedSide): string {
  return feature === null ? "" : String(feature);
}

function sideText({ auroc, interval }: ComparedSide): string {
  if (auroc === null) return "-";
  return `${auroc.toFixed(3)}${interval === null ? "" : ` ${bracket(interval)}`}`;
}

function bracket(interval: Interval): string {
  return `[${interval.map((end) => end.toFixed(3)).join(", ")}]`;
}

/** `+0.012`, `−0.300`, `0.000`. */
function signed(value: number): string {
  const text = Math.abs(value).toFixed(3);
  if (Number(text) === 0) return text;
  return `${value > 0 ? "+" : "−"}${text}`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function asCode(text: string): string {
  return `\`${text.replaceAll("`", "'")}\``;
}

/** Text in a cell of a table. */
function escaped(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/\s+/g, " ");
}
