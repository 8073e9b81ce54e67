/**
 * What is said of the slots.
 *
 * @module
 */
import { shownSite } from "./encoding.ts";
import { type Measured, sideOf } from "../measured.ts";
import type { SiteFindings } from "../site_findings.ts";
import { type Grade, GUIDE, type SlotFindings } from "../slots.ts";
import type { SlotsOverall, Verdict } from "../verdict.ts";
import { readText } from "../../results/where_read.ts";
import {
  auroc,
  cellOf,
  count,
  heldAgainst,
  layersListed,
  listed,
  number,
  percent,
  sentence,
  type Show,
  withInterval,
} from "./numbers.ts";
import type { Section } from "../section.ts";

/** How the means are written that the guide's borders grade. */
export const GRADED: Readonly<Record<"diagonal" | "offDiagonal", Show>> = {
  diagonal: heldAgainst(GUIDE.diagonal.good, GUIDE.diagonal.warning),
  offDiagonal: heldAgainst(GUIDE.offDiagonal.good, GUIDE.offDiagonal.warning),
};

const HEADING = "Do the relation slots work as intended?";

/** The section on the slots. */
export function slotsSection(verdict: Verdict): Section {
  const { slots } = verdict;
  const known = verdict.sites.filter((site) => site.slots !== undefined);
  if (slots === null) {
    const sentences = ["The SAE has 0 slots: there is nothing to judge."];
    return { heading: HEADING, sentences, tables: [] };
  }
  const shown = known.includes(shownSite(verdict)) ? shownSite(verdict) : known.at(-1)!;
  return {
    heading: HEADING,
    sentences: [
      ...ofBorders(slots, verdict.position),
      ...known.map((site) => `- ${ofLayer(site.name, site.slots!)}`),
      ...ofFree(known, shown, slots.leftOut),
    ],
    tables: [
      {
        caption: `Slots at ${shown.name}`,
        head: [
          "relation",
          "own slot's mean",
          "AUROC of the own slot",
          "largest slot is the own one",
        ],
        rows: shown.slots!.byGroup.map((each) => [
          each.group,
          cellOf(each.own, GRADED.diagonal),
          cellOf(each.auroc, auroc),
          cellOf(each.bindingAccuracy, percent),
        ]),
      },
      {
        caption: `Slots against as many free features at ${shown.name}: AUROC on the two halves`,
        head: [
          "relation",
          "slot, choosing",
          "slot, estimating",
          "feature",
          "free, choosing",
          "free, estimating",
          "difference",
        ],
        rows: shown.slotsAgainstFree!.byGroup.map((each) => [
          each.group,
          auroc(each.slotChoosing),
          cellOf(each.slot, auroc),
          each.feature === null ? "–" : String(each.feature),
          auroc(each.freeChoosing),
          cellOf(each.free, auroc),
          cellOf(each.difference),
        ]),
      },
      {
        caption: "The same in the mean over relations, on the estimating half",
        head: ["layer", "slots", "free features", "difference"],
        rows: known.map(({ name, slotsAgainstFree }) => {
          const { slots, free, difference } = slotsAgainstFree!.mean;
          return [name, cellOf(slots, auroc), cellOf(free, auroc), cellOf(difference)];
        }),
      },
    ],
  };
}

function ofBorders(
  { layers, leftOut, own, ownGrade, others, othersGrade, gap, diagonal, offDiagonal }: SlotsOverall,
  position: string | undefined,
): string[] {
  const without = leftOut.length === 0
    ? ""
    : ` without ${layersListed(leftOut)}, which ${leftOut.length === 1 ? "is" : "are"} the control`;
  const means =
    `In the mean over ${count(layers, "layer")}${without}, the own slot's mean is ${
      withInterval(own, GRADED.diagonal)
    }${graded(ownGrade)}; that of the others is ` +
    `${withInterval(others, GRADED.offDiagonal)}${
      graded(othersGrade)
    }. The former less the latter is ${withInterval(gap)}.`;
  if (ownGrade === null) {
    return [
      means,
      "A slot is 1 or 0 here, and its mean a share of the questions. The borders of the guide to " +
      "AlignSAE's analysis are of activations at the prompt's last token: nothing is called good or a " +
      "warning by them.",
    ];
  }
  const elsewhere = position === undefined ? [] : [
    "That guide speaks of activations at the prompt's last token. Its borders may not suit these, " +
    `which are ${readText(position)}.`,
  ];
  return [
    means,
    `The guide to AlignSAE's analysis calls an own slot's mean above ${
      number(GUIDE.diagonal.good, 1)
    } good and one below ` +
    `${number(GUIDE.diagonal.warning, 1)} a warning; by their intervals, ${
      grades(diagonal, layers)
    }. It calls a mean of the other slots below ${
      number(GUIDE.offDiagonal.good, 1)
    } good and one ` +
    `above ${number(GUIDE.offDiagonal.warning, 1)} a warning; ${grades(offDiagonal, layers)}.`,
    ...elsewhere,
  ];
}

