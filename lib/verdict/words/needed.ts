/**
 * What is said of how many features a relation needs.
 *
 * @module
 */
import { shownSite } from "./encoding.ts";
import type { Concentration } from "../concentration.ts";
import { type Measured, sideOf } from "../measured.ts";
import type { SiteFindings } from "../site_findings.ts";
import type { Verdict } from "../verdict.ts";
import {
  auroc,
  cellOf,
  count,
  number,
  percent,
  sentence,
  unitsOf,
  withInterval,
} from "./numbers.ts";
import type { Section } from "../section.ts";

/** The section on how many features are needed. */
export function neededSection(verdict: Verdict): Section {
  const shown = shownSite(verdict);
  const units = unitsOf(verdict);
  return {
    heading: "How many features are needed per relation?",
    sentences: [ofSpread(shown), ...ofProbes(shown), ...ofWordings(shown, units)],
    tables: [
      {
        caption:
          `Over how many free features a relation's mean activation is spread at ${shown.name}`,
        head: [
          "relation",
          "active",
          "participation ratio",
          "e^entropy",
          "strongest",
          "ten strongest",
        ],
        rows: [...shown.concentrations, meanOf(shown.concentrations)].map((each) => [
          each.group,
          number(each.active, each.group === MEAN ? 1 : 0),
          number(each.participationRatio, 1),
          number(each.expEntropy, 1),
          percent(each.strongest),
          percent(each.strongestTen),
        ]),
      },
      {
        caption: `Probes: mean AUROC over the relations on ${units} that were kept back`,
        head: [
          "layer",
          "participation ratio (mean)",
          ...shown.probes.map(({ features }) => count(features, "feature")),
          `${shown.probes.at(-1)!.features} features, other wordings too`,
        ],
        rows: verdict.sites.map(({ name, probes, concentrations }) => [
          name,
          number(mean(concentrations.map(({ participationRatio }) => participationRatio)), 1),
          ...probes.map(({ persons }) => cellOf(persons, auroc)),
          cellOf(probes.at(-1)!.wordings, auroc),
        ]),
      },
    ],
  };
}

/** The row of the mean over the relations. */
const MEAN = "all (mean)";

/** The mean over the relations of each number; null where a relation lacks it. */
function meanOf(all: readonly Concentration[]) {
  const of = (read: (each: Concentration) => number | null) => mean(all.map(read));
  return {
    group: MEAN,
    active: of(({ active }) => active),
    participationRatio: of(({ participationRatio }) => participationRatio),
    expEntropy: of(({ expEntropy }) => expEntropy),
    strongest: of(({ strongest }) => strongest),
    strongestTen: of(({ strongestTen }) => strongestTen),
  };
}

function ofSpread({ name, concentrations }: SiteFindings): string {
  const {
    participationRatio: ratio,
    strongest: one,
    strongestTen: ten,
  } = meanOf(concentrations);
  if (ratio === null) {
    return `At ${name}, a relation has 0 active free features: there is no effective number.`;
  }
  return `At ${name}, in the mean over relations, the mean activation is spread as if over ` +
    `${number(ratio, 1)} equally strong free features (participation ratio); the strongest has ` +
    `${percent(one)} of the whole, the ten strongest ${percent(ten)}. These numbers have no ` +
    "intervals, for the activations of all features are not kept question by question: they describe.";
}

function ofProbes({ name, probes }: SiteFindings): string[] {
  const [first, ...more] = probes;
  if (first === undefined || first.persons.value === null) {
    return [`At ${name} there is no probe: ${first?.persons.reason}.`];
  }
  const steps = more.map(({ features, persons, gain }) =>
    `${features} features ${withInterval(persons, auroc)}, a gain of ${withInterval(gain)}`
  );
  return [
    `A probe that was chosen and fitted on the choosing half (logistic regression, L2 penalty 1 on ` +
    `standardised activations) tells a relation from the others on the estimating half with a mean ` +
    `AUROC of ${withInterval(first.persons, auroc)} at ${name} with one free feature; ${
      steps.join("; ")
    }. ${enough(more)}`,
  ];
}

/** Up to which size the gains are clear. */
function enough(more: readonly { readonly features: number; readonly gain: Measured }[]): string {
  const clear = more.filter(({ gain }) => sideOf(gain, 0) === "above");
  const last = more.at(-1)!;
  if (clear.length === more.length) {
    return `Each step is a gain whose interval is above 0: one feature is not enough, and more than ` +
      `${last.features}, which were not tried, may do better (${
        number(last.gain.value)
      } was gained ` +
      "last).";
  }
  const unclear = more.find((each) => !clear.includes(each))!;
  const opening = `The gain at ${unclear.features} features, ${
    withInterval(unclear.gain)
  }, is not clear`;
  const larger = clear.find(({ features }) => features > unclear.features);
  return larger === undefined
    ? `${opening}: it is not shown that so many are needed.`
    : `${opening}, but that at ${larger.features} features is: they tell more than ${unclear.features} do.`;
}

function ofWordings({ name, probes }: SiteFindings, units: string): string[] {
  const known = probes.filter(({ wordings }) => wordings.value !== null);
  if (known.length === 0) {
    return [`Wordings that were not seen: not known (${probes[0]?.wordings.reason}).`];
  }
  const said = known.map(({ features, wordings }) =>
    `${withInterval(wordings, auroc)} with ${count(features, "feature")}`
  );
  return [
    sentence(`on ${units} and wordings that were both kept back, the mean AUROC at ${name} is `) +
    `${
      said.join(", ")
    }. These wordings have no part in the choice and the fit; which features were kept ` +
    "to choose from was decided with all wordings of the choosing half.",
  ];
}

function mean(values: readonly (number | null)[]): number | null {
  if (values.length === 0 || values.includes(null)) return null;
  return values.reduce<number>((sum, value) => sum + value!, 0) / values.length;
}
