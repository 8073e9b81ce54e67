/**
 * What is said of the features that encode each relation.
 *
 * @module
 */
import { NONE_HIGHER } from "../chosen_features.ts";
import type { SiteFindings } from "../site_findings.ts";
import type { Verdict } from "../verdict.ts";
import { wordingsText } from "../../results/wordings_text.ts";
import type { WordingAurocs } from "../wordings.ts";
import { auroc, cellOf, count, listed, number, whole, withInterval } from "./numbers.ts";
import type { Section } from "../section.ts";

/** The site of which tables show each relation: the recommended one, or the last. */
export function shownSite({ sites, layer }: Verdict): SiteFindings {
  const [best] = layer.candidates;
  return sites.find(({ name }) => name === best?.name) ?? sites.at(-1)!;
}

/** The section on which features encode each relation. */
export function encodingSection(verdict: Verdict): Section {
  const { sites, tests } = verdict;
  const shown = shownSite(verdict);
  const total = sites.reduce((sum, { discoveries }) => sum + discoveries, 0);
  const known = sites.filter(({ best, seesLengthOnly }) =>
    best.choosing !== null && seesLengthOnly !== true
  );
  return {
    heading: "Which features encode each relation?",
    sentences: [
      tests === 0
        ? "There is one group only: 0 tests were made."
        : `Of ${count(tests, "test")}, ${
          count(total, "is a discovery", "are discoveries")
        }: q is at ` +
          "most 0.05 over all of them, and the interval of the AUROC does not hold ½.",
      ...(known.length === 0 ? ofNone(sites) : ofBest(known)),
      ...ofShown(shown),
      ...ofWordings(shown),
    ],
    tables: [
      {
        caption:
          "Discoveries, and the best free feature of each relation, in the mean over relations",
        head: [
          "layer",
          "discoveries",
          "AUROC on the choosing half",
          "AUROC on the estimating half",
          "change",
        ],
        rows: [
          ...sites.map(({ name, discoveries, best }) => [
            name,
            whole(discoveries),
            auroc(best.choosing),
            cellOf(best.auroc, auroc),
            number(changeOf(best)),
          ]),
          ...(sites.length > 1 ? [["all", whole(total), "", "", ""]] : []),
        ],
      },
      {
        caption: `The free features with the highest AUROC at ${shown.name}`,
        head: [
          "relation",
          verdict.slots === null
            ? "discoveries (higher, lower)"
            : "discoveries, slots among them (higher, lower)",
          "feature",
          "AUROC on the choosing half",
          "AUROC on the estimating half",
          "wording by wording",
        ],
        rows: shown.encodings.flatMap(({ group, higher, lower, best }) =>
          best.map((each, i) => [
            i === 0 ? group : "",
            i === 0 ? `${whole(higher)}, ${whole(lower)}` : "",
            String(each.feature),
            auroc(each.choosing),
            cellOf(each.auroc, auroc),
            wordingsOf(each.byWording),
          ])
        ),
      },
    ],
  };
}

/** How far the mean AUROC of the best features changes from the choosing to the estimating half. */
function changeOf({ auroc, choosing }: SiteFindings["best"]): number | null {
  return auroc.value === null || choosing === null ? null : auroc.value - choosing;
}

/** Why best features are not taken together at any layer that sees more than the length. */
function ofNone(sites: readonly SiteFindings[]): string[] {
  const [first] = sites.filter(({ seesLengthOnly }) => seesLengthOnly !== true);
  if (first === undefined) return ["No layer sees more than the length."];
  const { reason } = first.best.auroc;
  return reason === NONE_HIGHER
    ? ["No layer has a free feature that is higher for each relation."]
    : [`The best free features are not taken together: ${reason}.`];
}

function ofBest(known: readonly SiteFindings[]): string[] {
  const best = known.reduce((a, b) => b.best.choosing! > a.best.choosing! ? b : a);
  const changes = known.map(({ best }) => changeOf(best)!);
  const ends = [Math.min(...changes), Math.max(...changes)].map((each) => number(each));
  const range = [...new Set(ends)].join(" to ");
  return [
    `On the choosing half, the best free feature of each relation does best at ${best.name}, with a ` +
    `mean AUROC of ${auroc(best.best.choosing)}; on the estimating half it is ` +
    `${withInterval(best.best.auroc, auroc)} there. ` +
    `Over the layers, it changes by ${range} from the choosing to the estimating half: a loss is ` +
    "to be expected, for luck has a part in the choice.",
  ];
}

function ofShown({ name, encodings }: SiteFindings): string[] {
  const known = encodings.filter(({ best }) => best.length > 0 && best[0]!.auroc.value !== null);
  if (known.length === 0) return [];
  const value = (each: typeof known[number]) => each.best[0]!.auroc.value!;
  const said = ({ group, best }: typeof known[number]) =>
    `${group} (feature ${best[0]!.feature}, ${withInterval(best[0]!.auroc, auroc)})`;
  if (known.length === 1) {
    return [`At ${name} the best free feature is that of ${said(known[0]!)}.`];
  }
  const values = known.map(value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (least === most) {
    return [
      `At ${name}, on the estimating half, the best free feature has the same AUROC for ` +
      `${listed(known.map(said))}.`,
    ];
  }
  const those = (end: number) => listed(known.filter((each) => value(each) === end).map(said));
  return [
    `At ${name}, on the estimating half, the best free feature has the highest AUROC for ` +
    `${those(most)} and the lowest for ${those(least)}.`,
  ];
}

/** Whether the wordings of each relation agree on its best features. */
function ofWordings({ name, encodings }: SiteFindings): string[] {
  const known = encodings.flatMap(({ best }) => best.slice(0, 1))
    .filter(({ byWording }) => byWording.doAgree !== null);
  if (known.length === 0) return [];
  const agreeing = known.filter(({ byWording }) => byWording.doAgree).length;
  return [
    `Wording by wording, the best free feature's AUROC at ${name} lies on the same side of ½ in all ` +
    `wordings of ${agreeing} of ${count(known.length, "relation")}.`,
  ];
}

/** `0: 0.91, 1: 0.93`; where they do not agree, it is said. */
function wordingsOf({ each, doAgree }: WordingAurocs): string {
  const notes = doAgree === false ? ["do not agree"] : [];
  return wordingsText(each.map(({ wording, auroc }) => [wording, auroc]), notes) ?? "–";
}