/** What the guide calls a number, behind it; nothing where it calls it nothing. */
export function graded(grade: Grade | null): string {
  return grade === null ? "" : `, ${GRADES[grade]}`;
}

/** A grade in words. */
const GRADES: Readonly<Record<Grade, string>> = {
  good: "good",
  between: "neither good nor a warning",
  warning: "a warning",
  unclear: "not clear",
};

function grades(counts: Readonly<Record<Grade, number>>, layers: number): string {
  const found = (Object.keys(GRADES) as Grade[]).filter((grade) => counts[grade] > 0);
  const [only] = found;
  if (found.length === 1) {
    return `${
      layers === 1 ? "the 1 layer is" : `${layers === 2 ? "both" : `all ${layers}`} layers are`
    } ${GRADES[only!]}`;
  }
  return listed(found.map((grade, i) => {
    const noun = i === 0 ? (counts[grade] === 1 ? " layer" : " layers") : "";
    return `${counts[grade]}${noun} ${counts[grade] === 1 ? "is" : "are"} ${GRADES[grade]}`;
  }));
}

/** What is said of a layer. */
function ofLayer(name: string, slots: SlotFindings): string {
  const { diagonal, offDiagonal } = slots;
  return `${sentence(name)}: the own slot's mean is ${withInterval(diagonal, GRADED.diagonal)}${
    graded(slots.diagonalGrade)
  }; that of the others is ${withInterval(offDiagonal, GRADED.offDiagonal)}${
    graded(slots.offDiagonalGrade)
  }. ${boundText(slots)}`;
}

/** In how many of the questions the largest slot is the own one, as far as there is one that is largest. */
export function boundText({ bindingAccuracy, tied }: SlotFindings): string {
  const share = `The largest slot is the own one in ${
    withInterval(bindingAccuracy, percent)
  } of the questions.`;
  return tied === 0
    ? share
    : `${share} In ${count(tied, "question")} several slots are equal and ` +
      "the largest: the first of them is taken, which favours the first relations.";
}

function ofFree(
  all: readonly SiteFindings[],
  shown: SiteFindings,
  leftOut: readonly string[],
): string[] {
  const known = all.filter(({ name }) => !leftOut.includes(name));
  const of = ({ slotsAgainstFree }: SiteFindings) => slotsAgainstFree!.mean;
  const { slots, free, difference } = of(shown);
  const better = known.filter((site) => sideOf(of(site).difference, 0) === "above").length;
  const worse = known.filter((site) => sideOf(of(site).difference, 0) === "below").length;
  const unsure = known.filter((site) => of(site).difference.interval === null).length;
  const parts = [
    [better, "higher"],
    [worse, "lower"],
    [known.length - better - worse - unsure, "not told apart"],
    [unsure, "not compared, for want of an interval,"],
  ] as const;
  const counted = parts.filter(([n]) => n > 0)
    .map(([n, word], i) => `${word} at ${i === 0 ? count(n, "layer") : n}`);
  return [
    "Free features stand against the slots, as many as there are relations, each for one: those " +
    "with the highest AUROC on the choosing half. Both are compared on the estimating half. " +
    `At ${shown.name} the mean AUROC of the slots is ${
      withInterval(slots, auroc)
    }, that of the free ` +
    `features ${withInterval(free, auroc)}; the difference is ${withInterval(difference)}${
      said(difference)
    }. By the intervals of the differences, the slots are ${listed(counted)}${
      leftOut.length === 0 ? "" : `, without ${layersListed(leftOut)}`
    }.`,
  ];
}

function said(difference: Measured): string {
  const side = sideOf(difference, 0);
  if (side === "above") return " in favour of the slots";
  if (side === "below") return " in favour of the free features";
  return difference.interval === null ? "" : ", by which the two are not told apart";
}
