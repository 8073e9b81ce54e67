/**
 * What is said of the questions' length, and of the layer that sees nothing else.
 *
 * @module
 */
import { LENGTH_TELLS } from "../length.ts";
import { type Measured, sideOf } from "../measured.ts";
import type { Verdict } from "../verdict.ts";
import {
  auroc,
  byChance,
  cellOf,
  count,
  heldAgainst,
  layersListed,
  listed,
  percent,
  sentence,
  type Show,
  withInterval,
} from "./numbers.ts";
import type { Section } from "../section.ts";

/** The criterion on the other side of chance, without the rounding of the difference. */
const LENGTH_TELLS_BELOW = Number((1 - LENGTH_TELLS).toFixed(3));
/** How often an interval of 95 % misses what is true. */
const MISSES = 0.05;
const besideCriterion = heldAgainst(LENGTH_TELLS_BELOW, LENGTH_TELLS);

/** How an AUROC is written that is held against the criterion. */
const OF_LENGTH: Show = (value) =>
  Math.abs(value - 0.5) < 0.1 || value > 0.9 ? auroc(value) : besideCriterion(value);

/** Whether length tells any relation apart. */
export function lengthTells({ length }: Verdict): boolean {
  return length.some(({ tells }) => tells);
}

/** The section on length. */
export function lengthSection(verdict: Verdict): Section {
  return {
    heading: "Does length alone tell the relations apart?",
    sentences: [...ofQuestions(verdict), ...ofControl(verdict), ...ofMatched(verdict)],
    tables: [
      {
        caption: "The number of tokens of the prompts",
        head: ["relation", "AUROC of the length", "pairs of equal length"],
        rows: verdict.length.map((each) => [
          each.group,
          cellOf(each.auroc, OF_LENGTH),
          percent(each.equalPairs),
        ]),
      },
      {
        caption: `Mean AUROC over the relations of ${whatIsMarked(verdict)}`,
        head: ["layer", "all pairs", "pairs of equal length", "sees length alone"],
        rows: verdict.sites.map((site) => {
          const { all, matched } = meansOf(site.lengthMatched);
          const only = site.seesLengthOnly;
          const said = only === null ? "not known" : only ? "yes" : "no";
          return [site.name, auroc(all), auroc(matched), said];
        }),
      },
    ],
  };
}

/** What says how well a relation is told apart. */
export function whatIsMarked({ slots }: Verdict): string {
  return slots === null ? "the best free features" : "the slots";
}

function ofQuestions({ length }: Verdict): string[] {
  const known = length.filter(({ auroc }) => auroc.value !== null);
  if (known.length === 0) return ["There is one group only: its length is compared with nothing."];
  const distance = ({ auroc }: typeof known[number]) => Math.abs(auroc.value! - 0.5);
  const telling = known.filter(({ tells }) => tells);
  const farthest = known.reduce((a, b) => distance(b) > distance(a) ? b : a);
  const first = telling.length === 0
    ? `By the criterion, an AUROC of ${LENGTH_TELLS} or more or of ${LENGTH_TELLS_BELOW} or less, the ` +
      `number of tokens tells no relation apart: its AUROC is farthest from ½ for ${farthest.group}, ${
        withInterval(farthest.auroc, OF_LENGTH)
      }.`
    : `**Length alone tells ${count(telling.length, "relation")} apart** (an AUROC of ` +
      `${LENGTH_TELLS} or more, or of ${LENGTH_TELLS_BELOW} or less): the number of tokens ` +
      `has an AUROC of ${
        listed(telling.map((each) => `${withInterval(each.auroc, OF_LENGTH)} for ${each.group}`))
      }. What is said of ` +
      `${telling.length === 1 ? "it" : "them"} below may be said of length.`;
  const clear = known.filter(({ auroc }) => sideOf(auroc, 0.5) !== "unclear");
  const some = clear.filter((each) => !telling.includes(each));
  return some.length === 0 ? [first] : [
    first,
    `The ${some.length === 1 ? "interval does not hold ½" : "intervals do not hold ½"} for ` +
    `${listed(some.map((each) => `${each.group} (${withInterval(each.auroc, OF_LENGTH)})`))}: ` +
    `questions of ${
      some.length === 1 ? "this relation" : "these relations"
    } differ in length from the others, and a feature that counts tokens can be a discovery. Of the intervals in the table, ${
      byChance(known.length, MISSES)
    } would not hold ½ if no relation differed.`,
  ];
}

