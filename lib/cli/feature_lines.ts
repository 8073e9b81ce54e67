/**
 * The features of a relation as lines of a table.
 *
 * @module
 */
import { doWordingsAgree } from "../stats/auroc_by_wording.ts";
import { fixedText, shareText } from "../base/number_text.ts";
import type { ListedFeature } from "../results/listed_features.ts";
import { halvesAsked } from "../results/halves_asked.ts";
import { labelledSite, type LayerName } from "../results/layer_name.ts";
import type { LayerSelectivity } from "../results/selectivity_files.ts";

/** The lines that show the features of a group. */
export function featureLines(
  selectivity: LayerSelectivity & { readonly layer: LayerName },
  { group, against, listed }: {
    group: number;
    against: number | undefined;
    listed: readonly ListedFeature[];
  },
): string[] {
  const { record: { site, groups, halves, persons } } = selectivity;
  const others = against === undefined ? "all others" : groups[against]!.key;
  const { choosing, estimating } = against === undefined
    ? halves
    : halvesAsked(selectivity, [group, against]);
  const who = `${persons === null ? "question" : "person"}${choosing === 1 ? "" : "s"}`;
  const heading =
    `${labelledSite(site, selectivity.layer)}: ${
      groups[group]!.key
    } against ${others}, chosen on ${choosing} ` +
    `${who}, estimated on ${estimating} other${estimating === 1 ? "" : "s"}`;
  if (listed.length === 0) return [heading, noneLine(selectivity, group, against), ""];
  const rows = listed.map((each) => [
    String(each.feature),
    shareText(each.aurocChoosing),
    orDash(each.auroc, shareText),
    range(each.interval, shareText),
    orDash(each.log10P, (value) => fixedText(value, 1)),
    orDash(each.log10Q, (value) => fixedText(value, 1)),
    orDash(each.difference, fixedText),
    range(each.differenceInterval, fixedText),
    eachWording(each.byWording),
  ]);
  const table = [HEAD, ...rows];
  const widths = HEAD.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const last = HEAD.length - 1;
  return [
    heading,
    ...table.map((row) =>
      row.map((cell, i) => i === last ? cell : cell.padStart(widths[i]!)).join("  ").trimEnd()
    ),
    ...reasonLines(listed),
    "",
  ];
}

/** Why no feature is listed. */
function noneLine(selectivity: LayerSelectivity, group: number, against?: number): string {
  const { groups } = selectivity.record;
  const rest = against === undefined
    ? groups.flatMap((_, other) => other === group ? [] : [other])
    : [against];
  const isChosenOn = (some: readonly number[]) => halvesAsked(selectivity, some).choosing > 0;
  if (isChosenOn([group]) && isChosenOn(rest)) return "  no feature differs at all";
  const lacking = isChosenOn([group]) ? "of the others" : `of ${groups[group]!.key}`;
  return `  nothing can be chosen: no question ${lacking} is in the half on which features are chosen`;
}

/** Why features have no AUROC or no interval, those with the same reason together. */
function reasonLines(listed: readonly ListedFeature[]): string[] {
  const features = Map.groupBy(
    listed.filter(({ reason }) => reason !== null),
    ({ reason }) => reason,
  );
  return [...features].map(([reason, those]) => {
    const lacking = those.every(({ auroc }) => auroc === null) ? "AUROC" : "interval";
    return `  no ${lacking} of ${those.map(({ feature }) => feature).join(", ")}: ${reason}`;
  });
}

const HEAD = [
  "feature",
  "AUROC (choosing)",
  "AUROC",
  "95 % interval",
  "log10 p",
  "log10 q",
  "difference",
  "95 % interval",
  "AUROC of each wording",
];

/**
 * `0: 0.91, 1: 0.93 (agree)`: whether all lie on the same side of ½. Other than in the cells of pages, none is
 * left out here, whatever its name and however many there are.
 */
function eachWording(byWording: ListedFeature["byWording"]): string {
  const each = Object.entries(byWording).map(([name, value]) =>
    `${name}: ${orDash(value, (auroc) => shareText(auroc, 2))}`
  );
  const doAgree = doWordingsAgree(byWording);
  const said = doAgree === null ? "" : doAgree ? " (agree)" : " (do not agree)";
  return `${each.join(", ")}${said}`;
}

/** A dash stands where there is no value. */
function orDash(value: number | null, show: (value: number) => string): string {
  return value === null ? "-" : show(value);
}

function range(
  interval: readonly [number, number] | null,
  show: (value: number) => string,
): string {
  return interval === null ? "-" : interval.map((end) => show(end)).join(" to ");
}
