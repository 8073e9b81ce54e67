/**
 * Two runs compared, in words and tables: `compare.md`.
 *
 * @module
 */
import type { IntervalUnits } from "./comparison_notes.ts";
import { markdownText } from "../base/markdown_text.ts";
import type { LayerName } from "../results/layer_name.ts";
import { layerText } from "../results/layer_name.ts";
import { type ComparisonRow, comparisonTable, sideText, signed } from "./comparison_table.ts";
import { missingReasons } from "./missing_reasons.ts";
import type { Compared, ComparedPair } from "./run_comparison.ts";

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
  /** The layers that see only how long a question is. Default: there are none. */
  readonly controls?: readonly LayerName[] | undefined;
  /** What intervals are over that are not over wordings. Default: persons. */
  readonly units?: IntervalUnits | undefined;
  /** What a reader has to know. */
  readonly notes: readonly string[];
}

const HEADINGS: Readonly<Record<Compared, string>> = {
  slots: "Slots",
  features: "Best features",
};

/** The text of the file. */
export function comparisonText(
  { directories, labels, layers, notes, controls = [], units = "persons" }: ComparisonText,
): string {
  const [a, b] = directories.map(asCode);
  const areMixed = isMixed(layers.flatMap(({ pairs }) => Object.values(pairs).flat()));
  const parts = (["slots", "features"] as const).flatMap((what) => {
    const rows = layers.flatMap(({ layer, pairs }) =>
      (pairs[what] ?? []).map((pair) => ({ layer, pair }))
    );
    if (rows.length === 0) return [];
    const single = rows.filter(({ pair }) => pair.relation !== null);
    return [
      `## ${HEADINGS[what]}`,
      ofRows(what, rows, controls),
      comparisonTable(rows.filter(({ pair }) => pair.relation === null), { labels, areMixed }),
      "### By relation",
      comparisonTable(single, { labels, areMixed }),
      ...missingReasons(single, labels),
    ];
  });
  return [
    "# Two runs compared",
    `A is ${a}, B is ${b}. Numbers are AUROCs: of all pairs of a question of the relation and one of ` +
    "another, the share in which the former has the higher activation (½ is chance). A difference is " +
    "B − A, so that a positive one means that B tells the relation apart better. In brackets stand " +
    `95 % intervals; a dash stands where there is none, mostly because fewer than ten ${units} are active: ` +
    "why is said below the tables, and of each number in compare.json.",
    [
      ...notes.map(markdownText),
      ...(areMixed ? ["An asterisk marks intervals that are not over wordings."] : []),
      ...(controls.length === 0 ? [] : [
        controls.length === 1
          ? `${namesOf(controls)} sees only the length of a question: it is the control.`
          : `${namesOf(controls)} see only the length of a question: they are the control.`,
      ]),
    ].map((note) => `- ${note}`).join("\n"),
    ...parts,
  ].join("\n\n") + "\n";
}

/** Whether some intervals are over wordings, too, and others are not. */
function isMixed(pairs: readonly ComparedPair[]): boolean {
  const kinds = pairs.flatMap(({ a, b }) => [a, b])
    .flatMap(({ interval, isCrossed }) => interval === null ? [] : [isCrossed]);
  return new Set(kinds).size > 1;
}

/** Whether the wordings of each relation lie on the same side of ½. */
function agreementOf(rows: readonly ComparisonRow[]): string[] {
  const known = rows.flatMap(({ pair: { a, b } }) => [a.doAgree, b.doAgree])
    .filter((each) => each !== null);
  if (known.length === 0) return [];
  const agreeing = known.filter(Boolean).length;
  return [
    `Of ${known.length} ${
      known.length === 1 ? "AUROC" : "AUROCs"
    } of a relation with two wordings or more, all wordings lie on the same side ` +
    `of ½ in ${agreeing}; the table by relation shows each.`,
  ];
}

/** What is said of the rows: of layers that see more than the length, if there are such. */
function ofRows(
  what: Compared,
  rows: readonly ComparisonRow[],
  controls: readonly LayerName[],
): string {
  const others = rows.filter(({ layer }) => !controls.includes(layer));
  const judged = others.length > 0 ? others : rows;
  const left = judged.length === rows.length ? [] : [
    `${namesOf(controls)} ${
      controls.length === 1 ? "is" : "are"
    } not counted here, as the control.`,
  ];
  return [verdictOf(what, judged), ...agreementOf(judged), ...left].join(" ");
}

/** How many differences are clear, and at which layer the mean differs most. */
function verdictOf(what: Compared, rows: readonly ComparisonRow[]): string {
  const single = rows.filter(({ pair }) => pair.relation !== null && pair.interval !== null);
  const below = single.filter(({ pair }) => pair.interval![1] < 0).length;
  const above = single.filter(({ pair }) => pair.interval![0] > 0).length;
  const counted = single.length === 0
    ? `No difference of ${what} has an interval.`
    : `Of ${single.length} ${
      single.length === 1 ? "difference that has" : "differences that have"
    } an interval, ${below} ${below === 1 ? "is" : "are"} below 0 as a whole (A is ` +
      `better) and ${above} above it (B is better). If there were no difference at all, ` +
      `${chanceCount(single.length)} of them would seem to be one.`;
  const compared = rows.filter(({ pair }) => pair.relation === null && pair.difference !== null);
  if (compared.length === 0) return counted;
  const size = ({ pair }: ComparisonRow) => Math.abs(pair.difference!);
  const most = compared.reduce((best, row) => size(row) > size(best) ? row : best);
  const { a, b, difference, interval } = most.pair;
  if (difference === 0) {
    return `${counted} On average over the relations, the runs do not differ at any layer.`;
  }
  return `${counted} On average over the relations, the runs differ ${
    compared.length > 1 ? "most " : ""
  }at ${layerText(most.layer)}: ` +
    `${sideText(a)} in A and ${sideText(b)} in B, a difference of ${signed(difference!)}${
      interval === null ? "" : ` [${interval.map(signed).join(", ")}]`
    }${
      interval === null
        ? ", without an interval"
        : interval[0] <= 0 && interval[1] >= 0
        ? ", which may be none: its interval holds 0"
        : ofSeveral(compared.filter(({ pair }) => pair.interval !== null).length)
    }.`;
}

/** The largest of several differences is in part luck. */
function ofSeveral(layers: number): string {
  return layers < 2
    ? ""
    : `. It is the largest of ${layers}, which luck favours: ${
      chanceCount(layers)
    } of them would seem to be one if there were none`;
}

/** How many of so many intervals of 95 % miss a difference of 0. */
function chanceCount(intervals: number): string {
  return intervals < 20 ? "fewer than 1" : `about ${Math.round(intervals / 20)}`;
}

function namesOf(layers: readonly LayerName[]): string {
  return capitalized(layers.map(layerText).join(" and "));
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function asCode(text: string): string {
  return `\`${text.replaceAll("`", "'")}\``;
}