function ofControl(verdict: Verdict): string[] {
  const { sites } = verdict;
  const control = sites.filter(({ seesLengthOnly }) => seesLengthOnly === true);
  if (control.length > 0) {
    const discoveries = control.reduce((sum, site) => sum + site.discoveries, 0);
    const plural = control.length > 1;
    const names = sentence(layersListed(control.map(({ name }) => name)));
    return [
      `${names} ${
        plural ? "are" : "is"
      } the built-in control: every listed feature there has the ` +
      "same activation in all prompts of equal length, so that it sees the length and nothing else. " +
      (discoveries === 0
        ? `${plural ? "They have" : "It has"} 0 discoveries.`
        : `${plural ? "Their" : "Its"} ${count(discoveries, "discovery", "discoveries")} ` +
          `${
            discoveries === 1 ? "is a discovery" : "are discoveries"
          } of length, not of relations.`),
      ...ofOtherCounts(verdict, control),
    ];
  }
  const unknown = sites.filter(({ seesLengthOnly }) => seesLengthOnly === null);
  return unknown.length > 0
    ? [
      `Whether ${layersListed(unknown.map(({ name }) => name))} ${
        unknown.length === 1 ? "sees" : "see"
      } the length alone cannot be told: no listed feature is ever active there, or no two prompts are ` +
      "equally long.",
    ]
    : ["No layer that was analysed sees the length alone: there is no built-in control."];
}

/** What tells how well a relation is told apart by what sees the length alone. */
export interface ByControl {
  /** The relation. */
  readonly group: string;
  /** The layer. */
  readonly site: Verdict["sites"][number];
  /** How well it is told apart there. */
  readonly auroc: Measured;
}

/** Each relation's AUROC at each layer that sees the length alone, where there is one. */
function byControl({ sites, emergence }: Verdict): ByControl[] {
  const control = sites.filter(({ seesLengthOnly }) => seesLengthOnly === true);
  return emergence.flatMap(({ group, aurocs }) =>
    control.map((site) => ({ group, site, auroc: aurocs[sites.indexOf(site)]!.auroc }))
  ).filter(({ auroc }) => auroc.value !== null);
}

/** Those of which the length alone tells the relation apart, by the criterion. */
export function toldByControl(verdict: Verdict): ByControl[] {
  return byControl(verdict).filter(({ auroc }) => auroc.value! >= LENGTH_TELLS);
}

/** A feature that sees the length alone may tell more of it than the number of tokens does. */
function ofOtherCounts(verdict: Verdict, control: Verdict["sites"]): string[] {
  const found = byControl(verdict);
  if (found.length === 0) return [];
  const said = ({ group, site, auroc: each }: typeof found[number]) =>
    `${withInterval(each, OF_LENGTH)} for ${group}${control.length > 1 ? ` at ${site.name}` : ""}`;
  const what = `the AUROC of ${whatIsMarked(verdict)} ${control.length > 1 ? "" : "there "}is`;
  const telling = toldByControl(verdict);
  const most = found.reduce((a, b) => b.auroc.value! > a.auroc.value! ? b : a);
  return [
    "An activation need not rise with the number of tokens, and may tell more of the length: " +
    (telling.length === 0
      ? `${what} at most ${said(most)}, below that criterion.`
      : `${what} ${listed(telling.map(said))}. **So the length alone, used so, tells ` +
        `${
          count(new Set(telling.map(({ group }) => group)).size, "relation")
        } apart by that criterion.**`),
  ];
}

function ofMatched(verdict: Verdict): string[] {
  const found = verdict.sites.filter(({ seesLengthOnly }) => seesLengthOnly !== true)
    .map(({ name, lengthMatched }) => ({ name, ...meansOf(lengthMatched) }))
    .filter(({ all, matched }) => all !== null && matched !== null);
  if (found.length === 0) return [];
  const change = found.reduce((a, b) =>
    Math.abs(b.matched! - b.all!) > Math.abs(a.matched! - a.all!) ? b : a
  );
  if (auroc(change.matched) === auroc(change.all)) {
    const where = found.length === 1
      ? `at ${change.name}, ${auroc(change.all)}`
      : "at each layer that sees more than length";
    const areEqual = found.every(({ all, matched }) => all === matched);
    return [
      `Among pairs of questions that are equally long, the mean AUROC of ${
        whatIsMarked(verdict)
      } is${areEqual ? "" : ", to three digits,"} ` +
      `the same as over all pairs ${where}. These numbers have no intervals: they describe.`,
    ];
  }
  return [
    `Among pairs of questions that are equally long, the mean AUROC of ${whatIsMarked(verdict)} ` +
    `differs most from that over all pairs at ${change.name}: ${auroc(change.matched)} against ` +
    `${auroc(change.all)}. These numbers have no intervals: they describe.`,
  ];
}

function meansOf(
  all: readonly { readonly auroc: number | null; readonly matched: number | null }[],
): { all: number | null; matched: number | null } {
  const mean = (values: readonly (number | null)[]) =>
    values.includes(null) ? null : values.reduce<number>((sum, v) => sum + v!, 0) / values.length;
  return { all: mean(all.map(({ auroc }) => auroc)), matched: mean(all.map((m) => m.matched)) };
}
